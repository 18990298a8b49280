// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsvalues_p.h"

#include "jsstrings_p.h"

#include <simdjson.h>

#include <QtQml/qjsengine.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace dom = simdjson::dom;

namespace {

// To compile a function costs as much as 50 objects made without it, so a shape must come back
// first; and what a stranger sends must not fill the memory.
constexpr int SightingsBeforeCompiling = 3;
constexpr std::size_t MostShapes = 512;
constexpr std::size_t MostShapeBytes = 1024;
constexpr qsizetype MostValues = 48;
constexpr std::size_t MostElementsAtOnce = 64;
// A short array of scalars is made together with the object that it is in. Its size is part of
// the shape, so longer ones would make too many shapes.
constexpr std::size_t MostElementsInShape = 4;
// The call stack is not for strangers to fill either.
constexpr int DeepestNesting = 64;

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// Whether \a key can stand between quotes in a program as it is.
bool isPlain(std::string_view key)
{
    return std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("_$-.:/@ ").find(c) != std::string_view::npos;
    });
}

/// What an object is made of, in the order of its text: keys, and what they lead to. Objects in
/// objects are part of it, and short arrays; other arrays are values. The marks are bytes that no
/// key can have.
constexpr char ArrayBegins = '\xfb';
constexpr char ArrayEnds = '\xfc';
constexpr char ObjectBegins = '\xfd';
constexpr char ObjectEnds = '\xfe';
constexpr char ValueFollows = '\xff';

bool isObject(dom::element element)
{
    return element.type() == dom::element_type::OBJECT;
}

bool isShortArray(dom::element element)
{
    if (element.type() != dom::element_type::ARRAY)
        return false;
    const dom::array array(element);
    return array.size() <= MostElementsInShape
        && std::all_of(array.begin(), array.end(), [](dom::element value) {
               return value.type() != dom::element_type::ARRAY && !isObject(value);
           });
}

QString arrayLiteral(int count, int firstValue = 0)
{
    QStringList values;
    for (int i = 0; i < count; ++i)
        values.append(u'v' + QString::number(firstValue + i));
    return u'[' + values.join(u',') + u']';
}

/// The program of an object literal; its values are named v0, v1, ... Nothing if a key could be
/// more than a key.
std::optional<QString> literal(dom::object object, int &count)
{
    QString program = u"{"_s;
    for (const auto field : object) {
        if (!isPlain(field.key))
            return std::nullopt;
        program += u'"' + toQString(field.key) + u"\":"_s;
        if (isObject(field.value)) {
            const auto inner = literal(dom::object(field.value), count);
            if (!inner)
                return std::nullopt;
            program += *inner;
        } else if (isShortArray(field.value)) {
            const auto size = int(dom::array(field.value).size());
            program += arrayLiteral(size, count);
            count += size;
        } else {
            program += u'v' + QString::number(count++);
        }
        program += u',';
    }
    return program + u'}';
}

/// The program of a function that returns \a body, which has \a count values.
QString function(const QString &body, int count)
{
    QStringList parameters;
    for (int i = 0; i < count; ++i)
        parameters.append(u'v' + QString::number(i));
    return u"(function("_s + parameters.join(u',') + u"){return "_s + body + u"})"_s;
}

} // namespace

struct JsValues::Private {
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    struct Shape {
        int sightings = 0;
        QJSValue make; ///< undefined while it is not compiled
    };

    // They set a value, or append it, or give false for what is left to JSON.parse.
    bool append(dom::element element, QJSValueList &out, int levels);
    bool buildObject(dom::object object, QJSValue &out, int levels);
    bool buildArray(dom::array array, QJSValue &out, int levels);
    bool collect(dom::object object, QJSValueList &values, int levels);
    QJSValue assemble(dom::object object, const QJSValueList &values, qsizetype &next);
    const QJSValue &makerOf(dom::object object, std::string_view shape);
    const QJSValue &makerOfArray(std::size_t size);
    QJSValue parse(const QByteArray &json);

    QJSEngine *engine;
    JsStrings *strings;
    QJSValue jsonParse;
    dom::parser parser;
    std::string signature;
    QJSValueList spareValues; ///< empty: its memory is what counts
    std::unordered_map<std::string, Shape, Hash, std::equal_to<>> shapes;
    std::array<QJSValue, MostElementsAtOnce + 1> arrayMakers;
};

JsValues::JsValues(QJSEngine *engine, JsStrings &strings)
    : d(std::make_unique<Private>())
{
    d->engine = engine;
    d->strings = &strings;
    d->jsonParse = engine->evaluate(u"JSON.parse"_s);
}

JsValues::~JsValues() = default;

QJSValue JsValues::fromJson(const QByteArray &json)
{
    const bool isPadded = json.capacity() >= json.size() + qsizetype(simdjson::SIMDJSON_PADDING);
    dom::element root;
    // Without padding the parser makes a copy that has it.
    if (d->parser.parse(json.constData(), std::size_t(json.size()), !isPadded).get(root))
        return d->parse(json);
    if (isObject(root)) {
        QJSValue value;
        return d->buildObject(dom::object(root), value, DeepestNesting) ? value : d->parse(json);
    }
    QJSValueList values;
    return d->append(root, values, DeepestNesting) ? values.first() : d->parse(json);
}

QJSValue JsValues::Private::parse(const QByteArray &json)
{
    const QJSValue value = jsonParse.call({QString::fromUtf8(json)});
    return value.isError() ? QJSValue() : value;
}

/// Appends the value that \a element is.
bool JsValues::Private::append(dom::element element, QJSValueList &out, int levels)
{
    switch (element.type()) {
    case dom::element_type::OBJECT:
        return buildObject(dom::object(element), out.emplaceBack(), levels);
    case dom::element_type::ARRAY:
        return buildArray(dom::array(element), out.emplaceBack(), levels);
    case dom::element_type::STRING:
        out.append(strings->of(std::string_view(element)));
        break;
    case dom::element_type::INT64: {
        const std::int64_t number(element);
        const bool isInt =
            number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
        if (isInt)
            out.emplaceBack(int(number));
        else
            out.emplaceBack(double(number));
        break;
    }
    case dom::element_type::UINT64:
        out.emplaceBack(double(std::uint64_t(element)));
        break;
    case dom::element_type::DOUBLE:
        out.emplaceBack(double(element));
        break;
    case dom::element_type::BOOL:
        out.emplaceBack(bool(element));
        break;
    case dom::element_type::NULL_VALUE:
        out.emplaceBack(QJSValue::NullValue);
        break;
    }
    return true;
}

bool JsValues::Private::buildObject(dom::object object, QJSValue &out, int levels)
{
    // A stack: what is nested in arrays comes and goes meanwhile.
    const std::size_t begin = signature.size();
    QJSValueList values = std::exchange(spareValues, {});
    const bool done = collect(object, values, levels);
    if (done) {
        const std::string_view shape = std::string_view(signature).substr(begin);
        const QJSValue *maker = values.size() <= MostValues ? &makerOf(object, shape) : nullptr;
        qsizetype next = 0;
        out = maker && maker->isCallable() ? maker->call(values) : assemble(object, values, next);
    }
    signature.resize(begin);
    if (values.size() <= MostValues) {
        values.clear();
        spareValues = std::move(values);
    }
    return done;
}

/// Appends the shape of \a object to the signature, and what is not an object to \a values.
bool JsValues::Private::collect(dom::object object, QJSValueList &values, int levels)
{
    if (levels <= 0)
        return false;
    signature += ObjectBegins;
    for (const auto field : object) {
        // To set this one would change the object's prototype.
        if (field.key == "__proto__")
            return false;
        signature += field.key;
        if (isObject(field.value)) {
            if (!collect(dom::object(field.value), values, levels - 1))
                return false;
        } else if (isShortArray(field.value)) {
            signature += ArrayBegins;
            for (const dom::element element : dom::array(field.value)) {
                signature += ValueFollows;
                if (!append(element, values, levels - 1))
                    return false;
            }
            signature += ArrayEnds;
        } else {
            signature += ValueFollows;
            if (!append(field.value, values, levels - 1))
                return false;
        }
    }
    signature += ObjectEnds;
    return true;
}

QJSValue JsValues::Private::assemble(dom::object object, const QJSValueList &values,
                                     qsizetype &next)
{
    QJSValue result = engine->newObject();
    for (const auto field : object) {
        QJSValue value;
        if (isObject(field.value)) {
            value = assemble(dom::object(field.value), values, next);
        } else if (isShortArray(field.value)) {
            const std::size_t size = dom::array(field.value).size();
            value = makerOfArray(size).call(values.mid(next, qsizetype(size)));
            next += qsizetype(size);
        } else {
            value = values.at(next++);
        }
        result.setProperty(toQString(field.key), value);
    }
    return result;
}

bool JsValues::Private::buildArray(dom::array array, QJSValue &out, int levels)
{
    if (levels <= 0)
        return false;
    QJSValueList values;
    const std::size_t size = array.size();
    if (size > MostElementsAtOnce) {
        out = engine->newArray(uint(std::min<std::size_t>(size, 0xffffff)));
        quint32 index = 0;
        for (const dom::element element : array) {
            values.clear();
            if (!append(element, values, levels - 1))
                return false;
            out.setProperty(index++, values.first());
        }
        return true;
    }
    values.reserve(qsizetype(size));
    for (const dom::element element : array) {
        if (!append(element, values, levels - 1))
            return false;
    }
    out = makerOfArray(size).call(values);
    return true;
}

/// The function that makes objects like \a object; undefined if there is none, or not yet. Valid
/// until the next call.
const QJSValue &JsValues::Private::makerOf(dom::object object, std::string_view shape)
{
    static const QJSValue none;
    if (shape.size() > MostShapeBytes)
        return none;
    auto known = shapes.find(shape);
    if (known == shapes.end()) {
        if (shapes.size() >= MostShapes)
            shapes.clear();
        known = shapes.emplace(shape, Shape()).first;
    }
    Shape &found = known->second;
    if (found.sightings < SightingsBeforeCompiling
        && ++found.sightings == SightingsBeforeCompiling) {
        int count = 0;
        if (const auto body = literal(object, count))
            found.make = engine->evaluate(function(*body, count));
    }
    return found.make;
}

const QJSValue &JsValues::Private::makerOfArray(std::size_t size)
{
    QJSValue &make = arrayMakers[size];
    if (make.isUndefined())
        make = engine->evaluate(function(arrayLiteral(int(size)), int(size)));
    return make;
}

} // namespace Dispatch
