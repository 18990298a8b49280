// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qvariant.h>

#include <optional>
#include <string_view>

/// JSON text to and from Qt's values.
namespace Dispatch::Payload {

/// A copy of \a json with spare room behind it, so that it can be decoded without another copy.
QByteArray padded(std::string_view json);

/// The value that \a json is; invalid if it is no JSON.
QVariant toVariant(const QByteArray &json);
/// The value that \a json is; undefined if it is no JSON.
QJsonValue toJson(const QByteArray &json);

/// \a value as compact text; nothing if JSON can't carry it (numbers that are not finite) or if it
/// nests deeper than \a levels.
std::optional<QByteArray> fromJson(const QJsonValue &value, int levels);

} // namespace Dispatch::Payload
