// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// Rooms on socket.io, by WebSocket only.

import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
    const room = socket.handshake.query.shardName;
    socket.join(room);
    for (const name of ['bench', 'paced'])
        socket.on(name, (payload) => io.to(room).emit(name, payload));
});
http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () =>
    console.log(`Listening on ws://127.0.0.1:${http.address().port}`));
