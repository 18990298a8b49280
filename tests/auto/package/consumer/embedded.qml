// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

QtObject {
    id: root

    property bool passed: false
    property DispatchServer server: DispatchServer { active: true }
    property DispatchClient client: DispatchClient {
        url: root.server.url
        active: true
        userInfo: ({ name: "Ann" })
        onConnected: emitEvent("greeting", { text: "hello" })

        EventHandler {
            eventName: "greeting"
            onTriggered: payload => root.passed = payload.text === "hello"
        }
    }
}
