// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "configfile_p.h"

#include "credentialreader_p.h"
#include "tomlnode_p.h"

#include <QtCore/qfile.h>

#include <optional>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

// Whoever names a device or a disk image by mistake is told so.
constexpr qint64 MaximumBytes = 1024 * 1024;
constexpr auto KeysSection = "keys"_L1;
constexpr auto ProjectTokensSection = "project_tokens"_L1;

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
        if (const auto text = toText(node))
            return QVariant(*text);
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
        else if (section.isEmpty() && name == KeysSection)
            m_layer.keys = readKeys(node, m_path, m_layer.problems);
        else if (section.isEmpty() && name == ProjectTokensSection)
            m_layer.projectTokens = readProjectTokens(node, m_path, m_layer.problems);
        else
            complainOfKey(key, section);
    }
}

void Reader::readValue(const Option &option, const toml::node &node)
{
    const QString location = locate(m_path, node.source());
    auto value = toValue(option, node);
    if (!value) {
        m_layer.problems += u"%1: %2 must be %3, not %4."_s.arg(
            location, option.path(), option.expectation(), nameOf(node.type()));
        return;
    }
    if (option.type == OptionType::Text && option.row.kind == TextKind::File)
        value = resolved(value->toString(), m_path);
    m_layer.assignments.append({&option, *value, {option.path(), location}});
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
        known += sections() + QStringList{KeysSection, ProjectTokensSection};
    QString problem = u"%1: there is no '%2'"_s.arg(locate(m_path, key.source()), name);
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
            u"%1: %2"_s.arg(locate(path, error.source()), toQString(error.description()));
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
