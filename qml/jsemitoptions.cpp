// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsemitoptions_p.h"

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

std::optional<double> toNumber(const QVariant &value)
{
    const int type = value.typeId();
    if (type != QMetaType::Double && type != QMetaType::Int)
        return std::nullopt;
    const double number = value.toDouble();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool readRecipients(const QVariant &value, DispatchEmitOptions &options)
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

struct Option {
    QLatin1StringView name;
    bool (*read)(const QVariant &value, DispatchEmitOptions &options);
    QLatin1StringView rule;
};

constexpr std::array Options{
    Option{"recipients"_L1, readRecipients, "an array of client ids or user ids"_L1},
    Option{"ifDelayed"_L1, readIfDelayed, "DispatchEmitOptions.Queue, .Drop or .KeepLatest"_L1},
    Option{"key"_L1, readText<&DispatchEmitOptions::key>, "a text"_L1},
    Option{"maxAge"_L1, readMaxAge, "a number of ms, 0 or more"_L1},
    Option{"tag"_L1, readText<&DispatchEmitOptions::tag>, "a text"_L1},
};

QString namesOfOptions()
{
    QStringList names;
    for (const Option &option : Options)
        names.append(option.name);
    return names.join(u", "_s);
}

std::variant<DispatchEmitOptions, DispatchError> readOptions(const QVariantMap &object)
{
    DispatchEmitOptions options;
    for (const auto &[name, value] : object.asKeyValueRange()) {
        const auto known = std::ranges::find(Options, name, &Option::name);
        if (known == Options.end()) {
            return DispatchError(
                DispatchError::InvalidOptions,
                u"'%1' is no option of an event: there are %2."_s.arg(name, namesOfOptions()));
        }
        if (!isMissing(value) && !known->read(value, options)) {
            return DispatchError(DispatchError::InvalidOptions,
                                 u"The option %1 is %2."_s.arg(known->name, known->rule));
        }
    }
    return options;
}

} // namespace

std::variant<DispatchEmitOptions, DispatchError> toEmitOptions(const QJSValue &argument)
{
    if (argument.isUndefined() || argument.isNull())
        return DispatchEmitOptions();
    const QVariant value = argument.toVariant();
    if (value.typeId() == QMetaType::QVariantMap)
        return readOptions(value.toMap());
    if (auto recipients = toStrings(value))
        return DispatchEmitOptions{.recipients = std::move(recipients)};
    return DispatchError(DispatchError::InvalidPayload,
                         u"The recipients can't be sent: they must be an array of client ids or "
                         "user ids, or be in an object with options: %1."_s.arg(namesOfOptions()));
}

std::variant<DispatchRequestOptions, DispatchError> toRequestOptions(const QJSValue &argument)
{
    const DispatchError wrong(DispatchError::InvalidOptions,
                              u"request() takes an object with options: recipients, an array of "
                              "client ids or user ids, and timeout, a number of ms, 0 or more."_s);
    DispatchRequestOptions options;
    if (argument.isUndefined() || argument.isNull())
        return options;
    const QVariant object = argument.toVariant();
    if (object.typeId() != QMetaType::QVariantMap)
        return wrong;
    for (const auto &[name, value] : object.toMap().asKeyValueRange()) {
        if (isMissing(value))
            continue;
        if (name == "recipients"_L1 && (options.recipients = toStrings(value)))
            continue;
        // Infinity is for who waits for ever.
        const bool isNumber =
            value.typeId() == QMetaType::Double || value.typeId() == QMetaType::Int;
        if (name != "timeout"_L1 || !isNumber || !(value.toDouble() >= 0))
            return wrong;
        constexpr double Longest = std::numeric_limits<int>::max();
        options.timeout = std::chrono::milliseconds(qint64(std::min(value.toDouble(), Longest)));
    }
    return options;
}

} // namespace Dispatch
