// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import "../../../examples/whiteboard"
import "../../../examples/whiteboard/ink.js" as Ink

/// What is shown of strokes that somebody else is still drawing.
TestCase {
    id: testCase
    name: "Whiteboard"

    readonly property int most: 2 * Ink.maxPoints

    /// A part of a stroke: so many numbers.
    function ink(id, numbers) {
        return { "id": id, "colour": 0, "thickness": 5, "points": Array(numbers).fill(0) };
    }

    function test_aStrokeGrowsPartByPartAndEnds() {
        const paper = createTemporaryObject(paperComponent, testCase);
        paper.draft("ben", ink("a", 2));
        paper.draft("ben", ink("a", 4));
        compare(paper.drafts["ben"].points.length, 6);
        paper.draft("ben", ink("b", 2));
        compare(paper.drafts["ben"].points.length, 2);
        paper.draft("ben", null);
        compare(paper.drafts["ben"], undefined);
    }

    function test_aStrokeWithoutEndHasABound() {
        const paper = createTemporaryObject(paperComponent, testCase);
        for (let i = 0; i < 4; ++i)
            paper.draft("ben", ink("a", most - 2));
        compare(paper.drafts["ben"].points.length, most);
    }

    Component {
        id: paperComponent
        Paper {
            width: 160
            height: 100
            inks: ["black"]
            board: Board {}
        }
    }
}
