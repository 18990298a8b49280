// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a received event costs a client, each beside its peers.

import { join } from 'node:path';

import { DrivingCore, MeasuredCore, run, Server } from './processes.mjs';

const { RECEIVER, QML_RECEIVER, SOURCE } = process.env;
const qml = (file) => [QML_RECEIVER, join(SOURCE, 'receivers', file)];

export const receivers = [
    { name: 'C++, nobody listens', dialect: 'dispatch', command: [RECEIVER, 'unheard'] },
    { name: 'C++, handler takes DispatchEvent', dialect: 'dispatch', command: [RECEIVER, 'raw'] },
    { name: 'C++, handler takes QVariantMap', dialect: 'dispatch', command: [RECEIVER, 'variantmap'] },
    { name: 'C++, handler takes QJsonObject', dialect: 'dispatch', command: [RECEIVER, 'jsonobject'] },
    { name: 'C++, DispatchEvent, extended profile', dialect: 'extended', command: [RECEIVER, 'raw'] },
    { name: 'C++, QVariantMap, extended profile', dialect: 'extended', command: [RECEIVER, 'variantmap'] },
    { name: 'QWebSocket alone', dialect: 'dispatch', command: [RECEIVER, 'qwebsocket'] },
    { name: 'ws + JSON.parse', dialect: 'dispatch', command: [process.execPath, 'wsclient.mjs'] },
    { name: 'socket.io-client', dialect: 'socketio', command: [process.execPath, 'socketioclient.mjs'] },
    { name: 'QML, on()', dialect: 'dispatch', command: qml('OnReceiver.qml') },
    { name: 'QML, on(), extended profile', dialect: 'extended', command: qml('OnReceiver.qml') },
    { name: 'QML, EventHandler', dialect: 'dispatch', command: qml('EventHandlerReceiver.qml') },
    { name: 'QML WebSocket + JSON.parse', dialect: 'dispatch', command: qml('WebSocketReceiver.qml') },
].filter(({ command: [program] }) => program);

// CPU us per event.
export async function receive(receiver, { events, warmup }) {
    const sender = await Server.start(DrivingCore,
        [process.env.LOAD, 'replay', '--dialect', receiver.dialect,
            '--events', String(events), '--warmup', String(warmup)]);
    try {
        const result = await run(MeasuredCore, [...receiver.command, sender.url]);
        return result.cpuUs / events;
    } finally {
        await sender.stop();
    }
}
