// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import Dispatch
import ExampleKit

/// A strip that tells of the connection when there is something to tell, and only then.
Item {
    id: banner

    required property Room room

    readonly property int clientState: banner.room.client.state
    readonly property bool failed: banner.clientState === DispatchClient.Failed
    readonly property int seconds: Math.ceil(banner.room.client.nextRetryIn / 1000)
    readonly property bool troubled: banner.room.joined && !banner.room.online
    property bool patient: true
    property bool welcome: false
    readonly property bool shown: banner.troubled && !banner.patient || banner.failed || banner.welcome

    readonly property string text: {
        if (banner.welcome)
            return qsTr("Back online")
        if (banner.failed)
            return banner.room.client.errorString
        const what = banner.room.wasOnline ? qsTr("Connection lost") : qsTr("No connection yet")
        if (banner.clientState === DispatchClient.Waiting && banner.seconds > 0)
            return qsTr("%1 – next try in %2 s").arg(what).arg(banner.seconds)
        return qsTr("%1 – trying…").arg(what)
    }
    readonly property string waiting: !banner.troubled || banner.room.queued === 0 ? ""
                                    : banner.room.queued === 1 ? qsTr("1 message waiting")
                                    : qsTr("%1 messages waiting").arg(banner.room.queued)

    onTroubledChanged: {
        banner.patient = true
        banner.welcome = !banner.troubled && banner.room.joined && banner.wasShown
        banner.wasShown = false
    }
    onShownChanged: if (banner.shown && banner.troubled) banner.wasShown = true
    property bool wasShown: false

    implicitHeight: banner.shown ? strip.implicitHeight + 8 : 0
    visible: implicitHeight > 0
    clip: true
    Behavior on implicitHeight { NumberAnimation { duration: 140; easing.type: Easing.OutCubic } }

    // A blip is not worth a word.
    Timer {
        interval: 400
        running: banner.troubled && banner.patient
        onTriggered: banner.patient = false
    }
    Timer {
        interval: 2500
        running: banner.welcome
        onTriggered: banner.welcome = false
    }

    Rectangle {
        id: strip
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 12; rightMargin: 12 }
        implicitHeight: Math.max(44, words.implicitHeight + 16)
        height: implicitHeight
        radius: 12
        color: banner.welcome ? Theme.good : banner.failed ? Theme.danger : Theme.warning
        readonly property color ink: banner.welcome ? Theme.goodText : banner.failed ? Theme.dangerText : Theme.warningText

        Accessible.role: Accessible.AlertMessage
        Accessible.name: banner.text

        RowLayout {
            anchors { fill: parent; leftMargin: 14; rightMargin: 7 }
            spacing: 10

            Icon {
                name: banner.welcome ? "check" : banner.failed ? "alert" : "retry"
                color: strip.ink
                implicitWidth: 18
                implicitHeight: 18
            }
            ColumnLayout {
                id: words
                spacing: 0
                PlainText {
                    objectName: "bannerText"
                    Layout.fillWidth: true
                    text: banner.text
                    color: strip.ink
                    font { pixelSize: 13; weight: Font.DemiBold }
                    wrapMode: Text.Wrap
                    maximumLineCount: 3
                    elide: Text.ElideRight
                }
                PlainText {
                    Layout.fillWidth: true
                    visible: banner.waiting !== ""
                    text: banner.waiting
                    color: strip.ink
                    font.pixelSize: Theme.smallSize
                    elide: Text.ElideRight
                }
            }
            TextButton {
                objectName: "retryButton"
                visible: banner.failed || banner.clientState === DispatchClient.Waiting && !banner.welcome
                text: banner.failed ? qsTr("Try again") : qsTr("Retry now")
                textColor: strip.ink
                onClicked: banner.room.retryNow()
            }
        }
    }
}
