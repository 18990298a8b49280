// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What the servers can do, each beside its peers.

import { DrivingCore, MeasuredCore, run, Server } from './processes.mjs';

// What is measured is how much one client can send, not how much it may.
const unlimited = ['--messages-per-second', '--bytes-per-second', '--max-fan-out-per-second',
    '--control-frames-per-second', '--connections-per-second'].flatMap((rate) => [rate, '0']);

export const servers = [
    { name: 'dispatchd', dialect: 'dispatch',
        command: [process.env.DISPATCHD, '--port', '0', ...unlimited] },
    { name: 'ws', dialect: 'relay', command: [process.execPath, 'wsserver.mjs'] },
    { name: 'ws, gathered by hand', dialect: 'relay',
        command: [process.execPath, 'wsserver.mjs', 'gathered'] },
    { name: 'socket.io', dialect: 'socketio', command: [process.execPath, 'socketioserver.mjs'] },
];
const [dispatchd, ws, , socketIo] = servers;

async function drive(server, scenario, options, whenHeld) {
    const running = await Server.start(MeasuredCore, server.command);
    try {
        const args = Object.entries({ ...options, dialect: server.dialect,
            port: running.port, pid: running.pid }).flatMap(([key, value]) => [`--${key}`, String(value)]);
        return await run(DrivingCore, [process.env.LOAD, scenario, ...args],
            whenHeld && ((line) => whenHeld(line, running)));
    } finally {
        await running.stop();
    }
}

export function saturate(server, rooms, { seconds, warmup }) {
    return drive(server, 'saturate',
        { rooms, clients: 100, 'in-flight': 64, seconds, warmup });
}

async function checkInfo({ url }, connections) {
    const response = await fetch(`${url.replace('ws:', 'http:')}/info/bench`);
    const shards = await response.json();
    const sum = shards.reduce((total, { numConnectedClients }) => total + numConnectedClients, 0);
    if (sum !== connections)
        throw new Error(`/info counts ${sum} clients, but ${connections} are there`);
}

export const idleServers = [dispatchd, ws, socketIo];

export async function idle(server, { connections, seconds }) {
    const result = await drive(server, 'idle', { connections, seconds }, async (line, running) => {
        if (server === dispatchd)
            await checkInfo(running, connections);
    });
    if (result.held !== connections)
        throw new Error(`${server.name} holds ${result.held} of ${connections} connections`);
    return result;
}

export function steady(stalled, { seconds }) {
    return drive(dispatchd, 'steady', { stalled: stalled ? 1 : 0, seconds });
}
