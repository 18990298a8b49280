// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { nextEvent, Room } from '../lib/room.mjs';
import { PlatformEvent } from '../lib/stockclient.mjs';

describe('reconnecting', { timeout: 60e3 }, () => {
    let room;
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(() => room.newProject());
    afterEach(() => room.leaveAll());

    it('is what a stock client does after a restart of the server', async () => {
        const [alice, bob] = [await room.join(), await room.join()];
        const oldId = alice.clientId;
        const back = [alice, bob].map((client) => nextEvent(client, PlatformEvent.Connected));
        assert.equal(await room.daemon.restart(), 0);
        await Promise.all(back);
        assert.deepEqual([alice, bob].map(({ closeCodes }) => closeCodes[0]), [1012, 1012]);
        assert.notEqual(alice.clientId, oldId);

        const heard = [alice, bob].map((client) => nextEvent(client, 'again'));
        alice.emitEvent('again', { n: 1 });
        for (const { payload } of await Promise.all(heard))
            assert.deepEqual(payload, { n: 1 });
    });

    it('brings what was emitted meanwhile once', async () => {
        const alice = await room.join();
        const back = nextEvent(alice, PlatformEvent.Connected);
        const heard = nextEvent(alice, 'late');
        const closed = room.daemon.restart();
        while (alice.isConnected)
            await new Promise(setImmediate);
        alice.emitEvent('late', { n: 2 });
        await Promise.all([closed, back]);
        assert.deepEqual((await heard).payload, { n: 2 });
    });

    it('ends when the client says good-bye', async () => {
        const alice = await room.join();
        alice.disconnect();
        while (alice.closeCodes.length === 0)
            await new Promise(setImmediate);
        assert.deepEqual(alice.closeCodes, [1000]);
        while ((await room.info()).length > 0)
            await new Promise(setImmediate);
    });
});
