// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleKit
import BuildBoard

/// The screen on the wall.
ApplicationWindow {
    id: window

    property alias url: builds.url
    property alias project: builds.project
    property alias roomName: builds.roomName
    property alias userName: builds.userName
    property BackEnd backEnd
    readonly property Builds builds: Builds { id: builds }
    readonly property bool canPlay: window.backEnd && window.backEnd.available
    readonly property string summary: {
        const said = (state, words) => builds.counts[state] > 0 ? [words.arg(builds.counts[state])] : []
        return [].concat(said("failed", qsTr("%1 failed")), said("passed", qsTr("%1 passed")),
                         said("running", qsTr("%1 running")), said("queued", qsTr("%1 queued"))).join(" · ")
    }

    width: 900
    height: 550
    minimumWidth: 360
    minimumHeight: 320
    color: Theme.canvas
    title: qsTr("Builds")

    component PlayButton: TextButton {
        objectName: "playButton"
        visible: window.canPlay
        enabled: window.canPlay && !window.backEnd.running
        text: window.canPlay && window.backEnd.running ? qsTr("Publishing…") : qsTr("Publish a sample build")
        onClicked: window.backEnd.play(12)
    }

    header: ExampleHeader {
        client: builds.client
        title: qsTr("Builds")
        subtitle: window.summary || qsTr("Nothing has been published yet")
    }

    GridView {
        id: grid
        objectName: "jobs"
        readonly property int gap: 16
        // The gap is on the right and below of each card.
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: again.top }
        anchors { leftMargin: grid.gap; topMargin: grid.gap; bottomMargin: grid.gap }
        clip: true
        readonly property int columns: Math.max(1, Math.floor(width / 270))
        cellWidth: Math.floor(width / columns)
        cellHeight: 134
        boundsBehavior: Flickable.StopAtBounds
        model: builds.jobs
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Jobs")
        delegate: JobCard {
            width: grid.cellWidth - grid.gap
            height: grid.cellHeight - grid.gap
            now: clock.now
        }
        add: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: 180 } }
    }

    PlayButton {
        id: again
        visible: window.canPlay && builds.jobs.count > 0
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: visible ? grid.gap : 0 }
        height: visible ? implicitHeight : 0
    }

    ColumnLayout {
        visible: builds.jobs.count === 0
        anchors.centerIn: parent
        width: Math.min(440, window.width - 48)
        spacing: 10

        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            implicitWidth: 72
            implicitHeight: 72
            radius: 36
            color: Qt.alpha(Theme.accentText, 0.14)
            Icon {
                anchors.centerIn: parent
                width: 34
                height: 34
                name: "clock"
                color: Theme.accentText
                strokeWidth: 1.7
            }
        }
        PlainText {
            Layout.fillWidth: true
            text: qsTr("Waiting for a build")
            horizontalAlignment: Text.AlignHCenter
            font { pixelSize: Theme.titleSize; weight: Font.Bold }
        }
        PlainText {
            Layout.fillWidth: true
            text: window.canPlay
                  ? qsTr("Whoever has the project's token publishes by HTTP: the terminal shows how. Or let the script of this example do it.")
                  : qsTr("It shows here as soon as a back end publishes it.")
            color: Theme.muted
            wrapMode: Text.Wrap
            lineHeight: 1.2
            horizontalAlignment: Text.AlignHCenter
        }
        PlayButton {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: 8
            filled: true
        }
    }

    PlainText {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: 16 }
        visible: text !== ""
        text: window.backEnd ? window.backEnd.errorString : ""
        color: Theme.dangerText
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
    }

    Timer {
        id: clock
        property double now: Date.now()
        interval: 1000
        repeat: true
        running: builds.counts["running"] > 0
        triggeredOnStart: true
        onTriggered: clock.now = Date.now()
    }
}
