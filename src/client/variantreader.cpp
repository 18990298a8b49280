// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "variantreader_p.h"

#include "utf8_p.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace Dispatch {

namespace dom = simdjson::dom;

namespace {

// Deeper ones are left to Qt's parser, which reports them or takes them.
constexpr int DeepestNesting = 128;
constexpr qsizetype LongestForKeptParser = 64 * 1024;
constexpr std::size_t LongestKeptKey = 32;

/// Nothing for keys that are too many or too long to be kept.
std::optional<std::size_t> hashOfKeys(dom::object object)
{
    if (object.size() > MapShapes::MostKeys)
        return std::nullopt;
    std::size_t hash = 0;
    for (const auto field : object) {
        const std::string_view key = field.key;
        if (key.size() > LongestKeptKey)
            return std::nullopt;
        // Cheap, for objects that meet in a slot only push each other out.
        const auto byte = [key](std::size_t i) { return std::size_t(std::uint8_t(key[i])); };
        hash = hash * 31 + key.size();
        if (!key.empty())
            hash = hash * 31 + byte(0) + byte(key.size() / 2) * 7 + byte(key.size() - 1) * 17;
    }
    return hash;
}

/// Makes \a out \a value. To assign it would move a QVariant to and fro, which costs more than the
/// rest.
template<typename T>
void set(QVariant &out, const T &value)
{
    std::destroy_at(&out);
    std::construct_at(&out, value);
}

} // namespace

MapShapes::Map MapShapes::copyFor(dom::object object, Places &places)
{
    const auto hash = hashOfKeys(object);
    if (!hash)
        return {};
    Slot &slot = m_slots[*hash % Slots];
    if (!slot.isFor(object)) {
        // The keys of some objects never come again: they are not worth to be learnt.
        if (std::exchange(slot.seen, *hash) != *hash)
            return {};
        slot.learn(object);
    }
    Map map = slot.map;
    Places inOrder;
    std::ranges::transform(map, inOrder.begin(), [](auto &entry) { return &entry.second; });
    std::ranges::transform(slot.placeOf, places.begin(),
                           [&inOrder](std::size_t place) { return inOrder[place]; });
    return map;
}

bool MapShapes::Slot::isFor(dom::object object) const
{
    return std::equal(object.begin(), object.end(), keys.begin(), keys.end(),
                      [](const auto &field, const std::string &key) { return field.key == key; });
}

void MapShapes::Slot::learn(dom::object object)
{
    keys.clear();
    placeOf.clear();
    map.clear();
    for (const auto field : object) {
        keys.emplace_back(field.key);
        map.try_emplace(toQString(field.key));
    }
    for (const std::string &key : keys)
        placeOf.push_back(std::size_t(std::distance(map.begin(), map.find(toQString(key)))));
}

bool VariantReader::read(const QByteArray &json, QVariant &out)
{
    // The kernels of this reader are chosen for the processor at hand; those of the on-demand
    // reader, which would save a step, are not.
    std::optional<dom::parser> own;
    // A parser keeps memory for the longest text that it has seen.
    dom::parser &parser = json.size() > LongestForKeptParser ? own.emplace() : m_parser;
    const bool isPadded = json.capacity() >= json.size() + qsizetype(simdjson::SIMDJSON_PADDING);
    dom::element root;
    return !parser.parse(json.constData(), std::size_t(json.size()), !isPadded).get(root)
        && build(root, out, DeepestNesting);
}

bool VariantReader::build(dom::element element, QVariant &out, int levels)
{
    if (levels < 0)
        return false;
    switch (element.type()) {
    case dom::element_type::OBJECT:
        return buildMap(dom::object(element), out, levels - 1);
    case dom::element_type::ARRAY:
        return buildList(dom::array(element), out, levels - 1);
    case dom::element_type::STRING:
        set(out, toQString(std::string_view(element)));
        return true;
    case dom::element_type::INT64:
        set(out, qlonglong(std::int64_t(element)));
        return true;
    case dom::element_type::UINT64:
        return false; // what Qt makes of it
    case dom::element_type::DOUBLE:
        set(out, double(element));
        return true;
    case dom::element_type::BOOL:
        set(out, bool(element));
        return true;
    case dom::element_type::NULL_VALUE:
        out = QVariant::fromValue(nullptr);
        return true;
    }
    return false;
}

bool VariantReader::buildMap(dom::object object, QVariant &out, int levels)
{
    MapShapes::Places places;
    MapShapes::Map map = m_shapes.copyFor(object, places);
    const bool isNew = map.empty();
    auto place = places.begin();
    for (const auto field : object) {
        if (!build(field.value, isNew ? map[toQString(field.key)] : **place++, levels))
            return false;
    }
    set(out, QVariantMap(std::move(map)));
    return true;
}

bool VariantReader::buildList(dom::array array, QVariant &out, int levels)
{
    QVariantList list;
    list.reserve(qsizetype(array.size()));
    for (const dom::element element : array) {
        if (!build(element, list.emplaceBack(), levels))
            return false;
    }
    set(out, list);
    return true;
}

} // namespace Dispatch
