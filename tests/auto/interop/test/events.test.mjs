// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { tokenFor, signToken } from '../lib/jwt.mjs';
import { Secret } from '../lib/daemon.mjs';
import { nextEvent, record, Room, settle } from '../lib/room.mjs';
import { PlatformEvent } from '../lib/stockclient.mjs';

describe('events', { timeout: 60e3 }, () => {
    let room;
    let alice;
    let bob;
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(async () => {
        room.newProject();
        [alice, bob] = [await room.join(), await room.join()];
    });
    afterEach(() => room.leaveAll());

    it('go to all of the shard, the emitter included', async () => {
        const heard = [alice, bob].map((client) => nextEvent(client, 'chat'));
        alice.emitEvent('chat', { text: 'Grüße 👋' });
        for (const { payload, latencyMs } of await Promise.all(heard)) {
            assert.deepEqual(payload, { text: 'Grüße 👋' });
            assert.ok(latencyMs >= 0);
        }
    });

    it('come in the order of their emitter', async () => {
        const counted = record(bob, 'count');
        for (let n = 0; n < 500; ++n)
            alice.emitEvent('count', { n });
        await settle(alice, bob);
        assert.deepEqual(counted.map(({ n }) => n), Array.from({ length: 500 }, (_, n) => n));
    });

    it('without a payload arrive with an empty object', async () => {
        const heard = nextEvent(bob, 'new_tap', ({ missing }) => missing === undefined);
        alice.emitEvent('new_tap');
        assert.deepEqual((await heard).payload, {});
    });

    for (const payload of [[1, 'two', null], 'text', '', 0, -1.5, true, false])
        it(`may carry ${JSON.stringify(payload)}`, async () => {
            const heard = nextEvent(bob, 'any');
            alice.emitEvent('any', payload);
            assert.deepEqual((await heard).payload, payload);
        });

    it('may be as long as the original allows', async () => {
        const heard = nextEvent(bob, 'long');
        const text = '語'.repeat(127_900);
        alice.emitEvent('long', { text });
        assert.equal((await heard).payload.text, text);
    });

    it('for recipients go to them alone', async () => {
        const carol = await room.join();
        const heard = [alice, bob, carol].map((client) => record(client, 'secret'));
        alice.emitEvent('secret', { n: 1 }, [bob.clientId, 'nobody']);
        await Promise.all([alice, bob, carol].map((client) => settle(alice, client)));
        assert.deepEqual(heard, [[], [{ n: 1 }], []]);
    });

    it('for recipients reach the emitter only if it is named', async () => {
        const heard = record(alice, 'note');
        alice.emitEvent('note', {}, [alice.clientId]);
        await settle(alice);
        assert.deepEqual(heard, [{}]);
    });

    it('for recipients cross shards, others do not', async () => {
        const far = await room.join({ shardName: 'elsewhere' });
        const heard = record(far, 'call');
        alice.emitEvent('call', { to: 'all' });
        alice.emitEvent('call', { to: 'far' }, [far.clientId]);
        await settle(alice, far);
        assert.deepEqual(heard, [{ to: 'far' }]);
    });

    it('for recipients never cross projects', async () => {
        const stranger = await room.join({ projectId: 'interop-stranger' });
        const heard = record(stranger, 'call');
        alice.emitEvent('call', {}, [stranger.clientId]);
        await settle(alice);
        await settle(stranger);
        assert.deepEqual(heard, []);
    });

    it('for an empty list reach nobody', async () => {
        const heard = [alice, bob].map((client) => record(client, 'void'));
        alice.emitEvent('void', {}, []);
        await Promise.all([alice, bob].map((client) => settle(alice, client)));
        assert.deepEqual(heard, [[], []]);
    });

    it('for null go to the shard', async () => {
        const heard = nextEvent(bob, 'wide');
        alice.emitEvent('wide', {}, null);
        await heard;
    });

    it('for a user reach all connections of that user', async () => {
        const phone = await room.join({ shardName: 'elsewhere' });
        const token = tokenFor('user-7', room.projectId, Secret);
        for (const client of [bob, phone]) {
            client.identify(token);
            await settle(client);
        }
        const heard = [alice, bob, phone].map((client) => record(client, 'mail'));
        alice.emitEvent('mail', { n: 1 }, ['user-7']);
        await Promise.all([alice, bob, phone].map((client) => settle(alice, client)));
        assert.deepEqual(heard, [[], [{ n: 1 }], [{ n: 1 }]]);
    });

    it('for a user reach nobody who shows a bad token', async () => {
        const seconds = Math.floor(Date.now() / 1000);
        const bad = [
            ['invalid_token', tokenFor('user-8', room.projectId, 'f'.repeat(32))],
            ['invalid_token', tokenFor('user-8', 'another', Secret)],
            ['token_expired',
                signToken({ sub: 'user-8', aud: room.projectId, exp: seconds - 3600 }, Secret)],
        ];
        const heard = record(bob, 'mail');
        for (const [code, token] of bad) {
            const refused = nextEvent(bob, PlatformEvent.Error);
            bob.identify(token);
            assert.equal((await refused).payload.code, code);
        }
        alice.emitEvent('mail', {}, ['user-8']);
        await settle(alice, bob);
        assert.deepEqual(heard, []);
    });

    it('with a reserved name are refused and nobody hears them', async () => {
        // A third one would end the connection.
        const names = [PlatformEvent.Connected, '@@mine'];
        for (const name of names) {
            const heard = [alice, bob].map((client) => record(client, name));
            const refused = nextEvent(alice, PlatformEvent.Error);
            alice.emitEvent(name, { clientId: 'false', shardName: 'false' });
            const { payload: { code, message } } = await refused;
            assert.equal(code, 'reserved_event');
            assert.notEqual(message, '');
            await Promise.all([alice, bob].map((client) => settle(bob, client)));
            assert.deepEqual(heard, [[], []], name);
        }
    });
});
