// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What the servers can do, each beside its peers.

import { execFileSync } from 'node:child_process';

import { DrivingCore, MeasuredCore, run, Server } from './processes.mjs';

// What is measured is how much one client can send, not how much it may.
const unlimited = ['--messages-per-second', '--bytes-per-second', '--max-fan-out-per-second',
    '--control-frames-per-second', '--connections-per-second'].flatMap((rate) => [rate, '0']);

export const servers = [
    { name: 'dispatchd', dialect: 'dispatch',
        command: [process.env.DISPATCHD, '--port', '0', '--operators-address', '', ...unlimited] },
    { name: 'ws', dialect: 'relay', command: [process.execPath, 'wsserver.mjs'] },
    { name: 'ws, gathered by hand', dialect: 'relay',
        command: [process.execPath, 'wsserver.mjs', 'gathered'] },
    { name: 'socket.io', dialect: 'socketio', command: [process.execPath, 'socketioserver.mjs'] },
];
const [dispatchd, ws, , socketIo] = servers;

// The generator believes any certificate. A key of the kind that one should take.
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
    '-nodes', '-subj', '/CN=127.0.0.1', '-keyout', 'key.pem', '-out', 'certificate.pem'],
{ stdio: 'ignore' });
const encrypted = { ...dispatchd, name: 'dispatchd, TLS', tls: true,
    command: [...dispatchd.command, '--tls-certificate-file', 'certificate.pem',
        '--tls-key-file', 'key.pem'] };
export const serversAndTls = [...servers, encrypted];

// The same server, whose clients speak the one profile or the other.
const extended = { ...dispatchd, name: 'extended profile', dialect: 'extended' };
export const profiles = [{ ...dispatchd, name: 'base profile' }, extended];

async function drive(server, scenario, options, whenHeld) {
    const running = await Server.start(MeasuredCore, server.command);
    try {
        const args = Object.entries({ ...options, dialect: server.dialect, tls: server.tls ? 1 : 0,
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

export const idleServers = [dispatchd, ws, socketIo, encrypted];

export async function idle(server, { connections, seconds }) {
    const result = await drive(server, 'idle', { connections, seconds }, async (line, running) => {
        if (server.command[0] === process.env.DISPATCHD && !server.tls)
            await checkInfo(running, connections);
    });
    if (result.held !== connections)
        throw new Error(`${server.name} holds ${result.held} of ${connections} connections`);
    return result;
}

// A room of 100 with a steady sender. Its last client may stop reading; others may be there.
export function steady({ seconds }, { tls = false, stalled = false, idle: others = 0 }) {
    return drive(tls ? encrypted : dispatchd, 'steady',
        { stalled: stalled ? 1 : 0, idle: others, seconds });
}
