// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The page: asks the server each second and shows what it says. Names are whatever clients chose;
// they are only ever set as text.

import { Chart, Spark, htmlElement } from './chart.js';
import { age, bytes, decades, isLater, number, percent, ratesBetween, time, timesBetween, upTo }
    from './figures.js';

const Interval = 1000;
const FirstInterval = 250; // rates need two answers
const Patience = 5000;
const Remembered = 120_000;
// The times of few events jump: they are those of so long.
const TimesWindow = 5000;

const $ = id => document.getElementById(id);
const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;

function setText(element, text) {
    if (element.textContent !== text)
        element.textContent = text;
}

// Each tile: its name, the value with its unit, a line below, and what its spark shows.
const tiles = [
    { label: 'Connections', key: 'connections', value: now => [number(now.connections)],
        more: now => `of ${number(now.connectionsLimit)}` },
    { label: 'Shards', key: 'shards', value: now => [number(now.shards)],
        more: now => `${plural(now.projects, 'project', 'projects')}, `
            + `${percent(now.seats ? now.seatsTaken / now.seats : 0)} of seats taken` },
    { label: 'Joins', key: 'joins', value: (now, rates) => [number(rates.joins), '/s'],
        more: (now, rates) => `${number(rates.left)} leave a second` },
    { label: 'Traffic', key: 'bytesOut', value: (now, rates) => perSecond(bytes(rates.bytesOut)),
        more: (now, rates) => `out, and ${perSecond(bytes(rates.bytesIn)).join(' ')} in` },
    { label: 'Events received', key: 'received',
        value: (now, rates) => [number(rates.received), '/s'],
        more: now => `${number(now.totals.eventsReceived)} in all` },
    { label: 'Events delivered', key: 'delivered',
        value: (now, rates) => [number(rates.delivered), '/s'],
        more: now => `${number(now.totals.eventsDelivered)} in all` },
    { label: 'Refused', key: 'refused', value: (now, rates) => [number(rates.refused), '/s'],
        more: now => `${number(now.totals.refused)} joins, requests and messages in all`,
        isBad: (now, rates) => rates.refused > 0 },
    { label: 'Waiting to be read', key: 'waiting', value: now => bytes(now.queue.bytes),
        more: now => now.queue.clients === 0 ? 'nobody is behind'
            : `${plural(now.queue.clients, 'client', 'clients')}, `
                + `${bytes(now.queue.largest).join(' ')} the most`,
        isBad: now => now.queue.largest > now.queue.limit / 2 },
];

function perSecond([value, unit]) {
    return [value, `${unit}/s`];
}

function makeTile(tile) {
    const element = htmlElement($('tiles'), 'article', 'tile');
    htmlElement(element, 'p', 'label', tile.label);
    const value = htmlElement(element, 'p', 'value');
    tile.number = htmlElement(value, 'span', '', '–');
    tile.unit = htmlElement(value, 'span', 'unit');
    tile.below = htmlElement(element, 'p', 'more');
    tile.spark = new Spark(element, tile.key, tile.label);
    tile.element = element;
}

function showTile(tile, now, rates, history) {
    const [value, unit = ''] = tile.value(now, rates);
    setText(tile.number, value);
    setText(tile.unit, unit);
    setText(tile.below, tile.more(now, rates));
    tile.element.classList.toggle('bad', Boolean(tile.isBad?.(now, rates)));
    tile.spark.show(history);
}

function makeMeter(parent) {
    const meter = htmlElement(parent, 'meter');
    meter.min = 0;
    return meter;
}

// The rows of the table by the id of their shard, so that one keeps its element while it is there.
const rows = new Map();

function makeRow(shard) {
    const element = document.createElement('tr');
    const project = htmlElement(element, 'td', 'name', shard.project);
    const name = htmlElement(element, 'td', 'name', shard.name);
    project.title = shard.project;
    name.title = shard.name;
    const clients = htmlElement(htmlElement(element, 'td'), 'div', 'clients');
    const count = htmlElement(clients, 'span', 'count');
    return {
        element,
        clients: htmlElement(count, 'span'),
        limit: htmlElement(count, 'small'),
        meter: makeMeter(clients),
        received: htmlElement(element, 'td', 'number', '–'),
        delivered: htmlElement(element, 'td', 'number', '–'),
        before: null,
    };
}

function showRow(row, shard, uptimeMs) {
    setText(row.clients, number(shard.clients));
    setText(row.limit, ` of ${number(shard.limit)}`);
    row.meter.max = shard.limit;
    row.meter.value = shard.clients;
    if (row.before && uptimeMs > row.before.uptimeMs) {
        const seconds = (uptimeMs - row.before.uptimeMs) / 1000;
        setText(row.received, number((shard.received - row.before.received) / seconds));
        setText(row.delivered, number((shard.delivered - row.before.delivered) / seconds));
    }
    row.before = { uptimeMs, received: shard.received, delivered: shard.delivered };
}

function showShards({ list, matching }, uptimeMs, search) {
    const body = $('shards');
    for (const [i, shard] of list.entries()) {
        if (!rows.has(shard.id))
            rows.set(shard.id, makeRow(shard));
        const row = rows.get(shard.id);
        showRow(row, shard, uptimeMs);
        if (body.children[i] !== row.element)
            body.insertBefore(row.element, body.children[i] ?? null);
    }
    const shown = new Set(list.map(shard => shard.id));
    for (const [id, row] of rows) {
        if (!shown.has(id)) {
            row.element.remove();
            rows.delete(id);
        }
    }
    let note = '';
    if (list.length < matching)
        note = `The ${list.length} largest of ${number(matching)}. Search to see others.`;
    else if (matching === 0)
        note = search ? `No project and no shard is called like “${search}”.` : 'Nobody is here yet.';
    setText($('shards-note'), note);
}

function showWorkers(workers, rates) {
    const list = $('workers');
    while (list.children.length > workers.length)
        list.lastChild.remove();
    for (const [i, worker] of workers.entries()) {
        const item = list.children[i] ?? makeWorker(list, i);
        const [, busy, meter, connections] = item.children;
        if (rates) {
            setText(busy, percent(Math.min(rates.busy[i], 1)));
            meter.value = rates.busy[i];
        }
        setText(connections, plural(worker.connections, 'connection', 'connections'));
    }
}

function makeWorker(list, i) {
    const item = htmlElement(list, 'li');
    htmlElement(item, 'span', '', `Worker ${i}`);
    htmlElement(item, 'span', 'busy', '–');
    const meter = makeMeter(item);
    meter.high = 0.8;
    htmlElement(item, 'small');
    return item;
}

function showState(state, word, banner = '') {
    document.body.dataset.state = state;
    setText($('state'), word);
    setText($('banner'), banner);
    $('banner').hidden = banner === '';
}

function showHealth(now) {
    const loops = now.stuck.map(loop => `${loop.name} for ${age(loop.silentMs)}`).join(', ');
    if (loops)
        showState('stuck', 'Stuck', `These threads do not turn: ${loops}.`);
    else if (now.draining)
        showState('draining', 'Draining',
            `The server sends its clients away: ${plural(now.connections, 'is', 'are')} left.`);
    else if (now.connections >= now.connectionsLimit)
        showState('full', 'Full', 'Who comes now is refused: no more connections are allowed.');
    else
        showState('serving', 'Serving');
}

const charts = [
    new Chart($('events-chart'), 'Events delivered per second', upTo,
        [{ key: 'delivered', name: 'now', format: number }]),
    new Chart($('times-chart'), 'Time of an event in the server', decades, [
        { key: 'most', name: '99 of 100 within', format: time },
        { key: 'half', name: 'half within', format: time },
    ]),
];

let reports = []; // of the last two minutes
let history = []; // what is drawn of them
let seen = null; // when the last one came

function keep(now) {
    const before = reports.at(-1);
    if (before && !isLater(before, now))
        [reports, history] = [[], []];
    reports.push(now);
    const isRecent = entry => now.uptimeMs - entry.uptimeMs <= Remembered;
    reports = reports.filter(isRecent);
    if (reports.length < 2)
        return null;
    const rates = ratesBetween(reports.at(-2), now);
    const from = reports.find(entry => now.uptimeMs - entry.uptimeMs <= TimesWindow) ?? now;
    history = [...history, {
        uptimeMs: now.uptimeMs, connections: now.connections, shards: now.shards,
        waiting: now.queue.bytes, ...rates, ...timesBetween(from, now),
    }].filter(isRecent);
    return rates;
}

function show({ largestShards, ...now }, search) {
    const rates = keep(now);
    seen = new Date();
    setText($('version'), now.version);
    setText($('uptime'), age(now.uptimeMs));
    setText($('memory'), bytes(now.residentBytes).join(' '));
    document.title = `${plural(now.connections, 'client', 'clients')} – Dispatch`;
    showHealth(now);
    if (rates) {
        for (const tile of tiles)
            showTile(tile, now, rates, history);
        for (const chart of charts)
            chart.show(history);
    }
    showShards(largestShards, now.uptimeMs, search);
    showWorkers(now.workers, rates);
}

function showUnreachable() {
    const since = seen ? ` All below is of ${seen.toLocaleTimeString()}.` : '';
    showState('unreachable', 'Unreachable',
        `The server does not answer; it is asked again each second.${since}`);
}

// What the server says; null if it does not answer.
async function answerTo(search) {
    try {
        const answer = await fetch(`status.json?search=${encodeURIComponent(search)}`,
            { cache: 'no-store', signal: AbortSignal.timeout(Patience) });
        return answer.ok ? await answer.json() : null;
    } catch {
        return null;
    }
}

let timer = 0;
let isAsking = false;

async function ask() {
    clearTimeout(timer);
    if (isAsking)
        return;
    isAsking = true;
    const search = $('search').value.trim();
    const report = await answerTo(search);
    isAsking = false;
    const wait = reports.length === 0 ? FirstInterval : Interval;
    timer = setTimeout(ask, search === $('search').value.trim() ? wait : 0);
    if (report)
        show(report, search);
    else
        showUnreachable();
}

tiles.forEach(makeTile);
$('search').addEventListener('input', ask);
ask();
