// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "kittest.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the test's server can be set to, and what it can't.
class tst_Settings : public KitTest {
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatItHasInsteadOfNonsense_data();
    void keepsWhatItHasInsteadOfNonsense();
    void takesTheEndsOfARange_data();
    void takesTheEndsOfARange();
    void keepsItsRateInsteadOfNonsense_data();
    void keepsItsRateInsteadOfNonsense();
    void timeGoesOnWithoutJitter();
    void timeDoesNotGoBack();
    void tellsOfWhatChanged();
};

void tst_Settings::keepsWhatItHasInsteadOfNonsense_data()
{
    QTest::addColumn<QByteArray>("setting");
    QTest::addColumn<QVariant>("usual");
    QTest::addColumn<QVariant>("nonsense");
    QTest::newRow("no number") << QByteArray("jitter") << QVariant(0.25) << QVariant(std::nan(""));
    QTest::newRow("endless") << QByteArray("jitter") << QVariant(0.25)
                             << QVariant(std::numeric_limits<double>::infinity());
    QTest::newRow("endlessly little") << QByteArray("jitter") << QVariant(0.25)
                                      << QVariant(-std::numeric_limits<double>::infinity());
    QTest::newRow("all of it") << QByteArray("jitter") << QVariant(0.25) << QVariant(1.0);
    QTest::newRow("less than nothing") << QByteArray("jitter") << QVariant(0.25) << QVariant(-0.1);
    for (const char *name :
         {"latency", "sessionWindow", "maxReplayEvents", "maxHistory", "maxStateKeys"}) {
        QTest::newRow(name) << QByteArray(name) << QVariant(7) << QVariant(-1);
    }
}

void tst_Settings::keepsWhatItHasInsteadOfNonsense()
{
    QFETCH(QByteArray, setting);
    QFETCH(QVariant, usual);
    QFETCH(QVariant, nonsense);
    QVERIFY(m_server->setProperty(setting.constData(), usual));
    QSignalSpy jitters(m_server.get(), &DispatchTestServer::jitterChanged);
    QSignalSpy latencies(m_server.get(), &DispatchTestServer::latencyChanged);
    QSignalSpy others(m_server.get(), &DispatchTestServer::settingsChanged);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QString::fromLatin1(setting)
                                            + u" can't be .*: give .* It stays "_s
                                            + usual.toString()));
    QVERIFY(m_server->setProperty(setting.constData(), nonsense));
    QCOMPARE(m_server->property(setting.constData()), usual);
    QCOMPARE(jitters.size() + latencies.size() + others.size(), 0);
}

void tst_Settings::takesTheEndsOfARange_data()
{
    QTest::addColumn<QByteArray>("setting");
    QTest::addColumn<QVariant>("value");
    QTest::newRow("no jitter") << QByteArray("jitter") << QVariant(0.0);
    QTest::newRow("most jitter") << QByteArray("jitter") << QVariant(0.999);
    for (const char *name :
         {"latency", "sessionWindow", "maxReplayEvents", "maxHistory", "maxStateKeys"}) {
        QTest::newRow(name) << QByteArray(name) << QVariant(0);
    }
}

void tst_Settings::takesTheEndsOfARange()
{
    QFETCH(QByteArray, setting);
    QFETCH(QVariant, value);
    QTest::failOnWarning(QRegularExpression(u"."_s));
    QVERIFY(m_server->setProperty(setting.constData(), value));
    QCOMPARE(m_server->property(setting.constData()), value);
}

void tst_Settings::keepsItsRateInsteadOfNonsense_data()
{
    QTest::addColumn<int>("perSecond");
    QTest::addColumn<int>("burst");
    QTest::newRow("less than nothing") << -1 << 1;
    QTest::newRow("no burst") << 10 << 0;
    QTest::newRow("a negative burst") << 0 << -1;
}

void tst_Settings::keepsItsRateInsteadOfNonsense()
{
    QFETCH(int, perSecond);
    QFETCH(int, burst);
    m_server->setMessageRate(1, 2);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"message rate can't be .* It stays 1 .* and 2"_s));
    m_server->setMessageRate(perSecond, burst);
    const auto client = makeClient();
    client->setQueuePolicy({.paced = false});
    client->setActive(true);
    m_server->settle();
    QSignalSpy emitted(m_server.get(), &DispatchTestServer::eventEmitted);
    for (int i = 0; i < 4; ++i)
        client->emitEvent(u"tap"_s);
    m_server->settle();
    QCOMPARE(emitted.size(), 2);
}

void tst_Settings::timeGoesOnWithoutJitter()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"jitter can't be nan"_s));
    m_server->setJitter(std::nan(""));
    const auto client = join();
    m_server->setOffline(true);
    m_server->advance(1min);
    QCOMPARE(m_server->elapsed(), 1min);
    QCOMPARE(client->state(), DispatchClient::Waiting);
}

void tst_Settings::timeDoesNotGoBack()
{
    m_server->advance(1s);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"Time can't be moved on by -1 ms"_s));
    m_server->advance(-1ms);
    QCOMPARE(m_server->elapsed(), 1s);
}

void tst_Settings::tellsOfWhatChanged()
{
    QSignalSpy latencies(m_server.get(), &DispatchTestServer::latencyChanged);
    QSignalSpy jitters(m_server.get(), &DispatchTestServer::jitterChanged);
    QSignalSpy others(m_server.get(), &DispatchTestServer::settingsChanged);
    for (int i = 0; i < 2; ++i) {
        m_server->setLatency(5);
        m_server->setJitter(0.75);
        m_server->setMaxHistory(3);
    }
    QCOMPARE(latencies.size(), 1);
    QCOMPARE(jitters.size(), 1);
    QCOMPARE(others.size(), 1);
}

QTEST_GUILESS_MAIN(tst_Settings)
#include "tst_settings.moc"
