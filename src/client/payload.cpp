// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "payload_p.h"

#include <simdjson.h>

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

namespace ondemand = simdjson::ondemand;

// Deeper ones are left to Qt's parser, which reports them or takes them.
constexpr int DeepestNesting = 128;

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// Turns one value into a QVariant; false for what simdjson does not take: broken text, escapes
/// of lone surrogates, integers over 64 bits.
bool build(ondemand::value value, QVariant &out, int levels);

/// The keys of events come again and again: those seen last are kept as QString.
class KeyCache {
public:
    QString find(std::string_view key)
    {
        if (key.size() > LongestKey)
            return toQString(key);
        Slot &slot = m_slots[std::hash<std::string_view>()(key) % m_slots.size()];
        if (slot.text != key) {
            slot.text = key;
            slot.string = toQString(key);
        }
        return slot.string;
    }

private:
    static constexpr std::size_t LongestKey = 32;
    struct Slot {
        std::string text;
        QString string;
    };
    std::array<Slot, 256> m_slots;
};

bool buildMap(ondemand::value value, QVariant &out, int levels)
{
    thread_local KeyCache keys;
    ondemand::object object;
    if (value.get_object().get(object))
        return false;
    std::map<QString, QVariant> map;
    for (auto field : object) {
        std::string_view key;
        ondemand::value member;
        // The view is only good until the next string is read.
        if (field.unescaped_key().get(key))
            return false;
        QVariant &place = map[keys.find(key)];
        if (field.value().get(member) || !build(member, place, levels))
            return false;
    }
    out = QVariant(QVariantMap(std::move(map)));
    return true;
}

bool buildList(ondemand::value value, QVariant &out, int levels)
{
    ondemand::array array;
    if (value.get_array().get(array))
        return false;
    QVariantList list;
    for (auto element : array) {
        ondemand::value item;
        if (element.get(item) || !build(item, list.emplaceBack(), levels))
            return false;
    }
    out = QVariant(std::move(list));
    return true;
}

bool buildNumber(ondemand::value value, QVariant &out)
{
    ondemand::number number;
    if (value.get_number().get(number))
        return false;
    switch (number.get_number_type()) {
    case ondemand::number_type::signed_integer:
        out = qlonglong(number.get_int64());
        return true;
    case ondemand::number_type::floating_point_number:
        out = number.get_double();
        return true;
    case ondemand::number_type::unsigned_integer:
        return false;
    }
    return false;
}

bool build(ondemand::value value, QVariant &out, int levels)
{
    ondemand::json_type type;
    if (levels < 0 || value.type().get(type))
        return false;
    switch (type) {
    case ondemand::json_type::object:
        return buildMap(value, out, levels - 1);
    case ondemand::json_type::array:
        return buildList(value, out, levels - 1);
    case ondemand::json_type::number:
        return buildNumber(value, out);
    case ondemand::json_type::string: {
        std::string_view text;
        if (value.get_string().get(text))
            return false;
        out = toQString(text);
        return true;
    }
    case ondemand::json_type::boolean: {
        bool truth = false;
        if (value.get_bool().get(truth))
            return false;
        out = truth;
        return true;
    }
    case ondemand::json_type::null: {
        bool null = false;
        if (value.is_null().get(null) || !null)
            return false;
        out = QVariant::fromValue(nullptr);
        return true;
    }
    }
    return false;
}

bool isContainer(const QByteArray &json)
{
    return json.startsWith('{') || json.startsWith('[');
}

bool parseFast(const QByteArray &json, QVariant &out)
{
    thread_local ondemand::parser parser;
    const QByteArray text = json.capacity() >= json.size() + qsizetype(simdjson::SIMDJSON_PADDING)
        ? json
        : Payload::padded({json.constData(), std::size_t(json.size())});
    ondemand::document document;
    ondemand::value root;
    const simdjson::padded_string_view view(text.constData(), std::size_t(text.size()),
                                            std::size_t(text.capacity()));
    if (parser.iterate(view).get(document) || document.get_value().get(root))
        return false;
    const char *rest = nullptr;
    return build(root, out, DeepestNesting)
        && document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

bool isRepresentable(const QJsonValue &value, int levels)
{
    switch (value.type()) {
    case QJsonValue::Double:
        return std::isfinite(value.toDouble());
    case QJsonValue::Array: {
        const QJsonArray array = value.toArray();
        return levels > 0
            && std::all_of(array.begin(), array.end(), [levels](const QJsonValue &element) {
                   return isRepresentable(element, levels - 1);
               });
    }
    case QJsonValue::Object: {
        const QJsonObject object = value.toObject();
        return levels > 0
            && std::all_of(object.begin(), object.end(), [levels](const QJsonValue &member) {
                   return isRepresentable(member, levels - 1);
               });
    }
    default:
        return true;
    }
}

} // namespace

QByteArray Payload::padded(std::string_view json)
{
    QByteArray out;
    out.reserve(qsizetype(json.size() + simdjson::SIMDJSON_PADDING));
    out.append(json.data(), qsizetype(json.size()));
    return out;
}

QVariant Payload::toVariant(const QByteArray &json)
{
    QVariant fast;
    // A document of a single scalar can't be asked for as a value; it is rare, and Qt does it.
    if (isContainer(json) && parseFast(json, fast))
        return fast;
    const QJsonValue value = toJson(json);
    return value.isUndefined() ? QVariant() : value.toVariant();
}

QJsonValue Payload::toJson(const QByteArray &json)
{
    if (isContainer(json)) {
        const QJsonDocument document = QJsonDocument::fromJson(json);
        if (document.isObject())
            return document.object();
        return document.isArray() ? QJsonValue(document.array())
                                  : QJsonValue(QJsonValue::Undefined);
    }
    const QJsonArray wrapped = QJsonDocument::fromJson('[' + json + ']').array();
    return wrapped.size() == 1 ? QJsonValue(wrapped.first()) : QJsonValue(QJsonValue::Undefined);
}

std::optional<QByteArray> Payload::fromJson(const QJsonValue &value, int levels)
{
    if (!isRepresentable(value, levels))
        return std::nullopt;
    if (value.isObject())
        return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
    if (value.isArray())
        return QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact);
    const QByteArray wrapped = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return wrapped.sliced(1, wrapped.size() - 2);
}

} // namespace Dispatch
