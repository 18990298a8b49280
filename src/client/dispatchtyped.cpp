// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtyped.h"

#include "displaytext_p.h"
#include "valuetypes_p.h"

#include <QtCore/qassociativeiterable.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qsequentialiterable.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// A QVariant would hold a QVariant by being it.
void *dataOf(QVariant &value, QMetaType type)
{
    return type.id() == QMetaType::QVariant ? &value : value.data();
}

QVariant emptyOf(QMetaType type)
{
    return type.id() == QMetaType::QVariant ? QVariant() : QVariant(type);
}

const void *constDataOf(const QVariant &value, QMetaType type)
{
    return type.id() == QMetaType::QVariant ? &value : value.constData();
}

/// The JSON that \a value, which is in a container or a property of \a type, is.
QString writeVariant(const QVariant &value, QMetaType type, QJsonValue &json)
{
    return writeValue(constDataOf(value, type), type, json);
}

QString readGadget(const QJsonValue &json, const QMetaObject &type, void *gadget)
{
    if (!json.isObject())
        return u" is no object"_s;
    const QJsonObject object = json.toObject();
    for (int i = 0; i < type.propertyCount(); ++i) {
        const QMetaProperty property = type.property(i);
        if (!property.isWritable() || !property.isStored())
            continue;
        const QString key = QString::fromUtf8(property.name());
        const auto found = object.constFind(key);
        if (found == object.constEnd()) {
            if (property.isRequired())
                return u'.' + key + u" is missing"_s;
            continue;
        }
        QVariant value = emptyOf(property.metaType());
        const QString why =
            readValue(*found, property.metaType(), dataOf(value, property.metaType()));
        if (!why.isEmpty())
            return u'.' + key + why;
        property.writeOnGadget(gadget, value);
    }
    return {};
}

QString writeGadget(const void *gadget, const QMetaObject &type, QJsonValue &json)
{
    QJsonObject object;
    for (int i = 0; i < type.propertyCount(); ++i) {
        const QMetaProperty property = type.property(i);
        if (!property.isReadable() || !property.isStored())
            continue;
        const QString key = QString::fromUtf8(property.name());
        QJsonValue member;
        const QString why =
            writeVariant(property.readOnGadget(gadget), property.metaType(), member);
        if (!why.isEmpty())
            return u'.' + key + why;
        if (!member.isUndefined())
            object.insert(key, member);
    }
    json = object;
    return {};
}

QString readList(const QJsonValue &json, QMetaType type, void *list)
{
    QSequentialIterable view;
    QMetaType::view(type, list, QMetaType::fromType<QSequentialIterable>(), &view);
    const QMetaSequence sequence = view.metaContainer();
    if (!sequence.canAddValue() || !sequence.canClear())
        return unknownType(type);
    if (!json.isArray())
        return u" is no array"_s;
    sequence.clear(list);
    const QMetaType elementType = sequence.valueMetaType();
    const QJsonArray array = json.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        QVariant element = emptyOf(elementType);
        void *data = dataOf(element, elementType);
        if (const QString why = readValue(array[i], elementType, data); !why.isEmpty())
            return u"[%1]"_s.arg(i) + why;
        sequence.addValue(list, data);
    }
    return {};
}

QString writeList(const void *list, QMetaType type, QJsonValue &json)
{
    QSequentialIterable view;
    QMetaType::convert(type, list, QMetaType::fromType<QSequentialIterable>(), &view);
    QJsonArray array;
    for (const QVariant &element : view) {
        QJsonValue value;
        if (const QString why = writeVariant(element, view.valueMetaType(), value); !why.isEmpty())
            return u"[%1]"_s.arg(array.size()) + why;
        array.append(value.isUndefined() ? QJsonValue() : value);
    }
    json = array;
    return {};
}

QString readMap(const QJsonValue &json, QMetaType type, void *map)
{
    QAssociativeIterable view;
    QMetaType::view(type, map, QMetaType::fromType<QAssociativeIterable>(), &view);
    const QMetaAssociation association = view.metaContainer();
    if (association.keyMetaType().id() != QMetaType::QString || !association.canSetMappedAtKey()
        || !association.canClear())
        return unknownType(type);
    if (!json.isObject())
        return u" is no object"_s;
    association.clear(map);
    const QMetaType mappedType = association.mappedMetaType();
    const QJsonObject object = json.toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QString key = member.key();
        QVariant mapped = emptyOf(mappedType);
        void *data = dataOf(mapped, mappedType);
        if (const QString why = readValue(*member, mappedType, data); !why.isEmpty())
            return u'.' + key + why;
        association.setMappedAtKey(map, &key, data);
    }
    return {};
}

QString writeMap(const void *map, QMetaType type, QJsonValue &json)
{
    QAssociativeIterable view;
    QMetaType::convert(type, map, QMetaType::fromType<QAssociativeIterable>(), &view);
    const QMetaAssociation association = view.metaContainer();
    if (association.keyMetaType().id() != QMetaType::QString)
        return unknownType(type);
    QJsonObject object;
    for (auto entry = view.begin(); entry != view.end(); ++entry) {
        const QString key = entry.key().toString();
        QJsonValue value;
        const QString why = writeVariant(*entry, association.mappedMetaType(), value);
        if (!why.isEmpty())
            return u'.' + key + why;
        if (!value.isUndefined())
            object.insert(key, value);
    }
    json = object;
    return {};
}

bool isA(QMetaType type, QMetaType::TypeFlag flag)
{
    return type.flags().testFlag(flag);
}

/// \a why as the end of a sentence about the payload.
QString sentence(const QString &beginning, const QString &eventName, const QString &why)
{
    const QString where = why.startsWith(u'.') ? why.sliced(1) : u"it"_s + why;
    return displayText(beginning.arg(eventName) + where + u'.', 1'000);
}

} // namespace

QString readValue(const QJsonValue &json, QMetaType type, void *value)
{
    if (const auto known = findValueType(type))
        return known->read(json, value);
    if (isA(type, QMetaType::IsEnumeration))
        return readEnumeration(json, type, value);
    if (isA(type, QMetaType::IsGadget) && type.metaObject())
        return readGadget(json, *type.metaObject(), value);
    if (QMetaType::canView(type, QMetaType::fromType<QAssociativeIterable>()))
        return readMap(json, type, value);
    if (QMetaType::canView(type, QMetaType::fromType<QSequentialIterable>()))
        return readList(json, type, value);
    return unknownType(type);
}

QString writeValue(const void *value, QMetaType type, QJsonValue &json)
{
    if (const auto known = findValueType(type))
        return known->write(value, json);
    if (isA(type, QMetaType::IsEnumeration))
        return writeEnumeration(value, type, json);
    if (isA(type, QMetaType::IsGadget) && type.metaObject())
        return writeGadget(value, *type.metaObject(), json);
    if (QMetaType::canConvert(type, QMetaType::fromType<QAssociativeIterable>()))
        return writeMap(value, type, json);
    if (QMetaType::canConvert(type, QMetaType::fromType<QSequentialIterable>()))
        return writeList(value, type, json);
    return unknownType(type);
}

DispatchError unreadable(const QString &eventName, const QString &why)
{
    return {DispatchError::UnreadablePayload,
            sentence(u"The payload of '%1' can't be read: "_s, eventName, why)};
}

DispatchError unwritable(const QString &eventName, const QString &why)
{
    return {DispatchError::InvalidPayload,
            sentence(u"The payload of '%1' can't be sent: "_s, eventName, why)};
}

} // namespace Dispatch
