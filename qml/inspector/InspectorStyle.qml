// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma Singleton

import QtQuick
import Dispatch
import Dispatch.Inspector

/// Colours and sizes of the inspector. It is dark whatever the app is like, so that nobody takes it
/// for a part of it.
QtObject {
    readonly property color panel: "#12151c"
    readonly property color raised: "#1b1f29"
    readonly property color hover: "#222734"
    readonly property color line: "#2a303d"
    readonly property color text: "#dde1ea"
    readonly property color muted: "#939cb0"
    readonly property color accent: "#82aaff"
    readonly property color good: "#5fd7a7"
    readonly property color warning: "#f2c572"
    readonly property color bad: "#ff8f8f"
    readonly property color platform: "#c7a6ff"

    readonly property string mono: Qt.platform.os === "osx" ? "Menlo"
                                 : Qt.platform.os === "windows" ? "Consolas" : "monospace"
    readonly property int bodySize: 12
    readonly property int smallSize: 11
    readonly property int gap: 8

    function ofDirection(direction: int): color {
        return direction === InspectorFrames.Sent ? accent : direction === InspectorFrames.Heard ? good : warning
    }

    function ofKind(kind: int): color {
        switch (kind) {
        case InspectorFrames.Platform: return platform
        case InspectorFrames.Refusal:
        case InspectorFrames.Unreadable: return bad
        case InspectorFrames.Control: return muted
        case InspectorFrames.Connection: return warning
        default: return text
        }
    }

    function ofState(state: int): color {
        switch (state) {
        case DispatchClient.Connected: return good
        case DispatchClient.Failed: return bad
        case DispatchClient.Disconnected: return muted
        default: return warning
        }
    }

    /// \a bytes as people read them.
    function size(bytes: real): string {
        return bytes < 1000 ? bytes + " B" : bytes < 1e6 ? (bytes / 1000).toFixed(1) + " kB" : (bytes / 1e6).toFixed(1) + " MB"
    }

    function time(when: date): string {
        return Qt.formatTime(when, "hh:mm:ss.zzz")
    }

    function ms(value: real): string {
        return value < 0 ? "–" : (value < 10 ? value.toFixed(1) : value.toFixed(0)) + " ms"
    }
}
