// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsengine_p.h"

#include "dispatcherror.h"
#include "dispatchevent.h"

#include <QtQml/qjsengine.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

const QString PromiseMaker = uR"((function() {
    const made = {};
    made.promise = new Promise(function(resolve, reject) {
        made.resolve = resolve;
        made.reject = reject;
    });
    return made;
}))"_s;

// A promise takes whatever has a then() for another one, lets it answer once, and fails by what is
// thrown, be that an error or not.
const QString Asker = uR"((function(answer, provider, ...args) {
    new Promise(function(resolve) {
        resolve(typeof provider === "function" ? provider(...args) : provider);
    }).then(function(value) { answer.fulfil(value); }, function(reason) { answer.fail(reason); });
}))"_s;

const QString UndoMaker = u"(function(undo) { return function() { undo.unsubscribe(); }; })"_s;

// Any text is a key; what JavaScript itself asks for are symbols. Who reads a property binds to it;
// its name is that of StateValues. Qt 6.4 lets a Proxy describe only what its target has, too: so
// that gets what is asked for, and loses it when all keys are asked for again.
const QString ValuesMaker = uR"((function(map) {
    const target = { [Symbol.toPrimitive]: function() { return "[values of a shared state]"; } };
    return new Proxy(target, {
        get: function(target, key) {
            return typeof key === "symbol" ? target[key] : map["=" + key];
        },
        set: function(target, key, value) {
            map.assign(String(key), value);
            return true;
        },
        deleteProperty: function(target, key) {
            map.take(String(key));
            return true;
        },
        has: function(target, key) { return typeof key !== "symbol" && map.isKey(key); },
        ownKeys: function(target) {
            Object.keys(target).forEach(function(key) { delete target[key]; });
            return Array.from(map.allKeys());
        },
        getOwnPropertyDescriptor: function(target, key) {
            if (typeof key === "symbol" || !map.isKey(key))
                return undefined;
            const member = {
                value: map["=" + key], writable: true, enumerable: true, configurable: true
            };
            Object.defineProperty(target, key, member);
            return member;
        }
    });
}))"_s;

// The name, which is always the same, is made a JavaScript string once. In the base profile the
// latency is all that is known. Made for each event: literals without a choice are the cheapest.
const QString MetadataMakerMaker = uR"((function(name) {
    return function(ms, sequence, senderId, serverTime, own, senderUserId, replayed, requestId) {
        if (sequence === undefined) {
            return {
                eventName: name, latencyMs: ms, sequence: 0, senderId: "", senderUserId: "",
                serverTime: 0, own: false, replayed: false, requestId: ""
            };
        }
        if (senderUserId === undefined) {
            return {
                eventName: name, latencyMs: ms, sequence: sequence, senderId: senderId,
                senderUserId: "", serverTime: serverTime, own: own, replayed: false, requestId: ""
            };
        }
        return {
            eventName: name, latencyMs: ms, sequence: sequence, senderId: senderId,
            senderUserId: senderUserId, serverTime: serverTime, own: own, replayed: replayed,
            requestId: requestId
        };
    };
}))"_s;

// A handler is called with what it hears in one step from C++: each step costs as much as the
// metadata.
const QString CallerMaker = uR"((function(handler, metadata) {
    return function(payload, ms, sequence, senderId, serverTime, own, senderUserId, replayed, requestId) {
        return handler(payload, metadata(ms, sequence, senderId, serverTime, own, senderUserId,
                                         replayed, requestId));
    };
}))"_s;

// JSON.stringify writes {} for what it can't see into; nobody wants to lose data like that.
const QString StrictStringify = uR"((function(value) {
    const opaque = [ArrayBuffer, DataView, Map, Set, WeakMap, WeakSet, Promise];
    return JSON.stringify(value, function(key, member) {
        for (const type of opaque) {
            if (member instanceof type)
                throw new TypeError((key === "" ? "it" : "'" + key + "'") + " is of type " + type.name);
        }
        return member;
    });
}))"_s;

constexpr qsizetype MostDetails = 8;

} // namespace

JsEngine::JsEngine(QJSEngine *engine)
    : QObject(engine)
    , m_engine(engine)
    , m_strings(engine)
    , m_values(engine, m_strings)
    , m_promiseMaker(engine->evaluate(PromiseMaker))
    , m_asker(engine->evaluate(Asker))
    , m_undoMaker(engine->evaluate(UndoMaker))
    , m_valuesMaker(engine->evaluate(ValuesMaker))
    , m_metadataMakerMaker(engine->evaluate(MetadataMakerMaker))
    , m_callerMaker(engine->evaluate(CallerMaker))
    , m_stringify(engine->evaluate(u"JSON.stringify"_s))
    , m_strictStringify(engine->evaluate(StrictStringify))
{
}

JsEngine *JsEngine::of(const QObject *object)
{
    QJSEngine *engine = qjsEngine(object);
    if (!engine)
        return nullptr;
    auto *known = engine->findChild<JsEngine *>({}, Qt::FindDirectChildrenOnly);
    return known ? known : new JsEngine(engine);
}

JsPromise JsEngine::makePromise() const
{
    const QJSValue made = m_promiseMaker.call();
    return {made.property(u"promise"_s), made.property(u"resolve"_s), made.property(u"reject"_s)};
}

void JsEngine::ask(const QJSValue &provider, const QJSValueList &arguments, JsAnswer::Taker onValue,
                   JsAnswer::Taker onFailure) const
{
    // JavaScript owns it: it ends with the promise that it waits for.
    auto *answer = new JsAnswer(std::move(onValue), std::move(onFailure));
    m_asker.call(QJSValueList{m_engine->newQObject(answer), provider} + arguments);
}

QJSValue JsEngine::makeError(const DispatchError &error) const
{
    QJSValue value = m_engine->newObject();
    value.setProperty(u"code"_s, int(error.code()));
    value.setProperty(u"message"_s, error.message());
    value.setProperty(u"reason"_s, error.reason());
    value.setProperty(u"retryable"_s, error.isRetryable());
    value.setProperty(u"retryAfter"_s,
                      int(error.retryAfter().value_or(std::chrono::milliseconds(-1)).count()));
    return value;
}

QJSValue JsEngine::makeUndo(QObject *undo) const
{
    return m_undoMaker.call({m_engine->newQObject(undo)});
}

QJSValue JsEngine::makeValues(QObject *values) const
{
    return m_valuesMaker.call({m_engine->newQObject(values)});
}

std::variant<QByteArray, QString> JsEngine::stringify(const QJSValue &value) const
{
    if (value.isUndefined())
        return QByteArray();
    if (value.isCallable())
        return u"it is a function"_s;
    QJSValue text = m_stringify.call({value});
    // Buffers and the like come out empty: look again, closer.
    if (text.isString() && text.toString().contains("{}"_L1))
        text = m_strictStringify.call({value});
    if (text.isError())
        return text.property(u"message"_s).toString();
    if (!text.isString())
        return u"it has no JSON form"_s;
    return text.toString().toUtf8();
}

QJSValue JsEngine::payloadOf(const DispatchEvent &event)
{
    const QByteArray text = event.rawPayload();
    // The text that is kept can't be another event's, for its memory is in use.
    if (m_lastText.constData() != text.constData() || m_lastText.size() != text.size()) {
        m_lastPayload = m_values.fromJson(text);
        m_lastText = text;
    }
    return m_lastPayload;
}

QJSValue JsEngine::metadataMaker(const QString &eventName) const
{
    return m_metadataMakerMaker.call({eventName});
}

QJSValue JsEngine::caller(const QJSValue &handler, const QString &eventName) const
{
    return m_callerMaker.call({handler, metadataMaker(eventName)});
}

/// Appends what a maker of metadata takes of \a event.
void JsEngine::appendDetails(const DispatchEvent &event, QJSValueList &arguments)
{
    const DispatchEventMetadata &about = event.metadata();
    arguments.emplaceBack(about.latencyMs);
    if (about.serverTime == 0)
        return;
    arguments.emplaceBack(double(about.sequence));
    arguments.emplaceBack(m_strings.ofCopy(about.senderId));
    arguments.emplaceBack(double(about.serverTime));
    arguments.emplaceBack(about.own);
    if (about.senderUserId.isEmpty() && !about.replayed && about.requestId.isEmpty())
        return;
    arguments.emplaceBack(m_strings.ofCopy(about.senderUserId));
    arguments.emplaceBack(about.replayed);
    arguments.emplaceBack(about.requestId);
}

QJSValue JsEngine::metadataOf(const DispatchEvent &event, const QJSValue &metadataMaker)
{
    QJSValueList arguments = takeArguments();
    appendDetails(event, arguments);
    QJSValue metadata = metadataMaker.call(arguments);
    giveBack(std::move(arguments));
    return metadata;
}

QJSValue JsEngine::call(const QJSValue &caller, const DispatchEvent &event)
{
    QJSValueList arguments = argumentsOf(event);
    QJSValue result = caller.call(arguments);
    giveBack(std::move(arguments));
    return result;
}

QJSValueList JsEngine::argumentsOf(const DispatchEvent &event)
{
    QJSValueList arguments = takeArguments();
    arguments.append(payloadOf(event));
    appendDetails(event, arguments);
    return arguments;
}

/// An empty list with room for all that an event has, whose memory is used again. A handler may run
/// an event loop, in which others are called: they take another one.
QJSValueList JsEngine::takeArguments()
{
    QJSValueList arguments = std::exchange(m_spareArguments, {});
    arguments.reserve(1 + MostDetails);
    return arguments;
}

void JsEngine::giveBack(QJSValueList &&arguments)
{
    arguments.clear();
    m_spareArguments = std::move(arguments);
}

} // namespace Dispatch
