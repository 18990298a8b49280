// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What newcomers are told of what was said before they came, by a real server.
class tst_History : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void noHistoryIsWishedForUnlessAsked();
    void newcomersHearWhatTheyWishedFor_data();
    void newcomersHearWhatTheyWishedFor();
    void oldRequestsAreNotAnswered();
    void theBaseProfileWishesForNone();

private:
    /// Has the server give \a most events, and somebody emit "x" with 1, 2 and 3.
    void speak(int most);
    void allow(int most);
    /// Notes what \a client hears.
    void listen(DispatchClient &client);
    bool enter(DispatchClient &client);

    std::unique_ptr<DispatchClient> m_ann;
    QList<int> m_before;
    QList<int> m_after;
};

void tst_History::allow(int most)
{
    auto settings = m_server->settings();
    settings.maxHistory = most;
    m_server->setSettings(settings);
}

void tst_History::speak(int most)
{
    allow(most);
    m_before.clear();
    m_after.clear();
    m_ann = join(u"s"_s);
    for (int i = 1; i < 3; ++i)
        m_ann->emitEvent(u"x"_s, i);
    WAIT(m_ann->emitAcknowledged(u"x"_s, 3));
}

void tst_History::listen(DispatchClient &client)
{
    client.on(u"x"_s, this, [this](const QJsonValue &number, const DispatchEventMetadata &about) {
        (about.replayed ? m_before : m_after).append(number.toInt());
    });
}

bool tst_History::enter(DispatchClient &client)
{
    client.setShardName(u"s"_s);
    client.setActive(true);
    return QTest::qWaitFor([&] { return client.state() == DispatchClient::Connected; });
}

void tst_History::noHistoryIsWishedForUnlessAsked()
{
    speak(10);
    const auto bob = makeClient();
    QSignalSpy changes(bob.get(), &DispatchClient::historyChanged);
    QCOMPARE(bob->history(), 0);
    bob->setHistory(-1);
    QCOMPARE(bob->history(), 0);
    QCOMPARE(changes.size(), 0);
    listen(*bob);
    QVERIFY(enter(*bob));
    m_ann->emitEvent(u"x"_s, 4);
    QTRY_COMPARE(m_after, QList<int>{4});
    QCOMPARE(m_before, QList<int>());
    bob->setHistory(7);
    QCOMPARE(changes.size(), 1);
}

void tst_History::newcomersHearWhatTheyWishedFor_data()
{
    QTest::addColumn<int>("allowed");
    QTest::addColumn<int>("wished");
    QTest::addColumn<QList<int>>("heard");
    QTest::newRow("all there is") << 10 << 10 << QList<int>{1, 2, 3};
    QTest::newRow("the last") << 10 << 2 << QList<int>{2, 3};
    QTest::newRow("what is allowed") << 1 << 10 << QList<int>{3};
    QTest::newRow("nothing is allowed") << 0 << 10 << QList<int>{};
}

void tst_History::newcomersHearWhatTheyWishedFor()
{
    QFETCH(const int, allowed);
    QFETCH(const int, wished);
    QFETCH(const QList<int>, heard);
    speak(allowed);
    const auto bob = makeClient();
    bob->setHistory(wished);
    listen(*bob);
    const auto info = bob->connectToServer({.shardName = u"s"_s});
    QTRY_VERIFY(info.isFinished());
    QVERIFY(!info.result().recovered);
    QCOMPARE(info.result().sequence, 3 - heard.size());
    // What comes later follows what was before.
    m_ann->emitEvent(u"x"_s, 4);
    QTRY_COMPARE(m_after, QList<int>{4});
    QCOMPARE(m_before, heard);
}

void tst_History::oldRequestsAreNotAnswered()
{
    speak(10);
    const auto old = m_ann->request(u"x"_s, 4);
    WAIT(m_ann->emitAcknowledged(u"x"_s, 5));
    const auto bob = makeClient();
    bob->setHistory(10);
    listen(*bob);
    int asked = 0;
    bob->onRequest(u"x"_s, this, [&] { return ++asked; });
    QVERIFY(enter(*bob));
    const auto reply = m_ann->request(u"x"_s, 6);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload(), QJsonValue(1));
    QCOMPARE(m_before, (QList<int>{1, 2, 3, 4, 5}));
    QVERIFY(!old.isFinished());
}

void tst_History::theBaseProfileWishesForNone()
{
    speak(10);
    const auto bob = makeClient();
    bob->setHistory(10);
    bob->setBaseProfileOnly(true);
    listen(*bob);
    QVERIFY(enter(*bob));
    m_ann->emitEvent(u"x"_s, 4);
    QTRY_COMPARE(m_after, QList<int>{4});
    QCOMPARE(m_before, QList<int>());
}

QTEST_GUILESS_MAIN(tst_History)
#include "tst_history.moc"
