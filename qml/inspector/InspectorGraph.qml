// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick

/// Round trips as a line, the latest at the right. Where a connection ended, the line does.
Item {
    id: graph

    /// In ms; -1 is a gap.
    property var samples: []
    /// How many are shown, the latest; with fewer the line begins further right.
    property int capacity: 120
    readonly property var shown: graph.samples.slice(-graph.capacity)
    /// Whether there is a scale; else it is a picture beside others.
    property bool scaled: true
    /// What the upper end stands for, in ms; a round number.
    readonly property real most: {
        const longest = Math.max(1, ...graph.shown)
        const power = Math.pow(10, Math.floor(Math.log10(longest)))
        return [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12].find(step => step * power >= longest * 1.05) * power
    }

    Accessible.role: Accessible.Chart
    Accessible.name: {
        const measured = graph.shown.filter(sample => sample >= 0)
        return measured.length === 0 ? qsTr("Round trips: none yet")
            : qsTr("Round trips: the latest took %1").arg(InspectorStyle.ms(measured[measured.length - 1]))
    }

    onShownChanged: canvas.requestPaint()

    Repeater {
        model: graph.scaled ? [1, 0.5, 0] : []
        delegate: InspectorText {
            required property real modelData
            width: 44
            y: canvas.y + canvas.height * (1 - modelData) - height / 2
            horizontalAlignment: Text.AlignRight
            text: modelData === 0 ? "0" : InspectorStyle.ms(graph.most * modelData)
            color: InspectorStyle.muted
            font.pixelSize: InspectorStyle.smallSize
            Accessible.ignored: true
        }
    }

    Canvas {
        id: canvas

        anchors { fill: parent; leftMargin: graph.scaled ? 52 : 0; topMargin: graph.scaled ? 8 : 1; bottomMargin: graph.scaled ? 8 : 1 }

        function xOf(index: int): real {
            const first = graph.capacity - graph.shown.length
            return (first + index + 0.5) / graph.capacity * canvas.width
        }
        function yOf(sample: real): real {
            return canvas.height * (1 - sample / graph.most)
        }
        /// The samples between gaps, as lists of points.
        function lines(): var {
            const all = [[]]
            graph.shown.forEach((sample, index) => {
                if (sample < 0)
                    all.push([])
                else
                    all[all.length - 1].push({ "x": canvas.xOf(index), "y": canvas.yOf(sample) })
            })
            return all.filter(line => line.length > 0)
        }

        onPaint: {
            const context = canvas.getContext("2d")
            context.reset()
            if (graph.scaled) {
                context.strokeStyle = InspectorStyle.line
                context.lineWidth = 1
                for (const share of [0, 0.25, 0.5, 0.75, 1]) {
                    const y = Math.min(Math.round(canvas.height * share) + 0.5, canvas.height - 0.5)
                    context.beginPath()
                    context.moveTo(0, y)
                    context.lineTo(canvas.width, y)
                    context.stroke()
                }
            }
            for (const line of canvas.lines()) {
                const last = line[line.length - 1]
                context.beginPath()
                line.forEach((point, i) => i === 0 ? context.moveTo(point.x, point.y) : context.lineTo(point.x, point.y))
                context.strokeStyle = InspectorStyle.good
                context.lineWidth = graph.scaled ? 1.75 : 1.25
                context.lineJoin = "round"
                context.stroke()
                context.lineTo(last.x, canvas.height)
                context.lineTo(line[0].x, canvas.height)
                context.closePath()
                context.globalAlpha = 0.15
                context.fillStyle = InspectorStyle.good
                context.fill()
                context.globalAlpha = 1
                context.beginPath()
                context.arc(last.x, last.y, graph.scaled ? 3 : 2, 0, 2 * Math.PI)
                context.fill()
            }
        }
        onWidthChanged: canvas.requestPaint()
        onHeightChanged: canvas.requestPaint()
    }
}
