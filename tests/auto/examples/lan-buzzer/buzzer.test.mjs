// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';

import { WebSocket } from 'ws';

import { launch, openPage } from './browser.mjs';

// All of it takes 5 s; this is for machines that are busy.
const Deadline = { timeout: 90e3 };
const Phone = { viewport: { width: 390, height: 720 }, deviceScaleFactor: 2 };
const Pictures = process.env.SCREENSHOTS ?? 'screenshots';

// The program, with all that it prints.
class Program {
    constructor(...options) {
        this.process = spawn(process.env.PROGRAM, options, { stdio: ['ignore', 'pipe', 'inherit'] });
        this.ended = once(this.process, 'exit');
        this.lines = [];
        this.waiting = [];
        createInterface({ input: this.process.stdout }).on('line', line => {
            console.log(line);
            this.lines.push(line);
            this.waiting = this.waiting.filter(look => !look());
        });
    }

    // Gives the next line that starts so, as soon as it is there.
    async line(start) {
        const end = this.ended.then(() => assert.fail(`it ended before it said "${start}"`));
        const found = new Promise(resolve => {
            const look = () => {
                const at = this.lines.findIndex(line => line.startsWith(start));
                if (at < 0)
                    return false;
                resolve(this.lines.splice(0, at + 1)[at]);
                return true;
            };
            if (!look())
                this.waiting.push(look);
        });
        return Promise.race([found, end]);
    }
}

describe('a contest in the local network', { timeout: 230e3 }, () => {
    let browser;
    let host;

    before(async () => { browser = await launch(); });
    after(async () => {
        host?.process.kill();
        await browser.close();
    });

    // How the server answers a page of `origin` that wants to join.
    function answerTo(url, origin) {
        return new Promise((resolve, reject) => {
            const socket = new WebSocket(`ws://${url.host}/?projectId=another`, { origin });
            const end = status => {
                resolve(status);
                socket.terminate();
            };
            socket.on('open', () => end(101));
            socket.on('unexpected-response', (request, response) => end(response.statusCode));
            socket.on('error', reject);
        });
    }

    async function enter(link, name) {
        const watched = await openPage(browser, link, Phone);
        await watched.page.locator('#name').fill(name);
        await watched.page.locator('#join button').click();
        await watched.page.locator('#buzzer:enabled').waitFor(Deadline);
        return watched;
    }

    const reads = (watched, id, text) =>
        watched.page.locator(id, { hasText: text }).waitFor(Deadline);

    it('is joined by browsers and by the program, and has a winner', async () => {
        host = new Program('--headless', '--screenshots', Pictures);
        const link = (await host.line('Join at ')).slice('Join at '.length);
        const url = new URL(link);
        const code = url.hash.slice(1);

        assert.equal(await answerTo(url, url.origin), 101);
        assert.equal(await answerTo(url, 'http://example.org'), 403);
        assert.equal(await answerTo(url, 'null'), 403);

        const ann = await enter(link, 'Ann');
        const ben = await enter(`${url.origin}/#${code}`, 'Ben');
        const cem = new Program('--url', `ws://${url.host}`, '--room', code, '--name', 'Cem',
            '--headless', '--screenshots', join(Pictures, 'cem'));
        await cem.line('Ready');

        await host.line('Go');
        await ann.page.locator('#buzzer').click();
        await reads(ann, '#buzzer', 'First!');
        await reads(ben, '#ranking', 'Ann');
        await cem.line('Second');
        await ben.page.locator('#buzzer').click();
        await reads(ben, '#buzzer', 'Place 3');
        await reads(ann, '#ranking li:nth-child(3)', 'Ben');
        await ann.page.screenshot({ path: join(Pictures, 'phone.png') });
        const dana = new WebSocket(`ws://${url.host}/?projectId=buzzer&shardName=${code}`);
        await once(dana, 'open');
        const told = ann.page.evaluate(() => new Promise(resolve => {
            const status = document.getElementById('status');
            const look = () => status.textContent === 'Round 1' || resolve(status.textContent);
            new MutationObserver(look).observe(status, { childList: true });
        }));
        dana.send(JSON.stringify({ eventName: 'state', payload: { round: 99, order: [] } }));

        await host.line('Go');
        await reads(ben, '#status', 'Round 2');
        assert.equal(await told, 'Round 2'); // and not what Dana said
        await ben.page.locator('#buzzer').click();
        await reads(ann, '#ranking', 'Ben');
        await cem.line('Another round'); // the order is that of those who are there

        await host.line('Leave');
        dana.terminate();
        for (const player of [ann, ben]) {
            assert.deepEqual(player.faults, []);
            assert.deepEqual([...player.origins], [url.origin]);
            await player.context.close();
        }
        assert.equal((await cem.ended)[0], 0);
        assert.equal((await host.ended)[0], 0);
    });
});
