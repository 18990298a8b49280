// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultproxy.h"

#include <DispatchClient>
#include <DispatchServer>

#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Dispatch::Faults;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int Short = 400;
constexpr int Never = 24 * 60 * 60 * 1000;

} // namespace

/// A network that loses all on one way or on both, and no word of it from TCP: each side notices
/// by itself.
class tst_DeadPeers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void theClientNotices_data() { ways(); }
    void theClientNotices();
    void theServerNotices_data() { ways(); }
    void theServerNotices();

private:
    static void ways();
    void setHeartbeats(int client, int server);
    void join(DispatchClient &client, const QUrl &url);
    void lose();

    std::unique_ptr<DispatchServer> m_server;
    std::unique_ptr<FaultProxy> m_proxy;
    std::unique_ptr<DispatchClient> m_client; ///< behind the proxy
    std::unique_ptr<DispatchClient> m_other;
    QTimer m_talk;
};

void tst_DeadPeers::ways()
{
    QTest::addColumn<bool>("toServer");
    QTest::addColumn<bool>("toClient");
    QTest::newRow("nothing passes") << true << true;
    QTest::newRow("the client's bytes do not arrive") << true << false;
    QTest::newRow("the server's bytes do not arrive") << false << true;
}

void tst_DeadPeers::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_client = std::make_unique<DispatchClient>();
    m_other = std::make_unique<DispatchClient>();
    m_client->setReconnectPolicy({.minDelay = Never, .maxDelay = Never});
}

void tst_DeadPeers::cleanup()
{
    m_talk.stop();
    m_talk.disconnect();
    m_client.reset();
    m_other.reset();
    m_proxy.reset();
    m_server.reset();
}

/// One of them never asks, so that it is the other one who notices.
void tst_DeadPeers::setHeartbeats(int client, int server)
{
    DispatchServerSettings settings;
    settings.heartbeatInterval = server;
    settings.heartbeatTimeout = server;
    settings.sessionWindow = 0;
    m_server->setSettings(settings);
    QVERIFY(m_server->listen());
    m_proxy = std::make_unique<FaultProxy>(m_server->port());
    m_client->setHeartbeat(client, client);
}

void tst_DeadPeers::join(DispatchClient &client, const QUrl &url)
{
    client.setUrl(url);
    client.setProjectId(u"faults"_s);
    client.setShardName(u"s"_s);
    client.setActive(true);
    QTRY_COMPARE(client.state(), DispatchClient::Connected);
}

/// Both talk on, and each hears the other as far as the network lets it.
void tst_DeadPeers::lose()
{
    QFETCH(bool, toServer);
    QFETCH(bool, toClient);
    connect(&m_talk, &QTimer::timeout, this, [this] {
        for (const auto *client : {&m_client, &m_other})
            (*client)->emitEvent(u"talk"_s);
    });
    m_talk.start(10);
    QSignalSpy heard(m_client.get(), &DispatchClient::eventReceived);
    QTRY_VERIFY(heard.size() > 4);
    if (toServer)
        m_proxy->apply({.kind = Fault::Kind::BlackHole, .way = Way::ToServer, .lasts = 1h});
    if (toClient)
        m_proxy->apply({.kind = Fault::Kind::BlackHole, .way = Way::ToClient, .lasts = 1h});
}

void tst_DeadPeers::theClientNotices()
{
    setHeartbeats(Short, Never);
    QUrl url = m_server->url();
    join(*m_other, url);
    url.setPort(m_proxy->port());
    join(*m_client, url);
    QSignalSpy ended(m_client.get(), &DispatchClient::disconnected);
    lose();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30'000);
    QCOMPARE(ended[0][0].value<DispatchError>().code(), DispatchError::HeartbeatTimeout);
    QVERIFY(ended[0][0].value<DispatchError>().isRetryable());
}

void tst_DeadPeers::theServerNotices()
{
    setHeartbeats(Never, Short);
    QUrl url = m_server->url();
    join(*m_other, url);
    url.setPort(m_proxy->port());
    join(*m_client, url);
    const QString clientId = m_client->clientId();
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    lose();
    const auto reason = [&left, &clientId] {
        const auto gone = std::ranges::find(left, QVariant(clientId),
                                            [](const QVariantList &one) { return one[2]; });
        return gone == left.end() ? QString() : (*gone)[3].toString();
    };
    QTRY_COMPARE_WITH_TIMEOUT(reason(), u"heartbeat_timeout"_s, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_other->connectedClients().size() == 1, 30'000);
}

QTEST_GUILESS_MAIN(tst_DeadPeers)
#include "tst_deadpeers.moc"
