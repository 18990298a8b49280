// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What goes out of JavaScript: user info and events.

#include "qmlclient.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "jsengine_p.h"
#include "jsfuture_p.h"
#include "jsoptions_p.h"
#include "jspayload_p.h"

#include <QtCore/qjsonobject.h>
#include <QtQml/qqmlengine.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

void QmlClient::setUserInfo(const QJSValue &newInfo)
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js || isMissing(newInfo))
        return DispatchClient::setUserInfo(QJsonObject());
    const auto info = toJsonValue(*js, newInfo, u"The user info"_s);
    if (const auto *error = std::get_if<DispatchError>(&info))
        refuseEvent(*error);
    else if (const auto &value = std::get<QJsonValue>(info); value.isObject())
        DispatchClient::setUserInfo(value.toObject());
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
    const auto value = toJsonValue(*js, payload, u"The payload of '%1'"_s.arg(eventName));
    if (const auto *error = std::get_if<DispatchError>(&value))
        return *error;
    auto options = toEmitOptions(recipientsOrOptions);
    if (const auto *error = std::get_if<DispatchError>(&options))
        return *error;
    return Emission{std::get<QJsonValue>(value), std::get<DispatchEmitOptions>(std::move(options))};
}

DispatchClient::SendStatus QmlClient::emitEvent(const QString &eventName, const QJSValue &payload,
                                                const QJSValue &recipientsOrOptions)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const auto emission = read(eventName, payload, recipientsOrOptions);
    if (const auto *error = std::get_if<DispatchError>(&emission))
        return refuseEvent(*error);
    const auto &[value, options] = std::get<Emission>(emission);
    return DispatchClient::emitEvent(eventName, value, options);
}

QJSValue QmlClient::emitAcknowledged(const QString &eventName, const QJSValue &payload,
                                     const QJSValue &recipientsOrOptions)
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    const JsPromise promise = js->makePromise();
    const auto emission = read(eventName, payload, recipientsOrOptions);
    if (const auto *error = std::get_if<DispatchError>(&emission))
        return rejected(promise, *error);
    settle(
        promise, this, js,
        [&] {
            const auto &[value, options] = std::get<Emission>(emission);
            return DispatchClient::emitAcknowledged(eventName, value, options);
        },
        [](JsEngine &in, const auto &result) { return toJs(in.engine(), result); });
    return promise.promise;
}

/// \a promise, whose event is refused for \a reason.
QJSValue QmlClient::rejected(const JsPromise &promise, const DispatchError &reason)
{
    promise.reject.call({JsEngine::of(this)->makeError(reason)});
    refuseEvent(reason);
    return promise.promise;
}

} // namespace Dispatch
