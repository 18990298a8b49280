// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presencemessage_p.h"

#include "json_p.h"
#include "text_p.h"

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::string_view NoClients = "{}";

} // namespace

void PresenceWriter::add(const PresenceEntry &entry)
{
    if (!isEmpty())
        m_out += ',';
    Text::appendJsonString(m_out, entry.clientId);
    m_out += ":{";
    if (entry.truncated) {
        m_out += "\"truncated\":true,";
    } else if (!entry.userInfoFields.empty()) {
        m_out += entry.userInfoFields;
        m_out += ',';
    }
    if (!entry.userId.empty()) {
        m_out += "\"userId\":";
        Text::appendJsonString(m_out, entry.userId);
        m_out += ',';
    }
    m_out += "\"lastPing\":";
    m_out += std::to_string(entry.lastPing);
    m_out += '}';
}

std::string PresenceWriter::take()
{
    m_out += '}';
    return std::move(m_out);
}

std::string connectedClientsPayload(std::string_view clients)
{
    std::string out = "{\"connectedClients\":";
    return out.append(clients).append("}");
}

std::string presencePayload(std::uint64_t revision, std::string_view joined,
                            std::string_view changed, const std::vector<std::string> &left)
{
    std::string out = "{\"revision\":" + std::to_string(revision);
    if (joined != NoClients)
        out.append(",\"joined\":").append(joined);
    if (changed != NoClients)
        out.append(",\"changed\":").append(changed);
    for (std::size_t i = 0; i < left.size(); ++i)
        Text::appendJsonString(out += i == 0 ? ",\"left\":[" : ",", left[i]);
    return out += left.empty() ? "}" : "]}";
}

std::optional<std::vector<PresenceSlice>> parsePresence(std::string_view payload, std::size_t most)
{
    const simdjson::padded_string padded(payload);
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object clients;
    if (parser.iterate(padded).get(document)
        || document.find_field_unordered("connectedClients").get_object().get(clients)) {
        return std::nullopt;
    }

    std::vector<PresenceSlice> slices;
    for (auto member : clients) {
        std::string_view clientId;
        ondemand::value value;
        std::string_view entry;
        if (member.unescaped_key().get(clientId) || member.value().get(value)
            || Json::slice(value, entry) || !entry.starts_with('{')) {
            return std::nullopt;
        }
        const auto offset = static_cast<std::size_t>(entry.data() - padded.data());
        slices.push_back({std::string(clientId), payload.substr(offset, entry.size())});
        if (slices.size() > most)
            break;
    }
    return slices;
}

} // namespace Dispatch
