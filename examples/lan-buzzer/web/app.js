// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A player in a browser. All that it needs is a WebSocket: docs/protocol.md has the messages.

const find = id => document.getElementById(id);
const Project = 'buzzer';
const RetryDelay = 1000; // ms

let socket;
let clientId = '';
let hostId = '';
let state = { round: 0, order: [] };

function connect(name, code) {
    // The page came from the server, which is where the WebSocket goes, too.
    const url = new URL(`ws://${location.host}/`);
    url.searchParams.set('projectId', Project);
    url.searchParams.set('shardName', code);
    socket = new WebSocket(url);
    socket.onopen = () => emit('@@KOJI_DISPATCH/SET_USER_INFO', { name });
    socket.onmessage = message => hear(JSON.parse(message.data), code);
    socket.onclose = () => {
        clientId = '';
        hostId = '';
        state = { round: 0, order: [] };
        show('Connection lost – trying again…');
        setTimeout(() => connect(name, code), RetryDelay * (1 + Math.random()));
    };
}

function emit(eventName, payload) {
    socket.send(JSON.stringify({ eventName, payload }));
}

function hear({ eventName, payload, from }, code) {
    if (eventName === '@@KOJI_DISPATCH/CONNECTED') {
        clientId = payload.clientId;
        show(`No host has the code ${code}`);
        return;
    }
    // The host speaks to everybody who comes. What others say after that is nothing to us.
    hostId ||= eventName === 'state' ? from : '';
    if (eventName === 'state' && from === hostId && Array.isArray(payload.order)) {
        state = payload;
        show(`Round ${Number(state.round)}`);
    }
}

function show(status) {
    const place = state.order.findIndex(one => one.clientId === clientId);
    find('status').textContent = status;
    find('buzzer').disabled = state.round === 0 || place >= 0;
    find('buzzer').className = place === 0 ? 'first' : '';
    find('buzzer').textContent = place === 0 ? 'First!' : place > 0 ? `Place ${place + 1}` : 'Buzz';
    // Names are others' words: text, never markup.
    find('ranking').replaceChildren(...state.order.map((one, i) => {
        const row = document.createElement('li');
        const name = document.createElement('span');
        const behind = document.createElement('small');
        name.textContent = one.clientId === clientId ? `${one.name} (you)` : one.name;
        behind.textContent = i === 0 ? 'first' : `+${Number(one.behind)} ms`;
        row.append(name, behind);
        return row;
    }));
}

// The QR code leads to .../#CODE: what is behind # stays in the browser.
find('code').value = location.hash.slice(1, 5);
find('join').addEventListener('submit', event => {
    event.preventDefault();
    const name = find('name').value.trim();
    find('title').textContent = name;
    find('join').hidden = true;
    find('game').hidden = false;
    connect(name, find('code').value.trim().toUpperCase());
});
// When it is pressed, not when it is let go: milliseconds count.
find('buzzer').addEventListener('pointerdown', () => emit('buzz', {}));
find('buzzer').addEventListener('keydown', event => {
    if (event.key === 'Enter' || event.key === ' ')
        emit('buzz', {});
});
