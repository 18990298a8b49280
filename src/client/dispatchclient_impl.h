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
        static_assert(
            std::is_invocable_v<H &>,
            "Dispatch: a handler takes a DispatchEvent, a payload (QJsonValue, QJsonObject, "
            "QVariantMap) and its DispatchEventMetadata, a payload, or nothing. For a "
            "payload of a type of your own say which: on<T>(), onRequest<T>().");
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

/// Calls \a handler with \a value, and with the metadata if it wants them.
template<typename T, typename H>
decltype(auto) callTyped(H &handler, const T &value, const DispatchEventMetadata &metadata)
{
    if constexpr (std::is_invocable_v<H &, const T &, const DispatchEventMetadata &>) {
        return handler(value, metadata);
    } else {
        static_assert(std::is_invocable_v<H &, const T &>,
                      "Dispatch: the handler of on<T>() and onRequest<T>() takes a const T &, and "
                      "a const DispatchEventMetadata & if it wants that, too.");
        return handler(value);
    }
}

template<typename T>
constexpr void requireReadable()
{
    static_assert(Readable<T>,
                  "Dispatch: a payload can't be read as this type. Make it a Q_GADGET that has its "
                  "data as properties, give it static T fromJson(const QJsonObject &), or "
                  "specialise DispatchConverter<T> with fromJson().");
}

template<typename T>
constexpr void requireWritable()
{
    static_assert(Writable<T>,
                  "Dispatch: this type can't be a payload. Make it a Q_GADGET that has its data as "
                  "properties, give it QJsonObject toJson() const, or specialise "
                  "DispatchConverter<T> with toJson().");
}

template<typename T>
inline constexpr bool isFuture = false;
template<typename T>
inline constexpr bool isFuture<QFuture<T>> = true;
template<typename T>
concept NoFuture = !isFuture<T>;

template<typename T>
QFuture<QJsonValue> toAnswer(const QString &eventName, const QFuture<T> &answer)
{
    requireWritable<T>();
    if constexpr (std::same_as<T, QJsonValue>) {
        return answer;
    } else {
        return QFuture<T>(answer).then(
            [eventName](const T &value) { return writeOrThrow(eventName, value); });
    }
}

template<NoFuture T>
QFuture<QJsonValue> toAnswer(const QString &eventName, const T &answer)
{
    requireWritable<T>();
    return QtFuture::makeReadyFuture(writeOrThrow(eventName, answer));
}

/// What \a ask gives, as a future of it.
template<typename Ask>
QFuture<QJsonValue> answerOf(const QString &eventName, Ask ask)
{
    constexpr bool answers = !std::is_void_v<decltype(ask())>;
    static_assert(answers,
                  "Dispatch: the handler of onRequest() gives the reply's payload, or a QFuture of "
                  "it. One that answers nothing is one for on().");
    if constexpr (answers)
        return toAnswer(eventName, ask());
    else
        return {};
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

template<typename T, typename Handler>
DispatchSubscription DispatchClient::on(const QString &eventName, QObject *context,
                                        Handler &&handler)
{
    Dispatch::requireReadable<T>();
    return subscribe(eventName, context,
                     [this, handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
                         const DispatchEvent &event) mutable {
                         const auto reading = Dispatch::readAs<T>(event.payload());
                         if (reading.value)
                             Dispatch::callTyped<T>(handler, *reading.value, event.metadata());
                         else
                             reportUnreadable(event.name(), reading.why);
                     });
}

template<typename Handler>
DispatchSubscription DispatchClient::onRequest(const QString &eventName, QObject *context,
                                               Handler &&handler)
{
    return answerRequests(eventName, context,
                          [ask = Dispatch::handlerOf(std::forward<Handler>(handler))](
                              const DispatchEvent &event) mutable {
                              return Dispatch::answerOf(
                                  event.name(), [&]() -> decltype(auto) { return ask(event); });
                          });
}

template<typename T, typename Handler>
DispatchSubscription DispatchClient::onRequest(const QString &eventName, QObject *context,
                                               Handler &&handler)
{
    Dispatch::requireReadable<T>();
    return answerRequests(eventName, context,
                          [this, handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
                              const DispatchEvent &event) mutable {
                              const auto reading = Dispatch::readAs<T>(event.payload());
                              if (!reading.value) {
                                  reportUnreadable(event.name(), reading.why);
                                  return QFuture<QJsonValue>();
                              }
                              return Dispatch::answerOf(event.name(), [&]() -> decltype(auto) {
                                  return Dispatch::callTyped<T>(handler, *reading.value,
                                                                event.metadata());
                              });
                          });
}

template<Dispatch::NoJson T>
DispatchClient::SendStatus DispatchClient::emitEvent(const QString &eventName, const T &value,
                                                     const DispatchEmitOptions &options)
{
    Dispatch::requireWritable<T>();
    const Dispatch::Writing written = Dispatch::toJson(value);
    if (!written.why.isEmpty())
        return refuseValue(eventName, written.why);
    return emitEvent(eventName, written.json, options);
}

template<Dispatch::NoJson T>
QFuture<DispatchAcknowledgement>
DispatchClient::emitAcknowledged(const QString &eventName, const T &value,
                                 const DispatchEmitOptions &options)
{
    Dispatch::requireWritable<T>();
    const Dispatch::Writing written = Dispatch::toJson(value);
    if (!written.why.isEmpty()) {
        refuseValue(eventName, written.why);
        return QtFuture::makeExceptionalFuture<DispatchAcknowledgement>(
            Dispatch::unwritable(eventName, written.why));
    }
    return emitAcknowledged(eventName, written.json, options);
}

template<typename Reply, typename T>
QFuture<Reply> DispatchClient::request(const QString &eventName, const T &value,
                                       const DispatchRequestOptions &options)
{
    Dispatch::requireWritable<T>();
    const Dispatch::Writing written = Dispatch::toJson(value);
    if (!written.why.isEmpty()) {
        refuseValue(eventName, written.why);
        return QtFuture::makeExceptionalFuture<Reply>(Dispatch::unwritable(eventName, written.why));
    }
    QFuture<DispatchEvent> replied = request(eventName, written.json, options);
    if constexpr (std::same_as<Reply, DispatchEvent>) {
        return replied;
    } else {
        Dispatch::requireReadable<Reply>();
        return replied.then([](const DispatchEvent &reply) {
            return Dispatch::readOrThrow<Reply>(reply.name(), reply.payload());
        });
    }
}
