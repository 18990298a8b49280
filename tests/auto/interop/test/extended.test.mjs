// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';

import { ExtendedClient } from '../lib/extendedclient.mjs';
import { nextPresence, record, Room, settle } from '../lib/room.mjs';
import { PlatformEvent } from '../lib/stockclient.mjs';

describe('the extended profile', { timeout: 60e3 }, () => {
    let room;
    let extended;
    const shardName = 'lobby';
    before(async () => { room = await Room.open(); });
    after(() => room.close());
    beforeEach(() => {
        room.newProject();
        extended = [];
    });
    afterEach(() => {
        room.leaveAll();
        extended.forEach((client) => client.disconnect());
    });

    function client() {
        const made = new ExtendedClient(room.daemon.url, { projectId: room.projectId, shardName });
        extended.push(made);
        return made;
    }

    it('is negotiated, and greets with all that a client must know', async () => {
        const ben = await room.join({ shardName });
        const ann = client();
        const greeting = await ann.connect();
        assert.equal(ann.socket.protocol, 'dispatch.v2');
        assert.equal(greeting.recovered, false);
        assert.match(greeting.session, /^[A-Za-z0-9_-]{43}$/);
        assert.match(greeting.epoch, /^[0-9a-f]{16}$/);
        assert.deepEqual(Object.keys(greeting.connectedClients).sort(),
            [ann.clientId, ben.clientId].sort());
        ann.emitEvent('hello', { n: 1 });
        await ann.settled();
        assert.equal(ann.named(PlatformEvent.ConnectedClientsChanged).length, 0);
        const [{ seq, from, time }] = ann.named('hello');
        assert.deepEqual([seq, from], [1, ann.clientId]);
        assert.ok(Math.abs(Date.now() - time) < 10e3);
    });

    it('is not spoken with those who do not ask for it', async () => {
        const socket = new WebSocket(`${room.daemon.url}?projectId=${room.projectId}`);
        const [data] = await once(socket, 'message');
        socket.close();
        assert.equal(socket.protocol, '');
        assert.equal(JSON.parse(data).payload.session, undefined);
    });

    it('refuses a resume name that can not be read before the upgrade', async () => {
        const socket = new WebSocket(room.daemon.url, ['dispatch.v2', 'resume.x']);
        const [, response] = await once(socket, 'unexpected-response');
        socket.on('error', () => {});
        socket.terminate();
        assert.equal(response.statusCode, 400);
    });

    it('goes on after a loss, without a gap and without a word to the others', async () => {
        const ann = client();
        await ann.connect();
        const ben = await room.join({ shardName });
        const { clientId } = ann;
        const lists = record(ben, PlatformEvent.ConnectedClientsChanged);
        await nextPresence(ben, (clients) => Object.keys(clients).length === 2);
        lists.length = 0;
        ann.cut();
        for (let n = 1; n <= 3; ++n)
            ben.emitEvent('news', { n });
        await settle(ben);
        const greeting = await ann.resume();
        assert.equal(greeting.recovered, true);
        assert.equal(greeting.clientId, clientId);
        assert.equal(greeting.replay, 3);
        const fourth = ann.next('news', ({ payload }) => payload.n === 4);
        ben.emitEvent('news', { n: 4 });
        await fourth;
        assert.deepEqual(ann.named('news').map(({ payload }) => payload.n), [1, 2, 3, 4]);
        assert.deepEqual(lists, []);
    });

    it('deals once with what is sent again after a loss', async () => {
        const ann = client();
        await ann.connect();
        const ben = await room.join({ shardName });
        const heard = record(ben, 'count');
        for (let n = 1; n <= 50; ++n) {
            ann.emitEvent('count', { n });
            if (n % 5 === 0) {
                ann.cut();
                assert.equal((await ann.resume()).recovered, true);
            }
        }
        await ann.settled();
        await settle(ben);
        assert.deepEqual(heard.map(({ n }) => n), Array.from({ length: 50 }, (_, i) => i + 1));
    });

    it('asks, and is answered', async () => {
        const [ann, ben] = [client(), client()];
        await ann.connect();
        await ben.connect();
        const asked = ben.next('time?', ({ request }) => request === 'r1');
        const answered = ann.next('time?', ({ reply }) => reply === 'r1');
        ann.emitEvent('time?', {}, { request: 'r1', recipients: [ben.clientId] });
        const { request, from } = await asked;
        ben.emitEvent('time?', 12, { reply: request, recipients: [from] });
        assert.equal((await answered).payload, 12);
    });

    it('tells which emit was refused', async () => {
        const ann = client();
        await ann.connect();
        ann.emitEvent('good', 1);
        ann.emitEvent('@@bad', 2);
        ann.emitEvent('good', 3);
        await ann.settled();
        assert.deepEqual([...ann.refused], [[2, 'reserved_event']]);
        assert.equal(ann.named('good').length, 2);
    });

    it('tells presence by differences, which add up to the list that others get', async () => {
        const ann = client();
        await ann.connect();
        const ben = await room.join({ shardName });
        const cem = await room.join({ shardName });
        const isTold = nextPresence(ben, (clients) => clients[ben.clientId]?.name === 'Ben'
            && Object.keys(clients).length === 2);
        ben.setUserInfo({ name: 'Ben' });
        cem.disconnect();
        const list = await isTold;
        await settle(ben);
        ann.emitEvent('settle', 0);
        await ann.settled();
        const names = (clients) => Object.fromEntries(Object.entries(clients)
            .map(([clientId, { lastPing, ...info }]) => [clientId, info]));
        assert.deepEqual(names(ann.clients), names(list));
    });

    it('shows the old connection out when the session is resumed elsewhere', async () => {
        const old = client();
        await old.connect();
        const closed = once(old.socket, 'close');
        const replaced = old.next(PlatformEvent.Error);
        const { socket, position } = old;
        const current = client();
        current.position = { ...position };
        assert.equal((await current.resume()).recovered, true);
        assert.equal((await replaced).payload.code, 'replaced');
        assert.equal((await closed)[0], 4509);
        assert.equal(socket.readyState, WebSocket.CLOSED);
    });
});
