// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { nextPresence, Room } from '../lib/room.mjs';

describe('presence', { timeout: 60e3 }, () => {
    let room;
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(() => room.newProject());
    afterEach(() => room.leaveAll());

    it('is a flat map of all clients, the receiver included', async () => {
        const start = Date.now();
        const alice = await room.join();
        const bob = room.client();
        const both = [alice, bob].map((client) => nextPresence(client,
            (clients) => Object.keys(clients).length === 2));
        await bob.connect();
        for (const clients of await Promise.all(both)) {
            assert.deepEqual(new Set(Object.keys(clients)), new Set([alice.clientId, bob.clientId]));
            for (const { lastPing } of Object.values(clients)) {
                assert.ok(Number.isInteger(lastPing));
                assert.ok(lastPing >= start - 1e3 && lastPing <= Date.now() + 1e3, `${lastPing}`);
            }
        }
    });

    it('shows user info beside lastPing', async () => {
        const [alice, bob] = [await room.join(), await room.join()];
        const seen = nextPresence(bob, (clients) => clients[alice.clientId]?.name === 'Älice');
        alice.setUserInfo({ name: 'Älice', tags: ['a', 1] });
        const { lastPing, ...userInfo } = (await seen)[alice.clientId];
        assert.deepEqual(userInfo, { name: 'Älice', tags: ['a', 1] });
        assert.equal(typeof lastPing, 'number');
    });

    it('replaces user info by the next', async () => {
        const alice = await room.join();
        const seen = nextPresence(alice, (clients) => clients[alice.clientId].mood === 'good');
        alice.setUserInfo({ name: 'Alice' });
        alice.setUserInfo({ mood: 'good' });
        assert.equal((await seen)[alice.clientId].name, undefined);
    });

    it('does not let user info override what the server says', async () => {
        const alice = await room.join();
        const seen = nextPresence(alice, (clients) => clients[alice.clientId].name === 'Alice');
        alice.setUserInfo({ lastPing: 1, clientId: 'false', userId: 'false', name: 'Alice' });
        const entry = (await seen)[alice.clientId];
        assert.ok(entry.lastPing > 1);
        assert.notEqual(entry.clientId, 'false');
        assert.notEqual(entry.userId, 'false');
    });

    it('forgets who has left', async () => {
        const [alice, bob] = [await room.join(), await room.join()];
        const seen = nextPresence(alice, (clients) => !(bob.clientId in clients));
        bob.disconnect();
        assert.deepEqual(Object.keys(await seen), [alice.clientId]);
    });
});
