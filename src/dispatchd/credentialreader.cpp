// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "credentialreader_p.h"

#include "option_p.h"
#include "tomlnode_p.h"

#include "dispatchtokenkey.h"

#include <QtCore/qmetaobject.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

QStringList namesOf(const QMetaObject &meta)
{
    QStringList names;
    for (int i = 0; i < meta.propertyCount(); ++i)
        names += QString::fromLatin1(meta.property(i).name());
    return names;
}

class EntryReader {
public:
    EntryReader(const QString &section, const QString &path, QStringList &problems)
        : m_section(section)
        , m_path(path)
        , m_problems(problems)
    {
    }

    template<typename Entry>
    QList<Entry> readAll(const toml::node &node, const QStringList &needed)
    {
        QList<Entry> entries;
        const toml::array *tables = node.as_array();
        if (!tables || !tables->is_homogeneous(toml::node_type::table)) {
            complain(node.source(), u"write [[%1]], once for each"_s.arg(m_section));
            return entries;
        }
        for (const toml::node &table : *tables) {
            Entry entry;
            if (!read(*table.as_table(), &entry, Entry::staticMetaObject, needed))
                continue;
            entry.location.text = locate(m_path, table.as_table()->get("file")->source());
            entries.append(entry);
        }
        return entries;
    }

private:
    void complain(const toml::source_region &where, const QString &what)
    {
        m_problems += u"%1: %2."_s.arg(locate(m_path, where), what);
    }
    bool read(const toml::table &table, void *entry, const QMetaObject &meta,
              const QStringList &needed);
    bool readValue(const QMetaProperty &property, const toml::node &node, void *entry);

    const QString m_section;
    const QString m_path;
    QStringList &m_problems;
};

bool EntryReader::read(const toml::table &table, void *entry, const QMetaObject &meta,
                       const QStringList &needed)
{
    const qsizetype before = m_problems.size();
    const QStringList names = namesOf(meta);
    for (const auto &[key, node] : table) {
        const QString name = toQString(key.str());
        const qsizetype index = names.indexOf(name);
        if (index >= 0) {
            readValue(meta.property(int(index)), node, entry);
            continue;
        }
        const QString meant = nearest(name, names);
        complain(
            key.source(),
            u"there is no '%1' in [[%2]]; there are %3"_s.arg(name, m_section, names.join(u", "_s))
                + (meant.isEmpty() ? QString() : u"; did you mean '%1'?"_s.arg(meant)));
    }
    for (const QString &name : needed) {
        if (!table.contains(name.toStdString()))
            complain(table.source(), u"[[%1]] needs '%2'"_s.arg(m_section, name));
    }
    return m_problems.size() == before;
}

bool EntryReader::readValue(const QMetaProperty &property, const toml::node &node, void *entry)
{
    const QString name = QString::fromLatin1(property.name());
    if (property.metaType().id() == QMetaType::QStringList) {
        if (const auto texts = toTexts(node))
            return property.writeOnGadget(entry, *texts);
        complain(node.source(),
                 u"%1 must be a list of texts, not %2"_s.arg(name, nameOf(node.type())));
        return false;
    }
    const auto text = toText(node);
    if (!text) {
        complain(node.source(), u"%1 must be a text, not %2"_s.arg(name, nameOf(node.type())));
        return false;
    }
    if (name == "algorithm"_L1 && !DispatchTokenKey::algorithmFromName(*text)) {
        complain(node.source(),
                 u"algorithm must be one of HS256, RS256, ES256, not '%1'"_s.arg(*text));
        return false;
    }
    return property.writeOnGadget(entry, name == "file"_L1 ? resolved(*text, m_path) : *text);
}

} // namespace

QList<KeyEntry> readKeys(const toml::node &node, const QString &path, QStringList &problems)
{
    EntryReader reader(u"keys"_s, path, problems);
    return reader.readAll<KeyEntry>(node, {u"algorithm"_s, u"file"_s});
}

QList<ProjectTokenEntry> readProjectTokens(const toml::node &node, const QString &path,
                                           QStringList &problems)
{
    EntryReader reader(u"project_tokens"_s, path, problems);
    return reader.readAll<ProjectTokenEntry>(node, {u"project"_s, u"file"_s});
}

} // namespace Dispatch
