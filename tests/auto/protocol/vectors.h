// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

/// The vectors of docs/vectors/<name>.json.
inline QList<QJsonObject> vectors(const QString &name)
{
    QFile file(QStringLiteral(VECTORS_DIR) + name + QStringLiteral(".json"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s can't be read", qPrintable(file.fileName()));
    QList<QJsonObject> list;
    const QJsonObject content = QJsonDocument::fromJson(file.readAll()).object();
    for (const QJsonValue &vector : content[QLatin1String("vectors")].toArray())
        list.append(vector.toObject());
    if (list.isEmpty())
        qFatal("%s has no vectors", qPrintable(file.fileName()));
    return list;
}

/// A row for each vector.
inline void addVectorRows(const QString &name)
{
    QTest::addColumn<QJsonObject>("vector");
    for (const QJsonObject &vector : vectors(name))
        QTest::newRow(qPrintable(vector[QLatin1String("about")].toString())) << vector;
}
