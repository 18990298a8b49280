// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "payload_p.h"

#include "variantreader_p.h"

#include <simdjson.h>

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

bool isContainer(const QByteArray &json)
{
    return json.startsWith('{') || json.startsWith('[');
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
    QByteArray out(qsizetype(json.size() + simdjson::SIMDJSON_PADDING), Qt::Uninitialized);
    std::memcpy(out.data(), json.data(), json.size());
    out.truncate(qsizetype(json.size()));
    return out;
}

QVariant Payload::toVariant(const QByteArray &json)
{
    thread_local VariantReader reader;
    QVariant value;
    if (!reader.read(json, value))
        value = toJson(json).toVariant();
    return value;
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
