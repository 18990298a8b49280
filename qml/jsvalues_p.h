// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtQml/qjsvalue.h>

#include <memory>

class QJSEngine;

namespace Dispatch {

class JsStrings;

/// Turns JSON text into JavaScript values of one engine: plain objects and arrays, as JSON.parse
/// gives them, at a fraction of its cost. Objects whose keys were seen before are made by a
/// function that was compiled for that sequence of keys; how many are remembered is bounded. What
/// the fast reader does not take (integers over 64 bits, lone surrogates, a key "__proto__") goes
/// through JSON.parse itself.
class JsValues {
public:
    /// \a engine and \a strings must outlive this.
    JsValues(QJSEngine *engine, JsStrings &strings);
    ~JsValues();

    /// The value that \a json is; undefined if it is no JSON.
    QJSValue fromJson(const QByteArray &json);

private:
    struct Private;
    const std::unique_ptr<Private> d;
};

} // namespace Dispatch
