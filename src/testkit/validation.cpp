// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "validation_p.h"

#include "eventnames_p.h"
#include "limits_p.h"
#include "text_p.h"
#include "utf8_p.h"

#include <QtCore/qdebug.h>

using namespace Qt::StringLiterals;

namespace Dispatch::TestKit {

namespace {

/// Why a server refuses \a message, an event of a client; nothing if it takes it.
std::optional<ClientMessageError> faultOf(ClientMessageParser &parser, const std::string &message)
{
    const std::size_t units = Text::utf16Length(message);
    if (units > Limits::MessageUtf16Units)
        return ClientMessageError{Refusal::MessageTooBig, "it has " + std::to_string(units)};
    const PaddedText text(message);
    const auto parsed = parser.parse(text.view(), Profile::Extended);
    if (const auto *error = std::get_if<ClientMessageError>(&parsed))
        return *error;
    const std::string &eventName = std::get<ClientMessage>(parsed).eventName;
    if (EventName::isReserved(eventName))
        return ClientMessageError{Refusal::ReservedEvent, eventName};
    return std::nullopt;
}

} // namespace

bool mayEmit(ClientMessageParser &parser, const QString &eventName, std::string_view payload,
             const std::optional<std::vector<std::string>> &recipients, const QString &request)
{
    const std::string replyTo = request.toStdString();
    const auto fault = faultOf(
        parser,
        encodeClientMessage(eventName.toStdString(), payload, recipients, {.reply = replyTo}));
    if (fault) {
        // Of a name that is too long the beginning will do.
        constexpr qsizetype Most = 80;
        warnOfRefusal(u"The event '%1' was not emitted"_s.arg(eventName.left(Most)), fault->refusal,
                      fault->detail);
    }
    return !fault;
}

std::variant<std::string, ClientMessageError> readUserInfo(ClientMessageParser &parser,
                                                           std::string_view payload)
{
    if (payload.size() > Limits::UserInfoBytes) {
        return ClientMessageError{Refusal::UserInfoTooBig,
                                  "at most " + std::to_string(Limits::UserInfoBytes) + " bytes"};
    }
    const PaddedText text{std::string(payload)};
    return parser.parseUserInfo(text.view());
}

void warnOfRefusal(const QString &what, Refusal refusal, const std::string &detail)
{
    const RefusalInfo &row = info(refusal);
    QString why = u"%1: %2: %3"_s.arg(what, toQString(row.slug), toQString(row.sentence));
    if (!detail.empty())
        why += u" (%1)"_s.arg(toQString(detail));
    qWarning().noquote() << why;
}

} // namespace Dispatch::TestKit
