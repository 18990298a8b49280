// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Reads a server's properties when it says that it listens or not.
class Reader : public QObject {
    Q_OBJECT

public:
    QVariantList seen;

public Q_SLOTS:
    void read() { seen << sender()->property("listening") << sender()->property("address"); }
};

/// Holds the module to its own description.
class TypesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTypeCanBeMade_data();
    void everyTypeCanBeMade();
    void theDescriptionHasAllTypes();
    void aServerThatGoesTellsNobody();

private:
    struct Type {
        QString name;
        bool isCreatable;
    };
    static QList<Type> describedTypes();
};

/// What the description exports; value types have names in lower case.
QList<TypesTest::Type> TypesTest::describedTypes()
{
    QFile file(u"%1/Dispatch/DispatchQml.qmltypes"_s.arg(QLatin1String(DISPATCH_QML_IMPORT)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<Type> types;
    const QStringList components = QString::fromUtf8(file.readAll()).split(u"    Component {"_s);
    for (const QString &component : components) {
        static const QRegularExpression exported(u"exports: \\[\"Dispatch/(\\w+) "_s);
        const auto match = exported.match(component);
        if (match.hasMatch())
            types.append({match.captured(1), !component.contains("isCreatable: false"_L1)});
    }
    return types;
}

void TypesTest::everyTypeCanBeMade_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isCreatable");
    for (const Type &type : describedTypes())
        QTest::newRow(qPrintable(type.name)) << type.name << type.isCreatable;
}

void TypesTest::everyTypeCanBeMade()
{
    QFETCH(QString, name);
    QFETCH(bool, isCreatable);
    QQmlEngine engine;
    engine.addImportPath(QLatin1String(DISPATCH_QML_IMPORT));
    QQmlComponent component(&engine);
    const bool isValue = name.at(0).isLower();
    const QString body = isCreatable ? u"%1 {}"_s.arg(name)
        : isValue                    ? u"QtObject { property %1 value }"_s.arg(name)
                                     : u"QtObject { property var value: %1 }"_s.arg(name);
    component.setData(u"import QtQml\nimport Dispatch\n"_s.toUtf8() + body.toUtf8(), QUrl());
    if (name == "EventHandler"_L1)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"hears nothing"_s));
    if (name == "DispatchEventModel"_L1)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"shows nothing"_s));
    const std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
    if (!isCreatable)
        QVERIFY(object->property("value").isValid());
}

void TypesTest::theDescriptionHasAllTypes()
{
    QStringList names;
    for (const Type &type : describedTypes())
        names.append(type.name);
    names.sort();
    const QStringList expected{
        u"DispatchClient"_s,         u"DispatchClientsModel"_s,   u"DispatchEmitOptions"_s,
        u"DispatchError"_s,          u"DispatchEventModel"_s,     u"DispatchPendingEventsModel"_s,
        u"DispatchQueuePolicy"_s,    u"DispatchServer"_s,         u"DispatchSharedState"_s,
        u"DispatchUsersModel"_s,     u"EventHandler"_s,           u"dispatchConnectedClient"_s,
        u"dispatchConnectionInfo"_s, u"dispatchError"_s,          u"dispatchEventMetadata"_s,
        u"dispatchIncomingLimits"_s, u"dispatchQueuePolicy"_s,    u"dispatchReconnectPolicy"_s,
        u"dispatchRequestPolicy"_s,  u"dispatchServerSettings"_s, u"dispatchShardInfo"_s,
    };
    QCOMPARE(names, expected);
}

void TypesTest::aServerThatGoesTellsNobody()
{
    QQmlEngine engine;
    engine.addImportPath(QLatin1String(DISPATCH_QML_IMPORT));
    QQmlComponent component(&engine);
    component.setData("import Dispatch\nDispatchServer { active: true }", QUrl());
    std::unique_ptr<QObject> server(component.create());
    QVERIFY2(server, qPrintable(component.errorString()));
    QTRY_VERIFY(server->property("listening").toBool());
    Reader reader;
    QVERIFY(connect(server.get(), SIGNAL(listeningChanged()), &reader, SLOT(read())));
    server.reset();
    QCOMPARE(reader.seen, QVariantList());
}

QTEST_GUILESS_MAIN(TypesTest)

#include "tst_types.moc"
