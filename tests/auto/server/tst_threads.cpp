// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wrongthread.h"

#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// What must not be called on another thread.
std::map<QString, Call> calls()
{
    std::map<QString, Call> all = callsByName(DispatchServer::staticMetaObject);
    // These may.
    all.erase(u"call statistics()"_s);
    all.erase(u"read draining"_s);
    all.merge(std::map<QString, Call>{
        {u"~DispatchServer"_s, on<DispatchServer>([](auto *server) { delete server; })},
        {u"setTokenVerifier"_s,
         on<DispatchServer>([](auto *server) { server->setTokenVerifier(nullptr); })},
        {u"tlsIdentity"_s, on<DispatchServer>([](auto *server) { server->tlsIdentity(); })},
        {u"setTlsIdentity"_s, on<DispatchServer>([](auto *server) { server->setTlsIdentity({}); })},
        {u"webFolder"_s, on<DispatchServer>([](auto *server) { server->webFolder(); })},
        {u"setWebFolder"_s, on<DispatchServer>([](auto *server) { server->setWebFolder({}); })},
        {u"listen"_s, on<DispatchServer>([](auto *server) { server->listen(); })},
        {u"listenForOperators"_s,
         on<DispatchServer>([](auto *server) { server->listenForOperators(); })},
        {u"address"_s, on<DispatchServer>([](auto *server) { server->address(); })},
        {u"operatorsUrl"_s, on<DispatchServer>([](auto *server) { server->operatorsUrl(); })},
    });
    return all;
}

} // namespace

/// Who uses a server on a thread that is not its own hears of it at once.
class tst_Threads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWrongThreadEndsTheProgram_data();
    void theWrongThreadEndsTheProgram();
    void anyThreadMayDoWhatIsSaidSo();
    void aServerMayOutliveItsThread();
};

void tst_Threads::theWrongThreadEndsTheProgram_data()
{
    QTest::addColumn<Call>("call");
    for (const auto &[name, call] : calls())
        QTest::newRow(qPrintable(name)) << call;
}

void tst_Threads::theWrongThreadEndsTheProgram()
{
    QFETCH(const Call, call);
    DispatchServer server;
    const QString said = fatalMessageOf(call, &server);
    QVERIFY2(said.contains("DispatchServer::"_L1), qPrintable(said));
    QVERIFY2(said.contains("was called on thread \"another\""_L1), qPrintable(said));
    QVERIFY2(said.contains("lives on the main thread"_L1), qPrintable(said));
}

void tst_Threads::anyThreadMayDoWhatIsSaidSo()
{
    DispatchServer server;
    QVERIFY2(server.listen(), qPrintable(server.errorString()));
    bool isReady = false;
    bool isDraining = true;
    const QString said = fatalMessageOf(on<DispatchServer>([&](auto *there) {
                                            there->statistics();
                                            isReady = there->isReady();
                                            isDraining = there->isDraining();
                                        }),
                                        &server);
    QCOMPARE(said, QString());
    QVERIFY(isReady);
    QVERIFY(!isDraining);
}

void tst_Threads::aServerMayOutliveItsThread()
{
    QThread thread;
    DispatchServer server;
    QVERIFY2(server.listen(), qPrintable(server.errorString()));
    server.moveToThread(&thread);
    thread.start();
    thread.quit();
    QVERIFY(thread.wait());
}

QTEST_GUILESS_MAIN(tst_Threads)
#include "tst_threads.moc"
