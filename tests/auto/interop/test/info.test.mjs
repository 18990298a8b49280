// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Room } from '../lib/room.mjs';

describe('info', { timeout: 60e3 }, () => {
    let room;
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(() => room.newProject());

    it('tells browsers of any origin the shards of a project', async () => {
        const client = await room.join({ shardName: 'Räume' });
        const response = await fetch(`${room.daemon.httpUrl}/info/${room.projectId}`,
            { headers: { Origin: 'https://app.example.org' } });
        assert.equal(response.status, 200);
        assert.match(response.headers.get('content-type'), /^application\/json\b/);
        assert.ok(['*', 'https://app.example.org']
            .includes(response.headers.get('access-control-allow-origin')));
        assert.deepEqual(await response.json(),
            [{ shardName: client.shardName, numConnectedClients: 1 }]);
    });

    it('is an empty list for an unknown project', async () => {
        assert.deepEqual(await room.info(), []);
    });

    it('says nothing of other projects', async () => {
        await room.join();
        assert.deepEqual(await room.info('unknown'), []);
    });
});
