// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What goes out of JavaScript: user info and events.

#include "qmlclient.h"

#include "jsengine_p.h"
#include "jsfuture_p.h"
#include "jsoptions_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtQml/qqmlengine.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// The value that \a json is; nothing if it nests deeper than Qt's reader goes.
std::optional<QJsonValue> toJsonValue(const QByteArray &json)
{
    if (json.isEmpty())
        return QJsonValue(QJsonValue::Undefined);
    const QJsonArray wrapped = QJsonDocument::fromJson('[' + json + ']').array();
    if (wrapped.size() != 1)
        return std::nullopt;
    return wrapped.first();
}

DispatchError cantBeSent(const QString &what, const QString &why)
{
    return {DispatchError::InvalidPayload, u"%1 can't be sent: %2."_s.arg(what, why)};
}

QJSValue toJs(QJSEngine *engine, const DispatchAcknowledgement &acknowledgement)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"sequence"_s, double(acknowledgement.sequence));
    return object;
}

} // namespace

void QmlClient::setUserInfo(const QJSValue &newInfo)
{
    JsEngine *js = JsEngine::of(this);
    if (!js || isMissing(newInfo))
        return DispatchClient::setUserInfo(QJsonObject());
    const auto text = js->stringify(newInfo);
    if (const auto *why = std::get_if<QString>(&text)) {
        refuseEvent(cantBeSent(u"The user info"_s, *why));
        return;
    }
    const auto value = toJsonValue(std::get<QByteArray>(text));
    if (value && value->isObject())
        DispatchClient::setUserInfo(value->toObject());
    else
        refuseEvent(cantBeSent(u"The user info"_s, u"it is no object"_s));
}

std::variant<QmlClient::Emission, DispatchError>
QmlClient::read(const QString &eventName, const QJSValue &payload,
                const QJSValue &recipientsOrOptions) const
{
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return cantBeSent(u"The payload"_s, u"there is no engine that could read it"_s);
    const auto text = js->stringify(payload);
    if (const auto *why = std::get_if<QString>(&text))
        return cantBeSent(u"The payload of '%1'"_s.arg(eventName), *why);
    const auto value = toJsonValue(std::get<QByteArray>(text));
    if (!value)
        return cantBeSent(u"The payload of '%1'"_s.arg(eventName), u"it nests too deep"_s);
    auto options = toEmitOptions(recipientsOrOptions);
    if (const auto *error = std::get_if<DispatchError>(&options))
        return *error;
    return Emission{*value, std::get<DispatchEmitOptions>(std::move(options))};
}

DispatchClient::SendStatus QmlClient::emitEvent(const QString &eventName, const QJSValue &payload,
                                                const QJSValue &recipientsOrOptions)
{
    const auto emission = read(eventName, payload, recipientsOrOptions);
    if (const auto *error = std::get_if<DispatchError>(&emission))
        return refuseEvent(*error);
    const auto &[value, options] = std::get<Emission>(emission);
    return DispatchClient::emitEvent(eventName, value, options);
}

QJSValue QmlClient::emitAcknowledged(const QString &eventName, const QJSValue &payload,
                                     const QJSValue &recipientsOrOptions)
{
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    const JsPromise promise = js->makePromise();
    const auto emission = read(eventName, payload, recipientsOrOptions);
    if (const auto *error = std::get_if<DispatchError>(&emission))
        return rejected(promise, *error);
    const auto &[value, options] = std::get<Emission>(emission);
    settle(promise, DispatchClient::emitAcknowledged(eventName, value, options), this, js,
           [engine = qjsEngine(this)](const auto &result) { return toJs(engine, result); });
    return promise.promise;
}

/// \a promise, whose event is refused for \a reason.
QJSValue QmlClient::rejected(const JsPromise &promise, const DispatchError &reason)
{
    refuseEvent(reason);
    promise.reject.call({JsEngine::of(this)->makeError(reason)});
    return promise.promise;
}

} // namespace Dispatch
