// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';

import { nextPresence, Room } from '../lib/room.mjs';
import { PlatformEvent } from '../lib/stockclient.mjs';

const UuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('joining', { timeout: 60e3 }, () => {
    let room;
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(() => room.newProject());
    afterEach(() => room.leaveAll());

    it('gives a random client id and the name of a shard', async () => {
        const greeting = await room.client().connect();
        assert.match(greeting.clientId, UuidV4);
        assert.equal(typeof greeting.shardName, 'string');
        assert.notEqual(greeting.shardName, '');
    });

    it('greets first, then says who is there, the newcomer included', async () => {
        const socket = new WebSocket(`${room.daemon.url}/any/path?projectId=${room.projectId}`);
        const frames = [];
        await new Promise((resolve) => socket.on('message', (data, isBinary) => {
            frames.push({ ...JSON.parse(data), isBinary });
            if (frames.length === 2)
                resolve();
        }));
        socket.close();
        assert.deepEqual(frames.map(({ eventName }) => eventName),
            [PlatformEvent.Connected, PlatformEvent.ConnectedClientsChanged]);
        assert.deepEqual(Object.keys(frames[1].payload.connectedClients), [frames[0].payload.clientId]);
        for (const frame of frames) {
            assert.equal(frame.isBinary, false);
            assert.ok(frame.latencyMs >= 0);
        }
    });

    it('opens a second shard when the limit, a string, is reached', async () => {
        const [a, b, c] = [await room.join({ maxConnectionsPerShard: '2' }),
            await room.join({ maxConnectionsPerShard: '2' }),
            await room.join({ maxConnectionsPerShard: '2' })];
        assert.equal(a.shardName, b.shardName);
        assert.notEqual(c.shardName, a.shardName);
        const info = await room.info();
        assert.deepEqual(new Map(info.map((shard) => [shard.shardName, shard.numConnectedClients])),
            new Map([[a.shardName, 2], [c.shardName, 1]]));
    });

    it('fills every shard exactly when many come at once', async () => {
        const clients = await Promise.all(
            Array.from({ length: 60 }, () => room.join({ maxConnectionsPerShard: 20 })));
        assert.equal(new Set(clients.map(({ shardName }) => shardName)).size, 3);
        assert.deepEqual((await room.info()).map(({ numConnectedClients }) => numConnectedClients),
            [20, 20, 20]);
    });

    it('brings those who name a shard together, whatever they call it', async () => {
        const shardName = 'Kaffeeklatsch & ☕ + 100%';
        const [a, b] = [await room.join({ shardName }), await room.join({ shardName })];
        assert.equal(a.shardName, shardName);
        assert.equal(b.shardName, shardName);
    });

    it('refuses a full shard that is named before the upgrade', async () => {
        await room.join({ shardName: 'small', maxConnectionsPerShard: '1' });
        const late = new WebSocket(`${room.daemon.url}/?projectId=${room.projectId}`
            + '&shardName=small&maxConnectionsPerShard=100');
        const [, response] = await once(late, 'unexpected-response');
        late.on('error', () => {}); // that it was terminated
        late.terminate();
        assert.ok(response.statusCode >= 400, `HTTP ${response.statusCode}`);
    });

    it('puts a client without a project into the default project', async () => {
        const client = await room.join({ projectId: undefined, shardName: 'lobby' });
        assert.ok((await room.info('default')).some(({ shardName }) => shardName === client.shardName));
    });

    it('does not let clients of other projects in', async () => {
        const here = await room.join({ shardName: 'room' });
        const there = await room.join({ shardName: 'room', projectId: 'another' });
        const seen = await Promise.all([here, there].map(async (client) => {
            const presence = nextPresence(client, () => true);
            client.setUserInfo({ change: 1 });
            return Object.keys(await presence);
        }));
        assert.deepEqual(seen, [[here.clientId], [there.clientId]]);
    });
});
