// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma Singleton

import QtQuick

/// Colours and sizes of all examples, light and dark.
QtObject {
    id: theme

    readonly property bool dark: theme.followsSystem ? theme.systemDark : theme.wantsDark
    property bool followsSystem: true
    property bool wantsDark: false
    // Qt 6.4 does not tell the system's colour scheme, but its palette follows it.
    readonly property bool systemDark: theme.system.window.hslLightness < 0.5
    readonly property SystemPalette system: SystemPalette {}

    readonly property color panel: theme.dark ? "#171a22" : "#ffffff"
    readonly property color canvas: theme.dark ? "#0f1117" : "#eef1f7"
    readonly property color raised: theme.dark ? "#232834" : "#ffffff"
    readonly property color field: theme.dark ? "#232834" : "#f1f3f8"
    readonly property color hover: theme.dark ? "#232834" : "#f1f3f8"
    readonly property color pressed: theme.dark ? "#2d3342" : "#e4e8f1"
    readonly property color line: theme.dark ? "#262b37" : "#e2e6ee"
    readonly property color text: theme.dark ? "#e8ebf3" : "#1a1d29"
    readonly property color muted: theme.dark ? "#98a1b5" : "#5d667b"
    readonly property color accent: theme.dark ? "#5464e8" : "#4453d6"
    readonly property color accentText: theme.dark ? "#9fabff" : "#4453d6"
    readonly property color accentPressed: theme.dark ? "#4c5bd6" : "#3845b8"
    readonly property color accentInk: "#ffffff"
    readonly property color ownPending: theme.dark ? "#343b5e" : "#c9d0f6"
    readonly property color ownPendingText: theme.dark ? "#bcc5f3" : "#39437f"
    readonly property color online: theme.dark ? "#3ecf8e" : "#159a62"
    readonly property color warning: theme.dark ? "#3a2f16" : "#fff2d6"
    readonly property color warningText: theme.dark ? "#f4cd7a" : "#7a4b00"
    readonly property color warningDot: theme.dark ? "#e9a83a" : "#d18a10"
    readonly property color danger: theme.dark ? "#3d1f25" : "#fde5e7"
    readonly property color dangerText: theme.dark ? "#ff9aa5" : "#a31b2d"
    readonly property color good: theme.dark ? "#14332a" : "#ddf5e9"
    readonly property color goodText: theme.dark ? "#79e0b3" : "#0c6b43"
    readonly property color note: theme.dark ? "#1d212c" : "#e2e7f1"

    readonly property int bodySize: 15
    readonly property int smallSize: 12
    readonly property int titleSize: 17
    readonly property int radius: 18

    readonly property list<color> lightHues: [
        "#c2410c", "#b45309", "#4d7c0f", "#047857", "#0f766e",
        "#0369a1", "#1d4ed8", "#6d28d9", "#a21caf", "#be123c"
    ]
    readonly property list<color> darkHues: [
        "#fb923c", "#fbbf24", "#a3e635", "#34d399", "#2dd4bf",
        "#38bdf8", "#7aa2ff", "#b794ff", "#f07af5", "#ff7a93"
    ]

    /// Always the same hue for a name, everywhere: to be written on in white.
    function fillOf(name: string): color {
        return theme.lightHues[theme.hueIndex(name)]
    }

    /// The same as a colour of text.
    function inkOf(name: string): color {
        return theme.inks[theme.hueIndex(name)]
    }

    readonly property list<color> inks: theme.dark ? theme.darkHues : theme.lightHues

    function hueIndex(name: string): int {
        let hash = 0
        // Not 31: of ten hues that leaves the sum of the letters alone, and similar names look alike.
        for (let i = 0; i < name.length; ++i)
            hash = (hash * 37 + name.charCodeAt(i)) >>> 0
        return hash % theme.lightHues.length
    }

    function toggle(): void {
        theme.wantsDark = !theme.dark
        theme.followsSystem = false
    }
}
