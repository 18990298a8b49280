// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT
.pragma library

// The game as a pure function: what has been said at the table, in the server's order, gives the
// board. Whoever has heard the same sees the same, and what is against the rules changes nothing.

const columns = 7
const rows = 6

/// `log` has {sender, match, round} and column for a move; without one it asks for another round.
/// `players` are the ids of the two, `match` is the name of their match.
function play(log, players, match) {
    let game = begin(players, 0)
    for (const said of log) {
        if (said.match !== match || !players.includes(said.sender))
            continue
        if (said.column === undefined) {
            if (isOver(game) && said.round === game.round + 1)
                game = begin(players, said.round)
        } else if (said.round === game.round && said.sender === game.turn && canDrop(game, said.column)) {
            drop(game, said.column)
        }
    }
    return game
}

/// Who begins changes with each round. `board` has a list of ids for each column, from below.
function begin(players, round) {
    return {
        "players": players, "round": round, "board": Array.from({ length: columns }, () => []),
        "turn": players[round % 2], "winner": "", "line": []
    }
}

function isFull(game) {
    return game.board.every(column => column.length === rows)
}
function isOver(game) {
    return game.winner !== "" || isFull(game)
}
function canDrop(game, column) {
    return Number.isInteger(column) && column >= 0 && column < columns && !isOver(game)
        && game.board[column].length < rows
}

function drop(game, column) {
    const who = game.turn
    game.board[column].push(who)
    game.line = lineThrough(game.board, [column, game.board[column].length - 1])
    game.winner = game.line.length > 0 ? who : ""
    game.turn = game.players.find(player => player !== who)
}

/// The four or more of one player in a line through `place`; [] if there are none.
function lineThrough(board, place) {
    const who = board[place[0]][place[1]]
    for (const [right, up] of [[1, 0], [0, 1], [1, 1], [1, -1]]) {
        const line = [place]
        for (const sign of [1, -1]) {
            let at = [place[0] + sign * right, place[1] + sign * up]
            while (board[at[0]]?.[at[1]] === who) {
                line.push(at)
                at = [at[0] + sign * right, at[1] + sign * up]
            }
        }
        if (line.length >= 4)
            return line
    }
    return []
}
