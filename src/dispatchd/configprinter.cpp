// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "configprinter_p.h"

#include "configfile_p.h"

#include <sstream>
#include <toml++/toml.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype Width = 96;

QString comment(const QString &text)
{
    QString out;
    QString line = u"#"_s;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (line.size() + 1 + word.size() > Width) {
            out += line + u'\n';
            line = u"#"_s;
        }
        line += u' ' + word;
    }
    return out + line + u'\n';
}

QString quoted(const QString &text)
{
    std::ostringstream out;
    out << toml::value<std::string>(text.toStdString());
    return QString::fromStdString(out.str());
}

QString listToToml(const QStringList &texts)
{
    QStringList entries;
    for (const QString &text : texts)
        entries += quoted(text);
    return u'[' + entries.join(u", "_s) + u']';
}

QString toToml(const Option &option, const QVariant &value)
{
    switch (option.type) {
    case OptionType::Flag:
    case OptionType::Number:
        return value.toString();
    case OptionType::Text:
        return quoted(value.toString());
    case OptionType::List:
        break;
    }
    return listToToml(value.toStringList());
}

/// A list of tables: those that there are, or one as a sample.
template<typename Entry>
QString entriesToToml(const EntryTable &table, const QList<Entry> &entries, const Entry &sample)
{
    QString out = u'\n' + comment(table.about);
    for (const Entry &entry : entries.isEmpty() ? QList<Entry>{sample} : entries) {
        const QString start = entries.isEmpty() ? u"# "_s : QString();
        out += start + u"[[%1]]\n"_s.arg(table.name);
        const QMetaObject &meta = Entry::staticMetaObject;
        for (int i = 0; i < meta.propertyCount(); ++i) {
            const QVariant value = meta.property(i).readOnGadget(&entry);
            const bool isList = value.metaType().id() == QMetaType::QStringList;
            out += start + QString::fromLatin1(meta.property(i).name()) + u" = "_s
                + (isList ? listToToml(value.toStringList()) : quoted(value.toString())) + u'\n';
        }
    }
    return out;
}

QString keysToToml(const QList<KeyEntry> &keys)
{
    KeyEntry sample;
    sample.algorithm = u"ES256"_s;
    sample.file = u"keys/2026.pem"_s;
    sample.kid = u"2026"_s;
    return entriesToToml(keysTable(), keys, sample);
}

QString projectTokensToToml(const QList<ProjectTokenEntry> &tokens)
{
    ProjectTokenEntry sample;
    sample.project = u"game"_s;
    sample.file = u"keys/game.token"_s;
    return entriesToToml(projectTokensTable(), tokens, sample);
}

} // namespace

QString describeForFile(const Option &option)
{
    QString text = QString::fromUtf8(option.row.comment);
    if (option.type == OptionType::Number)
        text += u" %1 to %2."_s.arg(option.row.least).arg(option.row.most);
    if (option.row.kind == TextKind::Choice)
        text += u" It is %1."_s.arg(option.expectation());
    text += u" Default: %1."_s.arg(toToml(option, option.defaultValue));
    if (option.row.reload == Reload::AtRestart)
        text += u" A change takes effect at the next start."_s;
    return text;
}

EntryTable keysTable()
{
    return {u"keys"_s,
            u"A key that tokens are verified with, each for one algorithm: HS256 (the file holds "
            "the secret), RS256 or ES256 (it holds the public key, as PEM). kid: the tokens that "
            "it is for; empty: those without one. projects: the projects that it is for; empty: "
            "all. audience: what aud has to contain; empty: the project's id. issuer: what iss has "
            "to be; empty: anything."_s};
}

EntryTable projectTokensTable()
{
    return {u"project_tokens"_s,
            u"A fixed text, at least 32 bytes in a file, that proves that a back end may speak for "
            "a project."_s};
}

QString toToml(const Configuration &configuration)
{
    QString out = comment(u"The configuration of dispatchd (TOML). A flag says the same as a key "
                          "with dashes, --max-connections, and wins; so does a variable, "
                          "DISPATCHD_MAX_CONNECTIONS. SIGHUP reads this file again; what is not "
                          "said to need a start takes effect then, for clients that are there, "
                          "too."_s);
    const auto printSection = [&](const QString &section) {
        for (const Option &option : allOptions()) {
            if (option.section != section)
                continue;
            out += u'\n' + comment(describeForFile(option));
            out += option.key + u" = "_s + toToml(option, configuration.value(option)) + u'\n';
        }
    };
    printSection({});
    for (const QString &section : sections()) {
        out += u"\n[%1]\n"_s.arg(section);
        printSection(section);
    }
    out += keysToToml(configuration.keys) + projectTokensToToml(configuration.projectTokens);
    return out;
}

} // namespace Dispatch
