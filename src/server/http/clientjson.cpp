// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clientjson_p.h"

#include "text_p.h"

namespace Dispatch {

void appendClientJson(std::string &out, const ClientInfo &client)
{
    out += out.empty() ? "{" : ",{";
    out += "\"clientId\":";
    Text::appendJsonString(out, client.clientId);
    out += ",\"userId\":";
    if (client.userId.empty())
        out += "null";
    else
        Text::appendJsonString(out, client.userId);
    out.append(",\"userInfo\":{").append(client.userInfoFields);
    out.append("},\"connectedSince\":").append(std::to_string(client.connectedSince));
    out.append(",\"lastPing\":").append(std::to_string(client.lastPing));
    out += client.isAway ? ",\"away\":true}" : "}";
}

} // namespace Dispatch
