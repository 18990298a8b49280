// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch
import Dispatch.Inspector
import Dispatch.Test

/// The overlay in a small window, as somebody uses it.
Item {
    id: window

    width: 420
    height: 600

    TestCase {
        id: testCase
        name: "Overlay"
        when: windowShown

        property var server
        property var client
        property var overlay

        function init() {
            server = createTemporaryObject(serverComponent, window);
            client = createTemporaryObject(clientComponent, window, { url: server.url, shardName: "lobby", active: true });
            server.settle();
            overlay = createTemporaryObject(overlayComponent, window, { client: client });
        }

        /// The item of the overlay that is named so and can be seen.
        function find(name) {
            const item = findChild(overlay, name);
            return item && item.visible ? item : null;
        }

        function click(name) {
            tryVerify(() => find(name), 5000, name);
            mouseClick(find(name));
        }

        function open(page) {
            overlay.page = page ?? InspectorOverlay.Frames;
            overlay.opened = true;
            tryVerify(() => find("inspectorPanel"), 1000);
        }

        /// Everything that is said below \a item.
        function said(item) {
            let all = item.visible && item.text !== undefined ? item.text + "\n" : "";
            for (const child of Array.from(item.children))
                all += said(child);
            return all;
        }

        function test_isClosedUntilAsked() {
            verify(!find("inspectorPanel"));
            verify(find("inspectorHandle"));
            click("inspectorHandle");
            tryVerify(() => find("inspectorPanel"), 1000);
            verify(!find("inspectorHandle"));
            click("closeButton");
            tryVerify(() => !find("inspectorPanel"));
        }

        function test_canBeOpenFromTheBeginning() {
            overlay = createTemporaryObject(overlayComponent, window, { client: client, opened: true });
            tryVerify(() => find("inspectorPanel"));
        }

        function test_keysOpenAndCloseIt() {
            keySequence("Ctrl+Shift+D");
            tryVerify(() => find("inspectorPanel"), 1000);
            keySequence("Ctrl+Shift+D");
            tryVerify(() => !find("inspectorPanel"));
            overlay.shortcut = "";
            keySequence("Ctrl+Shift+D");
            wait(0);
            verify(!find("inspectorPanel"));
        }

        function test_whatIsBehindItIsNotClicked() {
            const behind = createTemporaryObject(behindComponent, window);
            overlay.z = 1;
            open();
            mouseClick(overlay, 300, 300);
            compare(behind.clicks, 0);
            overlay.opened = false;
            mouseClick(overlay, 300, 300);
            compare(behind.clicks, 1);
        }

        function test_framesAreListedAndShownWhole() {
            open(InspectorOverlay.Frames);
            client.emitEvent("message", { body: "Hello!" });
            server.settle();
            const frames = find("frames");
            tryVerify(() => frames.count >= 2 && said(frames).includes("message"));
            verify(!find("chosenFrame"));
            mouseClick(frames.itemAtIndex(0));
            tryVerify(() => find("chosenFrame"));
            verify(said(find("chosenFrame")).includes('{"body":"Hello!"}'));
        }

        function test_framesCanBeFiltered() {
            open(InspectorOverlay.Frames);
            client.emitEvent("message");
            client.emitEvent("other");
            server.settle();
            tryVerify(() => find("frames").count >= 4);
            mouseClick(find("filter"));
            for (const key of "oth")
                keyClick(key);
            tryCompare(find("frames"), "count", 2);
            for (const key of "xx")
                keyClick(key);
            tryVerify(() => said(find("frames")).includes("No frame has"));
        }

        function test_statesAreListedWithTheirReasons() {
            open(InspectorOverlay.States);
            server.drop();
            server.advance(60000);
            tryVerify(() => said(find("states")).includes("NetworkError"));
            const text = said(find("states"));
            for (const state of ["Waiting", "Recovering", "Connected", "nothing was missed"])
                verify(text.includes(state), state);
        }

        function test_theQueueIsListedOffline() {
            open(InspectorOverlay.Queue);
            server.offline = true;
            client.emitEvent("message", { body: "later", token: "s3cret-token" });
            tryVerify(() => said(find("queue")).includes("message"));
            const text = said(find("queue"));
            verify(text.includes("queued"));
            verify(text.includes("later"));
            verify(!text.includes("s3cret"));
            server.offline = false;
            server.advance(60000);
            tryCompare(find("queue"), "count", 0);
        }

        function test_whoIsHereIsListed() {
            open(InspectorOverlay.Presence);
            server.join("Ann", { mood: "fine" });
            server.advance(1000);
            tryCompare(find("presence"), "count", 2);
            for (const word of ["this client", "Ann", '"mood":"fine"'])
                tryVerify(() => said(find("presence")).includes(word), 5000, word);
        }

        function test_roundTripsAreDrawn() {
            server.latency = 20;
            open(InspectorOverlay.RoundTrips);
            overlay.pingInterval = 1;
            tryVerify(() => { server.advance(100); return overlay.inspector.roundTrips.length > 3; });
            overlay.pingInterval = 0;
            const graph = find("graph");
            compare(graph.shown[graph.shown.length - 1], 40);
            compare(graph.most, 50);
            tryVerify(() => graph.shown.length > 3);
            // Where the line is, is its colour.
            const canvas = Array.from(graph.children).find(child => child.getContext !== undefined);
            const isDrawn = () => {
                const last = graph.shown.length - 1;
                const place = canvas.mapToItem(overlay, canvas.xOf(last), canvas.yOf(graph.shown[last]));
                return grabImage(overlay).green(Math.round(place.x), Math.round(place.y)) > 150;
            };
            tryVerify(isDrawn);
        }

        function test_itMeasuresOnlyWhileOpen() {
            compare(overlay.inspector.pingInterval, 0);
            open();
            compare(overlay.inspector.pingInterval, 1000);
            overlay.opened = false;
            compare(overlay.inspector.pingInterval, 0);
        }

        function test_lookingCanPause() {
            open();
            click("pauseButton");
            verify(overlay.inspector.paused);
            client.emitEvent("unseen");
            server.settle();
            click("pauseButton");
            verify(!overlay.inspector.paused);
            client.emitEvent("seen");
            tryVerify(() => said(find("frames")).includes("seen"));
            verify(!said(find("frames")).includes("unseen"));
            click("clearButton");
            tryCompare(find("frames"), "count", 0);
        }

        function test_whatWasSeenCanBeCopied() {
            open();
            client.emitEvent("message", { body: "copied" });
            tryVerify(() => find("frames").count > 0);
            click("copyButton");
            const field = createTemporaryObject(fieldComponent, window);
            field.paste();
            verify(field.text.includes("Connected"), field.text);
            verify(field.text.includes("copied"), field.text);
        }

        function test_tabsChangeThePage_data() {
            return [
                { tag: "frames", tab: "framesTab", list: "frames" },
                { tag: "states", tab: "statesTab", list: "states" },
                { tag: "queue", tab: "queueTab", list: "queue" },
                { tag: "presence", tab: "presenceTab", list: "presence" },
                { tag: "round trips", tab: "roundTripsTab", list: "graph" }
            ];
        }

        function test_tabsChangeThePage(row) {
            open(row.list === "frames" ? InspectorOverlay.States : InspectorOverlay.Frames);
            click(row.tab);
            tryVerify(() => find(row.list), 5000, row.list);
            verify(find(row.tab).checked);
            const other = row.list === "frames" ? "states" : "frames";
            overlay.page = row.list === "frames" ? InspectorOverlay.States : InspectorOverlay.Frames;
            tryVerify(() => find(other), 5000, other);
            verify(find(other + "Tab").checked);
        }

        function test_whatCanBeUsedHasAName() {
            for (let page = InspectorOverlay.Frames; page <= InspectorOverlay.RoundTrips; ++page) {
                open(page);
                const nameless = [];
                const look = item => {
                    if (item.activeFocusOnTab && item.visible && (item.Accessible?.name ?? "") === "")
                        nameless.push(item.toString());
                    Array.from(item.children).forEach(look);
                };
                look(overlay);
                compare(nameless, []);
            }
        }

        function test_fitsIntoASmallWindow() {
            for (let page = InspectorOverlay.Frames; page <= InspectorOverlay.RoundTrips; ++page) {
                open(page);
                const panel = find("inspectorPanel");
                compare(panel.width, 420);
                for (const name of ["closeButton", "copyButton", "roundTripsTab", "stateName"]) {
                    const item = find(name);
                    const right = item.mapToItem(panel, item.width, 0).x;
                    verify(item.width > 0 && right <= 420, name + " ends at " + right);
                }
            }
        }

        function test_aClientCanGoWhileItIsShown() {
            const gone = clientComponent.createObject(window, { url: server.url, active: true });
            server.settle();
            overlay.client = gone;
            for (let page = InspectorOverlay.Frames; page <= InspectorOverlay.RoundTrips; ++page)
                open(page);
            gone.destroy();
            tryCompare(overlay, "client", null);
            tryVerify(() => said(overlay).includes("There is no client."));
            overlay.client = client;
            tryVerify(() => find("graph"));
        }

        Component { id: serverComponent; TestServer {} }
        Component { id: clientComponent; DispatchClient {} }
        Component { id: overlayComponent; InspectorOverlay {} }
        Component { id: fieldComponent; TextEdit { textFormat: TextEdit.PlainText } }
        Component {
            id: behindComponent
            MouseArea {
                property int clicks: 0
                anchors.fill: parent
                onClicked: ++clicks
            }
        }
    }
}
