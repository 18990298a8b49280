// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outgoing_p.h"

#include "eventnames_p.h"
#include "limits_p.h"
#include "payload_p.h"
#include "text_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

DispatchError checkName(const std::string &name)
{
    if (name.empty())
        return {DispatchError::InvalidEventName, u"An event needs a name."_s};
    if (name.size() > Limits::EventNameBytes) {
        return {DispatchError::InvalidEventName,
                u"The event's name has %1 bytes; the limit is %2."_s.arg(name.size())
                    .arg(Limits::EventNameBytes)};
    }
    if (EventName::isReserved(name)) {
        return {DispatchError::InvalidEventName,
                u"Event names that begin with @@ are the platform's: choose another."_s};
    }
    return {};
}

Outgoing compose(std::string_view name, const QJsonValue &payload,
                 const std::optional<QStringList> &recipients, const EmitDetails &details = {})
{
    QByteArray json;
    if (!payload.isUndefined()) {
        const auto text = Payload::fromJson(payload, Limits::JsonDepth - 1);
        if (!text) {
            return DispatchError(
                DispatchError::InvalidPayload,
                u"JSON can't carry the payload: it has a number that is not finite, or more than %1 levels."_s
                    .arg(Limits::JsonDepth - 1));
        }
        json = *text;
    }
    std::optional<std::vector<std::string>> to;
    if (recipients) {
        to.emplace();
        for (const QString &recipient : *recipients)
            to->push_back(recipient.toStdString());
    }
    std::string message =
        encodeClientMessage(name, {json.constData(), std::size_t(json.size())}, to, details);
    if (const DispatchError tooBig = checkLength(message, {Limits::MessageUtf16Units}))
        return tooBig;
    return message;
}

} // namespace

Outgoing composeEvent(const QString &eventName, const QJsonValue &payload,
                      const std::optional<QStringList> &recipients, const EmitDetails &details)
{
    const std::string name = eventName.toStdString();
    if (const DispatchError error = checkName(name))
        return error;
    return compose(name, payload, recipients, details);
}

DispatchError notSupported()
{
    return {DispatchError::NotSupported,
            u"The server speaks the base profile, which has no requests and replies."_s};
}

Outgoing composeStateChange(const StateWish &wish)
{
    std::string message =
        encodeClientMessage(EventName::SetState, stateWishPayload(wish), std::nullopt);
    if (const DispatchError tooBig = checkLength(message, {Limits::MessageUtf16Units}))
        return tooBig;
    return message;
}

DispatchError noSharedState()
{
    return {DispatchError::NotSupported,
            u"There is no shared state: the server keeps none, or speaks the base profile."_s};
}

DispatchError checkOptions(const DispatchEmitOptions &options, bool isAwaited)
{
    const auto invalid = [](const QString &why) {
        return DispatchError(DispatchError::InvalidOptions, why);
    };
    using Options = DispatchEmitOptions;
    if (options.ifDelayed < Options::Queue || options.ifDelayed > Options::KeepLatest)
        return invalid(u"ifDelayed is none of Queue, Drop and KeepLatest."_s);
    if (options.ifDelayed == Options::KeepLatest && options.key.isEmpty())
        return invalid(u"KeepLatest needs a key: the latest of what?"_s);
    if (options.ifDelayed != Options::KeepLatest && !options.key.isEmpty())
        return invalid(u"A key is for KeepLatest alone: set ifDelayed, too."_s);
    if (options.maxAge.count() < 0)
        return invalid(u"maxAge is negative: give 0 or more, in ms."_s);
    if (options.ifDelayed == Options::Drop && isAwaited)
        return invalid(u"What may be dropped is not acknowledged: use emitEvent()."_s);
    return {};
}

Outgoing composePlatformEvent(std::string_view eventName, const QJsonObject &payload)
{
    return compose(eventName, payload, std::nullopt);
}

std::string numbered(std::string_view message, std::uint64_t number, bool wantsAck)
{
    std::string out = "{";
    appendEmit(out, number, wantsAck);
    return out.append(message.substr(1));
}

DispatchError checkLength(std::string_view message, const MessageLimits &limits)
{
    if (limits.bytes > 0 && message.size() > limits.bytes) {
        return {
            DispatchError::MessageTooBig,
            u"The message has %1 bytes; the limit is %2."_s.arg(message.size()).arg(limits.bytes)};
    }
    // A code unit is one byte or more.
    if (message.size() <= limits.utf16Units)
        return {};
    const std::size_t length = Text::utf16Length(message);
    if (length <= limits.utf16Units)
        return {};
    return {DispatchError::MessageTooBig,
            u"The message has %1 UTF-16 code units; the limit is %2."_s.arg(length).arg(
                limits.utf16Units)};
}

QJsonValue payloadOf(const std::string &message)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(message)).object().value("payload"_L1);
}

} // namespace Dispatch
