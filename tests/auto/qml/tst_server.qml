// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Server"

    function test_itListensOnAFreePort() {
        const other = createTemporaryObject(serverComponent, testCase);
        compare(other.listening, false);
        compare(other.active, false);
        compare(other.port, 0);
        compare(other.url, "");
        compare(other.listen(), true);
        compare(other.listening, true);
        compare(other.active, true);
        verify(other.port > 0);
        compare(other.url, "ws://127.0.0.1:" + other.port);
        verify(other.port !== server.port);
    }

    function test_theWishOpensAndCloses() {
        const other = createTemporaryObject(serverComponent, testCase);
        const spy = spyOn(other, "listeningChanged");
        const ports = spyOn(other, "portChanged");
        other.active = true;
        tryCompare(other, "listening", true);
        verify(ports.count > 0);
        other.active = false;
        tryCompare(other, "listening", false);
        compare(spy.count, 2);
        compare(other.port, 0);
    }

    function test_closeClearsTheWish() {
        const other = createTemporaryObject(serverComponent, testCase, { active: true });
        tryCompare(other, "listening", true);
        other.close();
        compare(other.active, false);
        tryCompare(other, "listening", false);
    }

    function test_drainClearsTheWishAndSendsClientsAway() {
        const other = createTemporaryObject(serverComponent, testCase, { active: true });
        tryCompare(other, "listening", true);
        const client = joinedClient({ url: other.url });
        const drained = spyOn(other, "drained");
        other.drain();
        compare(other.active, false);
        compare(other.draining, true);
        tryCompare(drained, "count", 1);
        compare(other.draining, false);
        compare(other.listening, false);
        tryVerify(() => client.state !== DispatchClient.Connected);
    }

    function test_aWishDuringADrainIsGrantedAfterIt() {
        const other = createTemporaryObject(serverComponent, testCase, { active: true });
        tryCompare(other, "listening", true);
        const client = joinedClient({ url: other.url });
        const drained = spyOn(other, "drained");
        const errors = spyOn(other, "errorOccurred");
        other.drain();
        compare(other.listen(), false);
        compare(other.active, true);
        compare(errors.count, 0);
        tryCompare(drained, "count", 1);
        tryCompare(other, "listening", true);
        compare(other.draining, false);
        client.url = other.url;
        tryCompare(client, "state", DispatchClient.Connected);
    }

    function test_aPortThatIsTakenIsReported() {
        const other = createTemporaryObject(serverComponent, testCase, { port: server.port });
        const errors = spyOn(other, "errorOccurred");
        compare(other.listen(), false);
        compare(errors.count, 1);
        verify(other.errorString.length > 0);
        compare(other.listening, false);
    }

    function test_whatIsNoAddressIsReported() {
        const other = createTemporaryObject(serverComponent, testCase, { address: "nowhere" });
        const errors = spyOn(other, "errorOccurred");
        compare(other.listen(), false);
        compare(errors.count, 1);
        verify(/nowhere/.test(other.errorString));
    }

    function test_aShortSecretIsReported() {
        const other = createTemporaryObject(serverComponent, testCase, { sharedSecret: "short" });
        compare(other.listen(), false);
        verify(/32 bytes/.test(other.errorString));
        other.sharedSecret = "long enough to be a secret of 32 bytes";
        compare(other.listen(), true);
    }

    function test_aWebFolderWithoutAPageIsReported() {
        const other = createTemporaryObject(serverComponent, testCase, { webFolder: Qt.resolvedUrl(".") });
        compare(other.listen(), false);
        verify(/There is no index.html/.test(other.errorString));
        other.webFolder = "";
        compare(other.listen(), true);
    }

    function test_anErrorThatIsOverIsForgotten_data() {
        return [{ tag: "ours", wrong: { address: "nowhere" }, right: { address: "127.0.0.1" } },
            { tag: "the library's", wrong: { port: server.port }, right: { port: 0 } }];
    }
    function test_anErrorThatIsOverIsForgotten(data) {
        const other = createTemporaryObject(serverComponent, testCase, data.wrong);
        const changes = spyOn(other, "errorStringChanged");
        compare(other.listen(), false);
        compare(changes.count, 1);
        for (const key in data.right)
            other[key] = data.right[key];
        compare(other.listen(), true);
        compare(other.errorString, "");
        compare(changes.count, 2);
    }

    function test_settingsAreAGroup() {
        const other = createTemporaryObject(strictComponent, testCase);
        compare(other.settings.requireProjectId, true);
        compare(other.settings.maxConnectionsPerShard, 1);
        tryCompare(other, "listening", true);
        const client = makeClient({ url: other.url, projectId: "" });
        client.active = true;
        tryCompare(client, "state", DispatchClient.Failed);
        compare(client.error, DispatchError.InvalidParameters);
    }

    function test_statisticsCount() {
        const other = createTemporaryObject(serverComponent, testCase, { active: true });
        tryCompare(other, "listening", true);
        compare(other.statistics().connections, 0);
        const client = joinedClient({ url: other.url });
        const heard = heardBy(client, "x");
        client.emitEvent("x");
        tryCompare(heard, "length", 1);
        tryVerify(() => other.statistics().eventsDelivered >= 1);
        const statistics = other.statistics();
        compare(statistics.connections, 1);
        compare(statistics.shards, 1);
        compare(statistics.joins, 1);
        verify(statistics.eventsReceived >= 1);
    }

    function test_refusalsAreCountedByCode() {
        const other = createTemporaryObject(serverComponent, testCase, { active: true });
        const client = joinedClient({ url: other.url });
        const errors = spyOn(client, "errorOccurred");
        client.identify("no token");
        tryVerify(() => errors.count > 0);
        tryVerify(() => other.statistics().refusals[errors.signalArguments[0][0].reason] === 1);
    }

    function test_itTellsWhoComesAndGoes() {
        const joined = spyOn(server, "clientJoined");
        const left = spyOn(server, "clientLeft");
        const client = joinedClient({ shardName: "door" });
        const id = client.clientId;
        tryCompare(joined, "count", 1);
        compare([0, 1, 2].map(i => joined.signalArguments[0][i]), [projectId, "door", id]);
        client.disconnect();
        tryCompare(left, "count", 1);
        compare([0, 1, 2, 3].map(i => left.signalArguments[0][i]), [projectId, "door", id, "closed"]);
    }

    Component { id: serverComponent; DispatchServer {} }
    Component {
        id: strictComponent
        DispatchServer {
            active: true
            settings { requireProjectId: true; maxConnectionsPerShard: 1 }
        }
    }
}
