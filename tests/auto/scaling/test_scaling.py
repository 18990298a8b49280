# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

import importlib.machinery
import importlib.util
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = os.environ['SOURCE_DIR']
SIMULATION = f'{SOURCE}/scripts/simulate-scaling'
GUARD = 30  # seconds; only for what never comes


def load():
    loader = importlib.machinery.SourceFileLoader('scaling', SIMULATION)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('scaling', loader))
    loader.exec_module(module)
    return module


scaling = load()


def run(*options):
    return subprocess.run([sys.executable, SIMULATION, *options], check=True, capture_output=True,
                          text=True).stdout


class Redis:
    """A redis-server of its own, and a connection to it."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        path = f'{self.folder.name}/redis'
        self.process = subprocess.Popen(
            ['redis-server', '--port', '0', '--unixsocket', path, '--dir', self.folder.name, '--save', ''],
            stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + GUARD
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(path) != 0:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError('redis-server does not start')
        self.answers = self.socket.makefile('rb')
        return self

    def __exit__(self, *_):
        self.answers.close()
        self.socket.close()
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def ask(self, *command):
        words = [str(word).encode() for word in command]
        self.socket.sendall(b'*%d\r\n' % len(words)
                            + b''.join(b'$%d\r\n%b\r\n' % (len(word), word) for word in words))
        return self._answer()

    def _answer(self):
        line = self.answers.readline()
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b'-':
            return RuntimeError(rest)
        if kind == b':':
            return int(rest)
        if kind == b'*':
            return [self._answer() for _ in range(int(rest))]
        if kind == b'$':
            return self.answers.read(int(rest) + 2)[:-2].decode() if rest != '-1' else None
        return rest


class Seats:
    """The scripts of the engine on a real Redis."""

    KEYS = [f'{{p}}:{name}' for name in
            ('limits', 'fill', 'room', 'seats', 'bynode', 'leases', 'dead', 'since', 'emits')]
    NODE = '0' * 16

    def __init__(self, redis):
        self.redis = redis
        self._run('keepseats', 3_600_000, 3_600_000)

    def _run(self, script, *arguments):
        parts = []
        for name in ('call', 'seats', script):
            with open(f'{SOURCE}/src/server/engine/redis/scripts/{name}.lua', encoding='utf-8') as file:
                parts.append(file.read())
        return self.redis.ask('EVAL', '#!lua\n' + ''.join(parts), len(self.KEYS), *self.KEYS,
                              10 ** 15, self.NODE, 'server', *arguments)

    def place(self, client, own, new_name, shard=None):
        named = '' if shard is None else f'{shard:016x}'
        answer = self._run('place', client, named, own, 3_600_000, 1,
                           *([f'{new_name:016x}'] if shard is None else []))
        if isinstance(answer, RuntimeError):
            if 'FULL' not in str(answer):
                raise answer
            return None
        return int(answer[0], 16)

    def release(self, client):
        self._run('release', client)


class Scaling(unittest.TestCase):
    SMALL = ('--clients', '3000', '--nodes', '10', '--limits', '2,20', '--rates', '0.1')

    def test_the_same_seed_prints_the_same(self):
        self.assertEqual(run(*self.SMALL), run(*self.SMALL))
        self.assertNotEqual(run(*self.SMALL), run(*self.SMALL, '--seed', '2'))

    def test_each_table_has_a_row_for_each_limit(self):
        text = run(*self.SMALL)
        for name in ('leases', 'events', 'capacity', 'memory', 'death'):
            block = text[text.index(f'{name}:\n'):].split('\n\n')[1].split('\n')[2:]
            self.assertEqual([row.split(' | ')[0] for row in block], ['| 2', '| 20'], name)

    def test_the_document_has_the_tables_that_are_printed(self):
        with open(f'{SOURCE}/docs/scaling.md', encoding='utf-8') as file:
            marks = re.findall(r'^<!-- ([a-z]+) -->$', file.read(), re.M)
        self.assertEqual(sorted(marks), sorted(scaling.TABLES))

    def test_places_clients_as_the_engine_does(self):
        dice = random.Random(7)
        names = []
        placement = scaling.Placement(lambda: names[-1])
        here = {}
        refused = 0
        with Redis() as redis:
            seats = Seats(redis)
            for number in range(4_000):
                leaves = here and dice.random() < (0.2 if number < 1_000 else 0.5)
                if leaves:
                    client = dice.choice(sorted(here))
                    seats.release(client)
                    placement.release(here.pop(client))
                    continue
                own = dice.choice((2, 5, 5, 8))
                named = dice.choice(sorted(here.values())) if here and dice.random() < 0.1 else None
                names.append(dice.getrandbits(64))
                client = f'client {number}'
                shard = placement.place(own, named)
                self.assertEqual(seats.place(client, own, names[-1], named), shard, f'join {number}')
                if shard is None:
                    refused += 1
                else:
                    here[client] = shard
            fill = redis.ask('ZRANGE', '{p}:fill', 0, -1, 'WITHSCORES')
        self.assertEqual({int(name, 16): int(count) for name, count in zip(fill[::2], fill[1::2])},
                         dict(placement.fill))
        self.assertGreater(refused, 0)

    def test_no_shard_is_over_its_limit_and_nobody_is_lost(self):
        options = type('Options', (), {'seed': 1, 'nodes': 10, 'clients': 5_000, 'churn': 1.0})
        for balancer in ('round robin', 'random', 'at home first'):
            cluster = scaling.Cluster(options, 20, balancer)
            fills = [count for placement in cluster.placements for count in placement.fill.values()]
            self.assertEqual(sum(fills), 5_000)
            self.assertLessEqual(max(fills), 20)
            self.assertEqual(len(cluster.clients), 5_000)

    def test_a_shard_is_spread_as_chance_has_it(self):
        options = type('Options', (), {'seed': 1, 'nodes': 50, 'clients': 20_000, 'churn': 0.2})
        for limit in (2, 20, 100):
            spread = scaling.Cluster(options, limit, 'random').spread
            self.assertAlmostEqual(spread / scaling.expected_spread(limit, 50), 1, delta=0.03)
        self.assertEqual(scaling.Cluster(options, 20, 'at home first').spread, 1)

    def test_who_is_sent_away_goes_to_others(self):
        options = type('Options', (), {'seed': 1, 'nodes': 3, 'clients': 300, 'churn': 0})
        cluster = scaling.Cluster(options, 2, 'round robin')
        moved, begun = cluster.without(0)
        self.assertEqual(moved, 100)
        self.assertTrue(0 < begun <= moved)

    def test_pours_into_the_emptiest_first(self):
        loads = [0.0, 10.0, 2.0, 4.0]
        scaling.pour(loads, [1, 2, 3], 4.0)
        self.assertEqual(loads, [0.0, 10.0, 5.0, 5.0])


unittest.main()
