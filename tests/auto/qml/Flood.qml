// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import Dispatch

/// An app that shows the latest of many events, and has something else to do 60 times a second.
Rectangle {
    id: root

    property int heard: 0
    property int last: -1
    property alias client: client
    property alias messages: messages
    readonly property alias view: view
    property bool inspected: false
    readonly property var inspector: inspection.item?.inspector ?? null

    signal ticked()

    width: 400
    height: 600

    DispatchClient {
        id: client
        shardName: "flood"

        EventHandler {
            eventName: "message"
            onTriggered: payload => {
                ++root.heard;
                root.last = payload.number;
            }
        }
        DispatchEventModel { id: messages; eventName: "message"; limit: 500 }
    }
    ListView {
        id: view
        anchors.fill: parent
        model: messages
        delegate: Text {
            required property var payload
            required property bool pending
            textFormat: Text.PlainText
            opacity: pending ? 0.5 : 1
            text: payload.author + ": " + payload.body
        }
        onCountChanged: Qt.callLater(view.positionViewAtEnd)
    }
    Loader {
        id: inspection
        anchors.fill: parent
        z: 1
    }
    onInspectedChanged: inspection.setSource("FloodInspection.qml", { client: root.client })
    Timer {
        interval: 16
        repeat: true
        running: true
        onTriggered: {
            view.positionViewAtEnd();
            root.ticked();
        }
    }
}
