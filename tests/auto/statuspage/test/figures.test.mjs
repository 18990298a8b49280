// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { age, bytes, decades, isLater, number, percent, quantile, ratesBetween, roundedUp, time, upTo }
    from '../page/figures.js';

function report(uptimeMs, totals, busySeconds = [0]) {
    return { uptimeMs, totals, workers: busySeconds.map(seconds => ({ busySeconds: seconds })) };
}

describe('figures of the status page', () => {
    it('are rates between two reports', () => {
        const before = report(1000, { eventsReceived: 10, bytesSent: 0, refused: 1 }, [1, 2]);
        const now = report(3000, { eventsReceived: 30, bytesSent: 4000, refused: 1 }, [1.5, 2]);
        const rates = ratesBetween(before, now);
        assert.equal(rates.received, 10);
        assert.equal(rates.bytesOut, 2000);
        assert.equal(rates.refused, 0);
        assert.deepEqual(rates.busy, [0.25, 0]);
    });

    it('begin anew with another server', () => {
        assert.ok(isLater(report(1000, {}), report(2000, {})));
        assert.ok(!isLater(report(2000, {}), report(1000, {})));
        assert.ok(!isLater(report(1000, {}), report(1000, {})));
        assert.ok(!isLater(report(1000, {}, [0]), report(2000, {}, [0, 0])));
    });

    for (const [counts, part, expected] of [
        [[0, 0, 0], 0.5, null],
        [[4, 0, 0], 0.5, 0.5],
        [[0, 4, 0], 0.5, 1.5],
        [[2, 2, 0], 0.5, 1],
        [[1, 99, 0], 0.99, 1 + 98 / 99],
        [[0, 0, 1], 0.99, 2], // beyond the last bound nothing is known
    ]) {
        it(`reach ${part} of ${counts} at ${expected}`, () => {
            assert.equal(quantile([1, 2], counts, part), expected);
        });
    }

    for (const [value, expected] of [[0, 1], [0.3, 0.5], [1, 1], [1.1, 2], [4.9, 5], [51, 100],
        [1e6, 1e6]]) {
        it(`are scaled to ${expected} if ${value} is the largest`, () => {
            assert.ok(Math.abs(roundedUp(value) / expected - 1) < 1e-9);
        });
    }

    it('stand on a scale from zero', () => {
        const { place, marks } = upTo([3, 80]);
        assert.deepEqual(marks, [0, 50, 100]);
        assert.equal(place(80), 0.8);
        assert.deepEqual(upTo([]).marks, [0, 0.5, 1]);
    });

    it('stand on a scale of decades', () => {
        const { place, marks } = decades([0.000_2, 0.05]);
        assert.deepEqual(marks.map(mark => mark.toPrecision(1)), ['0.0001', '0.001', '0.01', '0.1']);
        assert.ok(Math.abs(place(0.01) - 2 / 3) < 1e-9);
        assert.equal(place(0), 0);
        assert.equal(decades([]).marks.length, 2);
        assert.equal(decades([0.001]).marks.length, 2);
    });

    for (const [written, expected] of [
        [number(null), '–'], [number(0), '0'], [number(0.25), '0.3'], [number(9.96), '10'],
        [number(12.4), '12'], [number(999_999), '999,999'], [number(1_234_567), '1.2M'],
        [bytes(0).join(' '), '0 B'], [bytes(999).join(' '), '999 B'],
        [bytes(1500).join(' '), '1.5 KB'], [bytes(12_345_678).join(' '), '12 MB'],
        [time(null), '–'], [time(0.000_25), '250 µs'], [time(0.0123), '12.3 ms'], [time(2), '2 s'],
        [age(59_999), '59 s'], [age(60_000), '1 min'], [age(3_660_000), '1 h 1 min'],
        [age(90_000_000), '1 d 1 h'], [percent(0.123), '12 %'],
    ]) {
        it(`are written as ${expected}`, () => assert.equal(written, expected));
    }
});
