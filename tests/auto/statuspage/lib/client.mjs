// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import { once } from 'node:events';

import { WebSocket } from 'ws';

// A client that joins, talks, and keeps nothing of what it hears.
export class Client {
    static async join(daemon, parameters) {
        const client = new Client();
        client.socket = new WebSocket(`${daemon.url}/?${new URLSearchParams(parameters)}`);
        client.socket.on('message', () => {});
        await once(client.socket, 'message'); // the greeting
        return client;
    }

    say(eventName) { this.socket.send(JSON.stringify({ eventName, payload: {} })); }
    sendText(text) { this.socket.send(text); }

    // It is told to go, and does not hear of it.
    stopReading() { this.socket.pause(); }

    drop() { this.socket.terminate(); }

    async leave() {
        const closed = once(this.socket, 'close');
        this.socket.close();
        await closed;
    }
}
