// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// What JSON.stringify makes of a value is sent, and arrives as a real JavaScript value.
DispatchTestCase {
    id: testCase
    name: "Payloads"

    property DispatchClient client

    function init() {
        projectId = name + ++projects;
        client = joinedClient();
    }

    function echoOf(payload) {
        const heard = heardBy(client, "echo");
        compare(client.emitEvent("echo", payload), DispatchClient.Sent);
        tryCompare(heard, "length", 1);
        return heard[0];
    }

    function test_valuesArriveAsTheyWere_data() {
        return [
            { tag: "object", value: { a: 1, b: "two", c: [3, null, false], d: { e: {} } } },
            { tag: "array", value: [1, [2, [3]], { four: 4 }] },
            { tag: "empty array", value: [] },
            { tag: "text", value: "grüße 😀 \u2028 \u0000 \"quoted\"" },
            { tag: "empty text", value: "" },
            { tag: "integer", value: 42 },
            { tag: "big integer", value: 9007199254740991 },
            { tag: "negative", value: -17 },
            { tag: "fraction", value: 0.1 },
            { tag: "true", value: true },
            { tag: "false", value: false },
            { tag: "null", value: null },
            { tag: "odd keys", value: { "": 1, "constructor": 2, "a b": 3, "ü": 4, "toString": 5, "1": 6, "a,b": 7, "\"": 8 } },
            { tag: "long array", value: Array.from({ length: 500 }, (_, i) => i * i) },
        ];
    }
    function test_valuesArriveAsTheyWere(data) {
        for (let i = 0; i < 5; ++i) {
            const heard = echoOf(data.value);
            compare(typeof heard, typeof data.value);
            compare(Array.isArray(heard), Array.isArray(data.value));
            compare(JSON.stringify(heard, ordered), JSON.stringify(data.value, ordered));
        }
    }
    /// Qt's JSON objects sort their keys.
    function ordered(key, value) {
        if (value === null || typeof value !== "object" || Array.isArray(value))
            return value;
        const sorted = {};
        Object.keys(value).sort().forEach(name => { sorted[name] = value[name]; });
        return sorted;
    }

    function test_aDateIsSentAsIsoText() {
        const date = new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 789));
        compare(echoOf({ at: date }), { at: "2026-02-03T04:05:06.789Z" });
    }

    function test_aDateAlone() {
        compare(echoOf(new Date(0)), "1970-01-01T00:00:00.000Z");
    }

    function test_undefinedFieldsAndFunctionsAreLeftOut() {
        const heard = echoOf({ a: undefined, b: () => 1, c: 2 });
        compare(Object.keys(heard), ["c"]);
    }

    function test_toJsonIsAsked() {
        compare(echoOf({ toJSON: () => "mine" }), "mine");
    }

    function test_numbersThatAreNotFiniteBecomeNull() {
        compare(echoOf([NaN, Infinity]), [null, null]);
    }

    function test_whatJsonCannotCarryIsRefused_data() {
        const cycle = {};
        cycle.self = cycle;
        return [
            { tag: "function", value: () => 1 },
            { tag: "symbol", value: Symbol("s") },
            { tag: "cycle", value: cycle },
            { tag: "buffer", value: new ArrayBuffer(8) },
            { tag: "nested buffer", value: { a: [{ bytes: new ArrayBuffer(8) }] } },
            { tag: "map", value: new Map([["a", 1]]) },
            { tag: "set in an array", value: [new Set()] },
        ];
    }
    function test_whatJsonCannotCarryIsRefused(data) {
        const errors = spyOn(client, "errorOccurred");
        const heard = heardBy(client, "x");
        compare(client.emitEvent("x", data.value), DispatchClient.Refused);
        compare(errors.count, 1);
        const error = errors.signalArguments[0][0];
        compare(error.code, DispatchError.InvalidPayload);
        verify(/^The payload of 'x' can't be sent: .+/.test(error.message), error.message);
        compare(client.error, DispatchError.InvalidPayload);
        client.emitEvent("x", "after");
        tryCompare(heard, "length", 1);
        compare(heard[0], "after");
    }

    function test_aPrototypeKeyIsAKeyLikeAnyOther() {
        const heard = echoOf(JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'));
        compare(heard.polluted, undefined);
        compare(({}).polluted, undefined);
        verify(Object.prototype.hasOwnProperty.call(heard, "__proto__"));
        compare(Object.getPrototypeOf(heard), Object.prototype);
    }

    function test_objectsAreOrdinary() {
        const heard = echoOf({ a: [1] });
        compare(Object.getPrototypeOf(heard), Object.prototype);
        compare(Object.getPrototypeOf(heard.a), Array.prototype);
        heard.a.push(2);
        heard.b = 3;
        compare(heard, { a: [1, 2], b: 3 });
    }

    function test_manyShapesOfObjects() {
        const heard = heardBy(client, "shape");
        const sent = [];
        for (let i = 0; i < 700; ++i) {
            const payload = {};
            payload["key" + i % 600] = i;
            sent.push(payload);
            client.emitEvent("shape", payload);
        }
        tryCompare(heard, "length", sent.length);
        compare(heard, sent);
    }
}
