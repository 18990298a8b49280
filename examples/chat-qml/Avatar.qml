// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import "text.js" as Words

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
    color: Theme.lightHues[Words.hueIndex(avatar.name, Theme.lightHues.length)]

    ChatText {
        anchors.centerIn: parent
        text: Words.initials(avatar.name)
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
