// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// How types of the application become payloads, and payloads such types; dispatchclient.h includes
// it.
#pragma once

#include "dispatchclient_export.h"
#include "dispatcherror.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>

#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

/// Says how a type becomes JSON and back, for one that can't say so itself, as that of another
/// library. To be specialised, with one of these or both:
/// \code
/// template<>
/// struct DispatchConverter<QPointF> {
///     static std::optional<QPointF> fromJson(const QJsonValue &json); // empty: not readable
///     static QJsonValue toJson(const QPointF &point);
/// };
/// \endcode
/// \since 0.1
template<typename T>
struct DispatchConverter {
};

namespace Dispatch {

// What is wrong with a value is said behind where that is, as in ".players[1].colour is no text" or
// " is no object"; empty if nothing is.

/// A value that was read, or why it could not be.
template<typename T>
struct Reading {
    std::optional<T> value = {};
    QString why = {};
};

/// A value as JSON, or why it can't be that.
struct Writing {
    QJsonValue json;
    QString why = {};
};

// The type-erased part, for gadgets and what their properties can have. Both give what is wrong.
DISPATCH_CLIENT_EXPORT QString readValue(const QJsonValue &json, QMetaType type, void *value);
DISPATCH_CLIENT_EXPORT QString writeValue(const void *value, QMetaType type, QJsonValue &json);

/// What the reading of a payload fails with.
DISPATCH_CLIENT_EXPORT DispatchError unreadable(const QString &eventName, const QString &why);
/// What the sending of a payload fails with.
DISPATCH_CLIENT_EXPORT DispatchError unwritable(const QString &eventName, const QString &why);

using ValueReader = QString (*)(const QJsonValue &json, void *value);
using ValueWriter = QString (*)(const void *value, QJsonValue &json);
DISPATCH_CLIENT_EXPORT void registerValueType(QMetaType type, ValueReader reader,
                                              ValueWriter writer);

template<typename T, typename... Others>
inline constexpr bool isOneOf = (std::is_same_v<T, Others> || ...);

template<typename Result, typename T>
concept GivesOrMisses = isOneOf<std::remove_cvref_t<Result>, T, std::optional<T>>;

template<typename T>
concept ConvertedFromJson = requires(const QJsonValue &json)
{
    {
        DispatchConverter<T>::fromJson(json)
        } -> GivesOrMisses<T>;
};
template<typename T>
concept ConvertedToJson = requires(const T &value)
{
    {
        DispatchConverter<T>::toJson(value)
        } -> std::convertible_to<QJsonValue>;
};
template<typename T>
concept ReadsValues = requires(const QJsonValue &json)
{
    {
        T::fromJson(json)
        } -> GivesOrMisses<T>;
};
template<typename T>
concept ReadsObjects = requires(const QJsonObject &json)
{
    {
        T::fromJson(json)
        } -> GivesOrMisses<T>;
};
template<typename T>
concept WritesItself = requires(const T &value)
{
    {
        value.toJson()
        } -> std::convertible_to<QJsonValue>;
};
template<typename T>
concept Gadget = std::default_initializable<T> && requires
{
    typename T::QtGadgetHelper;
    T::staticMetaObject;
};

template<typename T>
inline constexpr bool isPlain = std::is_arithmetic<T>::value
    || isOneOf<T, QString, QStringList, QJsonValue, QJsonObject, QJsonArray, QVariantMap,
               QVariantList>;
template<typename T>
inline constexpr bool isList = false;
template<typename T>
inline constexpr bool isList<QList<T>> = isPlain<T> || Gadget<T>;

/// What readValue() and writeValue() know without being told.
template<typename T>
concept Known = isPlain<T> || isList<T> || Gadget<T>;

template<typename T>
concept Readable = ConvertedFromJson<T> || ReadsValues<T> || ReadsObjects<T> || Known<T>;
template<typename T>
concept IsJson = std::convertible_to<const T &, QJsonValue>;
template<typename T>
concept Writable = ConvertedToJson<T> || IsJson<T> || WritesItself<T> || Known<T>;
/// What is no payload as it is.
template<typename T>
concept NoJson = !IsJson<T>;

template<typename T, typename Call>
Reading<T> readBy(Call call)
{
    try {
        if (std::optional<T> value = call())
            return {std::move(value)};
        return {.why = QStringLiteral(" is not what fromJson() takes")};
    } catch (const std::exception &error) {
        return {.why = QStringLiteral(": ") + QString::fromUtf8(error.what())};
    }
}

/// What readValue() makes of \a json as a T.
template<typename T>
Reading<T> readErased(const QJsonValue &json)
{
    T value{};
    QString why = readValue(json, QMetaType::fromType<T>(), &value);
    if (why.isEmpty())
        return {std::move(value)};
    return {.why = std::move(why)};
}

/// What writeValue() makes of \a value.
template<typename T>
Writing writeErased(const T &value)
{
    Writing written;
    written.why = writeValue(&value, QMetaType::fromType<T>(), written.json);
    return written;
}

/// \a json as a T, all of it or nothing.
template<Readable T>
Reading<T> readAs(const QJsonValue &json)
{
    if constexpr (ConvertedFromJson<T>) {
        return readBy<T>([&] { return DispatchConverter<T>::fromJson(json); });
    } else if constexpr (ReadsValues<T>) {
        return readBy<T>([&] { return T::fromJson(json); });
    } else if constexpr (ReadsObjects<T>) {
        if (!json.isObject())
            return {.why = QStringLiteral(" is no object")};
        return readBy<T>([&] { return T::fromJson(json.toObject()); });
    } else if constexpr (std::same_as<T, QJsonValue>) {
        return {json};
    } else {
        return readErased<T>(json);
    }
}

template<Writable T>
Writing toJson(const T &value)
{
    if constexpr (ConvertedToJson<T>) {
        return {DispatchConverter<T>::toJson(value)};
    } else if constexpr (IsJson<T>) {
        return {value};
    } else if constexpr (WritesItself<T>) {
        return {value.toJson()};
    } else {
        return writeErased(value);
    }
}

/// Of a future: throws the DispatchError that it is to fail with.
template<typename T>
T readOrThrow(const QString &eventName, const QJsonValue &json)
{
    Reading<T> reading = readAs<T>(json);
    if (!reading.value)
        throw unreadable(eventName, reading.why);
    return *std::move(reading.value);
}
template<typename T>
QJsonValue writeOrThrow(const QString &eventName, const T &value)
{
    const Writing written = toJson(value);
    if (!written.why.isEmpty())
        throw unwritable(eventName, written.why);
    return written.json;
}

template<typename T>
inline constexpr bool isOptional = false;
template<typename T>
inline constexpr bool isOptional<std::optional<T>> = true;

/// readAs() where T is known by now, else what is registered.
template<typename T>
Reading<T> readKnownOrRegistered(const QJsonValue &json)
{
    if constexpr (Readable<T>) {
        return readAs<T>(json);
    } else {
        return readErased<T>(json);
    }
}

template<typename T>
Writing writeKnownOrRegistered(const T &value)
{
    if constexpr (Writable<T>) {
        return toJson(value);
    } else {
        return writeErased(value);
    }
}

template<typename T>
QString readRegistered(const QJsonValue &json, void *value)
{
    T &target = *static_cast<T *>(value);
    if constexpr (isOptional<T>) {
        target.reset();
        if (json.isNull() || json.isUndefined())
            return {};
        auto some = readKnownOrRegistered<typename T::value_type>(json);
        target = std::move(some.value);
        return some.why;
    } else {
        Reading<T> reading = readAs<T>(json);
        if (reading.value)
            target = *std::move(reading.value);
        return reading.why;
    }
}

template<typename T>
QString writeRegistered(const void *value, QJsonValue &json)
{
    const T &source = *static_cast<const T *>(value);
    Writing written{QJsonValue(QJsonValue::Undefined)};
    if constexpr (!isOptional<T>)
        written = toJson(source);
    else if (source)
        written = writeKnownOrRegistered(*source);
    json = written.json;
    return written.why;
}

template<typename T>
QString readRegisteredList(const QJsonValue &json, void *value)
{
    if (!json.isArray())
        return QStringLiteral(" is no array");
    QList<T> list;
    for (const QJsonValue &element : json.toArray()) {
        T one{};
        if (const QString why = readRegistered<T>(element, &one); !why.isEmpty())
            return QStringLiteral("[%1]").arg(list.size()) + why;
        list.append(std::move(one));
    }
    *static_cast<QList<T> *>(value) = std::move(list);
    return {};
}

template<typename T>
QString writeRegisteredList(const void *value, QJsonValue &json)
{
    QJsonArray array;
    for (const T &one : *static_cast<const QList<T> *>(value)) {
        QJsonValue element;
        if (const QString why = writeRegistered<T>(&one, element); !why.isEmpty())
            return QStringLiteral("[%1]").arg(array.size()) + why;
        array.append(element.isUndefined() ? QJsonValue() : element);
    }
    json = array;
    return {};
}

} // namespace Dispatch

/// Lets gadgets that are payloads have properties of type T and lists of T: of a type with
/// conversions of its own, or of a std::optional of any type that properties may have. Of those,
/// optional truth values, numbers, texts, times and objects need it not. To be called once, before
/// such a gadget is used; on any thread. \since 0.1
template<typename T>
void dispatchRegisterPayloadType()
{
    static_assert(Dispatch::isOptional<T> || (Dispatch::Readable<T> && Dispatch::Writable<T>),
                  "Dispatch: only a type with conversions of its own can be registered: give it "
                  "fromJson() and toJson(), or specialise DispatchConverter. A std::optional of a "
                  "type that properties may have can be registered, too.");
    Dispatch::registerValueType(QMetaType::fromType<T>(), Dispatch::readRegistered<T>,
                                Dispatch::writeRegistered<T>);
    Dispatch::registerValueType(QMetaType::fromType<QList<T>>(), Dispatch::readRegisteredList<T>,
                                Dispatch::writeRegisteredList<T>);
}
