// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import { randomUUID } from 'node:crypto';

import { Daemon } from './daemon.mjs';
import { PlatformEvent, StockClient } from './stockclient.mjs';

const Deadline = 10e3;

// Resolves with the payload (and metadata) of the first event named eventName that fulfils the
// condition.
export function nextEvent(client, eventName, condition = () => true) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(
            () => reject(new Error(`no fitting '${eventName}' within ${Deadline} ms`)), Deadline);
        const undo = client.on(eventName, (payload, metadata) => {
            if (!condition(payload, metadata))
                return;
            clearTimeout(timer);
            undo();
            resolve({ payload, ...metadata });
        });
    });
}

export function nextPresence(client, condition) {
    return nextEvent(client, PlatformEvent.ConnectedClientsChanged,
        ({ connectedClients }) => condition(connectedClients))
        .then(({ payload: { connectedClients } }) => connectedClients);
}

// Collects the payloads of all events named eventName.
export function record(client, eventName) {
    const payloads = [];
    client.on(eventName, (payload) => payloads.push(payload));
    return payloads;
}

// All that the emitter emitted so far has been handled by the server, and what of it goes to the
// client has come, because order is kept.
export async function settle(emitter, client = emitter) {
    const eventName = `settle ${randomUUID()}`;
    const arrived = nextEvent(client, eventName);
    emitter.emitEvent(eventName, {}, [client.clientId]);
    await arrived;
}

// A daemon, and clients that are all in one new project unless they say otherwise.
export class Room {
    static async open() {
        const room = new Room();
        room.daemon = await Daemon.start();
        room.clients = [];
        return room;
    }

    newProject() {
        this.projectId = `interop-${randomUUID()}`;
        return this.projectId;
    }

    client(options = {}) {
        const client = new StockClient(this.daemon.url, {
            projectId: this.projectId, timeout: 50, maxAttempts: 200, ...options });
        this.clients.push(client);
        return client;
    }

    async join(options) {
        const client = this.client(options);
        await client.connect();
        return client;
    }

    async info(projectId = this.projectId) {
        return (await fetch(`${this.daemon.httpUrl}/info/${projectId}`)).json();
    }

    leaveAll() { this.clients.splice(0).forEach((client) => client.disconnect()); }

    async close() {
        this.leaveAll();
        await this.daemon.stop();
    }
}
