// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// What somebody said. Its text can be selected and copied.
Item {
    id: bubble

    property string author
    property string body
    property bool own
    property bool pending
    property bool failed
    property bool jumbo
    property bool showsAuthor
    property bool endsGroup
    property real maximumWidth: 400

    readonly property real padding: bubble.jumbo ? 2 : 13
    readonly property color fill: bubble.jumbo ? "transparent"
                                : bubble.failed ? Theme.danger
                                : !bubble.own ? Theme.raised
                                : bubble.pending ? Theme.ownPending : Theme.accent

    // Whole numbers: the corner piece below must not miss its place by half a pixel.
    implicitWidth: Math.min(Math.floor(bubble.maximumWidth), 2 * bubble.padding
                            + Math.ceil(Math.max(words.implicitWidth, name.visible ? name.implicitWidth : 0)))
    implicitHeight: Math.ceil(content.height) + (bubble.jumbo ? 4 : 17)
    width: implicitWidth
    height: implicitHeight

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: bubble.fill
    }
    // The corner next to the one who speaks is sharper on the last bubble of a group.
    Rectangle {
        visible: bubble.endsGroup && !bubble.jumbo
        x: bubble.own ? parent.width - width : 0
        y: parent.height - height
        width: Theme.radius + radius
        height: width
        radius: 5
        color: bubble.fill
    }

    Column {
        id: content
        y: bubble.jumbo ? 2 : 8
        x: bubble.padding
        width: bubble.width - 2 * bubble.padding
        spacing: 2

        PlainText {
            id: name
            visible: bubble.showsAuthor
            width: parent.width
            text: bubble.author
            color: Theme.inkOf(bubble.author)
            font { pixelSize: 13; weight: Font.DemiBold }
            elide: Text.ElideRight
        }
        TextEdit {
            id: words
            width: parent.width
            text: bubble.body
            textFormat: TextEdit.PlainText
            readOnly: true
            selectByMouse: true
            wrapMode: TextEdit.Wrap
            color: bubble.failed ? Theme.dangerText : !bubble.own ? Theme.text
                 : bubble.pending ? Theme.ownPendingText : Theme.accentInk
            selectionColor: bubble.own ? Theme.accentInk : Theme.accent
            selectedTextColor: bubble.own ? Theme.accent : Theme.accentInk
            font.pixelSize: bubble.jumbo ? 38 : Theme.bodySize
            activeFocusOnTab: false
            onActiveFocusChanged: if (!words.activeFocus) words.deselect()
        }
    }
}
