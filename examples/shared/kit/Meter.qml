// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick

/// A part of a whole, as a bar. Changes glide.
Rectangle {
    id: meter

    /// From 0 to 1.
    property real share: 0
    property color tint: Theme.accent

    implicitHeight: 6
    radius: height / 2
    color: Theme.field

    Rectangle {
        // Never narrower than its own corners.
        width: meter.share > 0 ? Math.max(height, meter.width * meter.share) : 0
        height: meter.height
        radius: meter.radius
        color: meter.tint
        Behavior on width { NumberAnimation { duration: 350; easing.type: Easing.OutCubic } }
    }
}
