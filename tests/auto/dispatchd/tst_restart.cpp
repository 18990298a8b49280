// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>

#include <QtCore/qprocess.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

constexpr int DeadlineMs = 15'000;

/// A server process that can be killed, and started again where it was.
class Daemon {
public:
    bool start()
    {
        m_process = std::make_unique<QProcess>();
        m_process->start(QString::fromUtf8(DISPATCHD),
                         {u"--port=%1"_s.arg(m_url.port(0)), u"--operators-port=0"_s});
        while (m_process->state() != QProcess::NotRunning && !m_process->canReadLine())
            m_process->waitForReadyRead(DeadlineMs);
        const QByteArray line = m_process->readLine();
        m_url = QUrl(QString::fromUtf8(line.mid(line.indexOf("ws://")).trimmed()));
        return m_url.port() > 0;
    }
    void kill()
    {
        m_process->kill();
        m_process->waitForFinished(DeadlineMs);
    }
    QUrl url() const { return m_url; }

private:
    std::unique_ptr<QProcess> m_process;
    QUrl m_url;
};

/// Somebody in the room, and what they heard.
struct Person {
    DispatchClient client;
    QStringList heard;

    Person(const Daemon &daemon, const QString &name)
    {
        client.setUrl(daemon.url());
        client.setProjectId(u"p"_s);
        client.setShardName(u"room"_s);
        client.setUserInfo({{u"name"_s, name}});
        client.setReconnectPolicy({.minDelay = 20, .maxDelay = 100});
        client.on(u"message"_s, &client, [this](const QJsonObject &message) {
            heard.append(message[u"text"].toString());
        });
        client.connectToServer();
    }

    void say(const QString &text)
    {
        client.emitEvent(u"message"_s, QJsonObject{{u"text"_s, text}});
    }

    QStringList sees() const
    {
        QStringList names;
        for (const DispatchConnectedClient &other : client.connectedClients())
            names.append(other.userInfo[u"name"].toString());
        names.sort();
        return names;
    }
};

QStringList numbered(const QString &prefix, int count)
{
    QStringList texts;
    for (int i = 0; i < count; ++i)
        texts.append(prefix + QString::number(i));
    return texts;
}

} // namespace

class TestRestart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void conversationSurvivesAKilledServer();
};

void TestRestart::conversationSurvivesAKilledServer()
{
    Daemon daemon;
    QVERIFY(daemon.start());
    Person ann(daemon, u"Ann"_s);
    Person ben(daemon, u"Ben"_s);
    const QStringList both{u"Ann"_s, u"Ben"_s};
    QTRY_COMPARE_WITH_TIMEOUT(ann.sees(), both, DeadlineMs);
    QTRY_COMPARE_WITH_TIMEOUT(ben.sees(), both, DeadlineMs);

    for (int round = 0; round < 3; ++round) {
        ann.heard.clear();
        ben.heard.clear();
        ann.say(u"before"_s);
        QTRY_COMPARE_WITH_TIMEOUT(ann.heard, QStringList{u"before"_s}, DeadlineMs);
        QTRY_COMPARE_WITH_TIMEOUT(ben.heard, QStringList{u"before"_s}, DeadlineMs);

        daemon.kill();
        QTRY_VERIFY_WITH_TIMEOUT(ann.client.state() != DispatchClient::Connected
                                     && ben.client.state() != DispatchClient::Connected,
                                 DeadlineMs);
        ann.heard.clear();
        ben.heard.clear();
        const QStringList typed = numbered(u"typed while away "_s, 50);
        for (const QString &text : typed)
            ann.say(text);
        QCOMPARE(ann.client.queuedEvents(), 50);
        QVERIFY(daemon.start());

        QTRY_COMPARE_WITH_TIMEOUT(ann.sees(), both, DeadlineMs);
        QTRY_COMPARE_WITH_TIMEOUT(ben.sees(), both, DeadlineMs);
        QTRY_COMPARE_WITH_TIMEOUT(ann.heard, typed, DeadlineMs);
        ben.say(u"after"_s);
        QTRY_COMPARE_WITH_TIMEOUT(ann.heard, typed + QStringList{u"after"_s}, DeadlineMs);
        // Whoever came back later missed what was said before; the rest is in order, and once.
        QTRY_VERIFY_WITH_TIMEOUT(!ben.heard.isEmpty() && ben.heard.last() == u"after"_s,
                                 DeadlineMs);
        const qsizetype missed = typed.size() + 1 - ben.heard.size();
        QCOMPARE(ben.heard, (typed + QStringList{u"after"_s}).mid(missed));
    }
}

QTEST_GUILESS_MAIN(TestRestart)
#include "tst_restart.moc"
