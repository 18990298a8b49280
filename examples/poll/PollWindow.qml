// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleKit

/// One person's ballot, which is the result as well.
ApplicationWindow {
    id: window

    property alias url: poll.url
    property alias project: poll.project
    property alias roomName: poll.roomName
    property alias userName: poll.userName
    readonly property Poll poll: Poll { id: poll }
    /// Whether there is an inspector; the module is loaded only then.
    property bool inspected: false
    readonly property alias overlay: inspection.item
    readonly property list<color> tints: [Theme.inks[9], Theme.inks[0], Theme.inks[3], Theme.inks[6]]

    width: 460
    height: 700
    minimumWidth: 340
    minimumHeight: 660
    color: Theme.canvas
    title: qsTr("%1 votes").arg(poll.userName)

    header: ExampleHeader {
        client: poll.client
        title: qsTr("Poll")
    }

    ColumnLayout {
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 24 }
        spacing: 10

        PlainText {
            Layout.fillWidth: true
            text: poll.question
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            font { pixelSize: 22; weight: Font.Bold }
        }
        PlainText {
            objectName: "hint"
            Layout.fillWidth: true
            text: poll.ownChoice >= 0 ? qsTr("Thank you. You may change your mind.")
                : poll.total === 0 ? qsTr("Be the first to vote.") : qsTr("Choose one.")
            color: Theme.muted
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
        }
        Ring {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: 12
            Layout.bottomMargin: 14
            counts: poll.counts
            tints: window.tints
        }
        Repeater {
            model: poll.choices
            delegate: Choice {
                required property int index
                required property var modelData
                objectName: "choice" + index
                Layout.fillWidth: true
                sign: modelData.sign
                text: modelData.name
                tint: window.tints[index]
                votes: poll.counts[index]
                total: poll.total
                chosen: poll.ownChoice === index
                onClicked: poll.vote(index)
            }
        }
    }
    Loader {
        id: inspection
        anchors.fill: parent
        Component.onCompleted: {
            if (window.inspected)
                inspection.setSource("Inspection.qml", { "client": poll.client })
        }
    }
}
