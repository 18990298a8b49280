// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT
.pragma library

// The board is so large, whatever the size of the window that shows it.
const width = 1600
const height = 1000
const maxPoints = 1000
const maxStrokes = 1000
const thicknesses = [5, 12, 26]
const colours = 6

// What others send is untrusted: anything may be missing, of another type, or far too much.

function clamped(value, maximum) {
    return typeof value === "number" && value >= 0 ? Math.min(Math.round(value * 10) / 10, maximum) : 0
}

/// [x, y, x, y...], or nothing.
function cleanPoints(value) {
    if (!Array.isArray(value) || value.length === 0 || value.length > 2 * maxPoints || value.length % 2 !== 0)
        return null
    return value.map((number, i) => clamped(number, i % 2 === 0 ? width : height))
}

/// {id, colour, thickness, points}, or nothing.
function cleanStroke(value) {
    const points = cleanPoints(value?.points)
    if (!points || typeof value.id !== "string" || value.id === "")
        return null
    return {
        "id": value.id.slice(0, 64),
        "colour": clamped(value.colour, colours - 1),
        "thickness": clamped(value.thickness, thicknesses[2]) || thicknesses[0],
        "points": points
    }
}

function newId() {
    return Date.now().toString(36) + Math.random().toString(36).slice(2)
}

/// Draws through the middles between points, so that corners become curves.
function draw(context, stroke, colour) {
    const points = stroke.points
    context.strokeStyle = colour
    context.lineWidth = stroke.thickness
    context.lineCap = "round"
    context.lineJoin = "round"
    context.beginPath()
    context.moveTo(points[0], points[1])
    for (let i = 2; i + 3 < points.length; i += 2) {
        context.quadraticCurveTo(points[i], points[i + 1],
                                 (points[i] + points[i + 2]) / 2, (points[i + 1] + points[i + 3]) / 2)
    }
    // A dot is a line to where it began.
    context.lineTo(points[points.length - 2] + (points.length === 2 ? 0.1 : 0), points[points.length - 1])
    context.stroke()
}
