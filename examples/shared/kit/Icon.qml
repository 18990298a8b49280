// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick

/// A line drawing of 24 by 24 units, in any size and colour.
Canvas {
    id: icon

    property string name
    property color color: Theme.muted
    property real strokeWidth: 2

    readonly property var paths: ({
        "send": "M4 12 L20 4 L14.5 20 L11 13.2 Z M11 13.2 L20 4",
        "people": "M9 11 A3.5 3.5 0 1 0 9 4 A3.5 3.5 0 1 0 9 11 Z M2.5 20 C2.5 16 5 14 9 14 C13 14 15.5 16 15.5 20 M16 4.4 A3.3 3.3 0 0 1 16 10.7 M18.3 14.6 C20.4 15.4 21.5 17.2 21.5 20",
        "sun": "M12 16.5 A4.5 4.5 0 1 0 12 7.5 A4.5 4.5 0 1 0 12 16.5 Z M12 2 V4 M12 20 V22 M2 12 H4 M20 12 H22 M5 5 L6.4 6.4 M17.6 17.6 L19 19 M5 19 L6.4 17.6 M17.6 6.4 L19 5",
        "moon": "M20 14.2 A8.2 8.2 0 1 1 9.8 4 A6.6 6.6 0 0 0 20 14.2 Z",
        "smile": "M12 21 A9 9 0 1 0 12 3 A9 9 0 1 0 12 21 Z M8 14 C9 16.2 10.5 17 12 17 C13.5 17 15 16.2 16 14 M9 9.4 V9.6 M15 9.4 V9.6",
        "down": "M12 5 V18.5 M6 12.5 L12 18.5 L18 12.5",
        "clock": "M12 21 A9 9 0 1 0 12 3 A9 9 0 1 0 12 21 Z M12 7 V12 L15.5 14",
        "check": "M5 12.5 L10 17.5 L19.5 7",
        "alert": "M12 21 A9 9 0 1 0 12 3 A9 9 0 1 0 12 21 Z M12 7.5 V13 M12 16.4 V16.6",
        "link": "M10 14 L14 10 M11.5 7 L13.8 4.7 A3.9 3.9 0 0 1 19.3 10.2 L17 12.5 M12.5 17 L10.2 19.3 A3.9 3.9 0 0 1 4.7 13.8 L7 11.5",
        "leave": "M10 4 H6 C4.9 4 4 4.9 4 6 V18 C4 19.1 4.9 20 6 20 H10 M15 7.5 L19.5 12 L15 16.5 M9.5 12 H19.5",
        "chat": "M5 5 H19 C20.1 5 21 5.9 21 7 V15 C21 16.1 20.1 17 19 17 H12 L7 21 V17 H5 C3.9 17 3 16.1 3 15 V7 C3 5.9 3.9 5 5 5 Z M8 9.5 H16 M8 12.7 H13",
        "retry": "M19.5 12 A7.5 7.5 0 1 1 17 6.4 L19.5 8.6 M19.5 4 V8.6 H15"
    })

    implicitWidth: 20
    implicitHeight: 20
    onColorChanged: icon.requestPaint()
    onNameChanged: icon.requestPaint()
    onPaint: {
        const context = icon.getContext("2d")
        context.reset()
        context.scale(icon.width / 24, icon.height / 24)
        context.strokeStyle = icon.color
        context.lineWidth = icon.strokeWidth
        context.lineCap = "round"
        context.lineJoin = "round"
        context.path = icon.paths[icon.name] ?? ""
        context.stroke()
    }
}
