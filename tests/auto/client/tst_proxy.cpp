// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtNetwork/qnetworkproxy.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// A proxy for CONNECT and GET that writes down what it was asked for.
class Proxy : public QTcpServer {
public:
    QByteArrayList asked;
    QByteArray refusal; ///< the status that it answers instead of connecting

    Proxy()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, &Proxy::take);
    }

    QNetworkProxy toProxy() const
    {
        return QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, serverPort());
    }

private:
    void take()
    {
        QTcpSocket *client = nextPendingConnection();
        auto *target = new QTcpSocket(client);
        target->setProxy(QNetworkProxy::NoProxy); // and not itself
        connect(client, &QTcpSocket::readyRead, target, [this, client, target] {
            if (target->state() != QAbstractSocket::UnconnectedState) {
                target->write(client->readAll());
            } else if (client->peek(10'000).contains("\r\n\r\n")) {
                const QByteArray head = client->readAll();
                asked.append(head);
                if (!refusal.isEmpty()) {
                    client->write("HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n");
                    return client->disconnectFromHost();
                }
                const bool isTunnel = head.startsWith("CONNECT ");
                const QByteArray address = head.split(' ').value(1);
                const QUrl url(QString::fromLatin1(isTunnel ? "tcp://" + address : address));
                connect(target, &QTcpSocket::connected, client, [client, target, isTunnel, head] {
                    if (isTunnel)
                        client->write("HTTP/1.1 200 Connected\r\n\r\n");
                    else
                        target->write(head);
                });
                target->connectToHost(url.host(), quint16(url.port()));
            }
        });
        connect(target, &QTcpSocket::readyRead, client,
                [client, target] { client->write(target->readAll()); });
        connect(target, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    }
};

} // namespace

/// Ways through a proxy.
class tst_Proxy : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void wayLeadsThroughTheProxyThatIsSet();
    void proxyOfTheApplicationIsUsed();
    void proxyOfTheSystemIsUsed();
    void thisMachineIsReachedWithoutTheSystemsProxy();
    void noProxyIsUsedIfSaidSo();
    void infoGoesTheSameWay();
    void proxyThatRefusesIsAnError_data();
    void proxyThatRefusesIsAnError();
    void proxyThatIsSilentIsGivenUp();
    void proxyForRequestsAloneIsAnError();

private:
    /// Leads here, but is no address of this machine alone.
    QUrl elsewhere() const { return QUrl(u"ws://0.0.0.0:%1"_s.arg(m_server->port())); }
    Proxy m_proxy;
};

void tst_Proxy::cleanup()
{
    m_client.reset();
    m_server.reset();
    m_proxy.asked.clear();
    m_proxy.refusal.clear();
    QNetworkProxyFactory::setUseSystemConfiguration(false);
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
    qunsetenv("http_proxy");
}

void tst_Proxy::wayLeadsThroughTheProxyThatIsSet()
{
    QCOMPARE(m_client->proxy(), QNetworkProxy(QNetworkProxy::DefaultProxy));
    QSignalSpy changes(m_client.get(), &DispatchClient::proxyChanged);
    m_client->setProxy(m_proxy.toProxy());
    QCOMPARE(changes.size(), 1);
    QCOMPARE(m_client->proxy(), m_proxy.toProxy());
    m_client->connectToServer({.authorization = u"secret-token"_s});
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_proxy.asked.size(), 1);
    QVERIFY(m_proxy.asked[0].startsWith("CONNECT 127.0.0.1:" + QByteArray::number(m_server->port())
                                        + ' '));
    // The proxy is told where to, not who.
    QVERIFY(!m_proxy.asked[0].contains("secret-token"));
    QCOMPARE(m_server->last()->header("Authorization"), "Bearer secret-token"_ba);
    QCOMPARE(m_client->emitEvent(u"x"_s), DispatchClient::Sent);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"x"_s});
}

void tst_Proxy::proxyOfTheApplicationIsUsed()
{
    QNetworkProxy::setApplicationProxy(m_proxy.toProxy());
    m_client->setAllowInsecure(true);
    m_client->setUrl(elsewhere());
    QVERIFY(join());
    QCOMPARE(m_proxy.asked.size(), 1);
}

void tst_Proxy::proxyOfTheSystemIsUsed()
{
    qputenv("http_proxy", "http://127.0.0.1:" + QByteArray::number(m_proxy.serverPort()));
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    m_client->setAllowInsecure(true);
    m_client->setUrl(elsewhere());
    QVERIFY(join());
    QCOMPARE(m_proxy.asked.size(), 1);
}

void tst_Proxy::thisMachineIsReachedWithoutTheSystemsProxy()
{
    qputenv("http_proxy", "http://127.0.0.1:" + QByteArray::number(m_proxy.serverPort()));
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    QVERIFY(join());
    QCOMPARE(m_proxy.asked.size(), 0);
}

void tst_Proxy::noProxyIsUsedIfSaidSo()
{
    QNetworkProxy::setApplicationProxy(m_proxy.toProxy());
    m_client->setProxy(QNetworkProxy::NoProxy);
    m_client->setAllowInsecure(true);
    m_client->setUrl(elsewhere());
    QVERIFY(join());
    QCOMPARE(m_proxy.asked.size(), 0);
}

void tst_Proxy::infoGoesTheSameWay()
{
    m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(200, {}, "[]"); };
    m_client->setProxy(m_proxy.toProxy());
    const auto through = m_client->info();
    QTRY_VERIFY(through.isFinished());
    QCOMPARE(errorOf(through), DispatchError::NoError);
    QCOMPARE(m_proxy.asked.size(), 1);
    m_client->setProxy(QNetworkProxy::NoProxy);
    const auto past = m_client->info();
    QTRY_VERIFY(past.isFinished());
    QCOMPARE(errorOf(past), DispatchError::NoError);
    QCOMPARE(m_proxy.asked.size(), 1);
}

void tst_Proxy::proxyThatRefusesIsAnError_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("forbidden") << "403 Forbidden"_ba;
    QTest::newRow("no way") << "502 Bad Gateway"_ba;
    QTest::newRow("who are you") << "407 Proxy Authentication Required"_ba;
}

void tst_Proxy::proxyThatRefusesIsAnError()
{
    QFETCH(QByteArray, status);
    m_proxy.refusal = status;
    m_client->setProxy(m_proxy.toProxy());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->connectToServer({.authorization = u"secret-token"_s});
    QTRY_VERIFY(errors.size() >= 2);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::NetworkError);
    QVERIFY(error.isRetryable());
    QCOMPARE(m_server->count(), 0);
    for (const QByteArray &head : std::as_const(m_proxy.asked))
        QVERIFY(!head.contains("secret-token"));
    // The next attempt finds it in a better mood.
    m_proxy.refusal.clear();
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Proxy::proxyThatIsSilentIsGivenUp()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    m_client->setAttemptTimeout(50);
    m_client->setProxy(
        QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, silent.serverPort()));
    m_client->setActive(true);
    QTRY_COMPARE(m_client->error(), DispatchError::Timeout);
    QVERIFY(m_client->lastError().isRetryable());
}

void tst_Proxy::proxyForRequestsAloneIsAnError()
{
    m_client->setProxy(QNetworkProxy(QNetworkProxy::HttpCachingProxy, u"127.0.0.1"_s, 1));
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_client->error(), DispatchError::InvalidParameters);
    QVERIFY(m_client->errorString().contains(u"HttpProxy"_s));
    m_client->setProxy(QNetworkProxy::NoProxy);
    m_client->retryNow();
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

QTEST_GUILESS_MAIN(tst_Proxy)
#include "tst_proxy.moc"
