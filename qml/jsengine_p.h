// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "jsanswer_p.h"
#include "jsstrings_p.h"
#include "jsvalues_p.h"

#include <QtCore/qobject.h>
#include <QtQml/qjsvalue.h>

#include <variant>

class DispatchError;
class DispatchEvent;
class QJSEngine;

namespace Dispatch {

/// A JavaScript promise and the means to end it. Ending it twice, or after the engine's end, does
/// nothing.
struct JsPromise {
    QJSValue promise;
    QJSValue resolve;
    QJSValue reject;
};

/// What the QML types need of one JavaScript engine; made once for each, and ends with it.
class JsEngine : public QObject {
    Q_OBJECT

public:
    /// The one of the engine that \a object belongs to; null if it belongs to none.
    static JsEngine *of(const QObject *object);

    QJSEngine *engine() const { return m_engine; }

    JsPromise makePromise() const;
    /// Calls \a onValue with what \a provider is, or with what it gives when it is called with
    /// \a arguments: at once, or by a promise or anything else that has a then(). If that fails,
    /// \a onFailure is called with the reason. At most one of them is called, from the event loop.
    void ask(const QJSValue &provider, const QJSValueList &arguments, JsAnswer::Taker onValue,
             JsAnswer::Taker onFailure) const;
    /// {code, message, reason, retryable, retryAfter}, as promises are rejected with.
    QJSValue makeError(const DispatchError &error) const;
    /// A function without parameters that calls \a undo's unsubscribe().
    QJSValue makeUndo(QObject *undo) const;
    /// An object with a member for each key of \a values, a StateValues.
    QJSValue makeValues(QObject *values) const;

    /// \a value as JSON.stringify writes it: empty for undefined, text for the rest. An error is a
    /// sentence for what JSON can't carry: functions, buffers, maps and sets, cycles.
    std::variant<QByteArray, QString> stringify(const QJSValue &value) const;

    /// The event's payload. Handlers of one event get the same value, made once.
    QJSValue payloadOf(const DispatchEvent &event);
    /// A function that makes objects like DispatchEventMetadata for events named \a eventName.
    QJSValue metadataMaker(const QString &eventName) const;
    /// What \a metadataMaker makes of \a event.
    QJSValue metadataOf(const DispatchEvent &event, const QJSValue &metadataMaker);
    /// A function that calls \a handler with the payload and the metadata of an event named
    /// \a eventName, and gives what it gives. It takes what argumentsOf() the event gives.
    QJSValue caller(const QJSValue &handler, const QString &eventName) const;
    QJSValueList argumentsOf(const DispatchEvent &event);
    /// What \a caller gives for \a event.
    QJSValue call(const QJSValue &caller, const DispatchEvent &event);

private:
    explicit JsEngine(QJSEngine *engine);

    void appendDetails(const DispatchEvent &event, QJSValueList &arguments);
    QJSValueList takeArguments();
    void giveBack(QJSValueList &&arguments);

    QJSEngine *const m_engine;
    JsStrings m_strings;
    JsValues m_values;
    QJSValue m_promiseMaker;
    QJSValue m_asker;
    QJSValue m_undoMaker;
    QJSValue m_valuesMaker;
    QJSValue m_metadataMakerMaker;
    QJSValue m_callerMaker;
    QJSValue m_stringify;
    QJSValue m_strictStringify;
    QByteArray m_lastText;
    QJSValue m_lastPayload;
    QJSValueList m_spareArguments; ///< empty: its memory is what counts
};

} // namespace Dispatch
