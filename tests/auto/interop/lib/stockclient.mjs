// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A client as the original is built: Sockette over a global WebSocket, handlers by event name that
// destructure their payload, all settings in the query of the URL.

import Sockette from 'sockette';
import { WebSocket } from 'ws';

globalThis.WebSocket = WebSocket;

export const PlatformEvent = {
    Connected: '@@KOJI_DISPATCH/CONNECTED',
    ConnectedClientsChanged: '@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED',
    SetUserInfo: '@@KOJI_DISPATCH/SET_USER_INFO',
    Identify: '@@KOJI_DISPATCH/IDENTIFY',
    Error: '@@KOJI_DISPATCH/ERROR',
};

const MaximumMessageLength = 128e3;

function queryString(values) {
    return Object.entries(values)
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
        .join('&');
}

export class StockClient {
    constructor(url, { projectId, shardName, maxConnectionsPerShard = 100, authorization,
                       timeout = 5e3, maxAttempts = 10 } = {}) {
        const query = queryString({ projectId, shardName, maxConnectionsPerShard, authorization });
        this.url = `${url}?${query}`;
        this.retry = { timeout, maxAttempts };
        this.handlers = new Map();
        this.queue = [];
        this.clientId = undefined;
        this.shardName = undefined;
        this.closeCodes = [];
        this.isConnected = false;
    }

    // Resolves with the greeting; a later greeting, after a reconnect, goes to the handlers alone.
    connect() {
        return new Promise((resolve, reject) => {
            this.socket = new Sockette(this.url, {
                ...this.retry,
                onmessage: ({ data }) => this.#handleMessage(data, resolve),
                onclose: ({ code }) => {
                    this.isConnected = false;
                    this.closeCodes.push(code);
                },
                onmaximum: () => reject(new Error('no attempt is left')),
                onerror: () => {},
            });
        });
    }

    #handleMessage(data, greeted) {
        const { eventName, payload, latencyMs } = JSON.parse(data);
        if (eventName === PlatformEvent.Connected) {
            this.clientId = payload.clientId;
            this.shardName = payload.shardName;
            this.isConnected = true;
            this.queue.splice(0).forEach((message) => this.socket.json(message));
            greeted(payload);
        }
        for (const handler of this.handlers.get(eventName) ?? [])
            handler(payload, { latencyMs });
    }

    // Gives the function that undoes it.
    on(eventName, handler) {
        if (!this.handlers.has(eventName))
            this.handlers.set(eventName, new Set());
        this.handlers.get(eventName).add(handler);
        return () => this.handlers.get(eventName).delete(handler);
    }

    emitEvent(eventName, payload, recipients) {
        const message = { eventName, payload, recipients };
        if (JSON.stringify(message).length > MaximumMessageLength)
            throw new Error('the message is too large');
        if (this.isConnected)
            this.socket.json(message);
        else
            this.queue.push(message);
    }

    identify(token) { this.emitEvent(PlatformEvent.Identify, { token }); }
    setUserInfo(userInfo) { this.emitEvent(PlatformEvent.SetUserInfo, userInfo); }

    disconnect() { this.socket?.close(); }
}
