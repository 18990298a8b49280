// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "roomtest.h"

#include <QtCore/qtemporaryfile.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QByteArrayList Here{"127.0.0.1"};

DispatchTlsIdentity identityOf(const Certificate &certificate)
{
    return DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem());
}

} // namespace

/// Client and server, both from here, over TLS.
class tst_Encrypted : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void clientsTalkAndAsk();
    void serverThatIsNotTrustedIsNotJoined_data();
    void serverThatIsNotTrustedIsNotJoined();
    void clientWithoutTlsIsToldSo();
    void clientComesBackToAServerWithAnotherCertificate();

private:
    void serve(const Certificate &certificate);
    std::unique_ptr<DispatchClient> makeTrustingClient();

    const Certificate m_authority = Certificate::authority();
    QTemporaryFile m_caFile;
};

void tst_Encrypted::initTestCase()
{
    QVERIFY(m_caFile.open());
    m_caFile.write(m_authority.pem());
    QVERIFY(m_caFile.flush());
}

void tst_Encrypted::serve(const Certificate &certificate)
{
    const quint16 port = m_server->port();
    m_server->close();
    QVERIFY(m_server->setTlsIdentity(identityOf(certificate)));
    QVERIFY(m_server->listen(QHostAddress(QHostAddress::LocalHost), port));
}

std::unique_ptr<DispatchClient> tst_Encrypted::makeTrustingClient()
{
    auto client = makeClient();
    client->setCaFile(QUrl::fromLocalFile(m_caFile.fileName()));
    return client;
}

void tst_Encrypted::clientsTalkAndAsk()
{
    serve(m_authority.issue(Here));
    const auto ann = makeTrustingClient();
    const auto bob = makeTrustingClient();
    QString heard;
    bob->on(u"hello"_s, bob.get(), [&heard](const QJsonValue &text) { heard = text.toString(); });
    ann->connectToServer({.shardName = u"s"_s});
    bob->connectToServer({.shardName = u"s"_s});
    QTRY_COMPARE(ann->state(), DispatchClient::Connected);
    QTRY_COMPARE(bob->state(), DispatchClient::Connected);
    const QString large(100'000, u'\u4e2d');
    ann->emitEvent(u"hello"_s, large);
    QTRY_COMPARE(heard, large);

    const auto info = ann->info();
    WAIT(info);
    QCOMPARE(info.result().size(), 1);
    QCOMPARE(info.result().first().numConnectedClients, 2);
}

void tst_Encrypted::serverThatIsNotTrustedIsNotJoined_data()
{
    QTest::addColumn<DispatchTlsIdentity>("identity");
    QTest::newRow("self-signed") << identityOf(Certificate::selfSigned(Here));
    QTest::newRow("unknown CA") << identityOf(Certificate::authority().issue(Here));
    QTest::newRow("other host") << identityOf(m_authority.issue({"example.org"}));
}

void tst_Encrypted::serverThatIsNotTrustedIsNotJoined()
{
    QFETCH(DispatchTlsIdentity, identity);
    m_server->close();
    QVERIFY(m_server->setTlsIdentity(identity));
    QVERIFY(m_server->listen());
    const auto client = makeTrustingClient();
    client->setActive(true);
    QTRY_COMPARE(client->error(), DispatchError::TlsError);
    QCOMPARE(m_server->statistics().joins, 0);
}

void tst_Encrypted::clientWithoutTlsIsToldSo()
{
    serve(m_authority.issue(Here));
    const auto client = makeClient();
    QUrl plain = m_server->url();
    plain.setScheme(u"ws"_s);
    client->setUrl(plain);
    const auto joined = client->connectToServer();
    const auto info = client->info();
    QTRY_VERIFY(joined.isFinished() && info.isFinished());
    for (const DispatchError &error : {client->lastError(), thrownBy(info)}) {
        QCOMPARE(error.reason(), u"tls_required"_s);
        QCOMPARE(error.code(), DispatchError::InvalidUrl);
        QVERIFY2(error.message().contains(u"wss://"_s), qPrintable(error.message()));
    }
    QCOMPARE(client->state(), DispatchClient::Failed);
}

void tst_Encrypted::clientComesBackToAServerWithAnotherCertificate()
{
    serve(m_authority.issue(Here));
    const auto client = makeTrustingClient();
    client->setActive(true);
    QTRY_COMPARE(client->state(), DispatchClient::Connected);
    const QString before = client->clientId();
    serve(m_authority.issue(Here));
    QTRY_VERIFY(client->state() == DispatchClient::Connected && client->clientId() != before);
}

QTEST_GUILESS_MAIN(tst_Encrypted)
#include "tst_encrypted.moc"
