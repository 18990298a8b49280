// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import ExampleKit

/// How a job is doing.
Rectangle {
    id: card

    required property string job
    required property string status
    required property string note
    required property string commit
    required property double seconds
    required property double progress
    required property double since
    /// The present, told once a second.
    property double now: 0

    readonly property bool isRunning: card.status === "running"
    readonly property var look: ({
        "queued": { "icon": "clock", "ink": Theme.muted, "fill": Theme.field, "word": qsTr("Queued") },
        "running": { "icon": "retry", "ink": Theme.accentText, "fill": Qt.alpha(Theme.accentText, 0.14), "word": qsTr("Running") },
        "passed": { "icon": "check", "ink": Theme.goodText, "fill": Theme.good, "word": qsTr("Passed") },
        "failed": { "icon": "alert", "ink": Theme.dangerText, "fill": Theme.danger, "word": qsTr("Failed") }
    })[card.status]

    function duration(seconds: double): string {
        const whole = Math.max(0, Math.floor(seconds))
        return whole < 60 ? qsTr("%1 s").arg(whole)
                          : qsTr("%1 min %2 s").arg(Math.floor(whole / 60)).arg(whole % 60)
    }

    QtObject {
        id: turn
        property real angle
        NumberAnimation on angle {
            running: card.isRunning
            loops: Animation.Infinite
            from: 0
            to: 360
            duration: 1600
        }
    }

    implicitHeight: 118
    radius: Theme.radius
    color: Theme.panel
    border { width: card.status === "failed" ? 2 : 1; color: card.status === "failed" ? Theme.dangerText : Theme.line }
    Accessible.role: Accessible.ListItem
    Accessible.name: card.job + ", " + card.look.word

    RowLayout {
        id: top
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
        spacing: 12

        Rectangle {
            implicitWidth: 40
            implicitHeight: 40
            radius: 20
            color: card.look.fill
            Icon {
                anchors.centerIn: parent
                name: card.look.icon
                color: card.look.ink
                rotation: card.isRunning ? turn.angle : 0
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 1
            PlainText {
                Layout.fillWidth: true
                text: card.job
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            PlainText {
                Layout.fillWidth: true
                text: card.note
                color: card.status === "failed" ? Theme.dangerText : Theme.muted
                font.pixelSize: Theme.smallSize
                elide: Text.ElideRight
            }
        }
    }
    RowLayout {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: 16 }
        spacing: 8
        PlainText {
            text: card.look.word
            color: card.look.ink
            font { pixelSize: Theme.smallSize; weight: Font.DemiBold }
        }
        Meter {
            visible: card.isRunning
            Layout.fillWidth: true
            share: card.progress
        }
        PlainText {
            visible: !card.isRunning
            Layout.fillWidth: true
            text: card.commit
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            elide: Text.ElideRight
        }
        PlainText {
            visible: text !== ""
            text: card.isRunning ? card.duration((card.now - card.since) / 1000)
                : card.seconds > 0 ? card.duration(card.seconds) : ""
            color: Theme.muted
            font.pixelSize: Theme.smallSize
        }
    }
}
