// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Tokens"

    function init() {
        projectId = "qml-tests";
    }

    function isAnn(client) {
        return client.state === DispatchClient.Connected && client.connectedClients.some(one => one.isSelf && one.userId === "ann");
    }

    function test_providerMayBe_data() {
        const token = tokens.annOfQmlTests;
        return [
            { tag: "a text", provider: token },
            { tag: "a function that gives a text", provider: () => token },
            { tag: "a function that gives a promise", provider: () => Promise.resolve(token) },
            { tag: "a function that gives a promise that waits", provider: () => new Promise(resolve => later(() => resolve(token))) },
            { tag: "a function that gives a promise of a promise", provider: () => Promise.resolve().then(() => Promise.resolve(token)) },
            { tag: "a function that gives what has then()", provider: () => ({ then: done => done(token) }) }
        ];
    }

    function test_providerMayBe(data) {
        const ann = joinedClient({ tokenProvider: data.provider });
        tryVerify(() => isAnn(ann));
        compare(ann.error, DispatchError.NoError);
    }

    function test_providerIsAFunctionOfTheDocument() {
        const ann = createTemporaryObject(annComponent, testCase);
        tryVerify(() => isAnn(ann));
        compare(typeof ann.tokenProvider, "function");
    }

    function test_noProviderIs_data() {
        return [
            { tag: "undefined", provider: undefined },
            { tag: "null", provider: null },
            { tag: "an empty text", provider: "" }
        ];
    }

    function test_noProviderIs(data) {
        const client = joinedClient({ tokenProvider: data.provider });
        tryVerify(() => client.connectedClients.some(one => one.isSelf));
        compare(client.connectedClients.find(one => one.isSelf).userId, "");
    }

    function test_providerIsOfNoHelp_data() {
        return [
            { tag: "throws", provider: () => { throw new Error("no network"); }, says: "no network" },
            { tag: "throws a text", provider: () => { throw "no-network"; }, says: "no-network" },
            { tag: "rejects", provider: () => Promise.reject(new Error("no login")), says: "no login" },
            { tag: "rejects with a text", provider: () => Promise.reject("no login"), says: "no login" },
            { tag: "rejects without a reason", provider: () => Promise.reject(), says: "without a reason" },
            { tag: "gives nothing", provider: () => {}, says: "no text" },
            { tag: "gives a number", provider: () => 42, says: "no text" },
            { tag: "gives an object", provider: () => Promise.resolve({}), says: "no text" },
            { tag: "gives an empty text", provider: () => "", says: "empty" },
            { tag: "gives more than one line", provider: () => "a\nb", says: "character" },
            { tag: "is a number", provider: 42, says: "neither" },
            { tag: "is a promise", provider: Promise.resolve("x"), says: "neither" },
            { tag: "never answers", provider: () => new Promise(() => {}), says: "" }
        ];
    }

    function test_providerIsOfNoHelp(data) {
        const client = makeClient({ tokenProvider: data.provider, tokenTimeout: data.tag === "never answers" ? 20 : 10000 });
        client.reconnect.minDelay = 5;
        client.reconnect.maxDelay = 20;
        const errors = spyOn(client, "errorOccurred");
        client.active = true;
        tryVerify(() => errors.count >= 2);
        const error = errors.signalArguments[0][0];
        compare(error.code, DispatchError.TokenUnavailable);
        compare(error.retryable, true);
        verify(error.message.includes(data.says), error.message);
        // What helps is taken.
        client.tokenProvider = tokens.annOfQmlTests;
        tryVerify(() => isAnn(client));
    }

    function test_anAnswerThatComesTwiceOrLateIsNotUsed() {
        const joins = spyOn(server, "clientJoined");
        let answer;
        const client = makeClient({ tokenProvider: () => ({ then: done => { answer = done; } }) });
        const connecting = outcomeOf(client.connect());
        tryVerify(() => answer !== undefined);
        client.disconnect();
        answer(tokens.annOfQmlTests);
        answer("another");
        tryCompare(connecting, "done", true);
        compare(connecting.error.code, DispatchError.Cancelled);
        compare(client.state, DispatchClient.Disconnected);
        compare(joins.count, 0);
    }

    function test_anAnswerAfterTheClientsEndIsNotUsed() {
        const joins = spyOn(server, "clientJoined");
        let answer;
        const client = clientComponent.createObject(testCase, {
            url: server.url, projectId: projectId, active: true,
            tokenProvider: () => new Promise(resolve => { answer = resolve; })
        });
        tryVerify(() => answer !== undefined);
        client.destroy();
        wait(0);
        answer(tokens.annOfQmlTests);
        wait(0);
        compare(joins.count, 0);
    }

    function test_theProviderMayDestroyItsClient() {
        const joins = spyOn(server, "clientJoined");
        let client = null;
        let asked = false;
        client = clientComponent.createObject(testCase, {
            url: server.url, projectId: projectId, active: true,
            tokenProvider: () => { asked = true; client.destroy(); return tokens.annOfQmlTests; }
        });
        tryVerify(() => asked);
        wait(0);
        compare(joins.count, 0);
    }

    function test_aTextThatChangesIsSentAtOnce() {
        const ann = joinedClient();
        const connected = spyOn(ann, "connected");
        const changes = spyOn(ann, "tokenProviderChanged");
        ann.tokenProvider = tokens.annOfQmlTests;
        tryVerify(() => isAnn(ann));
        ann.tokenProvider = tokens.annOfQmlTests;
        compare(changes.count, 1);
        compare(connected.count, 0);
    }

    function test_aTokenThatIsRefusedIsAskedForAnew() {
        let asked = 0;
        const ann = makeClient({ tokenProvider: () => ++asked < 3 ? "no-token-" + asked : tokens.annOfQmlTests });
        ann.reconnect.minDelay = 5;
        const errors = spyOn(ann, "errorOccurred");
        ann.active = true;
        tryVerify(() => isAnn(ann));
        compare(asked, 3);
        compare(errors.count, 2);
        compare(errors.signalArguments[0][0].code, DispatchError.Unauthorized);
    }

    function test_theTimeForAnAnswerCanBeSet() {
        const client = makeClient();
        compare(client.tokenTimeout, 10000);
        const changes = spyOn(client, "tokenTimeoutChanged");
        client.tokenTimeout = 500;
        compare(client.tokenTimeout, 500);
        compare(changes.count, 1);
    }

    function later(action) {
        createTemporaryObject(timerComponent, testCase).triggered.connect(action);
    }

    Tokens { id: tokens }
    Component { id: clientComponent; DispatchClient {} }
    Component { id: timerComponent; Timer { interval: 20; running: true } }
    Component {
        id: annComponent
        DispatchClient {
            url: testCase.server.url
            projectId: "qml-tests"
            active: true
            tokenProvider: () => Promise.resolve(tokens.annOfQmlTests)
        }
    }
}
