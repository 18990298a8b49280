// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presencemessage_p.h"

#include "json_p.h"
#include "text_p.h"

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

PresenceWriter::PresenceWriter()
    : m_out("{\"connectedClients\":{")
{
}

void PresenceWriter::add(const PresenceEntry &entry)
{
    if (!m_first)
        m_out += ',';
    m_first = false;
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
    m_out += "}}";
    return std::move(m_out);
}

std::optional<std::vector<PresenceSlice>> parsePresence(std::string_view payload)
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
    }
    return slices;
}

} // namespace Dispatch
