// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"

#include <QtCore/qstring.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What scripts have people and the server say is held to what a server holds clients to.
namespace Dispatch::TestKit {

/// A text, followed by what its reader may read behind it.
class PaddedText {
public:
    explicit PaddedText(std::string text)
        : m_size(text.size())
        , m_text(std::move(text))
    {
        m_text.append(ClientMessageParser::padding(), '\0');
    }
    std::string_view view() const { return {m_text.data(), m_size}; }

private:
    std::size_t m_size;
    std::string m_text;
};

/// Whether a server takes such an event of a client; warns, with what to do about it, if it refuses
/// it. \a recipients: nothing for all. \a request: the id of what it replies to, or empty.
bool mayEmit(ClientMessageParser &parser, const QString &eventName, std::string_view payload,
             const std::optional<std::vector<std::string>> &recipients = {},
             const QString &request = {});

/// The members of \a payload, a user info, that a server tells others, without braces; or why it
/// refuses it.
std::variant<std::string, ClientMessageError> readUserInfo(ClientMessageParser &parser,
                                                           std::string_view payload);

/// Warns that \a what is not done, as "The event was not emitted", and says what to do about it.
void warnOfRefusal(const QString &what, Refusal refusal, const std::string &detail);

} // namespace Dispatch::TestKit
