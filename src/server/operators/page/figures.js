// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What is reckoned from the server's totals, and how it is written. Knows no page.

// Where a part of `counts` is reached, between the bounds of its bucket; null if nothing counted.
export function quantile(bounds, counts, part) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0)
        return null;
    let rest = part * total;
    for (const [i, count] of counts.entries()) {
        if (count > 0 && rest <= count) {
            const from = i > 0 ? bounds[i - 1] : 0;
            const to = i < bounds.length ? bounds[i] : from;
            return from + (to - from) * rest / count;
        }
        rest -= count;
    }
    return bounds.at(-1);
}

// How often a second what was counted happened between two reports of the same server.
export function ratesBetween(before, now) {
    const seconds = (now.uptimeMs - before.uptimeMs) / 1000;
    const rate = key => (now.totals[key] - before.totals[key]) / seconds;
    return {
        received: rate('eventsReceived'),
        delivered: rate('eventsDelivered'),
        bytesIn: rate('bytesReceived'),
        bytesOut: rate('bytesSent'),
        joins: rate('joins'),
        left: rate('left'),
        refused: rate('refused'),
        busy: now.workers.map((worker, i) =>
            (worker.busySeconds - before.workers[i].busySeconds) / seconds),
    };
}

// How long the events between two reports took, in seconds.
export function timesBetween(before, now) {
    const counts = now.eventTimes.counts.map((count, i) => count - before.eventTimes.counts[i]);
    const { bounds } = now.eventTimes;
    return { half: quantile(bounds, counts, 0.5), most: quantile(bounds, counts, 0.99) };
}

// Whether `now` may be compared with `before`: a server that was restarted counts from 0.
export function isLater(before, now) {
    return now.uptimeMs > before.uptimeMs && now.workers.length === before.workers.length;
}

// The least of 1, 2 and 5 times a power of ten that is no less.
export function roundedUp(value) {
    if (!(value > 0))
        return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    const step = [1, 2, 5, 10].find(factor => factor * power >= value * (1 - 1e-9));
    return step * power;
}

// Scales: where in a chart a value stands, 0 at the bottom and 1 at the top, and which values are
// marked.

export function upTo(values) {
    const top = roundedUp(Math.max(0, ...values));
    return { place: value => value / top, marks: [0, top / 2, top], hasZero: true };
}

export function decades(values) {
    const seen = values.filter(value => value > 0);
    const from = Math.floor(Math.log10(Math.min(...seen, 1e-3)));
    const to = Math.max(Math.ceil(Math.log10(Math.max(...seen, 1e-3))), from + 1);
    return {
        place: value => Math.max(0, (Math.log10(value) - from) / (to - from)),
        marks: Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i)),
        hasZero: false,
    };
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function number(value) {
    if (value === null)
        return '–';
    if (value >= 1e6)
        return compact.format(value);
    return (value < 10 ? precise : grouped).format(value);
}

// A number and its unit.
export function bytes(value) {
    const units = ['B', 'KB', 'MB', 'GB', 'TB'];
    let unit = 0;
    for (; value >= 1000 && unit + 1 < units.length; ++unit)
        value /= 1000;
    return [(value < 10 && unit > 0 ? precise : grouped).format(value), units[unit]];
}

export function time(seconds) {
    if (seconds === null)
        return '–';
    if (seconds < 1e-3)
        return `${grouped.format(seconds * 1e6)} µs`;
    return seconds < 1 ? `${precise.format(seconds * 1e3)} ms` : `${precise.format(seconds)} s`;
}

export function age(ms) {
    const minutes = Math.floor(ms / 60_000);
    const hours = Math.floor(minutes / 60);
    const days = Math.floor(hours / 24);
    if (days > 0)
        return `${days} d ${hours % 24} h`;
    if (hours > 0)
        return `${hours} h ${minutes % 60} min`;
    return minutes > 0 ? `${minutes} min` : `${Math.floor(ms / 1000)} s`;
}

export function percent(part) {
    return `${grouped.format(100 * part)} %`;
}
