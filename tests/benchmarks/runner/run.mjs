// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// Runs all benchmarks in turn, round by round so that a change of the machine's mood meets all of
// them, prints the medians as tables and writes them to OUTPUT. With PART=clients it leaves out
// those of servers.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';

import { pinning } from './processes.mjs';
import { receive, receivers } from './receivers.mjs';
import { median, medians, number, table } from './report.mjs';
import { idle, idleServers, profiles, saturate, servers, serversAndTls, steady } from './servers.mjs';

const quick = process.env.QUICK === 'ON';
const clientsAlone = process.env.PART === 'clients';
const rounds = quick ? 1 : clientsAlone ? 7 : 3;
const sizes = quick
    ? { load: { seconds: 0.5, warmup: 0.3 }, idle: { connections: 500, seconds: 0.5 },
        steady: { seconds: 1 }, beside: { seconds: 1 }, client: { events: 6400, warmup: 6400 } }
    : { load: { seconds: 5, warmup: 2 }, idle: { connections: 10000, seconds: 5 },
        steady: { seconds: 20 }, beside: { seconds: 10 }, client: { events: 320000, warmup: 64000 } };
const QuietLoad = 0.3;

const version = (name) =>
    JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
const conditions = {
    date: new Date().toISOString(),
    cpu: `${cpus().length} x ${cpus()[0]?.model.trim()}`,
    kernel: release(),
    pinning,
    buildType: process.env.BUILD_TYPE,
    loadBefore: loadavg()[0],
    rounds,
    sizes,
    versions: { node: process.versions.node, ws: version('ws'), 'socket.io': version('socket.io') },
};

// Gives, for each of the subjects, what measure gave in each round.
async function inRounds(title, subjects, count, measure) {
    const results = new Map(subjects.map((subject) => [subject.name, []]));
    for (let round = 1; round <= count; ++round) {
        for (const subject of subjects) {
            process.stderr.write(`${title}, round ${round} of ${count}: ${subject.name}\n`);
            results.get(subject.name).push(await measure(subject));
        }
    }
    return results;
}

const collect = (results, merge) =>
    Object.fromEntries([...results].map(([name, values]) => [name, merge(values)]));

async function measureLoad(title, subjects, rooms) {
    const results = collect(await inRounds(title, subjects, rounds,
        (server) => saturate(server, rooms, sizes.load)), medians);
    const ours = results.dispatchd;
    console.log(table(title,
        ['server', 'delivered/s', 'CPU us/delivered', 'server CPU', 'generator CPU',
            'dispatchd, by rate', 'by CPU'],
        Object.entries(results).map(([name, result]) => [name,
            number(result.deliveredPerSecond, 0), number(result.cpuUsPerDelivered, 2),
            `${number(100 * result.serverCpu, 0)} %`, `${number(100 * result.generatorCpu, 0)} %`,
            `${number(ours.deliveredPerSecond / result.deliveredPerSecond, 1)} x`,
            `${number(result.cpuUsPerDelivered / ours.cpuUsPerDelivered, 1)} x`])));
    return results;
}

async function measureIdle() {
    const title = `${number(sizes.idle.connections, 0)} idle connections`;
    const results = collect(await inRounds(title, idleServers, quick ? 1 : 2,
        (server) => idle(server, sizes.idle)), medians);
    console.log(table(title,
        ['server', 'KB/connection', 'joins/s', 'CPU while idle', 'of dispatchd'],
        Object.entries(results).map(([name, result]) => [name,
            number(result.bytesPerConnection / 1024, 1), number(result.joinsPerSecond, 0),
            `${number(100 * result.idleCpu, 1)} %`,
            `${number(result.bytesPerConnection / results.dispatchd.bytesPerConnection, 1)} x`])));
    return results;
}

async function measureProfiles() {
    const title = 'The profiles of dispatchd: the shard of 100, and idle connections';
    const load = collect(await inRounds(`${title}, load`, profiles, rounds,
        (profile) => saturate(profile, 1, sizes.load)), medians);
    const memory = collect(await inRounds(`${title}, idle`, profiles, quick ? 1 : 2,
        (profile) => idle(profile, sizes.idle)), medians);
    const [base] = profiles;
    const results = Object.fromEntries(profiles.map(({ name }) => [name, {
        cpuUsPerDelivered: load[name].cpuUsPerDelivered,
        cpuOfBase: load[name].cpuUsPerDelivered / load[base.name].cpuUsPerDelivered,
        bytesPerConnection: memory[name].bytesPerConnection,
        memoryOfBase: memory[name].bytesPerConnection / memory[base.name].bytesPerConnection,
    }]));
    console.log(table(title,
        ['clients speak the', 'CPU us/delivered', 'of base', 'KB/connection', 'of base '],
        Object.entries(results).map(([name, result]) => [name,
            number(result.cpuUsPerDelivered, 3), `${number(result.cpuOfBase, 2)} x`,
            number(result.bytesPerConnection / 1024, 1), `${number(result.memoryOfBase, 2)} x`])));
    return results;
}

async function measureSteady() {
    const title = '99 clients of dispatchd, 500 events of 2 KB/s, and one that stops reading';
    const subjects = [{ name: 'reads', stalled: false }, { name: 'stops reading', stalled: true }];
    const results = collect(await inRounds(title, subjects, quick ? 1 : 2,
        ({ stalled }) => steady(sizes.steady, { stalled })), medians);
    console.log(table(title, ['the 100th', 'p50 ms', 'p99 ms', 'max ms', 'arrived', 'dropped'],
        Object.entries(results).map(([name, result]) => [name, number(result.p50Ms, 2),
            number(result.p99Ms, 2), number(result.maxMs, 2), `${number(100 * result.arrived, 1)} %`,
            result.stalledDropped ? 'yes' : 'no'])));
    return results;
}

async function measureBeside() {
    const { connections } = sizes.idle;
    const title = `500 events of 2 KB/s in a shard of 100, beside ${number(connections, 0)} idle connections`;
    const subjects = [false, true].flatMap((tls) => [0, connections].map((others) =>
        ({ name: `${tls ? 'TLS' : 'plain'}, ${others ? 'beside them' : 'alone'}`, tls, idle: others })));
    const results = collect(await inRounds(title, subjects, quick ? 1 : 2,
        (subject) => steady(sizes.beside, subject)), medians);
    const alone = (name) => results[name.replace('beside them', 'alone')];
    console.log(table(title, ['dispatchd', 'CPU us/delivered', 'of alone', 'p50 ms', 'p99 ms'],
        Object.entries(results).map(([name, result]) => [name, number(result.cpuUsPerDelivered, 2),
            `${number(result.cpuUsPerDelivered / alone(name).cpuUsPerDelivered, 2)} x`,
            number(result.p50Ms, 2), number(result.p99Ms, 2)])));
    return results;
}

async function measureClients() {
    const title = 'One received event of 200 bytes';
    const results = collect(await inRounds(title, receivers, rounds,
        (receiver) => receive(receiver, sizes.client)), median);
    const peers = ['ws + JSON.parse', 'QML WebSocket + JSON.parse'].filter((name) => name in results);
    console.log(table(title, ['client', 'CPU us/event', ...peers.map((name) => `of ${name}`)],
        Object.entries(results).map(([name, us]) => [name, number(us, 2),
            ...peers.map((peer) => `${number(us / results[peer], 2)} x`)])));
    return results;
}

function serverAims({ oneShard, idleConnections, profilesOfClients, besideIdle }) {
    const times = (peer) => oneShard.dispatchd.deliveredPerSecond / oneShard[peer].deliveredPerSecond;
    const kilobytes = (name) => idleConnections[name].bytesPerConnection / 1024;
    const beside = (name) => besideIdle[`${name}, beside them`].cpuUsPerDelivered
        / besideIdle[`${name}, alone`].cpuUsPerDelivered;
    return [
        ['delivered/s, one shard, against ws', '>= 20 x', times('ws'), (x) => x >= 20],
        ['delivered/s, one shard, against socket.io', '>= 20 x', times('socket.io'), (x) => x >= 20],
        ['KB per idle connection', '<= 6', kilobytes('dispatchd'), (x) => x <= 6],
        ['KB per idle connection, TLS', '<= 21', kilobytes('dispatchd, TLS'), (x) => x <= 21],
        ['CPU for an event, extended against base profile', '<= 1.15 x',
            profilesOfClients['extended profile'].cpuOfBase, (x) => x <= 1.15],
        ['KB per idle connection, extended against base profile', '<= 1.15 x',
            profilesOfClients['extended profile'].memoryOfBase, (x) => x <= 1.15],
        ['CPU for an event beside idle ones, against alone', '<= 1.5 x', beside('plain'), (x) => x <= 1.5],
        ['CPU for an event beside idle ones, against alone, TLS', '<= 1.5 x', beside('TLS'), (x) => x <= 1.5],
    ];
}

function clientAims({ clients }) {
    const part = (name, peer) => clients[name] / clients[peer];
    return [
        ['C++ handler against ws + JSON.parse', '< 1 x',
            part('C++, handler takes QVariantMap', 'ws + JSON.parse'), (x) => x < 1],
        ['C++ handler, extended against base profile', '<= 1.15 x',
            part('C++, QVariantMap, extended profile', 'C++, handler takes QVariantMap'), (x) => x <= 1.15],
        ...['QML, on(), extended profile'].filter((name) => name in clients).map((name) =>
            ['QML, on(), extended against base profile', '<= 1.15 x', part(name, 'QML, on()'), (x) => x <= 1.15]),
        ...['QML, on()', 'QML, EventHandler'].filter((name) => name in clients).map((name) =>
            [`${name} against QML WebSocket + JSON.parse`, '< 0.5 x',
                part(name, 'QML WebSocket + JSON.parse'), (x) => x < 0.5]),
    ];
}

function judge(aims) {
    console.log(table('Aims', ['what', 'aim', 'measured', 'met'], aims.map(([what, aim, value, met]) =>
        [what, aim, number(value, 2), met(value) ? 'yes' : 'NO'])));
    return aims.map(([what, aim, measured, met]) => ({ what, aim, measured, met: met(measured) }));
}

const warnings = [];
if (!/^Rel/.test(conditions.buildType))
    warnings.push(`this is a ${conditions.buildType || 'plain'} build, not an optimised one`);
if (conditions.loadBefore > QuietLoad)
    warnings.push(`the machine is not quiet (load ${conditions.loadBefore.toFixed(2)}): only ratios count`);
if (quick)
    warnings.push('a quick run shows that all works; its numbers mean nothing');

const measuredServers = clientsAlone ? {} : {
    oneShard: await measureLoad('100 clients in one shard, 64 events of 200 bytes in flight', serversAndTls, 1),
    tenShards: await measureLoad('10 shards of 100 clients, 64 events in flight in each', servers, 10),
    idleConnections: await measureIdle(),
    profilesOfClients: await measureProfiles(),
    stalledClient: await measureSteady(),
    besideIdle: await measureBeside(),
};
const measured = { ...measuredServers, clients: await measureClients() };
const aims = judge([...clientsAlone ? [] : serverAims(measured), ...clientAims(measured)]);
const { versions } = conditions;
console.log(`\n${conditions.cpu}, Linux ${conditions.kernel}, ${pinning}, ${conditions.buildType}, `
    + `medians of ${rounds}; Node ${versions.node}, ws ${versions.ws}, socket.io ${versions['socket.io']}`);
for (const warning of warnings)
    console.log(`Warning: ${warning}.`);
writeFileSync(process.env.OUTPUT, `${JSON.stringify({ conditions, warnings, ...measured, aims }, null, 2)}\n`);
console.log(`Written to ${process.env.OUTPUT}`);
