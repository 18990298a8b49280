// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// node wsclient.mjs <url>: a ws client with JSON.parse and handlers by event name.

import { WebSocket } from 'ws';

import { consume, end, start } from './consumer.mjs';

const handlers = new Map([['bench', consume], ['start', start], ['end', end]]);

const socket = new WebSocket(process.argv[2]);
socket.on('message', (data) => {
    const { eventName, payload } = JSON.parse(data);
    handlers.get(eventName)?.(payload);
});
