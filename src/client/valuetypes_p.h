// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtyped.h"

#include <optional>

namespace Dispatch {

/// How values of one type are read and written, see dispatchtyped.h.
struct ValueType {
    ValueReader read;
    ValueWriter write;
};

/// That of the plain types, and of those that were registered. Can be called on any thread.
std::optional<ValueType> findValueType(QMetaType type);

// Enumerations and flags of Q_ENUM and Q_FLAG, as the names of their keys.
QString readEnumeration(const QJsonValue &json, QMetaType type, void *value);
QString writeEnumeration(const void *value, QMetaType type, QJsonValue &json);

/// What is wrong with a value of \a type, which nobody knows how to read or write.
QString unknownType(QMetaType type);

} // namespace Dispatch
