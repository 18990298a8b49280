// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "servermessage_p.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace Dispatch {

/// An event that somebody emitted, as views of its parts.
struct Event {
    std::string_view rawName; ///< JSON text, with its quotes
    std::string_view payload; ///< JSON text
    double latencyMs = 0;
    EventDetails details; ///< for those who are in on the extended profile
};

/// An event with memory of its own, for threads to share.
class StoredEvent {
public:
    explicit StoredEvent(const Event &event)
        : m_event(event)
    {
        EventDetails &details = m_event.details;
        std::string_view *const parts[] = {&m_event.rawName,  &m_event.payload, &details.from,
                                           &details.fromUser, &details.request, &details.reply};
        std::size_t bytes = 0;
        for (const std::string_view *part : parts)
            bytes += part->size();
        m_text.reserve(bytes);
        for (std::string_view *part : parts) {
            const std::size_t at = m_text.size();
            m_text += *part;
            *part = std::string_view(m_text.data() + at, part->size());
        }
    }
    StoredEvent(const StoredEvent &) = delete;
    StoredEvent &operator=(const StoredEvent &) = delete;

    const Event &event() const { return m_event; }
    std::size_t bytes() const { return m_text.size(); }

private:
    Event m_event;
    std::string m_text;
};

} // namespace Dispatch
