// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch
import "text.js" as Words

/// One person in one room: all that the chat says to the server and hears from it. Has no looks.
QtObject {
    id: room

    property alias url: room.client.url
    property alias project: room.client.projectId
    property alias roomName: room.client.shardName
    property string userName
    /// Stays the same over reconnects, unlike the client id.
    readonly property string person: Words.newId()

    readonly property MessageModel messages: MessageModel {}
    readonly property bool joined: room.client.active
    readonly property bool online: room.client.state === DispatchClient.Connected
    property bool wasOnline: false
    /// Who writes just now, except oneself: [{person, name, until}]
    property var typists: []
    readonly property int queued: room.client.queuedEvents

    /// Something new to read came in.
    signal received(author: string, body: string)

    function join(name: string, shardName: string): void {
        room.userName = Words.cleanName(name)
        room.roomName = shardName.trim()
        room.messages.clear()
        room.known = null
        room.wasOnline = false
        room.client.active = true
    }

    function leave(): void {
        room.client.active = false
        room.typists = []
    }

    function retryNow(): void {
        room.client.retryNow()
    }

    function send(text: string): bool {
        const body = Words.cleanBody(text)
        if (body === "")
            return false
        const id = Words.newId()
        room.messages.addOwn(id, room.person, room.userName, body)
        room.lastHint = 0
        const status = room.client.emitEvent("message", {
            "id": id, "person": room.person, "author": room.userName, "body": body
        }, { "tag": id })
        if (status === DispatchClient.Refused)
            room.messages.fail(id, room.client.errorString, 0)
        return true
    }

    function sendAgain(id: string): void {
        const eventId = room.messages.restart(id)
        if (!room.client.pendingEvents.retry(eventId))
            room.messages.fail(id, qsTr("This can't be sent any more"), 0)
    }

    /// Tells the others that something is being written; not more often than they need to know.
    function hintTyping(): void {
        const now = Date.now()
        if (!room.online || now - room.lastHint < room.hintInterval)
            return
        room.lastHint = now
        room.client.emitEvent("typing", { "person": room.person, "name": room.userName },
                              { "ifDelayed": DispatchEmitOptions.Drop })
    }

    // Below: how it is done.

    readonly property int hintInterval: 2000
    readonly property int hintLifetime: 4500
    readonly property int tellers: 3
    readonly property int earlierLimit: 20
    readonly property int maxAskers: 50
    /// Who asked what was said before we knew our place among those who answer.
    property var askers: []
    property double lastHint: 0
    /// Who was there when we last looked: {person: name}; null before the first look.
    property var known: null

    readonly property DispatchClient client: DispatchClient {
        userInfo: ({ "name": room.userName, "person": room.person })
        maxConnectionsPerShard: 50
        allowInsecure: true // for --host in a local network; a server on the Internet has wss://
        reconnect { minDelay: 500; maxDelay: 8000 }
        queue { maxMessages: 200; overflow: DispatchQueuePolicy.Reject }

        onConnected: info => {
            // Where the session goes on, nothing was missed, and nobody has seen anything.
            if (info.recovered)
                return
            if (room.wasOnline)
                room.messages.addNote(qsTr("You are back"))
            room.wasOnline = true
            room.client.emitEvent("catch-up", { "clientId": info.clientId })
        }
        onConnectedClientsChanged: room.lookAround()

        EventHandler {
            eventName: "message"
            onTriggered: payload => room.hear(payload)
        }
        EventHandler {
            eventName: "catch-up"
            onTriggered: payload => room.tell(Words.cleanId(payload.clientId))
        }
        EventHandler {
            eventName: "earlier"
            onTriggered: payload => room.learn(payload.messages)
        }
        EventHandler {
            eventName: "typing"
            onTriggered: payload => {
                const name = Words.cleanName(payload.name)
                const person = Words.cleanId(payload.person)
                if (name !== "" && person !== room.person)
                    room.setTypist(person, name, Date.now() + room.hintLifetime)
            }
        }
    }

    /// Messages that fail: the events on their way whose tag is the id of one.
    readonly property Connections fates: Connections {
        target: room.client.pendingEvents
        function onRowsInserted(parent: var, first: int, last: int): void { room.noteFates(first, last) }
        function onDataChanged(first: var, last: var): void { room.noteFates(first.row, last.row) }
    }

    function noteFates(first: int, last: int): void {
        const events = room.client.pendingEvents
        for (let row = first; row <= last; ++row) {
            const value = role => events.data(events.index(row, 0), role)
            const tag = value(DispatchPendingEventsModel.TagRole)
            const eventId = value(DispatchPendingEventsModel.EventIdRole)
            const status = value(DispatchPendingEventsModel.StatusRole)
            if (status === DispatchPendingEventsModel.Failed)
                room.messages.fail(tag, value(DispatchPendingEventsModel.ErrorRole).message, eventId)
            else if (status === DispatchPendingEventsModel.Uncertain)
                room.messages.fail(tag, qsTr("This may not have arrived"), eventId)
        }
    }

    readonly property Timer prune: Timer {
        interval: 500
        repeat: true
        running: room.typists.length > 0
        onTriggered: {
            const now = Date.now()
            room.typists = room.typists.filter(typist => typist.until > now)
        }
    }

    function hear(payload: var): void {
        const body = Words.cleanBody(payload.body)
        const id = Words.cleanId(payload.id)
        const person = Words.cleanId(payload.person)
        if (body === "" || id === "")
            return
        const author = Words.cleanName(payload.author) || qsTr("Somebody")
        room.setTypist(person, "", 0)
        room.noteArrival(person, author)
        if (room.messages.addReceived(id, person, author, body))
            room.received(author, body)
    }

    /// Who speaks is here, even if the list of people, which waits a little, does not say so yet.
    function noteArrival(person: string, name: string): void {
        if (!room.known || person === "" || person === room.person || person in room.known)
            return
        room.known[person] = name
        room.messages.addNote(qsTr("%1 joined").arg(name))
    }

    /// Somebody came, or came back, and asks what was said. A few who are there answer: one might not
    /// know how to, and who asked knows messages by their ids.
    function tell(asker: string): void {
        if (asker === room.client.clientId)
            return
        const others = room.client.connectedClients.filter(client => client.clientId !== asker)
        const place = others.findIndex(client => client.clientId === room.client.clientId)
        // Who has just come finds his place in the next list, and answers then.
        if (place < 0 && room.askers.length < room.maxAskers)
            room.askers.push(asker)
        if (place >= 0 && place < room.tellers)
            room.client.emitEvent("earlier", { "messages": room.messages.latest(room.earlierLimit) }, [asker])
    }

    function learn(earlier: var): void {
        if (!Array.isArray(earlier))
            return
        for (const said of earlier.slice(0, room.earlierLimit)) {
            const body = Words.cleanBody(said?.body)
            const id = Words.cleanId(said?.id)
            if (body !== "" && id !== "") {
                const person = Words.cleanId(said.person)
                room.messages.addEarlier(id, person, Words.cleanName(said.author) || qsTr("Somebody"), body,
                                         Words.cleanTime(said.time), person === room.person)
            }
        }
    }

    function setTypist(person: string, name: string, until: double): void {
        const others = room.typists.filter(typist => typist.person !== person)
        if (until > 0 && others.length < 20)
            others.push({ "person": person, "name": name, "until": until })
        if (until > 0 || others.length !== room.typists.length)
            room.typists = others
    }

    /// Notes who came and who went since the last time.
    function lookAround(): void {
        if (!room.online)
            return
        const present = {}
        for (const client of room.client.connectedClients) {
            const name = Words.cleanName(client.userInfo.name)
            if (!client.isSelf && name !== "")
                present[Words.cleanId(client.userInfo.person) || client.clientId] = name
        }
        if (room.known) {
            for (const person of Object.keys(present)) {
                if (!(person in room.known))
                    room.messages.addNote(qsTr("%1 joined").arg(present[person]))
            }
            for (const person of Object.keys(room.known)) {
                if (!(person in present)) {
                    room.setTypist(person, "", 0)
                    room.messages.addNote(qsTr("%1 left").arg(room.known[person]))
                }
            }
        }
        room.known = present
        const askers = room.askers
        room.askers = []
        askers.forEach(asker => room.tell(asker))
    }
}
