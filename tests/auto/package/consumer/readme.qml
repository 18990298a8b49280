// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls
import Dispatch

ApplicationWindow {
    width: 360; height: 480; visible: true

    DispatchServer { id: server; active: true }     // or run dispatchd anywhere

    DispatchClient {
        id: dispatch
        url: server.url
        projectId: "demo-chat"
        active: true                                // the wish; state is the fact
        userInfo: ({ name: "Ann" })                 // told again after each reconnect

        EventHandler {
            eventName: "message"
            onTriggered: said => messages.append({ author: String(said.author), body: String(said.body) })
        }
    }
    ListView {
        anchors.fill: parent
        model: ListModel { id: messages }
        delegate: Label {
            required property string author
            required property string body
            text: author + ": " + body
            textFormat: Text.PlainText              // others may write anything
        }
    }
    footer: TextField {
        placeholderText: qsTr("%1 here").arg(dispatch.clients.count)
        onAccepted: { dispatch.emitEvent("message", { author: "Ann", body: text }); clear() }
    }
}
