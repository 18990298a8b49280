// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const Secret = '0123456789abcdef0123456789abcdef';

// Of this process alone, so that nobody takes the ports of a server that will be there again.
const address = `127.${1 + (process.pid >> 16 & 127)}.${process.pid >> 8 & 255}.${process.pid & 255}`;

// A dispatchd of its own for a test: its addresses, and how to end and restart it.
export class Daemon {
    static async start(options = []) {
        const daemon = new Daemon();
        daemon.options = options;
        daemon.folder = mkdtempSync(join(tmpdir(), 'dispatch-interop-'));
        writeFileSync(join(daemon.folder, 'secret'), `${Secret}\n`, { mode: 0o600 });
        await daemon.#spawn(0, 0);
        return daemon;
    }

    async #spawn(port, operatorsPort) {
        this.process = spawn(process.env.DISPATCHD,
            ['--address', address, '--port', String(port),
                '--operators-address', address, '--operators-port', String(operatorsPort),
                '--secret-file', join(this.folder, 'secret'), ...this.options],
            { stdio: ['ignore', 'pipe', 'inherit'] });
        const lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
        const exited = once(this.process, 'exit').then(([code, signal]) => {
            throw new Error(`dispatchd ended with ${code ?? signal} before it listened`);
        });
        exited.catch(() => {}); // it ends some day
        const next = async () => (await Promise.race([lines.next(), exited])).value;
        this.url = (await next()).replace('Listening on ', '');
        this.operatorsUrl = (await next()).replace('Operators: ', '');
        this.httpUrl = this.url.replace('ws:', 'http:');
        this.port = Number(new URL(this.url).port);
    }

    // Gives the exit code.
    async #end() {
        if (this.process.exitCode !== null)
            return this.process.exitCode;
        const exited = once(this.process, 'exit');
        this.process.kill('SIGTERM');
        const [code] = await exited;
        return code;
    }

    async restart(whileDown = async () => {}) {
        const code = await this.#end();
        await whileDown();
        await this.#spawn(this.port, Number(new URL(this.operatorsUrl).port));
        return code;
    }

    // Lets nobody in any more, and sends away who is there.
    drain() { this.process.kill('SIGTERM'); }

    async stop() {
        await this.#end();
        rmSync(this.folder, { recursive: true });
    }
}
