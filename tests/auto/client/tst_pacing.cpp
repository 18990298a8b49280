// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int Burst = 5'000;

/// What \a who says of himself, as \a seer sees it.
QJsonObject infoOf(const DispatchClient &who, const DispatchClient &seer)
{
    for (const DispatchConnectedClient &client : seer.connectedClients()) {
        if (client.clientId == who.clientId())
            return client.userInfo;
    }
    return {};
}

} // namespace

/// More at once than a real server takes.
class tst_Pacing : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void aBurstArrivesWholeAndInOrder_data();
    void aBurstArrivesWholeAndInOrder();
    void whatWasEmittedOfflineArrivesWholeAndInOrder_data();
    void whatWasEmittedOfflineArrivesWholeAndInOrder();
    void bytesArriveWholeToo();
    void whoeverDoesNotPaceIsTold();
    void ofUserInfoThatChangesFastTheNewestArrives_data();
    void ofUserInfoThatChangesFastTheNewestArrives();
    void userInfoThatIsRefusedIsSentAgain_data();
    void userInfoThatIsRefusedIsSentAgain();

private:
    static void addProfiles();
    std::unique_ptr<DispatchClient> makePacedClient(bool isBase);
    static void allowAtOnce(DispatchServer &server);
    /// Emits so many, and has ben hear them all.
    void emitBurst(DispatchClient &ann, bool isOffline);
};

void tst_Pacing::addProfiles()
{
    QTest::addColumn<bool>("isBase");
    QTest::newRow("extended profile") << false;
    QTest::newRow("base profile") << true;
}

void tst_Pacing::allowAtOnce(DispatchServer &server)
{
    // Half of the burst is what may arrive late or in a heap: 750 ms of what is sent.
    auto settings = server.settings();
    settings.messagesPerSecond = 2'000;
    settings.messageBurst = 3'000;
    server.setSettings(settings);
}

std::unique_ptr<DispatchClient> tst_Pacing::makePacedClient(bool isBase)
{
    auto client = makeClient();
    client->setShardName(u"room"_s);
    client->setBaseProfileOnly(isBase);
    client->setQueuePolicy({.maxMessages = Burst});
    return client;
}

void tst_Pacing::emitBurst(DispatchClient &ann, bool isOffline)
{
    const auto ben = join(u"room"_s);
    std::vector<int> heard;
    ben->on(u"n"_s, this, [&](const QJsonValue &n) { heard.push_back(n.toInt()); });
    const QSignalSpy errors(&ann, &DispatchClient::errorOccurred);
    const QSignalSpy drops(&ann, &DispatchClient::eventDropped);
    if (!isOffline) {
        ann.setActive(true);
        QTRY_COMPARE(ann.state(), DispatchClient::Connected);
    }
    for (int i = 0; i < Burst; ++i)
        QVERIFY(ann.emitEvent(u"n"_s, i) != DispatchClient::Refused);
    QVERIFY(ann.queuedEvents() > 0);
    ann.setActive(true);
    QTRY_COMPARE(int(heard.size()), Burst);
    std::vector<int> expected(Burst);
    std::iota(expected.begin(), expected.end(), 0);
    QVERIFY(heard == expected);
    QCOMPARE(ann.queuedEvents(), 0);
    QCOMPARE(drops.size(), 0);
    QCOMPARE(errors.size(), 0);
    QCOMPARE(m_server->statistics().refusals.value(u"rate_limited"_s).toInt(), 0);
}

void tst_Pacing::aBurstArrivesWholeAndInOrder_data()
{
    addProfiles();
}

void tst_Pacing::aBurstArrivesWholeAndInOrder()
{
    QFETCH(bool, isBase);
    allowAtOnce(*m_server);
    const auto ann = makePacedClient(isBase);
    emitBurst(*ann, false);
}

void tst_Pacing::whatWasEmittedOfflineArrivesWholeAndInOrder_data()
{
    addProfiles();
}

void tst_Pacing::whatWasEmittedOfflineArrivesWholeAndInOrder()
{
    QFETCH(bool, isBase);
    allowAtOnce(*m_server);
    const auto ann = makePacedClient(isBase);
    ann->setUserInfo({{u"name"_s, u"Ann"_s}});
    emitBurst(*ann, true);
}

void tst_Pacing::bytesArriveWholeToo()
{
    auto settings = m_server->settings();
    settings.bytesPerSecond = 400'000;
    settings.byteBurst = 600'000;
    m_server->setSettings(settings);
    const auto ann = makePacedClient(false);
    const auto ben = join(u"room"_s);
    const QSignalSpy errors(ann.get(), &DispatchClient::errorOccurred);
    int heard = 0;
    ben->on(u"x"_s, this, [&] { ++heard; });
    ann->setActive(true);
    QTRY_COMPARE(ann->state(), DispatchClient::Connected);
    for (int i = 0; i < 100; ++i)
        QVERIFY(ann->emitEvent(u"x"_s, QString(10'000, u'x')) != DispatchClient::Refused);
    QVERIFY(ann->queuedEvents() > 0);
    QTRY_COMPARE(heard, 100);
    QCOMPARE(errors.size(), 0);
}

void tst_Pacing::whoeverDoesNotPaceIsTold()
{
    auto settings = m_server->settings();
    settings.messagesPerSecond = 1;
    settings.messageBurst = 5;
    m_server->setSettings(settings);
    const auto ann = makePacedClient(false);
    ann->setQueuePolicy({.paced = false});
    ann->setActive(true);
    QTRY_COMPARE(ann->state(), DispatchClient::Connected);
    const QSignalSpy errors(ann.get(), &DispatchClient::errorOccurred);
    for (int i = 0; i < 10; ++i)
        QCOMPARE(ann->emitEvent(u"x"_s), DispatchClient::Sent);
    QTRY_VERIFY(errors.size() >= 1);
    const auto error = errors[0][0].value<DispatchError>();
    QCOMPARE(error.reason(), u"rate_limited"_s);
    QVERIFY(error.retryAfter());
    QVERIFY(*error.retryAfter() > 0ms);
    QVERIFY(*error.retryAfter() <= 1s);
    QVERIFY(error.isRetryable());
}

void tst_Pacing::ofUserInfoThatChangesFastTheNewestArrives_data()
{
    addProfiles();
}

void tst_Pacing::ofUserInfoThatChangesFastTheNewestArrives()
{
    QFETCH(bool, isBase);
    const auto ann = makePacedClient(isBase);
    ann->setActive(true);
    const auto ben = join(u"room"_s);
    QTRY_COMPARE(ann->state(), DispatchClient::Connected);
    const QSignalSpy errors(ann.get(), &DispatchClient::errorOccurred);
    int value = 0;
    QTimer animation;
    connect(&animation, &QTimer::timeout, this, [&] {
        ann->setUserInfo({{u"value"_s, ++value}});
        if (value == 50)
            animation.stop();
    });
    animation.start(20);
    QTRY_COMPARE(value, 50);
    QTRY_COMPARE(infoOf(*ann, *ben), (QJsonObject{{u"value"_s, 50}}));
    QTRY_COMPARE(infoOf(*ann, *ann), (QJsonObject{{u"value"_s, 50}}));
    QCOMPARE(errors.size(), 0);
    QCOMPARE(m_server->statistics().refusals.value(u"rate_limited"_s).toInt(), 0);
}

void tst_Pacing::userInfoThatIsRefusedIsSentAgain_data()
{
    addProfiles();
}

void tst_Pacing::userInfoThatIsRefusedIsSentAgain()
{
    QFETCH(bool, isBase);
    auto settings = m_server->settings();
    settings.userInfoPerSecond = 0;
    m_server->setSettings(settings);
    const auto ann = makePacedClient(isBase);
    ann->setActive(true);
    const auto ben = join(u"room"_s);
    QTRY_COMPARE(ann->state(), DispatchClient::Connected);
    // The greeting said that there is no limit.
    settings.userInfoPerSecond = 1;
    settings.userInfoBurst = 1;
    m_server->setSettings(settings);
    const QSignalSpy errors(ann.get(), &DispatchClient::errorOccurred);
    for (int value = 1; value <= 3; ++value)
        ann->setUserInfo({{u"value"_s, value}});
    QTRY_VERIFY(!errors.isEmpty());
    QCOMPARE(errors[0][0].value<DispatchError>().reason(), u"rate_limited"_s);
    QTRY_COMPARE(infoOf(*ann, *ben), (QJsonObject{{u"value"_s, 3}}));
}

QTEST_GUILESS_MAIN(tst_Pacing)

#include "tst_pacing.moc"
