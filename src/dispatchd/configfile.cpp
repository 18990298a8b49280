// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "configfile_p.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <optional>
#include <string>
#include <toml++/toml.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

// Whoever names a device or a disk image by mistake is told so.
constexpr qint64 MaximumBytes = 1024 * 1024;

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

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

std::optional<QStringList> toTexts(const toml::node &node)
{
    const toml::array *array = node.as_array();
    if (!array)
        return std::nullopt;
    QStringList texts;
    for (const toml::node &entry : *array) {
        const auto text = entry.value_exact<std::string>();
        if (!text)
            return std::nullopt;
        texts += QString::fromStdString(*text);
    }
    return texts;
}

std::optional<QVariant> toValue(const Option &option, const toml::node &node)
{
    switch (option.type) {
    case OptionType::Flag:
        if (const auto flag = node.value_exact<bool>())
            return QVariant(*flag);
        break;
    case OptionType::Number:
        if (const auto number = node.value_exact<std::int64_t>())
            return QVariant(qint64(*number));
        break;
    case OptionType::Text:
        if (const auto text = node.value_exact<std::string>())
            return QVariant(QString::fromStdString(*text));
        break;
    case OptionType::List:
        if (const auto texts = toTexts(node))
            return QVariant(*texts);
        break;
    }
    return std::nullopt;
}

class Reader {
public:
    explicit Reader(const QString &path)
        : m_path(path)
    {
    }

    ConfigurationLayer read(const toml::table &document)
    {
        readTable(document, {});
        return std::move(m_layer);
    }

    QString locate(const toml::source_region &region) const
    {
        return u"%1:%2:%3"_s.arg(m_path).arg(region.begin.line).arg(region.begin.column);
    }

private:
    void readTable(const toml::table &table, const QString &section);
    void readValue(const Option &option, const toml::node &node);
    void complainOfKey(const toml::key &key, const QString &section);

    const QString m_path;
    ConfigurationLayer m_layer;
};

void Reader::readTable(const toml::table &table, const QString &section)
{
    for (const auto &[key, node] : table) {
        const QString name = toQString(key.str());
        if (const Option *option = findOption(section, name))
            readValue(*option, node);
        else if (section.isEmpty() && node.is_table() && sections().contains(name))
            readTable(*node.as_table(), name);
        else
            complainOfKey(key, section);
    }
}

void Reader::readValue(const Option &option, const toml::node &node)
{
    const QString location = locate(node.source());
    auto value = toValue(option, node);
    if (!value) {
        m_layer.problems += u"%1: %2 must be %3, not %4."_s.arg(
            location, option.path(), option.expectation(), nameOf(node.type()));
        return;
    }
    if (option.type == OptionType::Text && option.row.kind == TextKind::File
        && !value->toString().isEmpty())
        value = QFileInfo(m_path).absoluteDir().filePath(value->toString());
    m_layer.assignments.append({&option, *value, option.path(), location});
}

void Reader::complainOfKey(const toml::key &key, const QString &section)
{
    const QString name = toQString(key.str());
    QStringList known;
    for (const Option &option : allOptions()) {
        if (option.section == section)
            known += option.key;
    }
    if (section.isEmpty())
        known += sections();
    QString problem = u"%1: there is no '%2'"_s.arg(locate(key.source()), name);
    if (!section.isEmpty())
        problem += u" in [%1]"_s.arg(section);
    const QString meant = nearest(name, known);
    problem += meant.isEmpty() ? u"; 'dispatchd --print-config' shows what there is."_s
                               : u"; did you mean '%1'?"_s.arg(meant);
    m_layer.problems += problem;
}

} // namespace

QStringList sections()
{
    QStringList names;
    for (const Option &option : allOptions()) {
        if (!option.section.isEmpty() && !names.contains(option.section))
            names += option.section;
    }
    return names;
}

ConfigurationLayer parseConfig(const QByteArray &text, const QString &path)
{
    Reader reader(path);
    try {
        return reader.read(toml::parse(std::string_view(text.constData(), std::size_t(text.size())),
                                       path.toStdString()));
    } catch (const toml::parse_error &error) {
        ConfigurationLayer layer;
        layer.problems +=
            u"%1: %2"_s.arg(reader.locate(error.source()), toQString(error.description()));
        return layer;
    }
}

ConfigurationLayer readConfigFile(const QString &path)
{
    ConfigurationLayer layer;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        layer.problems += u"%1: can't be read: %2."_s.arg(path, file.errorString());
        return layer;
    }
    const QByteArray text = file.read(MaximumBytes + 1);
    if (file.error() != QFile::NoError)
        layer.problems += u"%1: can't be read: %2."_s.arg(path, file.errorString());
    else if (text.size() > MaximumBytes)
        layer.problems +=
            u"%1: has more than %2 bytes; is it the right file?"_s.arg(path).arg(MaximumBytes);
    return layer.problems.isEmpty() ? parseConfig(text, path) : layer;
}

} // namespace Dispatch
