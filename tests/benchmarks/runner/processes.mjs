// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';

// What is measured has a core to itself, and what drives it has another.
export const MeasuredCore = 0;
export const DrivingCore = 1;
const canPin = availableParallelism() >= 2 && existsSync('/usr/bin/taskset');
export const pinning = canPin ? 'one core each' : 'not pinned';

function start(core, [program, ...args], stdio) {
    const command = canPin ? ['taskset', '-c', String(core), program, ...args] : [program, ...args];
    return spawn(command[0], command.slice(1), { stdio });
}

function lines(child) {
    const queue = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return async () => {
        const { value, done } = await queue.next();
        if (done)
            throw new Error(`'${child.spawnargs.join(' ')}' ended without a result`);
        return value;
    };
}

// A server that says where it listens on its first line.
export class Server {
    static async start(core, command) {
        const server = new Server();
        server.child = start(core, command, ['ignore', 'pipe', 'inherit']);
        const line = await lines(server.child)();
        server.url = line.replace('Listening on ', '');
        server.port = new URL(server.url).port;
        server.pid = server.child.pid;
        return server;
    }

    async stop() {
        if (this.child.exitCode !== null || this.child.signalCode !== null)
            return;
        const exited = once(this.child, 'exit');
        this.child.kill();
        const impatience = setTimeout(() => this.child.kill('SIGKILL'), 5e3);
        await exited;
        clearTimeout(impatience);
    }
}

// Runs a program and gives the object that it prints last. whenHeld is called after the first
// line, if there are two; the program goes on when it is done.
export async function run(core, command, whenHeld) {
    const child = start(core, command, ['pipe', 'pipe', 'inherit']);
    const next = lines(child);
    try {
        const exited = once(child, 'exit');
        if (whenHeld) {
            await whenHeld(JSON.parse(await next()));
            child.stdin.end();
        }
        const result = JSON.parse(await next());
        const [code] = await exited;
        if (code !== 0)
            throw new Error(`'${command.join(' ')}' failed`);
        return result;
    } finally {
        child.kill('SIGKILL');
    }
}
