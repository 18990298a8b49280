// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml

/// What became of a promise.
QtObject {
    property bool done: false
    property bool fulfilled: false
    property var value
    property var error

    function of(promise) {
        promise.then(result => {
            value = result;
            fulfilled = true;
            done = true;
        }, reason => {
            error = reason;
            done = true;
        });
        return this;
    }
}
