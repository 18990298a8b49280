// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "faultyservertest.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Whom the client trusts, and what it sends to others: nothing.
class tst_Tls : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void serverOfAKnownAuthorityIsTrusted_data();
    void serverOfAKnownAuthorityIsTrusted();
    void serverIsNotTrusted_data();
    void serverIsNotTrusted();
    void verificationCannotBeTurnedOff_data();
    void verificationCannotBeTurnedOff();
    void infoAsksNoServerThatIsNotTrusted();
    void infoTrustsTheCaFile();
    void caFileWithoutCertificateIsAnError_data();
    void caFileWithoutCertificateIsAnError();
    void caFileThatIsMendedHelps();
    void floodArrives_data();
    void floodArrives();
    void eventsWaitForAServerThatDoesNotRead();
    void serverThatOnlyAsksIsLeft();
    void plainConnectionToAnotherMachineHasToBeAllowed();

private:
    QUrl write(const QString &name, const QByteArray &text);
    void serve(const Certificate &certificate);
    void serveAndJoin();

    const Certificate m_authority = Certificate::authority();
    QTemporaryDir m_folder;
    QSslConfiguration m_default;
};

namespace {

const QByteArrayList Here{"localhost", "127.0.0.1"};

} // namespace

void tst_Tls::init()
{
    m_default = QSslConfiguration::defaultConfiguration();
    m_server = std::make_unique<FakeServer>();
    m_client = std::make_unique<DispatchClient>();
    m_client->setReconnectPolicy({.minDelay = 5, .maxDelay = 20});
}

void tst_Tls::cleanup()
{
    m_client.reset();
    m_server.reset();
    QSslConfiguration::setDefaultConfiguration(m_default);
}

QUrl tst_Tls::write(const QString &name, const QByteArray &text)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qWarning() << "can't write" << file.fileName();
    return QUrl::fromLocalFile(file.fileName());
}

void tst_Tls::serve(const Certificate &certificate)
{
    m_server->setTls(certificate.pem(), certificate.keyPem());
    QVERIFY(m_server->listen());
    m_client->setUrl(m_server->url());
}

void tst_Tls::serveAndJoin()
{
    serve(m_authority.issue(Here));
    m_client->setCaFile(write(u"ca.pem"_s, m_authority.pem()));
    QVERIFY(join());
}

void tst_Tls::serverOfAKnownAuthorityIsTrusted_data()
{
    QTest::addColumn<QByteArray>("trusted");
    QTest::addColumn<bool>("inAFile");
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    const Certificate issued = m_authority.issue(Here);
    const Certificate lonely = Certificate::selfSigned(Here);
    QTest::newRow("CA in a file") << m_authority.pem() << true << issued.pem() << issued.keyPem();
    QTest::newRow("CA in sslConfiguration")
        << m_authority.pem() << false << issued.pem() << issued.keyPem();
    QTest::newRow("self-signed, in a file")
        << lonely.pem() << true << lonely.pem() << lonely.keyPem();
}

void tst_Tls::serverOfAKnownAuthorityIsTrusted()
{
    QFETCH(QByteArray, trusted);
    QFETCH(bool, inAFile);
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, key);
    m_server->setTls(certificate, key);
    QVERIFY(m_server->listen());
    m_client->setUrl(m_server->url());
    if (inAFile) {
        m_client->setCaFile(write(u"ca.pem"_s, trusted));
    } else {
        QSslConfiguration configuration = m_client->sslConfiguration();
        configuration.setCaCertificates(QSslCertificate::fromData(trusted));
        m_client->setSslConfiguration(configuration);
    }
    m_client->connectToServer({.authorization = u"secret"_s});
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->last()->header("Authorization"), "Bearer secret"_ba);
}

void tst_Tls::serverIsNotTrusted_data()
{
    using namespace std::chrono_literals;
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const Certificate &certificate, const QString &says) {
        QTest::newRow(name) << certificate.pem() << certificate.keyPem() << says;
    };
    row("self-signed", Certificate::selfSigned(Here), u"caFile"_s);
    row("unknown CA", Certificate::authority().issue(Here), u"caFile"_s);
    row("other host", m_authority.issue({"example.org"}), u"Connect to a name"_s);
    row("expired", m_authority.issue(Here, {.from = -2h, .to = -1h}), u"renewed"_s);
    row("not yet valid", m_authority.issue(Here, {.from = 1h, .to = 2h}), u"clock"_s);
}

void tst_Tls::serverIsNotTrusted()
{
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, key);
    QFETCH(QString, says);
    m_server->setTls(certificate, key);
    QVERIFY(m_server->listen());
    m_client->setUrl(m_server->url());
    m_client->setCaFile(write(u"ca.pem"_s, m_authority.pem()));
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->connectToServer({.authorization = u"secret"_s});
    QTRY_VERIFY(errors.size() >= 2);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::TlsError);
    QVERIFY(error.isRetryable());
    QVERIFY2(error.message().contains(says), qPrintable(error.message()));
    // Not even a request came.
    QCOMPARE(m_server->count(), 0);
}

void tst_Tls::verificationCannotBeTurnedOff_data()
{
    QTest::addColumn<bool>("forTheWholeApplication");
    QTest::newRow("in sslConfiguration") << false;
    QTest::newRow("in the application's default") << true;
}

void tst_Tls::verificationCannotBeTurnedOff()
{
    QFETCH(bool, forTheWholeApplication);
    QSslConfiguration careless = QSslConfiguration::defaultConfiguration();
    careless.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (forTheWholeApplication)
        QSslConfiguration::setDefaultConfiguration(careless);
    else
        m_client->setSslConfiguration(careless);
    serve(Certificate::selfSigned(Here));
    m_client->setActive(true);
    QTRY_COMPARE(m_client->error(), DispatchError::TlsError);
    QCOMPARE(m_server->count(), 0);
}

void tst_Tls::infoAsksNoServerThatIsNotTrusted()
{
    serve(m_authority.issue(Here));
    const auto future = m_client->info();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::TlsError);
    QCOMPARE(m_server->count(), 0);
}

void tst_Tls::infoTrustsTheCaFile()
{
    m_server->onRequest = [](FakePeer *peer) {
        peer->answerHttp(200, {}, R"([{"shardName":"s","numConnectedClients":1}])");
    };
    serve(m_authority.issue(Here));
    m_client->setCaFile(write(u"ca.pem"_s, m_authority.pem()));
    const auto future = m_client->info();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::NoError);
    QCOMPARE(future.result().first().shardName, u"s"_s);
}

void tst_Tls::caFileWithoutCertificateIsAnError_data()
{
    QTest::addColumn<QUrl>("file");
    QTest::newRow("not there") << QUrl::fromLocalFile(m_folder.filePath(u"missing"_s));
    QTest::newRow("a folder") << QUrl::fromLocalFile(m_folder.path());
    QTest::newRow("text") << write(u"text"_s, "no certificate");
    QTest::newRow("elsewhere") << QUrl(u"https://example.org/ca.pem"_s);
    QTest::newRow("no resource") << QUrl(u"qrc:/missing.pem"_s);
}

void tst_Tls::caFileWithoutCertificateIsAnError()
{
    QFETCH(QUrl, file);
    serve(m_authority.issue(Here));
    m_client->setCaFile(file);
    const auto info = m_client->info();
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished() && info.isFinished());
    QCOMPARE(errorOf(future), DispatchError::InvalidParameters);
    QCOMPARE(errorOf(info), DispatchError::InvalidParameters);
    QCOMPARE(m_client->state(), DispatchClient::Failed);
    QVERIFY2(m_client->errorString().contains(u"caFile"_s), qPrintable(m_client->errorString()));
}

void tst_Tls::caFileThatIsMendedHelps()
{
    serve(m_authority.issue(Here));
    m_client->setCaFile(write(u"empty"_s, {}));
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
    m_client->setCaFile(write(u"ca.pem"_s, m_authority.pem()));
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Tls::floodArrives_data()
{
    QTest::addColumn<bool>("handlerRunsAnEventLoop");
    QTest::newRow("reading pauses in between") << false;
    QTest::newRow("a handler runs an event loop") << true;
}

void tst_Tls::floodArrives()
{
    QFETCH(bool, handlerRunsAnEventLoop);
    const int count = 5'000;
    serveAndJoin();
    FakePeer *peer = m_server->last();
    QList<int> heard;
    m_client->on(u"x"_s, this, [&](const QJsonObject &payload) {
        heard.append(payload["n"_L1].toInt());
        if (heard.size() == 1 && handlerRunsAnEventLoop)
            QVERIFY(peer->waitUntilHeldUp());
        QElapsedTimer clock;
        clock.start();
        while (clock.nsecsElapsed() < 20'000) { }
    });
    const QString filling(3'000, u'x');
    for (int i = 0; i < count; ++i)
        peer->sendEvent(u"x"_s, QJsonObject{{u"n"_s, i}, {u"filling"_s, filling}});
    peer->sendEvent(u"x"_s, QJsonObject{{u"n"_s, count}, {u"filling"_s, QString(500'000, u'x')}});
    QTRY_COMPARE_WITH_TIMEOUT(heard.size(), count + 1, 30'000);
    for (int i = 0; i <= count; ++i)
        QCOMPARE(heard[i], i);
    QCOMPARE(m_server->count(), 1);
}

void tst_Tls::eventsWaitForAServerThatDoesNotRead()
{
    m_server->relays = false;
    serveAndJoin();
    FakePeer *peer = m_server->last();
    peer->stopReading();
    // Far more than the kernel's buffers take.
    const QJsonValue payload = QString(100'000, u'x');
    int taken = 0;
    while (taken < 500 && m_client->emitEvent(u"x"_s, payload) != DispatchClient::Refused) {
        ++taken;
        QTest::qWait(0);
    }
    QVERIFY2(taken < 200, qPrintable(QString::number(taken)));
    QCOMPARE(m_client->error(), DispatchError::QueueFull);
    peer->readOn();
    QTRY_COMPARE_WITH_TIMEOUT(eventsAtServer().size(), taken, 20'000);
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_Tls::serverThatOnlyAsksIsLeft()
{
    m_client->setIncomingLimits({.maxUnsentBytes = 100'000});
    serveAndJoin();
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    m_server->last()->pingWithoutReading();
    QTRY_COMPARE(disconnected.size(), 1);
    const auto error = disconnected.first().first().value<DispatchError>();
    QVERIFY2(error.message().contains(u"maxUnsentBytes"_s), qPrintable(error.message()));
}

void tst_Tls::plainConnectionToAnotherMachineHasToBeAllowed()
{
    QVERIFY(m_server->listen());
    // It leads here, but it is no address of this machine alone.
    m_client->setUrl(QUrl(u"ws://0.0.0.0:%1"_s.arg(m_server->port())));
    const auto info = m_client->info();
    const auto future = m_client->connectToServer({.authorization = u"secret"_s});
    QTRY_VERIFY(future.isFinished() && info.isFinished());
    QCOMPARE(errorOf(future), DispatchError::InsecureUrl);
    QCOMPARE(errorOf(info), DispatchError::InsecureUrl);
    QCOMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_server->count(), 0);
    m_client->setAllowInsecure(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    // Taken back, the connection does not stay.
    m_client->setAllowInsecure(false);
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
}

QTEST_GUILESS_MAIN(tst_Tls)
#include "tst_tls.moc"
