// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qvariant.h>

#include <optional>

/// An event as it is handed to handlers. The payload is decoded when it is first asked for, so
/// a handler that does not look at it does not pay for it, and handlers share what was decoded.
/// Cheap to copy; to be used on one thread at a time.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchEvent {
public:
    /// \internal \a payload is JSON text.
    DispatchEvent(const QByteArray &payload, const DispatchEventMetadata &metadata);

    /// The event's name.
    QString name() const { return m_metadata.eventName; }
    /// What is known of it beside its payload.
    const DispatchEventMetadata &metadata() const { return m_metadata; }

    /// The payload as text, exactly as the emitter wrote it.
    QByteArray rawPayload() const { return m_raw; }
    /// The payload as a value; undefined if it is no JSON, has over 1,024 levels, or 1e400 in it.
    QJsonValue payload() const;
    /// The payload as maps, lists, numbers and strings; the fastest form.
    QVariant toVariant() const;

private:
    QByteArray m_raw;
    DispatchEventMetadata m_metadata;
    mutable std::optional<QJsonValue> m_json;
    mutable std::optional<QVariant> m_variant;
};
