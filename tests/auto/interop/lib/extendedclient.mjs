// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A client of the extended profile, as one writes it from docs/protocol-extended.md.

import { WebSocket } from 'ws';

import { PlatformEvent } from './stockclient.mjs';

export const ExtendedEvent = {
    Ack: '@@KOJI_DISPATCH/ACK',
    Presence: '@@KOJI_DISPATCH/PRESENCE',
};

export class ExtendedClient {
    constructor(url, { projectId, shardName }) {
        this.url = `${url}?projectId=${projectId}&shardName=${encodeURIComponent(shardName)}`;
        this.events = []; // all that came, platform events included
        this.waiting = [];
        this.lastEmit = 0;
        this.pending = new Map(); // by number: emits whose fate is not known
        this.refused = new Map(); // by number: codes
    }

    // Resolves with the greeting.
    connect() { return this.#open(['dispatch.v2']); }

    resume() {
        const { session, epoch, seq, direct } = this.position;
        return this.#open(['dispatch.v2', `resume.${session}.${epoch}.${seq}.${direct}`]);
    }

    async #open(protocols) {
        const socket = new WebSocket(this.url, protocols);
        this.socket = socket;
        socket.on('message', (data) => {
            if (socket === this.socket)
                this.#handle(JSON.parse(data));
        });
        socket.on('close', (code) => { this.closeCode = code; });
        const greeted = this.next(PlatformEvent.Connected);
        await new Promise((resolve, reject) => {
            socket.once('open', resolve);
            socket.once('error', reject);
        });
        socket.on('error', () => {});
        return (await greeted).payload;
    }

    #handle(event) {
        const { eventName, payload } = event;
        if (eventName === PlatformEvent.Connected)
            this.#greeted(payload);
        else if (eventName === ExtendedEvent.Presence)
            this.#changed(payload);
        else if (eventName === ExtendedEvent.Ack)
            this.#dealtWith(payload.emit);
        else if (eventName === PlatformEvent.Error && payload.emit)
            this.refused.set(payload.emit, payload.code);
        this.events.push(event);
        this.waiting = this.waiting.filter((isDone) => !isDone(event));
        // The position moves when an event has been dealt with.
        if (!eventName.startsWith('@@')) {
            if (event.seq === undefined)
                ++this.position.direct;
            else if (event.seq === this.position.seq + 1)
                this.position.seq = event.seq;
            else
                throw new Error(`${event.seq} came after ${this.position.seq}`);
        }
    }

    #greeted({ clientId, session, epoch, seq, direct, lastEmit, refused = [], connectedClients }) {
        if (this.clientId !== clientId)
            this.lastEmit = 0;
        this.clientId = clientId;
        this.position = { session, epoch, seq, direct };
        this.clients = connectedClients;
        refused.forEach(({ emit, code }) => this.refused.set(emit, code));
        this.#dealtWith(lastEmit);
        this.pending.forEach((message) => this.socket.send(message));
    }

    #changed({ joined = {}, changed = {}, left = [] }) {
        Object.assign(this.clients, joined, changed);
        left.forEach((clientId) => delete this.clients[clientId]);
    }

    #dealtWith(lastEmit) {
        for (const emit of this.pending.keys()) {
            if (emit <= lastEmit)
                this.pending.delete(emit);
        }
    }

    // Resolves with the first event from now on that is called eventName and fulfils the condition.
    next(eventName, condition = () => true) {
        return new Promise((resolve) => this.waiting.push((event) => {
            if (event.eventName !== eventName || !condition(event))
                return false;
            resolve(event);
            return true;
        }));
    }

    // Resolves when all that was emitted has been dealt with.
    async settled() {
        while (this.pending.size > 0)
            await this.next(ExtendedEvent.Ack);
    }

    emitEvent(eventName, payload, more = {}) {
        const emit = ++this.lastEmit;
        const message = JSON.stringify({ emit, ack: true, ...more, eventName, payload });
        this.pending.set(emit, message);
        if (this.socket.readyState === WebSocket.OPEN)
            this.socket.send(message);
    }

    setUserInfo(info) {
        this.socket.send(JSON.stringify({ eventName: PlatformEvent.SetUserInfo, payload: info }));
    }

    named(eventName) { return this.events.filter((event) => event.eventName === eventName); }
    cut() { this.socket.terminate(); }
    disconnect() { this.socket?.close(1000); }
}
