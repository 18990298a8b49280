// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginechoice_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch::Engine;

class tst_Choice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void memoryNeedsNoStore();
    void unknownStoreIsRefused_data();
    void unknownStoreIsRefused();
    void redisIsMadeOnlyIfItIsBuilt_data();
    void redisIsMadeOnlyIfItIsBuilt();
#ifdef DISPATCH_HAS_REDIS
    void wrongUrlIsRefused();
    void passwordIsSaidOnce();
    void keyPrefixMustNotBreakKeys_data();
    void keyPrefixMustNotBreakKeys();
    void certificatesAreReadForTlsAlone();
#endif

private:
    /// What is wrong with \a choice; nothing is.
    static std::optional<ChoiceProblem> problemOf(const EngineChoice &choice)
    {
        auto made = makeStore(choice);
        if (auto *problem = std::get_if<ChoiceProblem>(&made))
            return std::move(*problem);
        return {};
    }
};

void tst_Choice::memoryNeedsNoStore()
{
    const auto made = makeStore({});
    QVERIFY(std::holds_alternative<NodeThread::MakeStore>(made));
    QVERIFY(!std::get<NodeThread::MakeStore>(made));
}

void tst_Choice::unknownStoreIsRefused_data()
{
    QTest::addColumn<QByteArray>("store");
    for (const char *store : {"", "Memory", "redis", "localhost:6379", "nats://localhost"})
        QTest::newRow(store) << QByteArray(store);
}

void tst_Choice::unknownStoreIsRefused()
{
    QFETCH(QByteArray, store);
    const auto problem = problemOf({store.toStdString()});
    QVERIFY(problem);
    QCOMPARE(problem->of, ChoiceProblem::Of::Store);
    QVERIFY(problem->text.starts_with("must be memory, redis://"));
}

void tst_Choice::redisIsMadeOnlyIfItIsBuilt_data()
{
    QTest::addColumn<QByteArray>("store");
    for (const char *store : {"redis://localhost", "redis+unix:///run/redis"})
        QTest::newRow(store) << QByteArray(store);
}

void tst_Choice::redisIsMadeOnlyIfItIsBuilt()
{
    QFETCH(QByteArray, store);
    auto made = makeStore({store.toStdString()});
#ifdef DISPATCH_HAS_REDIS
    const auto *make = std::get_if<NodeThread::MakeStore>(&made);
    QVERIFY(make && *make);
    boost::asio::io_context context;
    const std::unique_ptr<Store> one = (*make)(context);
    const std::unique_ptr<Store> other = (*make)(context);
    QVERIFY(one && other && one->nodeId() != other->nodeId());
#else
    const auto *problem = std::get_if<ChoiceProblem>(&made);
    QVERIFY(problem && problem->text.find("DISPATCH_BUILD_REDIS") != std::string::npos);
#endif
}

#ifdef DISPATCH_HAS_REDIS

void tst_Choice::wrongUrlIsRefused()
{
    const auto problem = problemOf({"redis://:hunter2@"});
    QVERIFY(problem);
    QCOMPARE(problem->of, ChoiceProblem::Of::Store);
    QVERIFY(problem->text.starts_with("names no host"));
    QVERIFY(problem->text.find("hunter2") == std::string::npos);
}

void tst_Choice::passwordIsSaidOnce()
{
    QVERIFY(!problemOf({"redis://ann@localhost", "hunter2"}));
    QVERIFY(!problemOf({"redis://ann:hunter2@localhost"}));
    const auto problem = problemOf({"redis://ann:hunter2@localhost", "hunter3"});
    QVERIFY(problem);
    QCOMPARE(problem->of, ChoiceProblem::Of::Store);
    QVERIFY(problem->text.find("hunter") == std::string::npos);
}

void tst_Choice::keyPrefixMustNotBreakKeys_data()
{
    QTest::addColumn<QByteArray>("prefix");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("name") << QByteArray("dispatch") << true;
    QTest::newRow("name with parts") << QByteArray("games:eu-1.test") << true;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("braces") << QByteArray("{dispatch}") << false;
    QTest::newRow("space") << QByteArray("dispatch ") << false;
    QTest::newRow("line feed") << QByteArray("dis\npatch") << false;
    QTest::newRow("other letters") << QByteArray("größe") << false;
}

void tst_Choice::keyPrefixMustNotBreakKeys()
{
    QFETCH(QByteArray, prefix);
    QFETCH(bool, isGood);
    const auto problem = problemOf({"redis://localhost", {}, prefix.toStdString()});
    QCOMPARE(!problem, isGood);
    if (problem)
        QCOMPARE(problem->of, ChoiceProblem::Of::KeyPrefix);
}

void tst_Choice::certificatesAreReadForTlsAlone()
{
    EngineChoice choice{"rediss://localhost"};
    QVERIFY(!problemOf(choice));
    choice.caFile = "/nowhere/ca.pem";
    auto problem = problemOf(choice);
    QVERIFY(problem);
    QCOMPARE(problem->of, ChoiceProblem::Of::CaFile);
    QVERIFY2(problem->text.starts_with("can't be read: "), problem->text.c_str());
    choice.store = "redis://localhost";
    problem = problemOf(choice);
    QVERIFY(problem);
    QCOMPARE(problem->of, ChoiceProblem::Of::CaFile);
}

#endif

QTEST_APPLESS_MAIN(tst_Choice)
#include "tst_choice.moc"
