// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, describe, it } from 'node:test';

import { nextEvent, nextPresence, Room } from '../lib/room.mjs';

describe('a native client', { timeout: 60e3 }, () => {
    let room;
    let peer;
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(() => room.newProject());

    it('shares a room with two stock clients', async () => {
        const [alice, bob] = [await room.join({ shardName: 'mixed' }),
            await room.join({ shardName: 'mixed' })];
        const three = nextPresence(alice,
            (clients) => Object.values(clients).some(({ name }) => name === 'native'));
        peer = spawn(process.env.NATIVE_PEER, [room.daemon.url, room.projectId, 'mixed'],
            { stdio: ['ignore', 'pipe', 'inherit'] });
        try {
            const [nativeId] = await once(createInterface({ input: peer.stdout }), 'line');
            assert.deepEqual(new Set(Object.keys(await three)),
                new Set([alice.clientId, bob.clientId, nativeId]));

            const heard = [alice, bob].map((client) => nextEvent(client, 'answer'));
            bob.emitEvent('question', { text: 'who?' });
            for (const { payload } of await Promise.all(heard))
                assert.deepEqual(payload, { to: 'who?' });

            const direct = nextEvent(alice, 'answer');
            alice.emitEvent('question', { text: 'you?' }, [nativeId]);
            assert.deepEqual((await direct).payload, { to: 'you?' });

            const alone = nextPresence(alice, (clients) => !(nativeId in clients));
            alice.emitEvent('goodbye', {}, [nativeId]);
            await alone;
        } finally {
            peer.kill('SIGKILL');
        }
    });
});
