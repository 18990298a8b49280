// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Dispatch.Inspector

/// What passed, a line each; one that is chosen is shown whole.
ColumnLayout {
    id: page

    required property DispatchInspector inspector
    /// Of the frame that was chosen. It stays when the row is gone.
    property string chosen
    property string chosenText

    spacing: 0

    RowLayout {
        Layout.fillWidth: true
        Layout.margins: InspectorStyle.gap
        spacing: InspectorStyle.gap

        TextField {
            objectName: "filter"
            Layout.fillWidth: true
            implicitHeight: 24
            topPadding: 0
            bottomPadding: 0
            leftPadding: InspectorStyle.gap
            placeholderText: qsTr("Filter: a name, a client, any text")
            placeholderTextColor: InspectorStyle.muted
            color: InspectorStyle.text
            font { family: InspectorStyle.mono; pixelSize: InspectorStyle.smallSize }
            verticalAlignment: TextInput.AlignVCenter
            selectByMouse: true
            maximumLength: 100
            Accessible.name: qsTr("Filter of the frames")
            onTextChanged: page.inspector.frames.filter = text
            background: Rectangle {
                radius: 4
                color: InspectorStyle.raised
                border { width: parent.activeFocus ? 2 : 1; color: parent.activeFocus ? InspectorStyle.accent : InspectorStyle.line }
            }
        }
        InspectorButton {
            objectName: "routineButton"
            text: qsTr("No pings")
            description: qsTr("Hide pings and acknowledgements")
            checkable: true
            checked: !page.inspector.frames.routine
            onToggled: page.inspector.frames.routine = !checked
        }
    }

    InspectorList {
        id: list

        objectName: "frames"
        Layout.fillWidth: true
        Layout.fillHeight: true
        model: page.inspector.frames
        emptyText: page.inspector.frames.filter !== "" ? qsTr("No frame has “%1” in it.").arg(page.inspector.frames.filter)
                                                       : qsTr("Nothing was sent or heard yet.")
        Accessible.name: qsTr("Frames")

        delegate: ItemDelegate {
            id: row

            required property int index
            required property date time
            required property int direction
            required property int kind
            required property string name
            required property string note
            // Not "text", which the delegate has.
            required property var model
            required property int bytes
            required property string summary

            width: ListView.view.width
            height: 22
            padding: 0
            hoverEnabled: true
            Accessible.name: row.summary
            onClicked: {
                list.currentIndex = row.index
                page.chosen = row.summary
                page.chosenText = row.model.text
            }

            background: Rectangle {
                color: row.visualFocus || page.chosen === row.summary ? InspectorStyle.hover
                     : row.hovered ? InspectorStyle.raised : "transparent"
            }
            contentItem: RowLayout {
                spacing: InspectorStyle.gap

                InspectorText {
                    Layout.leftMargin: InspectorStyle.gap
                    text: InspectorStyle.time(row.time)
                    color: InspectorStyle.muted
                    font.pixelSize: InspectorStyle.smallSize
                }
                InspectorText {
                    Layout.preferredWidth: 10
                    text: row.direction === InspectorFrames.Sent ? "↑" : row.direction === InspectorFrames.Heard ? "↓" : "×"
                    color: InspectorStyle.ofDirection(row.direction)
                    font.bold: true
                }
                InspectorText {
                    Layout.maximumWidth: row.width * 0.45
                    text: row.name
                    color: InspectorStyle.ofKind(row.kind)
                    font.bold: row.kind === InspectorFrames.Event
                }
                InspectorText {
                    Layout.fillWidth: true
                    text: row.note !== "" ? row.note : row.direction === InspectorFrames.None ? row.model.text : ""
                    color: InspectorStyle.muted
                    font.pixelSize: InspectorStyle.smallSize
                }
                InspectorText {
                    Layout.rightMargin: 2 * InspectorStyle.gap
                    visible: row.bytes > 0
                    text: InspectorStyle.size(row.bytes)
                    color: InspectorStyle.muted
                    font.pixelSize: InspectorStyle.smallSize
                }
            }
        }
    }

    Rectangle {
        objectName: "chosenFrame"
        Layout.fillWidth: true
        Layout.preferredHeight: Math.min(page.height * 0.4, whole.implicitHeight + head.height + 3 * InspectorStyle.gap)
        visible: page.chosen !== ""
        color: InspectorStyle.raised

        RowLayout {
            id: head
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: InspectorStyle.gap }
            InspectorText {
                Layout.fillWidth: true
                text: page.chosen
                color: InspectorStyle.muted
                font.pixelSize: InspectorStyle.smallSize
            }
            InspectorButton {
                text: "×"
                description: qsTr("Close the frame")
                onClicked: page.chosen = ""
            }
        }
        ScrollView {
            anchors { left: parent.left; right: parent.right; top: head.bottom; bottom: parent.bottom; margins: InspectorStyle.gap }
            clip: true
            ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
            TextArea {
                id: whole
                padding: 0
                readOnly: true
                selectByMouse: true
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.WrapAnywhere
                text: page.chosenText !== "" ? page.chosenText : qsTr("It has no text.")
                color: InspectorStyle.text
                font { family: InspectorStyle.mono; pixelSize: InspectorStyle.bodySize }
                background: null
                Accessible.name: qsTr("Text of the frame")
            }
        }
    }
}
