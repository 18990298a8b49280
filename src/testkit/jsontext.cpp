// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsontext_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>

namespace Dispatch::TestKit {

std::string jsonText(const QJsonValue &value)
{
    if (value.isUndefined())
        return "{}";
    // A document is an object or an array.
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2).toStdString();
}

QJsonValue jsonValue(std::string_view text)
{
    const QByteArray list =
        '[' + QByteArray::fromRawData(text.data(), qsizetype(text.size())) + ']';
    return QJsonDocument::fromJson(list).array().first();
}

} // namespace Dispatch::TestKit
