// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tomlnode_p.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>

#include <string>

namespace Dispatch {

using namespace Qt::StringLiterals;

QString nameOf(toml::node_type type)
{
    switch (type) {
    case toml::node_type::table:
        return u"a table"_s;
    case toml::node_type::array:
        return u"a list"_s;
    case toml::node_type::string:
        return u"a text"_s;
    case toml::node_type::integer:
        return u"a number"_s;
    case toml::node_type::floating_point:
        return u"a number with a fraction"_s;
    case toml::node_type::boolean:
        return u"true or false"_s;
    default:
        return u"a date or a time"_s;
    }
}

std::optional<QString> toText(const toml::node &node)
{
    if (const auto text = node.value_exact<std::string>())
        return QString::fromStdString(*text);
    return std::nullopt;
}

std::optional<QStringList> toTexts(const toml::node &node)
{
    const toml::array *array = node.as_array();
    if (!array)
        return std::nullopt;
    QStringList texts;
    for (const toml::node &entry : *array) {
        const auto text = toText(entry);
        if (!text)
            return std::nullopt;
        texts += *text;
    }
    return texts;
}

QString locate(const QString &path, const toml::source_region &region)
{
    return u"%1:%2:%3"_s.arg(path).arg(region.begin.line).arg(region.begin.column);
}

QString resolved(const QString &file, const QString &path)
{
    return file.isEmpty() ? file : QFileInfo(path).absoluteDir().filePath(file);
}

} // namespace Dispatch
