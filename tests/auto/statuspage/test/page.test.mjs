// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { launch, openPage } from '../lib/browser.mjs';
import { Client } from '../lib/client.mjs';
import { Daemon } from '../lib/daemon.mjs';

const Deadline = { timeout: 20e3 };
const Markup = '<img src=x onerror=alert(1)>';

describe('the status page', { timeout: 240e3 }, () => {
    let browser;
    let daemon;
    let watched;
    let page;
    let clients;

    before(async () => { browser = await launch(); });
    after(() => browser.close());
    beforeEach(async () => {
        clients = [];
        daemon = await Daemon.start(['--flush-timeout', '3000']);
        watched = await openPage(browser, daemon.operatorsUrl);
        page = watched.page;
    });
    // After each test: nothing went wrong, and nobody else was asked.
    afterEach(async () => {
        await watched.context.close();
        clients.forEach(client => client.drop());
        await daemon.stop();
        assert.deepEqual(watched.faults, []);
        assert.deepEqual([...watched.origins], [new URL(daemon.operatorsUrl).origin]);
    });

    async function join(shardName, projectId = 'game') {
        const client = await Client.join(daemon, { projectId, shardName });
        clients.push(client);
        return client;
    }

    const tile = label => page.locator('.tile', { hasText: label });
    const row = name => page.locator('#shards tr', { hasText: name });
    const waitForText = (locator, text) => locator.filter({ hasText: text }).waitFor(Deadline);

    // Waits until an element reads as a number that is wanted.
    async function waitForNumber(locator, isWanted) {
        const until = Date.now() + Deadline.timeout;
        for (;;) {
            const text = await locator.textContent();
            if (isWanted(Number(text.replaceAll(',', ''))))
                return;
            assert.ok(Date.now() < until, `it is "${text}"`);
            await page.waitForTimeout(50);
        }
    }

    // The browser, not the page, notes in the console that nobody was there.
    const isFaultOfThePage = text => !/ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)/.test(text);

    it('shows clients as they join, talk and leave', async () => {
        await waitForText(page.locator('#state'), 'Serving');
        await waitForText(page.locator('#shards-note'), 'Nobody is here yet.');
        const ann = await join('lobby');
        await join('lobby');
        await waitForNumber(tile('Connections').locator('.value'), value => value === 2);
        await waitForText(row('lobby'), '2 of 100');
        await waitForText(row('lobby'), 'game');
        await page.waitForFunction(() => document.title === '2 clients – Dispatch');

        const talk = setInterval(() => ann.say('hello'), 20);
        await waitForNumber(tile('Events received').locator('.value span').first(), value => value > 5);
        await waitForNumber(tile('Events delivered').locator('.value span').first(),
            value => value > 10);
        await waitForNumber(row('lobby').locator('td.number').last(), value => value > 10);
        await waitForText(page.locator('#times-chart .legend b').first(), /µs|ms/);
        const line = page.locator('#events-chart .line').first();
        assert.match(await line.getAttribute('d'), /^M[\d.]+ [\d.]+L/);
        clearInterval(talk);

        ann.sendText('no JSON');
        await waitForText(tile('Refused'), /[1-9]\d* joins, requests and messages in all/);
        await ann.leave();
        await waitForText(row('lobby'), '1 of 100');
    });

    it('shows names as text', async () => {
        await join(Markup, 'game');
        await waitForText(row('onerror'), Markup);
        assert.equal(await page.locator('#shards img').count(), 0);
        await page.locator('#search').fill(Markup);
        await waitForText(row('onerror'), Markup);
        await page.locator('#search').fill(`${Markup}?`);
        await waitForText(page.locator('#shards-note'), `is called like “${Markup}?”`);
        assert.equal(await page.locator('main img').count(), 0);
    });

    it('finds shards by a part of their name', async () => {
        await join('lobby');
        await join('Table 1');
        await join('table 2', 'chess');
        await waitForText(row('lobby'), 'game');
        await page.locator('#search').fill('TABLE');
        await row('lobby').waitFor({ state: 'detached', ...Deadline });
        assert.deepEqual(await page.locator('#shards td:nth-child(2)').allTextContents(),
            ['Table 1', 'table 2']);
        await page.locator('#search').fill('');
        await waitForText(row('lobby'), 'game');
    });

    it('shows the largest shards alone if there are many', async () => {
        await Promise.all(Array.from({ length: 101 }, (_, i) => join(`shard ${i}`)));
        await join('shard 77');
        await waitForText(page.locator('#shards-note'), 'The 100 largest of 101.');
        await waitForText(page.locator('#shards tr').first(), 'shard 77');
        assert.equal(await page.locator('#shards tr').count(), 100);
    });

    it('says that the server does not answer, and goes on when it does', async () => {
        await join('lobby');
        await waitForText(row('lobby'), 'game');
        await daemon.restart(async () => {
            await waitForText(page.locator('#state'), 'Unreachable');
            await waitForText(page.locator('#banner'), 'does not answer');
        });
        await waitForText(page.locator('#state'), 'Serving');
        assert.ok(await page.locator('#banner').isHidden());
        await waitForNumber(tile('Connections').locator('.value'), value => value === 0);
        watched.faults = watched.faults.filter(isFaultOfThePage);
    });

    it('says that the server drains, and who is left', async () => {
        const deaf = await join('lobby');
        await join('lobby');
        await waitForNumber(tile('Connections').locator('.value'), value => value === 2);
        deaf.stopReading();
        daemon.drain();
        await waitForText(page.locator('#state'), 'Draining');
        await waitForText(page.locator('#banner'), 'The server sends its clients away: 1 is left.');
        await waitForText(page.locator('#state'), 'Unreachable');
        watched.faults = watched.faults.filter(isFaultOfThePage);
    });

    it('says that the server is full', async () => {
        await watched.context.close();
        await daemon.stop();
        daemon = await Daemon.start(['--max-connections', '1']);
        watched = await openPage(browser, daemon.operatorsUrl);
        page = watched.page;
        await waitForText(page.locator('#state'), 'Serving');
        await join('lobby');
        await waitForText(page.locator('#state'), 'Full');
        await waitForText(page.locator('#banner'), 'Who comes now is refused');
    });

    it('follows the colours of the system', async () => {
        const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        await page.emulateMedia({ colorScheme: 'light' });
        const light = await colour();
        await page.emulateMedia({ colorScheme: 'dark' });
        assert.notEqual(await colour(), light);
    });

    it('fits on a phone', async () => {
        await join('a shard with quite a long name, so that it does not fit');
        await page.setViewportSize({ width: 360, height: 740 });
        await waitForText(row('a shard'), 'game');
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.equal(width, 360);
    });
});
