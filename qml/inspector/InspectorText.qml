// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick

/// Text that nothing in it can turn into anything else.
Text {
    textFormat: Text.PlainText
    color: InspectorStyle.text
    font { family: InspectorStyle.mono; pixelSize: InspectorStyle.bodySize }
    elide: Text.ElideRight
}
