// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "greeting_p.h"

#include "dispatchserversettings.h"
#include "limits_p.h"

#include <cstdint>
#include <string_view>

namespace Dispatch {

std::string limitsForClients(const DispatchServerSettings &settings)
{
    std::string out = "{";
    const auto add = [&out](std::string_view name, std::int64_t value) {
        if (out.size() > 1)
            out += ',';
        out.append("\"").append(name).append("\":").append(std::to_string(value));
    };
    add("messageUtf16Units", std::int64_t(Limits::MessageUtf16Units));
    add("messageBytes", settings.maxMessageBytes);
    add("messageFragments", settings.maxFragments);
    add("messageMs", settings.messageTimeout);
    add("jsonDepth", Limits::JsonDepth);
    add("jsonTokens", settings.maxJsonTokens);
    add("eventNameBytes", std::int64_t(Limits::EventNameBytes));
    add("recipients", settings.maxRecipients);
    add("recipientBytes", std::int64_t(Limits::RecipientBytes));
    add("userInfoBytes", settings.maxUserInfoBytes);
    add("userInfoDepth", Limits::UserInfoDepth);
    add("userInfosPerSecond", settings.userInfoPerSecond);
    add("userInfoBurst", settings.userInfoBurst);
    add("messagesPerSecond", settings.messagesPerSecond);
    add("messageBurst", settings.messageBurst);
    add("bytesPerSecond", settings.bytesPerSecond);
    add("byteBurst", settings.byteBurst);
    add("controlFramesPerSecond", settings.controlFramesPerSecond);
    add("controlFrameBurst", settings.controlFrameBurst);
    add("stateKeys", settings.maxStateKeys);
    add("stateKeyBytes", settings.maxStateKeyBytes);
    add("stateValueBytes", settings.maxStateValueBytes);
    add("stateBytes", settings.maxStateBytes);
    add("stateTtlMs", settings.maxStateTtl);
    return out + '}';
}

} // namespace Dispatch
