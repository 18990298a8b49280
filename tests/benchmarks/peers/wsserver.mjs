// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// Rooms on ws, as one writes them: each message goes to each client of the room by send().
//     node wsserver.mjs [gathered]
// With 'gathered' as an expert would: the frame is encoded once, and what comes within a turn of the
// event loop leaves in one write per client, past the API of ws.

import { Sender, WebSocketServer } from 'ws';

const gathered = process.argv[2] === 'gathered';
const rooms = new Map();

class Room {
    members = new Set();
    pending = [];

    broadcast(data) {
        if (!gathered) {
            for (const member of this.members)
                member.send(data, { binary: false });
            return;
        }
        if (this.pending.length === 0)
            setImmediate(() => this.flush());
        this.pending.push(...Sender.frame(data, {
            fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }));
    }

    flush() {
        const bytes = Buffer.concat(this.pending);
        this.pending = [];
        for (const member of this.members)
            member._socket.write(bytes);
    }
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096 }, () =>
    console.log(`Listening on ws://127.0.0.1:${server.address().port}`));
server.on('connection', (socket, request) => {
    const name = new URL(request.url, 'ws://localhost').searchParams.get('shardName');
    if (!rooms.has(name))
        rooms.set(name, new Room());
    const room = rooms.get(name);
    room.members.add(socket);
    socket.on('message', (data) => room.broadcast(data));
    socket.on('close', () => room.members.delete(socket));
    socket.on('error', () => {});
});
