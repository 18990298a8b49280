// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The templates of DispatchClient; dispatchclient.h includes it.
#pragma once

#include "dispatchclient.h"

#include <type_traits>

namespace Dispatch {

/// \a provider, which gives a token or a future of one, as one that gives a future.
template<typename Provider>
std::function<QFuture<QString>()> toTokenProvider(Provider &&provider)
{
    using P = std::decay_t<Provider>;
    if constexpr (std::is_invocable_r_v<QFuture<QString>, P &>) {
        return std::forward<Provider>(provider);
    } else {
        static_assert(std::is_invocable_r_v<QString, P &>,
                      "A token provider gives a QString or a QFuture<QString>");
        return [provider = P(std::forward<Provider>(provider))]() mutable {
            return QtFuture::makeReadyFuture(QString(provider()));
        };
    }
}

/// Calls \a handler with what it takes of \a event.
template<typename H>
decltype(auto) callWith(H &handler, const DispatchEvent &event)
{
    if constexpr (std::is_invocable_v<H &, const DispatchEvent &>)
        return handler(event);
    else if constexpr (std::is_invocable_v<H &, const QJsonValue &, const DispatchEventMetadata &>)
        return handler(event.payload(), event.metadata());
    else if constexpr (std::is_invocable_v<H &, const QJsonObject &, const DispatchEventMetadata &>)
        return handler(event.payload().toObject(), event.metadata());
    else if constexpr (std::is_invocable_v<H &, const QVariantMap &, const DispatchEventMetadata &>)
        return handler(event.toVariant().toMap(), event.metadata());
    else if constexpr (std::is_invocable_v<H &, const QJsonValue &>)
        return handler(event.payload());
    else if constexpr (std::is_invocable_v<H &, const QJsonObject &>)
        return handler(event.payload().toObject());
    else if constexpr (std::is_invocable_v<H &, const QVariantMap &>)
        return handler(event.toVariant().toMap());
    else {
        static_assert(std::is_invocable_v<H &>,
                      "A handler takes a DispatchEvent, a payload and its metadata, a payload, or "
                      "nothing");
        return handler();
    }
}

/// \a handler as one that takes an event.
template<typename Handler>
auto handlerOf(Handler &&handler)
{
    return [handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
               const DispatchEvent &event) mutable { return callWith(handler, event); };
}

inline QFuture<QJsonValue> toAnswer(const QFuture<QJsonValue> &answer)
{
    return answer;
}

inline QFuture<QJsonValue> toAnswer(const QJsonValue &answer)
{
    return QtFuture::makeReadyFuture(answer);
}

} // namespace Dispatch

template<std::same_as<QStringList> Recipients>
DispatchClient::SendStatus
DispatchClient::emitEvent(const QString &eventName, const QJsonValue &payload,
                          const std::type_identity_t<Recipients> &recipients)
{
    return emitEvent(eventName, payload, DispatchEmitOptions{.recipients = recipients});
}

template<std::same_as<QStringList> Recipients>
QFuture<DispatchAcknowledgement>
DispatchClient::emitAcknowledged(const QString &eventName, const QJsonValue &payload,
                                 const std::optional<std::type_identity_t<Recipients>> &recipients)
{
    return emitAcknowledged(eventName, payload, DispatchEmitOptions{.recipients = recipients});
}

template<typename Provider>
void DispatchClient::setTokenProvider(QObject *context, Provider &&provider)
{
    setTokenProviderOf(context, Dispatch::toTokenProvider(std::forward<Provider>(provider)));
}

template<typename Provider>
requires std::is_invocable_r_v < QString, std::decay_t<Provider>
& > void DispatchClient::setTokenProvider(Provider &&provider)
{
    setTokenProvider(Dispatch::toTokenProvider(std::forward<Provider>(provider)));
}

template<typename Handler>
DispatchSubscription DispatchClient::on(const QString &eventName, QObject *context,
                                        Handler &&handler)
{
    return subscribe(eventName, context, Dispatch::handlerOf(std::forward<Handler>(handler)));
}

template<typename Handler>
DispatchSubscription DispatchClient::onRequest(const QString &eventName, QObject *context,
                                               Handler &&handler)
{
    return answerRequests(
        eventName, context,
        [ask = Dispatch::handlerOf(std::forward<Handler>(handler))](
            const DispatchEvent &event) mutable { return Dispatch::toAnswer(ask(event)); });
}

template<typename T, typename Handler>
DispatchSubscription DispatchClient::on(const QString &eventName, QObject *context,
                                        Handler &&handler)
{
    using H = std::decay_t<Handler>;
    return subscribe(
        eventName, context,
        [handler = H(std::forward<Handler>(handler))](const DispatchEvent &event) mutable {
            if constexpr (std::is_invocable_v<H &, const T &, const DispatchEventMetadata &>)
                handler(T::fromJson(event.payload().toObject()), event.metadata());
            else
                handler(T::fromJson(event.payload().toObject()));
        });
}
