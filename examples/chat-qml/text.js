// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT
.pragma library

// What others send is untrusted: anything may be missing, of another type, or far too long.

const maxNameLength = 32
const maxBodyLength = 4000

// Characters that could turn or hide the text beside them: controls, bidi overrides, isolates.
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

function cleanName(value) {
    if (typeof value !== "string")
        return ""
    return cut(value.replace(hidden, "").replace(/[\u0300-\u036f]{3,}/g, "").trim(), maxNameLength)
}

function cleanBody(value) {
    if (typeof value !== "string")
        return ""
    const text = value.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ")
    return cut(text.replace(/^\s+|\s+$/g, ""), maxBodyLength)
}

function cleanId(value) {
    return typeof value === "string" ? value.slice(0, 64) : ""
}

// Nothing comes from the future.
function cleanTime(value) {
    const now = Date.now()
    return typeof value === "number" && value > 0 && value < now ? value : now
}

// The first `length` UTF-16 units of `text`, without half a character at the end.
function cut(text, length) {
    if (text.length <= length)
        return text
    const last = text.charCodeAt(length - 1)
    return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length)
}

// Qt 6.4's Array.from() would cut what lies outside of the basic plane in two.
function characters(text) {
    const list = []
    for (const character of text)
        list.push(character)
    return list
}

// A few emoji and nothing else: shown large.
function isEmojiOnly(text) {
    const all = characters(text)
    return all.length > 0 && all.length <= 8 && all.every(character => {
        const code = character.codePointAt(0)
        return code >= 0x1f000 && code <= 0x1faff || code >= 0x2600 && code <= 0x27bf
            || code === 0x200d || code === 0xfe0f
    })
}

function isSameDay(a, b) {
    return new Date(a).toDateString() === new Date(b).toDateString()
}

function newId() {
    return "xxxxxxxxxxxx4xxxyxxxxxxxxxxxxxxx".replace(/[xy]/g, c => {
        const random = Math.random() * 16 | 0
        return (c === "x" ? random : random & 0x3 | 0x8).toString(16)
    })
}

function bodyLimit() {
    return maxBodyLength
}
