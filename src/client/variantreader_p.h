// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <simdjson.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qvariant.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// The maps that objects become, by the objects' keys: those of events come again and again. To
/// copy a map costs less than to make it, for no key has to be decoded and none compared with
/// others.
class MapShapes {
public:
    static constexpr std::size_t MostKeys = 32;

    using Map = std::map<QString, QVariant>;
    /// Where the value of each member of an object belongs, in the order of its text.
    using Places = std::array<QVariant *, MostKeys>;

    /// A map with the keys of \a object, and the \a places in it; an empty map for keys that are
    /// new.
    Map copyFor(simdjson::dom::object object, Places &places);

private:
    static constexpr std::size_t Slots = 64;

    struct Slot {
        std::size_t seen = 0; ///< hash of the keys that were new here last
        std::vector<std::string> keys; ///< in the order of the text
        std::vector<std::size_t> placeOf; ///< that of each key in the order of the map
        Map map;

        bool isFor(simdjson::dom::object object) const;
        void learn(simdjson::dom::object object);
    };

    std::array<Slot, Slots> m_slots;
};

/// Turns JSON text into QVariant. Keeps memory from text to text; one per thread.
class VariantReader {
public:
    /// Sets \a out; false for what simdjson does not take (broken text, escapes of lone surrogates,
    /// numbers that no 64 bits hold) and for what nests too deep: then \a out may be anything.
    bool read(const QByteArray &json, QVariant &out);

private:
    bool build(simdjson::dom::element element, QVariant &out, int levels);
    bool buildMap(simdjson::dom::object object, QVariant &out, int levels);
    bool buildList(simdjson::dom::array array, QVariant &out, int levels);

    simdjson::dom::parser m_parser;
    MapShapes m_shapes;
};

} // namespace Dispatch
