// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wrongthread.h"

#include <DispatchTestPerson>
#include <DispatchTestRecorder>
#include <DispatchTestServer>

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Who uses the test kit on another thread than that of its server hears of it at once.
class tst_Threads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWrongThreadEndsTheProgram_data();
    void theWrongThreadEndsTheProgram();
};

void tst_Threads::theWrongThreadEndsTheProgram_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Call>("call");
    const auto add = [](const QMetaObject &type, std::map<QString, Call> more) {
        more.merge(callsByName(type));
        for (const auto &[what, call] : more) {
            const QString name = QString::fromLatin1(type.className());
            QTest::addRow("%s: %s", qPrintable(name), qPrintable(what)) << name << call;
        }
    };
    add(DispatchTestServer::staticMetaObject,
        {
            {u"~"_s, on<DispatchTestServer>([](auto *server) { delete server; })},
            {u"advance"_s, on<DispatchTestServer>([](auto *server) { server->advance(1s); })},
            {u"elapsed"_s, on<DispatchTestServer>([](auto *server) { server->elapsed(); })},
            {u"replay"_s,
             on<DispatchTestServer>([](auto *server) { server->replay(QByteArray()); })},
        });
    add(DispatchTestPerson::staticMetaObject,
        {{u"~"_s, on<DispatchTestPerson>([](auto *person) { delete person; })}});
    add(DispatchTestRecorder::staticMetaObject,
        {{u"recording"_s,
          on<DispatchTestRecorder>([](auto *recorder) { recorder->recording(); })}});
}

void tst_Threads::theWrongThreadEndsTheProgram()
{
    QFETCH(const QString, name);
    QFETCH(const Call, call);
    DispatchTestServer server;
    DispatchTestRecorder recorder;
    QObject *object = &server;
    if (name == "DispatchTestPerson"_L1)
        object = server.join(u"Ann"_s);
    else if (name == "DispatchTestRecorder"_L1)
        object = &recorder;
    const QString said = fatalMessageOf(call, object);
    QVERIFY2(said.contains(name + u"::"_s), qPrintable(said));
    QVERIFY2(said.contains("was called on thread \"another\""_L1), qPrintable(said));
    QVERIFY2(said.contains("lives on the main thread"_L1), qPrintable(said));
}

QTEST_GUILESS_MAIN(tst_Threads)
#include "tst_threads.moc"
