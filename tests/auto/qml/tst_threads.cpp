// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wrongthread.h"

#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;

/// Who uses an object of QML on another thread than that of the engine hears of it at once.
class tst_Threads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theWrongThreadEndsTheProgram_data();
    void theWrongThreadEndsTheProgram();

private:
    std::unique_ptr<QObject> make(const QString &type);

    QQmlEngine m_engine;
};

void tst_Threads::init()
{
    m_engine.addImportPath(QStringLiteral(DISPATCH_QML_IMPORT));
}

std::unique_ptr<QObject> tst_Threads::make(const QString &type)
{
    QQmlComponent component(&m_engine);
    const QString inside = type == "DispatchClient"_L1 || type == "DispatchServer"_L1
        ? u"%1 {}"_s
        : u"%1 { client: null }"_s;
    component.setData(u"import Dispatch\n"_s.toUtf8() + inside.arg(type).toUtf8(), QUrl());
    return std::unique_ptr<QObject>(component.create());
}

void tst_Threads::theWrongThreadEndsTheProgram_data()
{
    init();
    QTest::addColumn<QString>("type");
    QTest::addColumn<Call>("call");
    for (const QString &type : {u"DispatchClient"_s, u"DispatchEventModel"_s, u"DispatchServer"_s,
                                u"DispatchSharedState"_s, u"EventHandler"_s}) {
        const auto object = make(type);
        QVERIFY(object);
        for (const auto &[what, call] : callsByName(*object->metaObject()))
            QTest::addRow("%s: %s", qPrintable(type), qPrintable(what)) << type << call;
        QTest::addRow("%s: delete", qPrintable(type))
            << type << Call([](QObject *it) { delete it; });
    }
}

void tst_Threads::theWrongThreadEndsTheProgram()
{
    QFETCH(const QString, type);
    QFETCH(const Call, call);
    const auto object = make(type);
    QVERIFY(object);
    const QString said = fatalMessageOf(call, object.get());
    QVERIFY2(said.contains("was called on thread \"another\""_L1), qPrintable(said));
    QVERIFY2(said.contains("lives on the main thread"_L1), qPrintable(said));
}

QTEST_GUILESS_MAIN(tst_Threads)
#include "tst_threads.moc"
