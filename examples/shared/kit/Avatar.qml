// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick

/// A person as a coloured disc with initials, and a dot that says whether they are there.
Rectangle {
    id: avatar

    property string name
    property int size: 36
    property bool showsPresence: false
    property bool online: true
    property color ring: Theme.panel

    implicitWidth: avatar.size
    implicitHeight: avatar.size
    radius: avatar.size / 2
    color: Theme.fillOf(avatar.name)

    /// One or two characters that stand for the name.
    function initials(): string {
        const words = avatar.name.split(/[\s._-]+/).filter(word => word.length > 0)
        if (words.length === 0)
            return "?"
        const first = word => String.fromCodePoint(word.codePointAt(0))
        const last = words.length > 1 ? first(words[words.length - 1]) : ""
        return (first(words[0]) + last).toLocaleUpperCase()
    }

    PlainText {
        anchors.centerIn: parent
        text: avatar.initials()
        color: "#ffffff"
        font.pixelSize: Math.round(avatar.size * 0.4)
        font.weight: Font.DemiBold
    }

    Rectangle {
        visible: avatar.showsPresence
        anchors { right: parent.right; bottom: parent.bottom; margins: -2 }
        width: Math.round(avatar.size * 0.36)
        height: width
        radius: width / 2
        color: avatar.online ? Theme.online : Theme.warningDot
        border { width: 2; color: avatar.ring }
    }
}
