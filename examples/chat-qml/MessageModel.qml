// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import "text.js" as Words

/// The conversation as it is shown: messages in the order in which the server gave them out, then
/// one's own that wait for their echo. Knows what belongs together and where a day begins.
ListModel {
    id: messages

    readonly property int limit: 500
    readonly property int groupGap: 5 * 60 * 1000

    /// What was typed here and has not come back yet.
    function addOwn(id: string, person: string, author: string, body: string): void {
        messages.append(messages.row("message", id, person, author, body, true))
        messages.settle(messages.count - 1)
    }

    /// A message from the server. True if it is news: not the echo of one's own, not a repetition.
    function addReceived(id: string, person: string, author: string, body: string): bool {
        const known = messages.find(id)
        if (known >= 0) {
            messages.confirm(known)
            return false
        }
        messages.insertSettled(messages.row("message", id, person, author, body, false))
        return true
    }

    /// A message that was sent while this one was away; goes where its time puts it.
    function addEarlier(id: string, person: string, author: string, body: string, time: double, own: bool): void {
        const known = messages.find(id)
        if (known >= 0) {
            messages.confirm(known)
            return
        }
        const row = messages.row("message", id, person, author, body, own)
        row.pending = false
        row.time = time
        let at = messages.firstPending()
        while (at > 0 && messages.get(at - 1).time > time)
            --at
        messages.insert(at, row)
        messages.settle(at)
    }

    /// The last messages, for somebody who was not there.
    function latest(most: int): var {
        const said = []
        for (let i = messages.firstPending() - 1; i >= 0 && said.length < most; --i) {
            const row = messages.get(i)
            if (row.kind === "message" && row.failure === "")
                said.unshift({ "id": row.messageId, "person": row.person, "author": row.author,
                               "body": row.body, "time": row.time })
        }
        return said
    }

    /// A line that nobody said: who came, who went.
    function addNote(body: string): void {
        messages.insertSettled(messages.row("note", "", "", "", body, false))
    }

    /// A message that will not arrive, or may not; its event can be sent again, unless it is 0.
    function fail(id: string, reason: string, eventId: double): void {
        const at = messages.find(id)
        if (at < 0 || !messages.get(at).pending)
            return
        messages.setProperty(at, "pending", false)
        messages.setProperty(at, "failure", reason)
        messages.setProperty(at, "eventId", eventId)
    }

    /// A message that failed is on its way again. Gives the event that it was.
    function restart(id: string): double {
        const at = messages.find(id)
        if (at < 0 || messages.get(at).failure === "")
            return 0
        messages.setProperty(at, "failure", "")
        messages.setProperty(at, "pending", true)
        messages.setProperty(at, "time", Date.now())
        messages.move(at, messages.count - 1, 1)
        messages.settle(at)
        messages.settle(messages.count - 1)
        return messages.get(messages.count - 1).eventId
    }

    function find(id: string): int {
        for (let i = messages.count - 1; i >= 0; --i) {
            if (messages.get(i).messageId === id && id !== "")
                return i
        }
        return -1
    }

    function row(kind: string, id: string, person: string, author: string, body: string, own: bool): var {
        return {
            "kind": kind, "messageId": id, "person": person, "author": author, "body": body,
            "time": Date.now(), "own": own, "pending": own, "failure": "", "eventId": 0,
            "startsDay": false, "startsGroup": true, "endsGroup": true
        }
    }

    function confirm(at: int): void {
        if (!messages.get(at).pending && messages.get(at).failure === "")
            return
        messages.setProperty(at, "pending", false)
        messages.setProperty(at, "failure", "")
        messages.setProperty(at, "time", Date.now())
        // Others' messages came in before it while it waited; it takes its place behind them.
        const place = messages.firstPending()
        if (place < at)
            messages.move(at, place, 1)
        messages.settle(place < at ? place : at)
    }

    function firstPending(): int {
        for (let i = 0; i < messages.count; ++i) {
            if (messages.get(i).pending)
                return i
        }
        return messages.count
    }

    function insertSettled(row: var): void {
        const at = messages.firstPending()
        messages.insert(at, row)
        messages.settle(at)
    }

    function settle(at: int): void {
        for (let i = at - 1; i <= at + 1; ++i)
            messages.regroup(i)
        if (messages.count > messages.limit) {
            messages.remove(0, messages.count - messages.limit)
            messages.regroup(0)
        }
    }

    function regroup(at: int): void {
        if (at < 0 || at >= messages.count)
            return
        const row = messages.get(at)
        const before = at > 0 ? messages.get(at - 1) : null
        const after = at + 1 < messages.count ? messages.get(at + 1) : null
        messages.setProperty(at, "startsDay", !before || !Words.isSameDay(before.time, row.time))
        messages.setProperty(at, "startsGroup", !messages.continues(before, row))
        messages.setProperty(at, "endsGroup", !messages.continues(row, after))
    }

    function continues(first: var, second: var): bool {
        return first !== null && second !== null && first.kind === "message" && second.kind === "message"
            && first.person === second.person && first.own === second.own
            && second.time - first.time < messages.groupGap && Words.isSameDay(first.time, second.time)
    }
}
