// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import SwaggerParser from '@apidevtools/swagger-parser';
import Ajv from 'ajv/dist/2020.js';

import { signToken } from '../lib/jwt.mjs';
import { Room, nextEvent, nextPresence, record, settle } from '../lib/room.mjs';
import { Secret } from '../lib/daemon.mjs';

const Methods = ['get', 'put', 'post', 'delete', 'patch'];
// What takes more than a request to see: these are tested with a server of small limits.
const Elsewhere = ['429', '503'];

const large = JSON.stringify({ eventName: 'e', payload: 'x'.repeat(128e3) });

describe('the HTTP API', { timeout: 120e3 }, () => {
    let room;
    let api;
    let operations;
    let validators;
    let client;

    before(async () => {
        room = await Room.open();
        api = await SwaggerParser.validate(process.env.OPENAPI);
        const ajv = new Ajv({ strict: false });
        operations = new Map();
        validators = new Map();
        for (const [path, item] of Object.entries(api.paths)) {
            for (const method of Methods.filter((name) => item[name])) {
                const operation = item[method];
                operations.set(operation.operationId, { path, method, ...operation });
                for (const [status, response] of Object.entries(operation.responses)) {
                    validators.set(`${operation.operationId} ${status}`,
                        ajv.compile(response.content['application/json'].schema));
                }
            }
        }
    });
    after(() => room.close());
    beforeEach(async () => {
        room.newProject();
        client = await room.join({ shardName: 'lobby', authorization: userToken('ann') });
    });

    const token = (claims) => signToken({ aud: room.projectId,
        exp: Math.floor(Date.now() / 1e3) + 60, ...claims }, Secret);
    const userToken = (sub) => token({ sub });
    const projectToken = () => token({ role: 'backend' });

    // Asks as the description says, and holds the answer against it.
    async function ask(operationId, { names = {}, query = '', body, headers = {},
                                      authorization = `Bearer ${projectToken()}` } = {}) {
        const { path, method, responses } = operations.get(operationId);
        const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
            encodeURIComponent(name === 'projectId' ? names[name] ?? room.projectId : names[name]));
        const response = await fetch(`${room.daemon.httpUrl}${filled}${query}`, {
            method: method.toUpperCase(),
            headers: { ...authorization && { Authorization: authorization },
                ...body !== undefined && { 'Content-Type': 'application/json' }, ...headers },
            body: typeof body === 'object' ? JSON.stringify(body) : body,
        });
        const { status } = response;
        assert.ok(responses[status], `${operationId} answers with ${status}, which is not documented`);
        assert.match(response.headers.get('content-type'), /^application\/json\b/);
        const answer = await response.json();
        const validate = validators.get(`${operationId} ${status}`);
        assert.ok(validate(answer),
            `${operationId} ${status}: ${JSON.stringify(answer)} ${JSON.stringify(validate.errors)}`);
        return { status, answer, headers: response.headers };
    }

    // Requests that show each documented status of each operation.
    const fitting = () => ({
        publishEvent: { body: { eventName: 'e', payload: [1, { a: null }] } },
        listShards: {},
        listClients: { names: { shardName: 'lobby' } },
        disconnectClient: { names: { clientId: client.clientId } },
        disconnectUser: { names: { userId: 'ann' } },
        listBans: {},
        putBan: { names: { kind: 'users', name: 'ben' }, body: { seconds: 60, reason: 'spam' } },
        getBan: { names: { kind: 'users', name: 'ben' } },
        deleteBan: { names: { kind: 'users', name: 'ben' } },
    });
    const badNames = { shardName: '\u0001', clientId: '\u0001', userId: '\u0001', kind: 'users',
        name: '\u0001' };
    const unknownNames = { shardName: 'none', clientId: 'none', userId: 'none', kind: 'clients',
        name: 'none' };
    const variations = {
        200: (request) => request,
        202: (request) => request,
        400: (request) => ({ ...request, names: badNames, query: '?limit=0',
            headers: { 'Idempotency-Key': 'a b' } }),
        401: (request) => ({ ...request, authorization: '' }),
        403: (request) => ({ ...request, authorization: `Bearer ${userToken('ann')}` }),
        404: (request) => ({ ...request, names: unknownNames }),
        413: (request) => ({ ...request, body: large.repeat(4) }),
        415: (request) => ({ ...request, headers: { 'Content-Type': 'text/plain' } }),
        422: (request) => ({ ...request, body: '{}' }),
    };

    it('answers as its description says', async () => {
        for (const [operationId, request] of Object.entries(fitting())) {
            for (const status of Object.keys(operations.get(operationId).responses)) {
                if (Elsewhere.includes(status))
                    continue;
                // What a request needs to be there.
                if (operationId.endsWith('Ban'))
                    await ask('putBan', fitting().putBan);
                if (operationId === 'disconnectUser' && status === '200')
                    client = await room.join({ shardName: 'lobby', authorization: userToken('ann') });
                const seen = await ask(operationId, variations[status](request));
                assert.equal(seen.status, Number(status), operationId);
            }
        }
        assert.deepEqual(Object.keys(fitting()).sort(), [...operations.keys()].sort());
    });

    it('answers other methods and paths with 405 and 404', async () => {
        const base = `${room.daemon.httpUrl}/api/v1/projects/${room.projectId}`;
        const headers = { Authorization: `Bearer ${projectToken()}` };
        const wrong = await fetch(`${base}/events`, { headers });
        assert.equal(wrong.status, 405);
        assert.equal(wrong.headers.get('allow'), 'POST');
        assert.equal((await wrong.json()).code, 'method_not_allowed');
        const missing = await fetch(`${base}/nothing`, { headers });
        assert.equal(missing.status, 404);
        assert.equal((await missing.json()).code, 'not_found');
    });

    it('publishes to stock clients', async () => {
        const ben = await room.join({ shardName: 'other' });
        const arrived = Promise.all([client, ben].map((peer) => nextEvent(peer, 'news')));
        await ask('publishEvent', { body: { eventName: 'news', payload: { text: 'Hello!' } } });
        for (const { payload, latencyMs } of await arrived) {
            assert.deepEqual(payload, { text: 'Hello!' });
            assert.ok(latencyMs >= 0);
        }
    });

    it('publishes what is repeated with its key once', async () => {
        const news = record(client, 'news');
        const request = { body: { eventName: 'news' }, headers: { 'Idempotency-Key': 'one' } };
        const first = await ask('publishEvent', request);
        const again = await ask('publishEvent', request);
        assert.deepEqual(again.answer, first.answer);
        assert.equal(again.headers.get('idempotency-replayed'), 'true');
        await settle(client);
        assert.equal(news.length, 1);
    });

    it('shows stock clients out for good', async () => {
        const ben = await room.join({ shardName: 'lobby' });
        const error = nextEvent(client, '@@KOJI_DISPATCH/ERROR');
        await ask('disconnectClient', { names: { clientId: client.clientId } });
        assert.equal((await error).payload.code, 'disconnected');
        await nextPresence(ben, (clients) => Object.keys(clients).length === 1);
        assert.deepEqual(client.closeCodes, [1000]);
        assert.equal(client.isConnected, false);
    });
});
