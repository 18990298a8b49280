// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleKit
import "text.js" as Words

/// Where one writes. Enter sends, Shift+Enter begins a new line.
Rectangle {
    id: composer

    property alias input: input
    readonly property int limit: Words.bodyLimit()
    readonly property int remaining: composer.limit - input.length
    readonly property bool canSend: input.text.trim() !== "" && composer.remaining >= 0

    signal edited()
    /// The receiver says whether it took the text.
    signal submitted(text: string)

    function submit(): void {
        if (!composer.canSend)
            return
        composer.submitted(input.text)
        input.clear()
    }

    function type(text: string): void {
        input.forceActiveFocus()
        input.insert(input.cursorPosition, text)
    }

    implicitHeight: line.implicitHeight + 20
    color: Theme.panel

    Rectangle {
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: 1
        color: Theme.line
    }

    RowLayout {
        id: line
        anchors { fill: parent; margins: 10; leftMargin: 12; rightMargin: 12 }
        spacing: 8

        Rectangle {
            Layout.fillWidth: true
            implicitHeight: Math.max(44, scroll.implicitHeight)
            radius: 22
            color: Theme.field
            border { width: input.activeFocus ? 2 : 1; color: input.activeFocus ? Theme.accent : Theme.line }

            RowLayout {
                anchors { fill: parent; leftMargin: 4; rightMargin: 14 }
                spacing: 0

                IconButton {
                    id: emojiButton
                    Layout.alignment: Qt.AlignBottom
                    Layout.bottomMargin: 2
                    objectName: "emojiButton"
                    text: qsTr("Insert an emoji")
                    iconName: "smile"
                    onClicked: picker.open()

                    EmojiPicker {
                        id: picker
                        y: -height - 10
                        onPicked: emoji => composer.type(emoji)
                    }
                }
                ScrollView {
                    id: scroll
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    // One line is as high as the buttons; six at most.
                    implicitHeight: Math.min(input.implicitHeight, 152)
                    ScrollBar.horizontal.policy: ScrollBar.AlwaysOff

                    TextArea {
                        id: input
                        objectName: "composer"
                        topPadding: 12
                        bottomPadding: 12
                        leftPadding: 4
                        rightPadding: 4
                        textFormat: TextEdit.PlainText
                        wrapMode: TextEdit.Wrap
                        selectByMouse: true
                        color: Theme.text
                        placeholderText: qsTr("Message")
                        placeholderTextColor: Theme.muted
                        selectionColor: Theme.accent
                        selectedTextColor: Theme.accentInk
                        font.pixelSize: Theme.bodySize
                        background: null
                        focus: true
                        KeyNavigation.priority: KeyNavigation.BeforeItem
                        KeyNavigation.tab: sendButton
                        KeyNavigation.backtab: emojiButton
                        Accessible.name: qsTr("Message")
                        onTextChanged: if (input.text !== "") composer.edited()
                        Keys.onPressed: event => {
                            const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter
                            if (!enter || event.modifiers & Qt.ShiftModifier)
                                return
                            event.accepted = true
                            composer.submit()
                        }
                    }
                }
                PlainText {
                    visible: composer.remaining < 200
                    text: String(composer.remaining)
                    color: composer.remaining < 0 ? Theme.dangerText : Theme.muted
                    font { pixelSize: Theme.smallSize; weight: Font.DemiBold }
                    Accessible.name: qsTr("%1 characters left").arg(composer.remaining)
                }
            }
        }

        IconButton {
            id: sendButton
            Layout.alignment: Qt.AlignBottom
            objectName: "sendButton"
            implicitWidth: 44
            implicitHeight: 44
            text: qsTr("Send")
            iconName: "send"
            filled: true
            enabled: composer.canSend
            onClicked: composer.submit()
        }
    }
}
