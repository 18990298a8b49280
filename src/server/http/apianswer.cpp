// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "apianswer_p.h"

#include "text_p.h"

#include <utility>

namespace Dispatch {

HttpResponse json(std::string body, int status)
{
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    response.fields = {{"Cache-Control", "no-store"}};
    return response;
}

HttpResponse refused(const ApiRefusal &refusal)
{
    return HttpResponse::refused(refusal.refusal, refusal.detail);
}

void appendMember(std::string &out, std::string_view key, std::string_view text)
{
    Text::appendJsonString(out, key);
    out += ':';
    Text::appendJsonString(out, text);
}

std::string listBody(std::string_view key, std::string_view entries,
                     const std::optional<std::string> &next)
{
    std::string body = "{\"";
    body.append(key).append("\":[").append(entries).append("],\"next\":");
    if (next)
        Text::appendJsonString(body, *next);
    else
        body += "null";
    return body + "}";
}

} // namespace Dispatch
