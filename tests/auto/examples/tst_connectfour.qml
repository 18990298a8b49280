// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import "../../../examples/connect-four/rules.js" as Rules

/// The game as a function of what was said. "a" begins; a move is a digit, for the column.
TestCase {
    name: "ConnectFour"

    readonly property var players: ["a", "b"]

    function move(sender, column, round) {
        return { "sender": sender, "match": "a+b", "round": round ?? 0, "column": column };
    }
    function movesOf(digits) {
        return Array.from(digits, (digit, i) => move(players[i % 2], Number(digit)));
    }
    function play(log) {
        return Rules.play(log, players, "a+b");
    }
    function boardOf(game) {
        return game.board.map(column => column.join("")).join("|");
    }

    function test_fourInALineWin_data() {
        return [
            { tag: "nobody yet", moves: "3344", winner: "", line: 0 },
            { tag: "a column", moves: "0101010", winner: "a", line: 4 },
            { tag: "a row", moves: "0011223", winner: "a", line: 4 },
            { tag: "a row that is closed in its middle", moves: "0011332", winner: "a", line: 4 },
            { tag: "five in a row", moves: "001133442", winner: "a", line: 5 },
            { tag: "a diagonal", moves: "01122323363", winner: "a", line: 4 },
            { tag: "a diagonal, downwards", moves: "65544343303", winner: "a", line: 4 },
            { tag: "the second one", moves: "60605060", winner: "b", line: 4 },
        ];
    }
    function test_fourInALineWin(data) {
        const game = play(movesOf(data.moves));
        compare(game.winner, data.winner);
        compare(game.line.length, data.line);
        compare(Rules.isOver(game), data.winner !== "");
    }

    function test_whatIsAgainstTheRulesChangesNothing_data() {
        const twice = [move("a", 3), move("b", 3)];
        return [
            { tag: "not on turn", log: twice.concat([move("b", 0)]), board: "|||ab|||" },
            { tag: "not a player", log: twice.concat([move("c", 0)]), board: "|||ab|||" },
            { tag: "of another round", log: twice.concat([move("a", 0, 1)]), board: "|||ab|||" },
            { tag: "of another match", board: "|||ab|||",
              log: twice.concat([{ "sender": "a", "match": "a+c", "round": 0, "column": 0 }]) },
            { tag: "no column", log: twice.concat([move("a", 7), move("a", -1), move("a", "0"), move("a", 0.5)]), board: "|||ab|||" },
            { tag: "a full column", log: movesOf("3333333"), board: "|||ababab|||" },
            { tag: "after the end", log: movesOf("01010106"), board: "aaaa|bbb|||||" },
            { tag: "another round before the end", board: "|||ab|||",
              log: twice.concat([{ "sender": "a", "match": "a+b", "round": 1 }]) },
        ];
    }
    function test_whatIsAgainstTheRulesChangesNothing(data) {
        compare(boardOf(play(data.log)), data.board);
    }

    function test_theOtherOneBeginsTheNextRound() {
        const log = movesOf("0101010").concat([{ "sender": "b", "match": "a+b", "round": 1 }]);
        const game = play(log);
        compare(game.round, 1);
        compare(game.turn, "b");
        compare(boardOf(game), "||||||");
        compare(boardOf(play(log.concat([move("b", 2, 1)]))), "||b||||");
    }

    function test_aFullBoardIsADraw() {
        const game = play(movesOf("524554024554235233041633306602410211601616"));
        verify(Rules.isFull(game));
        verify(Rules.isOver(game));
        compare(game.winner, "");
    }
}
