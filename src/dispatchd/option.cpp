// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "option_p.h"

#include "daemonsettings_p.h"

#include "dispatchserversettings.h"

#include <QtNetwork/qhostaddress.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

/// "maxConnections" with '_': "max_connections".
QString separated(const QString &camelCase, QChar separator)
{
    QString name;
    for (const QChar c : camelCase) {
        if (c.isUpper())
            name += separator;
        name += c.toLower();
    }
    return name;
}

std::optional<OptionType> typeOf(const QMetaProperty &property)
{
    switch (property.metaType().id()) {
    case QMetaType::Bool:
        return OptionType::Flag;
    case QMetaType::Int:
    case QMetaType::LongLong:
        return OptionType::Number;
    case QMetaType::QString:
        return OptionType::Text;
    case QMetaType::QStringList:
        return OptionType::List;
    default:
        return std::nullopt;
    }
}

OptionRow rowOf(const QMetaProperty &property)
{
    const auto rows = optionRows();
    const auto found = std::ranges::find_if(
        rows, [&](const OptionRow &row) { return qstrcmp(row.property, property.name()) == 0; });
    if (found != rows.end())
        return *found;
    // It works without a row, but nobody is told what it means.
    return {.property = property.name(),
            .section = "",
            .comment = "",
            .least = 0,
            .most = std::numeric_limits<int>::max()};
}

template<typename Gadget>
void append(QList<Option> &options, Option::Holder holder)
{
    const Gadget defaults;
    const QMetaObject &meta = Gadget::staticMetaObject;
    for (int i = 0; i < meta.propertyCount(); ++i) {
        const QMetaProperty property = meta.property(i);
        const auto type = typeOf(property);
        if (!type)
            continue; // a test complains
        Option option{.holder = holder,
                      .property = property,
                      .row = rowOf(property),
                      .type = *type,
                      .defaultValue = property.readOnGadget(&defaults)};
        const QString name = QString::fromLatin1(property.name());
        option.section = QString::fromLatin1(option.row.section);
        option.key =
            separated(name, u'_').mid(option.section.isEmpty() ? 0 : option.section.size() + 1);
        option.flag = separated(name, u'-');
        option.variable = u"DISPATCHD_"_s + separated(name, u'_').toUpper();
        options.append(option);
    }
}

QList<Option> makeOptions()
{
    QList<Option> options;
    append<DaemonSettings>(options, Option::Holder::Daemon);
    append<DispatchServerSettings>(options, Option::Holder::Server);
    const auto place = [](const Option &option) {
        const auto rows = optionRows();
        return std::ranges::find_if(rows,
                                    [&](const OptionRow &row) {
                                        return qstrcmp(row.property, option.row.property) == 0;
                                    })
            - rows.begin();
    };
    std::ranges::stable_sort(options, {}, place);
    return options;
}

std::optional<bool> toFlag(const QString &text)
{
    const QString word = text.toLower();
    if (word == "true"_L1 || word == "yes"_L1 || word == "on"_L1 || word == "1"_L1)
        return true;
    if (word == "false"_L1 || word == "no"_L1 || word == "off"_L1 || word == "0"_L1)
        return false;
    return std::nullopt;
}

QStringList toList(const QString &text)
{
    QStringList list;
    for (const QString &entry : text.split(u',', Qt::SkipEmptyParts)) {
        if (const QString trimmed = entry.trimmed(); !trimmed.isEmpty())
            list += trimmed;
    }
    return list;
}

/// How many letters have to be put in, taken out or exchanged to make \a to of \a from.
qsizetype distance(const QString &from, const QString &to)
{
    std::vector<qsizetype> row(std::size_t(to.size()) + 1);
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = qsizetype(i);
    for (qsizetype i = 0; i < from.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 1; j < row.size(); ++j) {
            const qsizetype exchanged = diagonal + (from[i] == to[qsizetype(j) - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({exchanged, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

} // namespace

QString Option::path() const
{
    return section.isEmpty() ? key : section + u'.' + key;
}

QString Option::expectation() const
{
    switch (type) {
    case OptionType::Flag:
        return u"true or false"_s;
    case OptionType::Number:
        return u"a number from %1 to %2"_s.arg(row.least).arg(row.most);
    case OptionType::List:
        return u"a list of texts"_s;
    case OptionType::Text:
        break;
    }
    switch (row.kind) {
    case TextKind::Address:
        return u"an IP address such as 127.0.0.1, 0.0.0.0 or ::"_s;
    case TextKind::AddressOrNone:
        return u"an IP address such as 127.0.0.1, or empty"_s;
    case TextKind::Choice:
        return u"one of "_s + QString::fromLatin1(row.choices).replace(u'|', ", "_L1);
    case TextKind::File:
        return u"the path of a file"_s;
    case TextKind::Any:
        break;
    }
    return u"a text"_s;
}

std::variant<QVariant, OptionProblem> Option::fromText(const QString &text) const
{
    const OptionProblem problem{u"must be %1, not '%2'."_s.arg(expectation(), text)};
    switch (type) {
    case OptionType::Flag:
        if (const auto value = toFlag(text))
            return QVariant(*value);
        return problem;
    case OptionType::Number: {
        bool ok = false;
        const qint64 value = text.toLongLong(&ok);
        if (!ok)
            return problem;
        return QVariant(value);
    }
    case OptionType::List:
        return QVariant(toList(text));
    case OptionType::Text:
        break;
    }
    return QVariant(text);
}

QString Option::problemWith(const QVariant &value) const
{
    const QString problem = u"must be %1, not '%2'."_s.arg(expectation(), value.toString());
    if (type == OptionType::Number) {
        const qint64 number = value.toLongLong();
        return number < row.least || number > row.most ? problem : QString();
    }
    if (type != OptionType::Text)
        return {};
    const bool mayBeNone = row.kind == TextKind::AddressOrNone && value.toString().isEmpty();
    if ((row.kind == TextKind::Address || row.kind == TextKind::AddressOrNone) && !mayBeNone
        && QHostAddress(value.toString()).isNull())
        return problem;
    if (row.kind == TextKind::Choice
        && !QString::fromLatin1(row.choices).split(u'|').contains(value.toString()))
        return problem;
    return {};
}

const QList<Option> &allOptions()
{
    static const QList<Option> options = makeOptions();
    return options;
}

const Option *findOption(const QString &section, const QString &key)
{
    const auto &options = allOptions();
    const auto found = std::ranges::find_if(options, [&](const Option &option) {
        return option.section == section && option.key == key;
    });
    return found == options.end() ? nullptr : &*found;
}

QString nearest(const QString &name, const QStringList &candidates)
{
    QString best;
    // More than a third of the letters wrong is another word.
    qsizetype least = name.size() / 3 + 2;
    for (const QString &candidate : candidates) {
        if (const qsizetype steps = distance(name, candidate); steps < least) {
            least = steps;
            best = candidate;
        }
    }
    return best;
}

} // namespace Dispatch
