// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <optional>
#include <toml++/toml.h>

namespace Dispatch {

inline QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// What \a type is called in a sentence: "a number".
QString nameOf(toml::node_type type);

/// \a node as a text, if it is one.
std::optional<QString> toText(const toml::node &node);
/// \a node as texts, if it is a list of them.
std::optional<QStringList> toTexts(const toml::node &node);

/// "path:line:column".
QString locate(const QString &path, const toml::source_region &region);

/// \a file, which may be relative to the folder of the configuration \a path.
QString resolved(const QString &file, const QString &path);

} // namespace Dispatch
