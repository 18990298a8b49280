// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit
import "text.js" as Words

/// One row of the conversation: a bubble with what belongs to it, or a note.
Column {
    id: row

    required property string kind
    required property string messageId
    required property double eventId
    required property string author
    required property string body
    required property double time
    required property bool own
    required property bool pending
    required property string failure
    required property bool startsDay
    required property bool startsGroup
    required property bool endsGroup

    readonly property bool isMessage: row.kind === "message"
    readonly property bool jumbo: row.isMessage && Words.isEmojiOnly(row.body)
    readonly property string clockText: Qt.formatTime(new Date(row.time), "hh:mm")
    readonly property string stateText: row.failure !== "" ? qsTr("not sent: %1").arg(row.failure)
                                      : row.pending ? qsTr("waiting to be sent") : ""

    width: ListView.view.width
    topPadding: row.isMessage && row.startsGroup ? 10 : 2

    Accessible.role: Accessible.ListItem
    Accessible.name: row.isMessage ? qsTr("%1, %2: %3 %4").arg(row.own ? qsTr("You") : row.author)
                                     .arg(row.clockText).arg(row.body).arg(row.stateText) : row.body

    function dayText(time: double): string {
        const now = Date.now()
        if (Words.isSameDay(time, now))
            return qsTr("Today")
        if (Words.isSameDay(time, now - 24 * 3600 * 1000))
            return qsTr("Yesterday")
        return new Date(time).toLocaleDateString(Qt.locale(), Locale.LongFormat)
    }

    Pill {
        visible: row.startsDay
        width: row.width
        text: row.startsDay ? row.dayText(row.time) : ""
        strong: true
    }
    Pill {
        visible: !row.isMessage
        width: row.width
        text: row.isMessage ? "" : row.body
    }

    Item {
        id: line

        readonly property int side: 16
        readonly property int gutter: row.own ? 0 : 44

        visible: row.isMessage
        width: row.width
        height: bubble.height

        Avatar {
            visible: !row.own && row.endsGroup
            anchors { left: parent.left; leftMargin: line.side; bottom: bubble.bottom }
            size: 34
            name: row.author
        }

        MessageBubble {
            id: bubble
            anchors {
                left: row.own ? undefined : parent.left
                leftMargin: line.side + line.gutter
                right: row.own ? parent.right : undefined
                rightMargin: line.side
            }
            maximumWidth: Math.min(560, line.width - 2 * line.side - line.gutter - 62)
            author: row.author
            body: row.body
            own: row.own
            pending: row.pending
            failed: row.failure !== ""
            jumbo: row.jumbo
            showsAuthor: !row.own && row.startsGroup
            endsGroup: row.endsGroup
        }

        Row {
            id: fate
            visible: row.endsGroup || row.pending || row.failure !== ""
            spacing: 4
            anchors {
                left: row.own ? undefined : bubble.right
                right: row.own ? bubble.left : undefined
                margins: 8
                bottom: bubble.bottom
                bottomMargin: 5
            }

            PlainText {
                anchors.verticalCenter: parent.verticalCenter
                text: row.clockText
                color: Theme.muted
                font.pixelSize: 11
            }
            Icon {
                visible: row.own
                anchors.verticalCenter: parent.verticalCenter
                implicitWidth: 13
                implicitHeight: 13
                name: row.failure !== "" ? "alert" : row.pending ? "clock" : "check"
                color: row.failure !== "" ? Theme.dangerText : row.pending ? Theme.warningDot : Theme.muted
                strokeWidth: 2.4
            }
        }
    }

    PlainText {
        visible: row.failure !== ""
        anchors { right: parent.right; rightMargin: line.side }
        width: Math.min(implicitWidth, row.width - 2 * line.side)
        topPadding: 3
        text: row.failure
        color: Theme.dangerText
        font.pixelSize: Theme.smallSize
        wrapMode: Text.Wrap
    }
    TextButton {
        objectName: "sendAgain"
        visible: row.failure !== "" && row.eventId > 0
        anchors { right: parent.right; rightMargin: line.side }
        text: qsTr("Send again")
        onClicked: (row.ListView.view as MessageView).sendAgainRequested(row.messageId)
    }
}
