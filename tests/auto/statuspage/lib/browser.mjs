// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import { chromium } from 'playwright-core';

// Nothing that Chromium does by itself on the network.
const Quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function launch() {
    return chromium.launch({ executablePath: process.env.CHROMIUM, args: Quiet });
}

// A page that remembers what went wrong in it, and whom it asked.
export async function openPage(browser, url, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const watched = { page, context, faults: [], origins: new Set() };
    page.on('console', message => watched.faults.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', error => watched.faults.push(`error: ${error.message}`));
    page.on('dialog', dialog => {
        watched.faults.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    page.on('request', request => watched.origins.add(new URL(request.url()).origin));
    await page.goto(url);
    return watched;
}
