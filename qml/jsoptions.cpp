// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsoptions_p.h"

#include <QtCore/qvariant.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

bool isMissing(const QVariant &value)
{
    return !value.isValid() || value.isNull();
}

/// The texts of an array; nothing if it is none, or has anything else in it.
std::optional<QStringList> toStrings(const QVariant &value)
{
    if (value.typeId() == QMetaType::QStringList)
        return value.toStringList();
    if (value.typeId() != QMetaType::QVariantList)
        return std::nullopt;
    QStringList strings;
    for (const QVariant &element : value.toList()) {
        if (element.typeId() != QMetaType::QString)
            return std::nullopt;
        strings.append(element.toString());
    }
    return strings;
}

bool isNumber(const QVariant &value)
{
    return value.typeId() == QMetaType::Double || value.typeId() == QMetaType::Int;
}

std::optional<double> toNumber(const QVariant &value)
{
    if (!isNumber(value))
        return std::nullopt;
    const double number = value.toDouble();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

template<typename Options>
bool readRecipients(const QVariant &value, Options &options)
{
    options.recipients = toStrings(value);
    return options.recipients.has_value();
}

bool readIfDelayed(const QVariant &value, DispatchEmitOptions &options)
{
    for (const auto known :
         {DispatchEmitOptions::Queue, DispatchEmitOptions::Drop, DispatchEmitOptions::KeepLatest}) {
        if (toNumber(value) == double(known)) {
            options.ifDelayed = known;
            return true;
        }
    }
    return false;
}

template<QString DispatchEmitOptions::*Member>
bool readText(const QVariant &value, DispatchEmitOptions &options)
{
    options.*Member = value.toString();
    return value.typeId() == QMetaType::QString;
}

bool readMaxAge(const QVariant &value, DispatchEmitOptions &options)
{
    // A thousand years, in which a number of ms is exact.
    constexpr double Longest = 1000.0 * 365 * 24 * 3600 * 1000;
    const auto ms = toNumber(value);
    if (!ms)
        return false;
    options.maxAge = std::chrono::milliseconds(qint64(std::ceil(std::clamp(*ms, -1.0, Longest))));
    return *ms >= 0;
}

bool readTimeout(const QVariant &value, DispatchRequestOptions &options)
{
    constexpr double Longest = std::numeric_limits<int>::max();
    // Infinity is for who waits for ever.
    const double ms = isNumber(value) ? value.toDouble() : -1;
    if (!(ms >= 0))
        return false;
    options.timeout = std::chrono::milliseconds(qint64(std::min(ms, Longest)));
    return true;
}

bool readTtl(const QVariant &value, DispatchStateOptions &options)
{
    constexpr double Longest = std::numeric_limits<int>::max();
    const auto ms = toNumber(value);
    if (!ms || *ms < 0)
        return false;
    options.ttl = std::chrono::milliseconds(qint64(std::ceil(std::min(*ms, Longest))));
    return true;
}

template<bool DispatchStateOptions::*Member>
bool readFlag(const QVariant &value, DispatchStateOptions &options)
{
    options.*Member = value.toBool();
    return value.typeId() == QMetaType::Bool;
}

bool readIfSequence(const QVariant &value, DispatchStateOptions &options)
{
    constexpr double Highest = 9007199254740991;
    const auto number = toNumber(value);
    if (!number || *number < 0 || *number > Highest || *number != std::floor(*number))
        return false;
    options.ifSequence = qint64(*number);
    return true;
}

template<typename Options>
struct Option {
    QLatin1StringView name;
    bool (*read)(const QVariant &value, Options &options);
    QLatin1StringView rule;
};

constexpr auto RuleOfIds = "an array of client ids or user ids"_L1;
constexpr auto RuleOfTimes = "a number of ms, 0 or more"_L1;

constexpr std::array EmitOptions{
    Option<DispatchEmitOptions>{"recipients"_L1, readRecipients, RuleOfIds},
    Option<DispatchEmitOptions>{"ifDelayed"_L1, readIfDelayed,
                                "DispatchEmitOptions.Queue, .Drop or .KeepLatest"_L1},
    Option<DispatchEmitOptions>{"key"_L1, readText<&DispatchEmitOptions::key>, "a text"_L1},
    Option<DispatchEmitOptions>{"maxAge"_L1, readMaxAge, RuleOfTimes},
    Option<DispatchEmitOptions>{"tag"_L1, readText<&DispatchEmitOptions::tag>, "a text"_L1},
};

constexpr std::array RequestOptions{
    Option<DispatchRequestOptions>{"recipients"_L1, readRecipients, RuleOfIds},
    Option<DispatchRequestOptions>{"timeout"_L1, readTimeout, RuleOfTimes},
};

constexpr auto RuleOfFlags = "true or false"_L1;

constexpr std::array StateOptions{
    Option<DispatchStateOptions>{"ttl"_L1, readTtl, RuleOfTimes},
    Option<DispatchStateOptions>{"owned"_L1, readFlag<&DispatchStateOptions::owned>, RuleOfFlags},
    Option<DispatchStateOptions>{"ifSequence"_L1, readIfSequence,
                                 "a sequence number, or 0 for a key that is not there"_L1},
    Option<DispatchStateOptions>{"coalesced"_L1, readFlag<&DispatchStateOptions::coalesced>,
                                 RuleOfFlags},
};

template<typename Table>
QString namesIn(const Table &table)
{
    QStringList names;
    for (const auto &option : table)
        names.append(option.name);
    return names.join(u", "_s);
}

/// The options of \a what, which are those in \a table.
template<typename Options, std::size_t Count>
std::variant<Options, DispatchError> readOptions(const QVariantMap &object,
                                                 const std::array<Option<Options>, Count> &table,
                                                 const QString &what)
{
    Options options;
    for (const auto &[name, value] : object.asKeyValueRange()) {
        const auto known = std::ranges::find(table, name, &Option<Options>::name);
        if (known == table.end()) {
            return DispatchError(
                DispatchError::InvalidOptions,
                u"'%1' is no option of %2: there are %3."_s.arg(name, what, namesIn(table)));
        }
        if (!isMissing(value) && !known->read(value, options)) {
            return DispatchError(DispatchError::InvalidOptions,
                                 u"The option %1 is %2."_s.arg(known->name, known->rule));
        }
    }
    return options;
}

/// The options in \a argument, of which \a table has all; none if it is missing. \a takers are said
/// to take an object with them.
template<typename Options, std::size_t Count>
std::variant<Options, DispatchError> toOptions(const QJSValue &argument,
                                               const std::array<Option<Options>, Count> &table,
                                               const QString &what, const QString &takers)
{
    if (Dispatch::isMissing(argument))
        return Options();
    const QVariant value = argument.toVariant();
    if (value.typeId() == QMetaType::QVariantMap)
        return readOptions(value.toMap(), table, what);
    return DispatchError(DispatchError::InvalidOptions,
                         u"%1 an object with options: %2."_s.arg(takers, namesIn(table)));
}

} // namespace

std::variant<DispatchEmitOptions, DispatchError> toEmitOptions(const QJSValue &argument)
{
    if (isMissing(argument))
        return DispatchEmitOptions();
    const QVariant value = argument.toVariant();
    if (value.typeId() == QMetaType::QVariantMap)
        return readOptions(value.toMap(), EmitOptions, u"an event"_s);
    if (auto recipients = toStrings(value))
        return DispatchEmitOptions{.recipients = std::move(recipients)};
    return DispatchError(
        DispatchError::InvalidPayload,
        u"The recipients can't be sent: they must be an array of client ids or "
        "user ids, or be in an object with options: %1."_s.arg(namesIn(EmitOptions)));
}

std::variant<DispatchRequestOptions, DispatchError> toRequestOptions(const QJSValue &argument)
{
    return toOptions(argument, RequestOptions, u"a request"_s, u"request() takes"_s);
}

std::variant<DispatchStateOptions, DispatchError> toStateOptions(const QJSValue &argument)
{
    return toOptions(argument, StateOptions, u"a change of the shared state"_s,
                     u"set() and remove() take"_s);
}

} // namespace Dispatch
