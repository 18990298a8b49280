// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "configfile_p.h"
#include "configuration_p.h"

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
    QStringList entries;
    for (const QString &entry : value.toStringList())
        entries += quoted(entry);
    return u'[' + entries.join(u", "_s) + u']';
}

QString describe(const Option &option)
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

} // namespace

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
            out += u'\n' + comment(describe(option));
            out += option.key + u" = "_s + toToml(option, configuration.value(option)) + u'\n';
        }
    };
    printSection({});
    for (const QString &section : sections()) {
        out += u"\n[%1]\n"_s.arg(section);
        printSection(section);
    }
    return out;
}

} // namespace Dispatch
