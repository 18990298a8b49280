// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The templates of DispatchClient; dispatchclient.h includes it.
#pragma once

#include "dispatchclient.h"

#include <type_traits>

template<typename Provider>
std::function<QFuture<QString>()> DispatchClient::toTokenProvider(Provider &&provider)
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

template<typename Provider>
void DispatchClient::setTokenProvider(QObject *context, Provider &&provider)
{
    setTokenProviderOf(context, toTokenProvider(std::forward<Provider>(provider)));
}

template<typename Provider>
requires std::is_invocable_r_v < QString, std::decay_t<Provider>
& > void DispatchClient::setTokenProvider(Provider &&provider)
{
    setTokenProvider(toTokenProvider(std::forward<Provider>(provider)));
}

/// Calls \a handler with what it takes of \a event.
template<typename H>
decltype(auto) DispatchClient::callWith(H &handler, const DispatchEvent &event)
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

template<typename Handler>
DispatchSubscription DispatchClient::on(const QString &eventName, QObject *context,
                                        Handler &&handler)
{
    using H = std::decay_t<Handler>;
    return subscribe(eventName, context,
                     [handler = H(std::forward<Handler>(handler))](
                         const DispatchEvent &event) mutable { callWith(handler, event); });
}

template<typename Handler>
DispatchSubscription DispatchClient::onRequest(const QString &eventName, QObject *context,
                                               Handler &&handler)
{
    using H = std::decay_t<Handler>;
    return answerRequests(
        eventName, context,
        [handler = H(std::forward<Handler>(handler))](const DispatchEvent &event) mutable {
            return toAnswer(callWith(handler, event));
        });
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
