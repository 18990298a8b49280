// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// node socketioclient.mjs <url>

import { io } from 'socket.io-client';

import { consume, end, start } from './consumer.mjs';

const socket = io(process.argv[2].replace('ws:', 'http:'), { transports: ['websocket'] });
socket.on('bench', consume);
socket.on('start', start);
socket.on('end', end);
