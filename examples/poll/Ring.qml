// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// The shares of a whole, as a ring. Changes glide.
Item {
    id: ring

    property var counts: []
    property list<color> tints
    readonly property int total: ring.counts.reduce((sum, count) => sum + count, 0)

    implicitWidth: 184
    implicitHeight: 184
    Accessible.role: Accessible.Chart
    Accessible.name: qsTr("%1 votes").arg(ring.total)

    // What is painted lies between what was shown before and what is to be shown.
    property var before: []
    property var after: []
    property real way: 1
    NumberAnimation {
        id: glide
        target: ring
        property: "way"
        from: 0
        to: 1
        duration: 350
        easing.type: Easing.OutCubic
    }
    function shareNow(i: int): real {
        const from = ring.before[i] ?? 0
        return from + ((ring.after[i] ?? 0) - from) * ring.way
    }
    onCountsChanged: {
        ring.before = ring.counts.map((_, i) => ring.shareNow(i))
        ring.after = ring.counts.map(count => ring.total > 0 ? count / ring.total : 0)
        glide.restart()
    }
    onWayChanged: canvas.requestPaint()
    onTintsChanged: canvas.requestPaint()

    Canvas {
        id: canvas
        readonly property color track: Theme.pressed
        anchors.fill: parent
        onTrackChanged: canvas.requestPaint()
        onPaint: {
            const context = canvas.getContext("2d")
            const thickness = 22
            const centre = canvas.width / 2
            const radius = centre - thickness / 2 - 1
            const arc = (from, to, tint) => {
                context.strokeStyle = tint
                context.beginPath()
                context.arc(centre, centre, radius, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI)
                context.stroke()
            }
            context.reset()
            context.lineWidth = thickness
            arc(0, 1, canvas.track)
            const gap = ring.counts.filter(count => count > 0).length > 1 ? 0.006 : 0
            let at = 0
            for (let i = 0; i < ring.counts.length; ++i) {
                const share = ring.shareNow(i)
                if (share > 2 * gap)
                    arc(at + gap, at + share - gap, ring.tints[i])
                at += share
            }
        }
    }
    Column {
        anchors.centerIn: parent
        PlainText {
            objectName: "total"
            anchors.horizontalCenter: parent.horizontalCenter
            text: ring.total
            font { pixelSize: 44; weight: Font.Bold }
        }
        PlainText {
            anchors.horizontalCenter: parent.horizontalCenter
            text: ring.total === 1 ? qsTr("vote") : qsTr("votes")
            color: Theme.muted
        }
    }
}
