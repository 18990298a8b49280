// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "neighbour.h"
#include "peer.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslconfiguration.h>
#include <QtNetwork/qsslsocket.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr int Deadline = 10'000;
const QByteArrayList Here{"127.0.0.1"};

DispatchTlsIdentity identityOf(const Certificate &certificate, const QByteArray &chain = {})
{
    return DispatchTlsIdentity::fromPem(certificate.pem() + chain, certificate.keyPem());
}

QSslConfiguration trusting(const Certificate &authority)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates({QSslCertificate(authority.pem())});
    return configuration;
}

/// The first message of a client, as OpenSSL makes it.
QByteArray clientHello()
{
    QTcpServer listener;
    listener.listen(QHostAddress::LocalHost);
    QSslSocket client;
    client.connectToHostEncrypted(u"127.0.0.1"_s, listener.serverPort());
    if (!QTest::qWaitFor([&] { return listener.hasPendingConnections(); }))
        return {};
    QTcpSocket *peer = listener.nextPendingConnection();
    const auto isWhole = [peer] {
        const QByteArray head = peer->peek(5);
        return head.size() == 5
            && peer->bytesAvailable() >= 5 + quint8(head[3]) * 256 + quint8(head[4]);
    };
    return QTest::qWaitFor(isWhole) ? peer->readAll() : QByteArray();
}

} // namespace

/// TLS of a server as its clients see it. That all else is as without TLS is tested by the tests
/// that are built twice.
class tst_Tls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void clientsTalk();
    void aChainIsSentWhole();
    void oldVersionsAreRefused_data();
    void oldVersionsAreRefused();
    void whoDoesNotTrustTheCertificateIsCounted();
    void plainHttpIsToldToSpeakTls_data();
    void plainHttpIsToldToSpeakTls();
    void tlsAtAPlainPortIsTold();
    void garbageHarmsNoNeighbour_data();
    void garbageHarmsNoNeighbour();
    void whoDoesNotFinishIsCutOff_data();
    void whoDoesNotFinishIsCutOff();
    void theTimeIsThatOfTheWholeConnection();
    void whoIsTurnedAwayCostsFewHandshakes();
    void anotherCertificateIsForNewConnections();
    void aBadIdentityChangesNothing();
    void tlsOrNotIsDecidedByListening();
    void closingSendsAllThatWasAccepted();

private:
    void restart(const DispatchServerSettings &settings);
    QUrl url() const { return m_server->url(); }

    const Certificate m_authority = Certificate::authority();
    const Certificate m_certificate = m_authority.issue(Here);
    std::unique_ptr<DispatchServer> m_server;
};

void tst_Tls::init()
{
    QSslConfiguration::setDefaultConfiguration(trusting(m_authority));
    RawPeer::setSpeaksTls(false);
    restart({});
}

void tst_Tls::cleanup()
{
    m_server.reset();
}

void tst_Tls::restart(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    QVERIFY(m_server->setTlsIdentity(identityOf(m_certificate)));
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Tls::clientsTalk()
{
    QCOMPARE(url().scheme(), u"wss"_s);
    Peer ann;
    Peer bob;
    QVERIFY(ann.join(url(), u"shardName=s"_s));
    QVERIFY(bob.join(url(), u"shardName=s"_s));
    ann.emitEvent(u"hello"_s, u"Bob"_s);
    QVERIFY(bob.waitFor(u"hello"_s));
    bob.emitEvent(u"hello"_s, u"Ann"_s);
    QVERIFY(ann.waitFor(u"hello"_s, 2));
    QCOMPARE(ann.messages(u"hello"_s).last().payload.toString(), u"Ann"_s);
    ann.close();
    QVERIFY(ann.waitForClose());
    QVERIFY(bob.waitForClients(1));
    QCOMPARE(m_server->statistics().failedHandshakes, 0);
}

void tst_Tls::aChainIsSentWhole()
{
    const Certificate between = m_authority.issueAuthority();
    const Certificate last = between.issue(Here);
    QVERIFY(m_server->setTlsIdentity(identityOf(last)));
    QSslSocket unconvinced;
    unconvinced.connectToHostEncrypted(url().host(), quint16(url().port()));
    QVERIFY(!unconvinced.waitForEncrypted(Deadline));
    QVERIFY(m_server->setTlsIdentity(identityOf(last, between.pem())));
    Peer ann;
    QVERIFY(ann.join(url()));
}

void tst_Tls::oldVersionsAreRefused_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<bool>("isSpoken");
    QTest::newRow("TLS 1.0") << u"-tls1"_s << false;
    QTest::newRow("TLS 1.1") << u"-tls1_1"_s << false;
    QTest::newRow("TLS 1.2") << u"-tls1_2"_s << true;
    QTest::newRow("TLS 1.3") << u"-tls1_3"_s << true;
}

void tst_Tls::oldVersionsAreRefused()
{
    QFETCH(QString, version);
    QFETCH(bool, isSpoken);
    QProcess client;
    client.setProcessChannelMode(QProcess::MergedChannels);
    client.start(u"openssl"_s,
                 {u"s_client"_s, u"-connect"_s, u"127.0.0.1:%1"_s.arg(url().port()), version,
                  u"-cipher"_s, u"ALL:@SECLEVEL=0"_s, u"-quiet"_s});
    QVERIFY(client.waitForStarted());
    client.write(RawPeer::request("GET", "/info/p", "Connection: close\r\n"));
    QVERIFY(client.waitForFinished(Deadline));
    const QByteArray output = client.readAll();
    QCOMPARE(output.contains("HTTP/1.1 200 OK"), isSpoken);
    QCOMPARE(output.contains("alert protocol version"), !isSpoken);
    QCOMPARE(m_server->statistics().failedHandshakes, isSpoken ? 0 : 1);
}

void tst_Tls::whoDoesNotTrustTheCertificateIsCounted()
{
    QProcess client;
    client.start(u"openssl"_s,
                 {u"s_client"_s, u"-connect"_s, u"127.0.0.1:%1"_s.arg(url().port()),
                  u"-verify_return_error"_s, u"-no-CAfile"_s, u"-no-CApath"_s});
    QVERIFY(client.waitForFinished(Deadline));
    QVERIFY(client.readAllStandardError().contains("unable to get local issuer certificate"));
    QTRY_COMPARE(m_server->statistics().failedHandshakes, 1);
}

void tst_Tls::plainHttpIsToldToSpeakTls_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a request") << RawPeer::request("GET", "/info/p");
    QTest::newRow("an upgrade") << RawPeer::upgradeRequest("/?projectId=p");
    QTest::newRow("a request with a body")
        << RawPeer::request("POST", "/v1/x", "Content-Length: 100000\r\n")
            + QByteArray(100'000, 'x');
    QTest::newRow("a method that nobody knows") << RawPeer::request("BREW", "/coffee");
    QTest::newRow("the beginning of one") << QByteArray("G");
}

void tst_Tls::plainHttpIsToldToSpeakTls()
{
    QFETCH(QByteArray, bytes);
    RawPeer peer(m_server->port());
    peer.send(bytes);
    const auto response = peer.response();
    QCOMPARE(response.status, 421);
    QVERIFY(response.body.contains("\"tls_required\""));
    QVERIFY(response.body.contains("use wss:// or https://"));
    QVERIFY(peer.waitForClose());
    QCOMPARE(m_server->statistics().refusals.value(u"tls_required"_s).toLongLong(), 1);
}

void tst_Tls::tlsAtAPlainPortIsTold()
{
    DispatchServer plain;
    QVERIFY(plain.listen());
    RawPeer peer(plain.port());
    const QByteArray hello = clientHello();
    QVERIFY(hello.size() > 100);
    peer.send(hello);
    const auto response = peer.response();
    QCOMPARE(response.status, 400);
    QVERIFY(response.body.contains("\"bad_request\""));
    QVERIFY(response.body.contains("this port speaks no TLS: use ws:// or http://"));
    QVERIFY(peer.waitForClose());
}

void tst_Tls::garbageHarmsNoNeighbour_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isInTheMiddle"); // behind a good first message
    const QByteArray hello = clientHello();
    for (const bool isInTheMiddle : {false, true}) {
        const auto row = [&](const char *name, const QByteArray &bytes) {
            QTest::addRow("%s%s", name, isInTheMiddle ? ", in the middle" : "")
                << (isInTheMiddle ? hello : QByteArray()) + bytes << isInTheMiddle;
        };
        row("zeros", QByteArray(10'000, '\0'));
        row("much", QByteArray(1'000'000, '\x7f'));
        row("a record that is too long", "\x16\x03\x03\xff\xff" + QByteArray(70'000, 'x'));
        row("data", QByteArray::fromHex("1703030005") + "hello");
        row("an alert", QByteArray::fromHex("15030300020250"));
        row("empty records", QByteArray::fromHex("1603030000").repeated(1'000));
    }
    QByteArray changed = hello;
    changed[5] = 2; // a server's
    QTest::newRow("another first message") << changed << false;
    QTest::newRow("the first message twice") << hello + hello << true;
}

void tst_Tls::garbageHarmsNoNeighbour()
{
    QFETCH(QByteArray, bytes);
    Neighbour neighbour;
    QVERIFY(neighbour.join(url()));
    RawPeer peer(m_server->port());
    peer.send(bytes);
    QVERIFY(peer.waitForClose());
    QVERIFY(neighbour.isUnharmed());
    QTRY_COMPARE(m_server->statistics().connections, 1);
}

void tst_Tls::whoDoesNotFinishIsCutOff_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("trickles");
    const QByteArray hello = clientHello();
    QTest::newRow("says nothing") << QByteArray() << false;
    QTest::newRow("says half of the first message") << hello.left(hello.size() / 2) << false;
    QTest::newRow("says the first message alone") << hello << false;
    QTest::newRow("trickles") << hello << true;
}

void tst_Tls::whoDoesNotFinishIsCutOff()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, trickles);
    DispatchServerSettings settings;
    settings.handshakeTimeout = 200;
    restart(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(url()));
    RawPeer peer(m_server->port());
    QTimer drop;
    int at = 0;
    drop.callOnTimeout(&peer, [&] { peer.send(bytes.mid(at++, 1)); });
    if (trickles)
        drop.start(20);
    else
        peer.send(bytes);
    QVERIFY(peer.waitForClose());
    QVERIFY(at < bytes.size() || !trickles);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Tls::theTimeIsThatOfTheWholeConnection()
{
    DispatchServerSettings settings;
    settings.handshakeTimeout = 1'000;
    restart(settings);
    QElapsedTimer sinceAccept;
    sinceAccept.start();
    // It takes its time for TLS, and then for the request.
    QSslSocket slow;
    slow.connectToHost(url().host(), quint16(url().port()));
    QVERIFY(slow.waitForConnected(Deadline));
    QTRY_VERIFY(sinceAccept.elapsed() > 700);
    slow.startClientEncryption();
    QVERIFY(slow.waitForEncrypted(Deadline));
    slow.write("GET / HTTP/1.1\r\n");
    // Who comes now is cut off later.
    RawPeer later(m_server->port());
    QTRY_COMPARE(slow.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(!later.isClosed());
    QVERIFY(slow.readAll().startsWith("HTTP/1.1 408 "));
    QVERIFY(later.waitForClose());
}

void tst_Tls::whoIsTurnedAwayCostsFewHandshakes()
{
    constexpr int Many = 400;
    constexpr int ToldPerSecond = 100; // and as many at once
    DispatchServerSettings settings;
    settings.unlimitedAddresses.clear();
    settings.maxConnectionsPerAddress = 1;
    restart(settings);
    Peer ann;
    QVERIFY(ann.join(url()));
    // Whoever may begin a handshake is told that he speaks none; the others hear nothing.
    QElapsedTimer time;
    time.start();
    std::vector<std::unique_ptr<RawPeer>> crowd;
    for (int i = 0; i < Many; ++i) {
        crowd.push_back(std::make_unique<RawPeer>(m_server->port()));
        crowd.back()->send(RawPeer::request("GET", "/"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_server->statistics().refusals.value(u"too_many_from_address"_s),
                              Many, Deadline);
    const double seconds = double(time.elapsed()) / 1'000;
    QVERIFY(std::ranges::all_of(crowd, [](const auto &peer) { return peer->waitForClose(); }));
    const auto told = std::ranges::count_if(
        crowd, [](const auto &peer) { return peer->pending().startsWith("HTTP/1.1"); });
    QVERIFY2(told <= ToldPerSecond * (1 + seconds), qPrintable(QString::number(told)));
    QVERIFY(told > 0);
    ann.emitEvent(u"alive"_s);
    QVERIFY(ann.waitFor(u"alive"_s));
}

void tst_Tls::anotherCertificateIsForNewConnections()
{
    Peer old;
    QVERIFY(old.join(url()));
    const Certificate otherAuthority = Certificate::authority();
    QVERIFY(m_server->setTlsIdentity(identityOf(otherAuthority.issue(Here))));

    QSslSocket unconvinced;
    unconvinced.connectToHostEncrypted(url().host(), quint16(url().port()));
    QVERIFY(!unconvinced.waitForEncrypted(Deadline));
    Peer young;
    young.socket().setSslConfiguration(trusting(otherAuthority));
    QVERIFY(young.join(url()));
    QVERIFY(young.waitForClients(2));
    old.emitEvent(u"still here"_s);
    QVERIFY(young.waitFor(u"still here"_s));
    QVERIFY(old.waitFor(u"still here"_s));
}

void tst_Tls::aBadIdentityChangesNothing()
{
    QSignalSpy errors(m_server.get(), &DispatchServer::errorOccurred);
    const DispatchTlsIdentity before = m_server->tlsIdentity();
    QVERIFY(!m_server->setTlsIdentity(
        DispatchTlsIdentity::fromPem(m_certificate.pem(), Certificate::selfSigned(Here).keyPem())));
    QCOMPARE(errors.size(), 1);
    QVERIFY(m_server->errorString().contains(u"not the key of the certificate"_s));
    QVERIFY(m_server->tlsIdentity() == before);
    Peer ann;
    QVERIFY(ann.join(url()));
}

void tst_Tls::tlsOrNotIsDecidedByListening()
{
    QVERIFY(m_server->setTlsIdentity({}));
    QCOMPARE(url().scheme(), u"wss"_s);
    Peer ann;
    QVERIFY(ann.join(url()));
    m_server->close();
    QVERIFY(m_server->listen());
    QCOMPARE(url().scheme(), u"ws"_s);
    QVERIFY(m_server->setTlsIdentity(identityOf(m_certificate)));
    QCOMPARE(url().scheme(), u"ws"_s);
    Peer bob;
    QVERIFY(bob.join(url()));
}

void tst_Tls::closingSendsAllThatWasAccepted()
{
    constexpr int Count = 300;
    const QString ballast(10'000, u'x');
    Peer ann;
    Peer bob;
    QVERIFY(ann.join(url()));
    QVERIFY(bob.join(url()));
    for (int i = 0; i < Count; ++i)
        ann.emitEvent(u"ballast"_s, ballast);
    QTRY_COMPARE(m_server->statistics().eventsReceived, Count);
    m_server->close();
    for (Peer *peer : {&ann, &bob}) {
        QVERIFY(peer->waitForClose());
        QCOMPARE(peer->count(u"ballast"_s), Count);
    }
}

QTEST_GUILESS_MAIN(tst_Tls)
#include "tst_tls.moc"
