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
#include <cstdint>
#include <map>
#include <optional>
#include <string>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

namespace dom = simdjson::dom;

// Deeper ones are left to Qt's parser, which reports them or takes them.
constexpr int DeepestNesting = 128;
constexpr qsizetype LongestForKeptParser = 64 * 1024;

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// Turns one value into a QVariant; false for one that is nested too deep.
bool build(dom::element element, QVariant &out, int levels);

/// The keys of events come again and again: those seen last are kept as QString.
class KeyCache {
public:
    QString find(std::string_view key)
    {
        if (key.size() > LongestKey || key.empty())
            return toQString(key);
        Slot &slot = m_slots[slotOf(key)];
        if (slot.text != key) {
            slot.text = key;
            slot.string = toQString(key);
        }
        return slot.string;
    }

private:
    static constexpr std::size_t LongestKey = 32;
    static constexpr std::size_t Slots = 256;
    struct Slot {
        std::string text;
        QString string;
    };

    /// Cheap, for keys that meet in a slot only push each other out.
    static std::size_t slotOf(std::string_view key)
    {
        const auto byte = [key](std::size_t i) { return std::size_t(std::uint8_t(key[i])); };
        return (byte(0) * 31 + byte(key.size() / 2) * 17 + byte(key.size() - 1) * 7 + key.size())
            % Slots;
    }

    std::array<Slot, Slots> m_slots;
};

bool buildMap(dom::object object, QVariant &out, int levels)
{
    thread_local KeyCache keys;
    std::map<QString, QVariant> map;
    for (const auto field : object) {
        if (!build(field.value, map[keys.find(field.key)], levels))
            return false;
    }
    out = QVariant(QVariantMap(std::move(map)));
    return true;
}

bool buildList(dom::array array, QVariant &out, int levels)
{
    QVariantList list;
    list.reserve(qsizetype(array.size()));
    for (const dom::element element : array) {
        if (!build(element, list.emplaceBack(), levels))
            return false;
    }
    out = QVariant(std::move(list));
    return true;
}

bool build(dom::element element, QVariant &out, int levels)
{
    if (levels < 0)
        return false;
    switch (element.type()) {
    case dom::element_type::OBJECT:
        return buildMap(dom::object(element), out, levels - 1);
    case dom::element_type::ARRAY:
        return buildList(dom::array(element), out, levels - 1);
    case dom::element_type::STRING:
        out = toQString(std::string_view(element));
        return true;
    case dom::element_type::INT64:
        out = qlonglong(std::int64_t(element));
        return true;
    case dom::element_type::UINT64:
        return false; // what Qt makes of it
    case dom::element_type::DOUBLE:
        out = double(element);
        return true;
    case dom::element_type::BOOL:
        out = bool(element);
        return true;
    case dom::element_type::NULL_VALUE:
        out = QVariant::fromValue(nullptr);
        return true;
    }
    return false;
}

bool isContainer(const QByteArray &json)
{
    return json.startsWith('{') || json.startsWith('[');
}

/// False for what simdjson does not take: broken text, escapes of lone surrogates, numbers that no
/// 64 bits hold.
bool parseFast(const QByteArray &json, QVariant &out)
{
    // The kernels of this reader are chosen for the processor at hand; those of the on-demand
    // reader, which would save a step, are not.
    thread_local dom::parser kept;
    std::optional<dom::parser> own;
    // A parser keeps memory for the longest text that it has seen.
    dom::parser &parser = json.size() > LongestForKeptParser ? own.emplace() : kept;
    const bool isPadded = json.capacity() >= json.size() + qsizetype(simdjson::SIMDJSON_PADDING);
    dom::element root;
    return !parser.parse(json.constData(), std::size_t(json.size()), !isPadded).get(root)
        && build(root, out, DeepestNesting);
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
