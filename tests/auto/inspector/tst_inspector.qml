// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch
import Dispatch.Inspector
import Dispatch.Test

/// What an inspector shows of a client whose server and network do what they are told.
TestCase {
    id: testCase
    name: "Inspector"

    readonly property string token: "tokenOfAnn.0123456789"

    function makeServer() {
        return createTemporaryObject(serverComponent, testCase);
    }

    function makeClient(server, properties) {
        return createTemporaryObject(clientComponent, testCase, Object.assign({ url: server.url }, properties));
    }

    function inspect(client) {
        return createTemporaryObject(inspectorComponent, testCase, { client: client });
    }

    function spyOn(target, signalName) {
        return createTemporaryObject(spyComponent, testCase, { target: target, signalName: signalName });
    }

    /// What the rows of \a model say under \a role.
    function column(model, role) {
        const all = [];
        for (let row = 0; row < model.count; ++row)
            all.push(model.data(model.index(row, 0), role));
        return all;
    }

    /// The frames as "> name" and "< name".
    function frames(inspector) {
        const names = column(inspector.frames, InspectorFrames.NameRole);
        const signs = { [InspectorFrames.None]: "-", [InspectorFrames.Sent]: ">", [InspectorFrames.Heard]: "<" };
        return column(inspector.frames, InspectorFrames.DirectionRole).map((way, row) => signs[way] + " " + names[row]);
    }

    /// The same, of the application's events alone.
    function events(inspector) {
        const kinds = column(inspector.frames, InspectorFrames.KindRole);
        return frames(inspector).filter((_, row) => kinds[row] === InspectorFrames.Event);
    }

    /// Waits for rows that change later than what they tell of.
    function tryRows(rows, expected) {
        tryVerify(() => rows().join() === expected.join(), 5000, rows().join());
    }

    function states(inspector) {
        return column(inspector.states, InspectorStates.StateNameRole);
    }

    function test_framesOfBothDirectionsAreShown() {
        const server = makeServer();
        const client = makeClient(server);
        const inspector = inspect(client);
        client.active = true;
        server.settle();
        client.emitEvent("message", "Hello!");
        server.settle();
        const expected = ["> open", "< opened", "< CONNECTED", "> ping", "< PRESENCE", "< pong", "> message", "< message", "< ACK"];
        tryRows(() => frames(inspector), expected);
        compare(inspector.sentMessages, 1);
        compare(inspector.heardMessages, 4);
        const bytes = column(inspector.frames, InspectorFrames.BytesRole);
        compare(inspector.sentBytes, bytes[6]);
        compare(inspector.heardBytes, bytes[2] + bytes[4] + bytes[7] + bytes[8]);
        verify(column(inspector.frames, InspectorFrames.TextRole)[6].includes('"payload":"Hello!"'));
    }

    function test_noRowHasASecret_data() {
        return [
            { tag: "extended profile", baseProfileOnly: false, resumed: 1 },
            { tag: "base profile", baseProfileOnly: true, resumed: 0 }
        ];
    }

    function test_noRowHasASecret(row) {
        const server = makeServer();
        server.setUserOfToken(token, "user:ann");
        const client = makeClient(server, { baseProfileOnly: row.baseProfileOnly, tokenProvider: token });
        const inspector = inspect(client);
        client.active = true;
        server.settle();
        client.identify(token);
        client.emitEvent("leak", { token: "another", password: "s3cret", text: "it is " + token });
        server.drop();
        server.advance(60000);
        compare(client.state, DispatchClient.Connected);
        tryVerify(() => frames(inspector).filter(frame => frame === "> open").length === 2);

        const texts = column(inspector.frames, InspectorFrames.TextRole);
        const said = texts.join("\n") + inspector.text() + column(inspector.frames, InspectorFrames.NoteRole).join();
        for (const secret of [token, "another", "s3cret"])
            verify(!said.includes(secret), secret);
        compare((said.match(/resume\.\*\*\*\./g) ?? []).length, 2 * row.resumed); // in the row, and in the text
        verify(said.includes("Bearer ***"));
        verify(said.includes('"token":"***"'));
        // A session's secret has 43 characters, which nothing else has.
        verify(!/[\w-]{43}/.test(said));
    }

    function test_statesHaveTheirReasons() {
        const server = makeServer();
        const client = makeClient(server, { shardName: "lobby" });
        const inspector = inspect(client);
        client.active = true;
        server.settle();
        server.drop();
        server.advance(60000);
        server.kick(client.clientId, "banned");
        // The server says why before it closes: that has a row, too.
        const expected = ["Disconnected", "Connecting", "Connected", "Waiting", "Recovering", "Connected", "Connected", "Failed"];
        tryRows(() => states(inspector), expected);
        const codes = column(inspector.states, InspectorStates.CodeNameRole);
        compare(codes, ["", "", "", "NetworkError", "", "", "RefusedByServer", "ClosedByServer"]);
        const reasons = column(inspector.states, InspectorStates.ReasonRole);
        compare(reasons, ["", "", "", "", "", "", "banned", "banned"]);
        const details = column(inspector.states, InspectorStates.DetailRole);
        verify(details[2].startsWith("in lobby as "), details[2]);
        verify(details[3].startsWith("the next attempt comes in "), details[3]);
        verify(details[5].endsWith("nothing was missed"), details[5]);
        verify(column(inspector.states, InspectorStates.MessageRole)[7].startsWith("You are banned"));
    }

    function test_anErrorThatChangesNoStateHasARow() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(client);
        tryVerify(() => inspector.states.count === 1);
        server.refuseEvents("message", "rate_limited");
        client.emitEvent("message");
        server.settle();
        tryVerify(() => inspector.states.count === 2);
        compare(column(inspector.states, InspectorStates.ChangedRole), [true, false]);
        compare(column(inspector.states, InspectorStates.ReasonRole), ["", "rate_limited"]);
        const kinds = column(inspector.frames, InspectorFrames.KindRole);
        verify(kinds.includes(InspectorFrames.Refusal));
    }

    function test_roundTripsAreThoseOfTheClock() {
        const server = makeServer();
        const client = makeClient(server);
        const inspector = inspect(client);
        server.latency = 20;
        client.active = true;
        server.advance(1000);
        compare(inspector.roundTrips, [40]);
        server.latency = 45;
        server.advance(30000);
        compare(inspector.roundTrips, [40, 90]);
        compare(inspector.latestRoundTrip, 90);
        compare(inspector.shortestRoundTrip, 40);
        compare(inspector.longestRoundTrip, 90);
        compare(inspector.meanRoundTrip, 65);
        server.drop();
        server.latency = 5;
        server.advance(10000);
        compare(inspector.roundTrips, [40, 90, -1, 10]);
    }

    function test_measuresAsOftenAsAsked() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(client);
        inspector.pingInterval = 1;
        // The clock of the server stands still: what is asked for by the other clock is answered at once.
        tryVerify(() => { server.settle(); return inspector.roundTrips.length > 5; });
        inspector.pingInterval = 0;
        server.settle();
        const count = inspector.roundTrips.length;
        server.advance(1000);
        compare(inspector.roundTrips.length, count);
    }

    function test_doesNotAskAgainBeforeItWasAnswered() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        server.latency = 100;
        const inspector = inspect(client);
        const asked = () => frames(inspector).filter(frame => frame === "> ping").length;
        inspector.pingInterval = 1;
        tryVerify(() => asked() === 1);
        client.emitEvent("tap");
        tryVerify(() => frames(inspector).includes("> tap"));
        compare(asked(), 1);
    }

    function test_pausedItLooksAtNothing() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(client);
        inspector.paused = true;
        client.emitEvent("unseen");
        server.settle();
        inspector.paused = false;
        client.emitEvent("seen");
        server.settle();
        tryRows(() => events(inspector), ["> seen", "< seen"]);
        compare(inspector.sentMessages, 1);
    }

    function test_manyEventsAreFewChanges() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(client);
        inspector.maxFrames = 100;
        const inserted = spyOn(inspector.frames, "rowsInserted");
        for (let i = 0; i < 5000; ++i)
            server.emitEvent("tick", i);
        tryVerify(() => { server.settle(); return inspector.heardMessages === 5000; });
        tryCompare(inspector.frames, "count", 100);
        verify(inserted.count < 500, inserted.count);
        tryVerify(() => column(inspector.frames, InspectorFrames.TextRole)[99].includes('"payload":4999'));
    }

    function test_boundsHold() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(client);
        inspector.maxFrameLength = 20;
        inspector.maxStates = 2;
        inspector.maxRoundTrips = 1;
        client.emitEvent("message", "x".repeat(1000));
        server.drop();
        server.advance(60000);
        server.advance(60000);
        tryVerify(() => inspector.states.count === 2 && states(inspector)[1] === "Connected");
        compare(inspector.roundTrips.length, 1);
        for (const text of column(inspector.frames, InspectorFrames.TextRole))
            verify(text.length <= 20, text);
        inspector.maxFrames = 1;
        tryCompare(inspector.frames, "count", 1);
    }

    function test_whatABoundCannotBeIsRefusedWithAWarning_data() {
        return [
            { tag: "maxFrames", wished: 0, least: 1, present: 500 },
            { tag: "maxFrameLength", wished: 0, least: 1, present: 2000 },
            { tag: "maxStates", wished: -1, least: 1, present: 200 },
            { tag: "maxRoundTrips", wished: 0, least: 1, present: 120 },
            { tag: "pingInterval", wished: -1, least: 0, present: 0 }
        ];
    }
    function test_whatABoundCannotBeIsRefusedWithAWarning(data) {
        const inspector = inspect(makeClient(makeServer()));
        ignoreWarning(new RegExp(`${data.tag} can't be ${data.wished}: give ${data.least} or more. It stays ${data.present}.`));
        inspector[data.tag] = data.wished;
        compare(inspector[data.tag], data.present);
    }

    function test_framesCanBeFiltered_data() {
        return [
            { tag: "nothing", filter: "", routine: true, shown: ["> one", "< one", "> ping", "< pong", "> two", "< two"] },
            { tag: "a name", filter: "TWO", routine: true, shown: ["> two", "< two"] },
            { tag: "a payload", filter: "uno", routine: true, shown: ["> one", "< one"] },
            { tag: "what is not there", filter: "three", routine: true, shown: [] },
            { tag: "without routine", filter: "", routine: false, shown: ["> one", "< one", "> two", "< two"] }
        ];
    }

    function test_framesCanBeFiltered(row) {
        const server = makeServer();
        const client = makeClient(server, { active: true, baseProfileOnly: true });
        server.settle();
        const inspector = inspect(client);
        inspector.frames.filter = row.filter;
        inspector.frames.routine = row.routine;
        client.emitEvent("one", "uno");
        server.settle();
        server.advance(25000);
        client.emitEvent("two", "due");
        server.settle();
        tryVerify(() => inspector.heardMessages === 2);
        tryRows(() => frames(inspector), row.shown);
        inspector.frames.filter = "";
        inspector.frames.routine = true;
        tryCompare(inspector.frames, "count", 6);
    }

    function test_forgetsWhenTold() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(client);
        client.emitEvent("message");
        server.settle();
        tryVerify(() => inspector.frames.count > 0);
        inspector.clear();
        compare(inspector.frames.count, 0);
        compare(inspector.states.count, 0);
        compare(inspector.sentBytes, 0);
        compare(inspector.roundTrips, []);
    }

    function test_anotherClientBeginsAnew() {
        const server = makeServer();
        const first = makeClient(server, { active: true });
        const second = makeClient(server, { active: true });
        server.settle();
        const inspector = inspect(first);
        first.emitEvent("first", {}, []);
        tryVerify(() => inspector.frames.count > 0);
        inspector.client = second;
        compare(inspector.frames.count, 0);
        first.emitEvent("first", {}, []);
        second.emitEvent("second", {}, []);
        tryRows(() => events(inspector), ["> second"]);
        inspector.client = null;
        second.emitEvent("second", {}, []);
        compare(events(inspector), ["> second"]); // what was seen stays
    }

    function test_aClientCanGo() {
        const server = makeServer();
        const client = clientComponent.createObject(testCase, { url: server.url, active: true });
        server.settle();
        const inspector = inspect(client);
        inspector.pingInterval = 1;
        client.emitEvent("last");
        tryVerify(() => frames(inspector).includes("> last"));
        client.destroy();
        tryCompare(inspector, "client", null);
        verify(frames(inspector).includes("> last"));
        inspector.clear();
        verify(inspector.text().length > 0);
    }

    function test_inspectorsCanGo() {
        const server = makeServer();
        const client = makeClient(server, { active: true });
        server.settle();
        const inspector = inspectorComponent.createObject(testCase, { client: client });
        inspector.destroy();
        wait(0);
        client.emitEvent("message");
        server.settle();
        compare(client.state, DispatchClient.Connected);
    }

    function test_insideAClientItNeedsNone() {
        const server = makeServer();
        const client = createTemporaryObject(innerComponent, testCase, { url: server.url });
        compare(client.inspector.client, client);
    }

    function test_withoutAClientItWarns() {
        ignoreWarning(/shows nothing: put it inside a DispatchClient, or set client/);
        verify(createTemporaryObject(aloneComponent, testCase));
    }

    Component { id: serverComponent; TestServer {} }
    Component { id: clientComponent; DispatchClient {} }
    Component { id: inspectorComponent; DispatchInspector {} }
    Component { id: aloneComponent; DispatchInspector {} }
    Component {
        id: innerComponent
        DispatchClient {
            id: outer
            readonly property DispatchInspector inspector: inner
            DispatchInspector { id: inner }
        }
    }
    Component { id: spyComponent; SignalSpy {} }
}
