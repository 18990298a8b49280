// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "valuetypes_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qhash.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qreadwritelock.h>
#include <QtCore/qurl.h>
#include <QtCore/quuid.h>

#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

template<typename T>
T &as(void *value)
{
    return *static_cast<T *>(value);
}
template<typename T>
const T &as(const void *value)
{
    return *static_cast<const T *>(value);
}

QString readBool(const QJsonValue &json, void *value)
{
    if (!json.isBool())
        return u" is neither true nor false"_s;
    as<bool>(value) = json.toBool();
    return {};
}

template<std::integral T>
QString readInteger(const QJsonValue &json, void *value)
{
    // Which of the defaults it is tells that there is no such number.
    const qint64 number = json.toInteger(0);
    if (number != json.toInteger(1))
        return u" is no whole number"_s;
    if (!std::in_range<T>(number))
        return u" is out of range"_s;
    as<T>(value) = T(number);
    return {};
}

template<std::integral T>
QString writeInteger(const void *value, QJsonValue &json)
{
    if (!std::in_range<qint64>(as<T>(value)))
        return u" is out of range"_s;
    json = qint64(as<T>(value));
    return {};
}

template<std::floating_point T>
QString readFloat(const QJsonValue &json, void *value)
{
    if (!json.isDouble())
        return u" is no number"_s;
    const double number = json.toDouble();
    if (std::abs(number) > double(std::numeric_limits<T>::max()))
        return u" is out of range"_s;
    as<T>(value) = T(number);
    return {};
}

template<std::floating_point T>
QString writeFloat(const void *value, QJsonValue &json)
{
    if (!std::isfinite(as<T>(value)))
        return u" is no finite number"_s;
    json = double(as<T>(value));
    return {};
}

template<typename T>
QString writeAsItIs(const void *value, QJsonValue &json)
{
    json = as<T>(value);
    return {};
}

QString readText(const QJsonValue &json, void *value)
{
    if (!json.isString())
        return u" is no text"_s;
    as<QString>(value) = json.toString();
    return {};
}

/// What has a form as text, and \a valid says whether it is one. What nobody could read is not
/// written.
template<typename T, QString (*print)(const T &), T (*parse)(const QString &),
         bool (*valid)(const T &)>
struct Printed {
    static QString fault()
    {
        return u" is no %1"_s.arg(QLatin1StringView(QMetaType::fromType<T>().name()));
    }
    static QString read(const QJsonValue &json, void *value)
    {
        if (!json.isString())
            return u" is no text"_s;
        as<T>(value) = parse(json.toString());
        return valid(as<T>(value)) ? QString() : fault();
    }
    static QString write(const void *value, QJsonValue &json)
    {
        json = print(as<T>(value));
        return valid(as<T>(value)) ? QString() : fault();
    }
};

template<typename T>
bool isValid(const T &value)
{
    return value.isValid();
}

/// As JSON.stringify() of JavaScript writes a Date.
QString printTime(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}
QDateTime parseTime(const QString &text)
{
    return QDateTime::fromString(text, Qt::ISODateWithMs);
}
QString printUrl(const QUrl &url)
{
    return QString::fromLatin1(url.toEncoded());
}
QUrl parseUrl(const QString &text)
{
    return QUrl(text, QUrl::StrictMode);
}
bool isUrl(const QUrl &url)
{
    return url.isValid() || url.isEmpty();
}
QString printUuid(const QUuid &id)
{
    return id.toString(QUuid::WithoutBraces);
}
QUuid parseUuid(const QString &text)
{
    return QUuid::fromString(text);
}
bool isUuid(const QUuid &id)
{
    return !id.isNull();
}

QString readObject(const QJsonValue &json, void *value)
{
    if (!json.isObject())
        return u" is no object"_s;
    as<QJsonObject>(value) = json.toObject();
    return {};
}

QString readArray(const QJsonValue &json, void *value)
{
    if (!json.isArray())
        return u" is no array"_s;
    as<QJsonArray>(value) = json.toArray();
    return {};
}

QString readAnything(const QJsonValue &json, void *value)
{
    as<QJsonValue>(value) = json;
    return {};
}

QString readVariant(const QJsonValue &json, void *value)
{
    as<QVariant>(value) = json.toVariant();
    return {};
}

/// What has no JSON form would come out as null.
QString writeVariant(const void *value, QJsonValue &json)
{
    const QVariant &variant = as<QVariant>(value);
    json = QJsonValue::fromVariant(variant);
    return json.isNull() && variant.isValid() && variant.typeId() != QMetaType::Nullptr
        ? unknownType(variant.metaType())
        : QString();
}

QString readVariantMap(const QJsonValue &json, void *value)
{
    if (!json.isObject())
        return u" is no object"_s;
    as<QVariantMap>(value) = json.toObject().toVariantMap();
    return {};
}

QString writeVariantMap(const void *value, QJsonValue &json)
{
    json = QJsonObject::fromVariantMap(as<QVariantMap>(value));
    return {};
}

QString readVariantList(const QJsonValue &json, void *value)
{
    if (!json.isArray())
        return u" is no array"_s;
    as<QVariantList>(value) = json.toArray().toVariantList();
    return {};
}

QString writeVariantList(const void *value, QJsonValue &json)
{
    json = QJsonArray::fromVariantList(as<QVariantList>(value));
    return {};
}

using Table = QHash<int, ValueType>;

template<typename T>
void add(Table &table, ValueReader reader, ValueWriter writer)
{
    table.insert(QMetaType::fromType<T>().id(), {reader, writer});
}

template<typename T, auto... how>
void addPrinted(Table &table)
{
    add<T>(table, Printed<T, how...>::read, Printed<T, how...>::write);
}

template<std::integral... T>
void addIntegers(Table &table)
{
    (add<T>(table, readInteger<T>, writeInteger<T>), ...);
}

template<typename... T>
void addOptionals(Table &table)
{
    (add<std::optional<T>>(table, readRegistered<std::optional<T>>,
                           writeRegistered<std::optional<T>>),
     ...);
}

Table plainTypes()
{
    Table table;
    add<bool>(table, readBool, writeAsItIs<bool>);
    addIntegers<signed char, unsigned char, short, ushort, int, uint, long, ulong, qint64, quint64>(
        table);
    add<float>(table, readFloat<float>, writeFloat<float>);
    add<double>(table, readFloat<double>, writeFloat<double>);
    add<QString>(table, readText, writeAsItIs<QString>);
    addPrinted<QDateTime, printTime, parseTime, isValid<QDateTime>>(table);
    addPrinted<QUrl, printUrl, parseUrl, isUrl>(table);
    addPrinted<QUuid, printUuid, parseUuid, isUuid>(table);
    add<QJsonValue>(table, readAnything, writeAsItIs<QJsonValue>);
    add<QJsonObject>(table, readObject, writeAsItIs<QJsonObject>);
    add<QJsonArray>(table, readArray, writeAsItIs<QJsonArray>);
    add<QVariant>(table, readVariant, writeVariant);
    add<QVariantMap>(table, readVariantMap, writeVariantMap);
    add<QVariantList>(table, readVariantList, writeVariantList);
    addOptionals<bool, int, uint, qint64, quint64, float, double, QString, QStringList, QDateTime,
                 QUrl, QUuid, QJsonObject>(table);
    return table;
}

struct Registry {
    QReadWriteLock lock;
    Table table = plainTypes();
};

Registry &registry()
{
    static Registry registry;
    return registry;
}

QMetaEnum enumerationOf(QMetaType type)
{
    // "Game::Colour", or "QFlags<Game::Colour>", which has the name of its Q_FLAG elsewhere.
    QByteArray name = type.name();
    if (name.startsWith("QFlags<"))
        name = name.sliced(7).chopped(1);
    name = name.sliced(name.lastIndexOf(':') + 1);
    const QMetaObject *scope = type.metaObject();
    for (int i = 0; scope && i < scope->enumeratorCount(); ++i) {
        const QMetaEnum candidate = scope->enumerator(i);
        if (name == candidate.enumName() || name == candidate.name())
            return candidate;
    }
    return {};
}

// An enumeration can be kept in any integer; its meta-object knows values as int.

template<std::integral T>
int load(const void *value)
{
    T number;
    std::memcpy(&number, value, sizeof number);
    return int(number);
}

template<std::integral T>
void store(void *value, int wide)
{
    const T number = T(wide);
    std::memcpy(value, &number, sizeof number);
}

int numberOf(const void *value, qsizetype size)
{
    return size == 1 ? load<qint8>(value)
        : size == 2  ? load<qint16>(value)
        : size == 4  ? load<qint32>(value)
                     : load<qint64>(value);
}

void setNumber(void *value, qsizetype size, int number)
{
    const auto storeIt = size == 1 ? store<qint8>
        : size == 2                ? store<qint16>
        : size == 4                ? store<qint32>
                                   : store<qint64>;
    storeIt(value, number);
}

QString keysOf(const QMetaEnum &enumeration)
{
    QStringList keys;
    for (int i = 0; i < enumeration.keyCount(); ++i)
        keys.append(QString::fromLatin1(enumeration.key(i)));
    return keys.join(u", "_s);
}

} // namespace

std::optional<ValueType> findValueType(QMetaType type)
{
    Registry &known = registry();
    const QReadLocker locker(&known.lock);
    const auto found = known.table.constFind(type.id());
    return found == known.table.constEnd() ? std::nullopt : std::optional(*found);
}

void registerValueType(QMetaType type, ValueReader reader, ValueWriter writer)
{
    Registry &known = registry();
    const QWriteLocker locker(&known.lock);
    known.table.insert(type.id(), {reader, writer});
}

QString readEnumeration(const QJsonValue &json, QMetaType type, void *value)
{
    const QMetaEnum enumeration = enumerationOf(type);
    if (!enumeration.isValid())
        return unknownType(type);
    if (!json.isString())
        return u" is no text"_s;
    const QByteArray text = json.toString().toUtf8();
    bool isKey = enumeration.isFlag() && text.isEmpty();
    int number = 0;
    if (!isKey) {
        number = enumeration.isFlag() ? enumeration.keysToValue(text.constData(), &isKey)
                                      : enumeration.keyToValue(text.constData(), &isKey);
    }
    if (!isKey)
        return u" is none of "_s + keysOf(enumeration);
    setNumber(value, type.sizeOf(), number);
    return {};
}

QString writeEnumeration(const void *value, QMetaType type, QJsonValue &json)
{
    const QMetaEnum enumeration = enumerationOf(type);
    if (!enumeration.isValid())
        return unknownType(type);
    const int number = numberOf(value, type.sizeOf());
    const QByteArray text = enumeration.isFlag() ? enumeration.valueToKeys(number)
                                                 : QByteArray(enumeration.valueToKey(number));
    if (text.isEmpty() && !(enumeration.isFlag() && number == 0))
        return u" is %1, which is none of %2"_s.arg(number).arg(keysOf(enumeration));
    json = QString::fromLatin1(text);
    return {};
}

QString unknownType(QMetaType type)
{
    return u" has the type %1, which payloads can't have: give it fromJson() and toJson(), or "
           "specialise DispatchConverter, and register it by dispatchRegisterPayloadType()"_s.arg(
               QLatin1StringView(type.name()));
}

} // namespace Dispatch
