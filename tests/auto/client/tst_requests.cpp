// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "requests_p.h"

#include <QtTest/qtest.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Dispatch::Requests;

namespace {

using Tickets = std::vector<std::uint64_t>;

/// 1, 2 and 3, named "a", "b" and "c", whose time is over at 30, 10 and 20 ms.
Requests three()
{
    Requests requests;
    requests.add(1, "a", 30ms);
    requests.add(2, "b", 10ms);
    requests.add(3, "c", 20ms);
    return requests;
}

} // namespace

class tst_Requests : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstReplyCounts();
    void aReplyToNothingIsCounted_data();
    void aReplyToNothingIsCounted();
    void deadlinesComeInTheirOrder_data();
    void deadlinesComeInTheirOrder();
    void theNextDeadlineIsThatOfWhoWaits();
    void whatIsTakenOutIsTakenOnce();
    void whatWasSentIsAbandoned();
    void oneDeadlineMayBeThatOfSeveral();
};

void tst_Requests::theFirstReplyCounts()
{
    Requests requests = three();
    QCOMPARE(requests.size(), 3);
    QCOMPARE(requests.settle("b"), std::optional<std::uint64_t>(2));
    QCOMPARE(requests.settle("b"), std::nullopt);
    QCOMPARE(requests.size(), 2);
    QCOMPARE(requests.unexpected(), 1u);
}

void tst_Requests::aReplyToNothingIsCounted_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("unknown") << QByteArray("d");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("too long to be ours") << QByteArray(1'000, 'a');
    QTest::newRow("a part of one") << QByteArray("aa");
    QTest::newRow("with a NUL") << QByteArray("a\0", 2);
}

void tst_Requests::aReplyToNothingIsCounted()
{
    QFETCH(const QByteArray, id);
    Requests requests = three();
    QCOMPARE(requests.settle({id.constData(), std::size_t(id.size())}), std::nullopt);
    QCOMPARE(requests.unexpected(), 1u);
    QCOMPARE(requests.size(), 3);
}

void tst_Requests::deadlinesComeInTheirOrder_data()
{
    QTest::addColumn<int>("ms");
    QTest::addColumn<Tickets>("expired");
    QTest::newRow("before all") << 9 << Tickets{};
    QTest::newRow("the first") << 10 << Tickets{2};
    QTest::newRow("two") << 29 << Tickets{2, 3};
    QTest::newRow("all") << 1'000 << Tickets{2, 3, 1};
}

void tst_Requests::deadlinesComeInTheirOrder()
{
    QFETCH(const int, ms);
    QFETCH(const Tickets, expired);
    Requests requests = three();
    QCOMPARE(requests.expire(Dispatch::Milliseconds(ms)), expired);
    QCOMPARE(requests.size(), 3 - qsizetype(expired.size()));
    QCOMPARE(requests.expire(Dispatch::Milliseconds(ms)), Tickets{});
    // A reply that comes now is late.
    for (const std::uint64_t ticket : expired)
        QCOMPARE(requests.settle(std::string_view("abc").substr(ticket - 1, 1)), std::nullopt);
    QCOMPARE(requests.unexpected(), expired.size());
}

void tst_Requests::theNextDeadlineIsThatOfWhoWaits()
{
    Requests requests = three();
    QCOMPARE(requests.nextDeadline(), std::optional<Dispatch::Instant>(10ms));
    requests.settle("b");
    QCOMPARE(requests.nextDeadline(), std::optional<Dispatch::Instant>(20ms));
    requests.remove(3);
    QCOMPARE(requests.nextDeadline(), std::optional<Dispatch::Instant>(30ms));
    requests.remove(1);
    QCOMPARE(requests.nextDeadline(), std::nullopt);
}

void tst_Requests::whatIsTakenOutIsTakenOnce()
{
    Requests requests = three();
    QVERIFY(requests.remove(1));
    QVERIFY(!requests.remove(1));
    QVERIFY(!requests.remove(0));
    QCOMPARE(requests.settle("a"), std::nullopt);
    QCOMPARE(requests.expire(1h), (Tickets{2, 3}));
}

void tst_Requests::whatWasSentIsAbandoned()
{
    Requests requests = three();
    requests.markSent(1);
    requests.markSent(3);
    requests.markSent(4);
    QCOMPARE(requests.abandonSent(), (Tickets{1, 3}));
    QCOMPARE(requests.abandonSent(), Tickets{});
    QCOMPARE(requests.size(), 1);
    QCOMPARE(requests.settle("b"), std::optional<std::uint64_t>(2));
}

void tst_Requests::oneDeadlineMayBeThatOfSeveral()
{
    Requests requests;
    requests.add(1, "a", 10ms);
    requests.add(2, "b", 10ms);
    requests.remove(1);
    QCOMPARE(requests.nextDeadline(), std::optional<Dispatch::Instant>(10ms));
    QCOMPARE(requests.expire(10ms), Tickets{2});
}

QTEST_APPLESS_MAIN(tst_Requests)
#include "tst_requests.moc"
