// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchevent.h"

#include "payload_p.h"

DispatchEvent::DispatchEvent(const QByteArray &payload, const DispatchEventMetadata &metadata)
    : m_raw(payload)
    , m_metadata(metadata)
{
}

QJsonValue DispatchEvent::payload() const
{
    if (!m_json)
        m_json = Dispatch::Payload::toJson(m_raw);
    return *m_json;
}

QVariant DispatchEvent::toVariant() const
{
    if (!m_variant)
        m_variant = Dispatch::Payload::toVariant(m_raw);
    return *m_variant;
}
