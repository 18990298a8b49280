// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What every receiver that is measured does with an event, and how it counts.

let sum = 0;
let events = 0;
let before;

export function consume(payload) {
    sum += payload.x + payload.body.length;
    ++events;
}

export function start() {
    events = 0;
    before = process.cpuUsage();
}

export function end() {
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ events, cpuUs: user + system, sum }));
    process.exit(0);
}
