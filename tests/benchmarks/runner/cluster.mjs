// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What several servers cost that share a redis-server, beside one that is alone: in turn, round by
// round, prints the medians as tables and writes them to OUTPUT. Servers and Redis have one core
// together, so that what is to be compared is CPU time; the generator has the other one.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DrivingCore, MeasuredCore, pinning, run, Server } from './processes.mjs';
import { medians, number, table } from './report.mjs';
import { servers } from './servers.mjs';

const rounds = 3;
const clients = 100;
const sizes = { seconds: 5, warmup: 2, steadySeconds: 10, rate: 100, bytes: 200 };
const subjects = [{ name: 'alone', nodes: 1 }, ...[1, 2, 3].map((nodes) =>
    ({ name: `${nodes} on Redis`, nodes, shared: true }))];
const [dispatchd] = servers;

class Redis {
    static async start() {
        const redis = new Redis();
        redis.folder = mkdtempSync(join(tmpdir(), 'dispatch-'));
        redis.socket = join(redis.folder, 'redis');
        redis.child = spawn('taskset', ['-c', String(MeasuredCore), 'redis-server', '--port', '0',
            '--unixsocket', redis.socket, '--save', '', '--dir', redis.folder], { stdio: 'ignore' });
        while (!existsSync(redis.socket))
            await delay(10);
        return redis;
    }

    info(section) {
        return execFileSync('redis-cli', ['-s', this.socket, 'INFO', section]).toString();
    }
    // Scripts that were asked for: one round trip each.
    calls() {
        return Number(/cmdstat_evalsha:calls=(\d+)/.exec(this.info('commandstats'))?.[1] ?? 0);
    }
    cpuSeconds() {
        const info = this.info('cpu');
        return ['user', 'sys'].reduce((sum, kind) =>
            sum + Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)[1]), 0);
    }
    stop() {
        this.child.kill();
        rmSync(this.folder, { recursive: true });
    }
}

async function drive(subject, scenario, options) {
    const redis = subject.shared ? await Redis.start() : null;
    const nodes = [];
    try {
        const command = [...dispatchd.command,
            ...(redis ? ['--engine', `redis+unix://${redis.socket}`] : [])];
        for (let i = 0; i < subject.nodes; ++i)
            nodes.push(await Server.start(MeasuredCore, command));
        const args = Object.entries({ ...options, clients, dialect: subject.dialect ?? 'dispatch',
            port: nodes.map(({ port }) => port).join(), pid: nodes.map(({ pid }) => pid).join() })
            .flatMap(([key, value]) => [`--${key}`, String(value)]);
        const before = redis && { calls: redis.calls(), cpu: redis.cpuSeconds() };
        const result = await run(DrivingCore, [process.env.LOAD, scenario, ...args]);
        const span = options.seconds + (options.warmup ?? 1);
        const events = scenario === 'saturate'
            ? result.deliveredPerSecond * span / clients : options.rate * span;
        return { ...result,
            callsPerEvent: redis ? (redis.calls() - before.calls) / events : 0,
            redisUsPerDelivered: redis
                ? (redis.cpuSeconds() - before.cpu) * 1e6 / (events * clients) : 0 };
    } finally {
        for (const node of nodes)
            await node.stop();
        redis?.stop();
    }
}

async function inRounds(title, measure) {
    const results = new Map(subjects.map(({ name }) => [name, []]));
    for (let round = 1; round <= rounds; ++round) {
        for (const subject of subjects) {
            process.stderr.write(`${title}, round ${round} of ${rounds}: ${subject.name}\n`);
            results.get(subject.name).push(await measure(subject));
        }
    }
    return Object.fromEntries([...results].map(([name, values]) => [name, medians(values)]));
}

const load = await inRounds('A shard of 100, 64 events in flight', (subject) =>
    drive(subject, 'saturate', { 'in-flight': 64, seconds: sizes.seconds, warmup: sizes.warmup }));
console.log(table('A shard of 100, 64 events in flight',
    ['servers', 'delivered/s', 'CPU of servers, us/delivered', 'of alone', 'CPU of Redis, us/delivered',
        'Redis calls/event'],
    Object.entries(load).map(([name, result]) => [name, number(result.deliveredPerSecond, 0),
        number(result.cpuUsPerDelivered, 3),
        `${number(result.cpuUsPerDelivered / load.alone.cpuUsPerDelivered, 2)} x`,
        number(result.redisUsPerDelivered, 3), number(result.callsPerEvent, 2)])));

const steady = await inRounds('A shard of 100, 100 events/s', (subject) =>
    drive(subject, 'steady',
        { rate: sizes.rate, bytes: sizes.bytes, seconds: sizes.steadySeconds }));
console.log(table('A shard of 100, 100 events/s: from the sender to each client',
    ['servers', 'p50 ms', 'p99 ms', 'added p50', 'added p99', 'Redis calls/event'],
    Object.entries(steady).map(([name, result]) => [name, number(result.p50Ms, 3),
        number(result.p99Ms, 3), number(result.p50Ms - steady.alone.p50Ms, 3),
        number(result.p99Ms - steady.alone.p99Ms, 3), number(result.callsPerEvent, 2)])));

const redisVersion = execFileSync('redis-server', ['--version']).toString().trim();
writeFileSync(process.env.OUTPUT, JSON.stringify({ pinning, redisVersion, rounds, sizes,
    buildType: process.env.BUILD_TYPE, loadAfter: loadavg()[0],
    cpu: /model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1], load, steady }, null, 2));
