// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "daemonprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslconfiguration.h>

namespace {

const QByteArrayList Here{"127.0.0.1"};

} // namespace

/// dispatchd with a certificate, as an operator sees it.
class tst_Tls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void clientsTalkOverTls();
    void listensForOthersWithoutMore();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void warnsOfDatesThatClientsRefuse();
    void anotherCertificateIsTakenWhenAsked();
    void badFilesChangeNothing_data();
    void badFilesChangeNothing();
    void tlsOrNotNeedsARestart();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    bool write(const QString &name, const QByteArray &content);
    bool install(const Certificate &certificate);
    /// A client that trusts \a authority alone, on its way into a shard.
    std::unique_ptr<Client> join(const DaemonProcess &daemon, const Certificate &authority);

    const Certificate m_authority = Certificate::authority();
    QTemporaryDir m_folder;
};

void tst_Tls::init()
{
    QVERIFY(install(m_authority.issue(Here)));
    QVERIFY(write(u"dispatchd.toml"_s,
                  "[tls]\ncertificate_file = 'fullchain.pem'\nkey_file = 'privkey.pem'\n"));
}

bool tst_Tls::write(const QString &name, const QByteArray &content)
{
    QFile file(path(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

bool tst_Tls::install(const Certificate &certificate)
{
    return write(u"fullchain.pem"_s, certificate.pem())
        && write(u"privkey.pem"_s, certificate.keyPem());
}

std::unique_ptr<Client> tst_Tls::join(const DaemonProcess &daemon, const Certificate &authority)
{
    auto client = std::make_unique<Client>();
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates({QSslCertificate(authority.pem())});
    client->socket.setSslConfiguration(configuration);
    client->join(daemon);
    return client;
}

void tst_Tls::clientsTalkOverTls()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, path(u"dispatchd.toml"_s)}));
    QCOMPARE(daemon.url.scheme(), u"wss"_s);
    const auto ann = join(daemon, m_authority);
    QTRY_VERIFY(!ann->greeting().isEmpty());
    ann->emitEvent(u"hello"_s, {{u"to"_s, u"all"_s}});
    QTRY_COMPARE(ann->last(u"hello"_s).value(u"to"_s).toString(), u"all"_s);
}

void tst_Tls::listensForOthersWithoutMore()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, path(u"dispatchd.toml"_s), u"--address=0.0.0.0"_s}));
    const auto ann = join(daemon, m_authority);
    QTRY_VERIFY(!ann->greeting().isEmpty());
}

void tst_Tls::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("said");
    const QByteArray tls = "[tls]\n";
    const QByteArray certificate = "certificate_file = 'fullchain.pem'\n";
    const QByteArray key = "key_file = 'privkey.pem'\n";
    QTest::newRow("no key") << tls + certificate << QByteArray("belong together");
    QTest::newRow("no certificate") << tls + key << QByteArray("belong together");
    QTest::newRow("no file") << tls + "certificate_file = 'absent'\n" + key
                             << QByteArray(".toml:2:20: Can't read the certificate file '");
    QTest::newRow("no file of the key") << tls + certificate + "key_file = 'absent'\n"
                                        << QByteArray(".toml:3:12: Can't read the key file '");
    QTest::newRow("the certificate for the key") << tls + certificate
            + "key_file = 'fullchain.pem'\n" << QByteArray(".toml:3:12: The key file '");
    QTest::newRow("exchanged") << tls
            + "certificate_file = 'privkey.pem'\nkey_file = 'fullchain.pem'\n"
                               << QByteArray("has no certificate in PEM format");
    QTest::newRow("others without TLS")
        << QByteArray("address = '0.0.0.0'\n") << QByteArray("tls.certificate_file");
}

void tst_Tls::saysWhatIsWrong()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, said);
    QVERIFY(write(u"dispatchd.toml"_s, config));
    for (const QString &task : {u"--check-config"_s, u"--port=0"_s}) {
        QProcess process;
        process.start(QString::fromUtf8(DISPATCHD),
                      {u"--config"_s, path(u"dispatchd.toml"_s), task});
        QVERIFY(process.waitForFinished(DeadlineMs));
        QCOMPARE(process.exitCode(), 2);
        const QByteArray output = process.readAllStandardError();
        QVERIFY2(output.contains(said), output.constData());
    }
}

void tst_Tls::warnsOfDatesThatClientsRefuse()
{
    QVERIFY(install(m_authority.issue(Here, {.to = std::chrono::seconds(-60)})));
    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD),
                  {u"--config"_s, path(u"dispatchd.toml"_s), u"--check-config"_s});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardError().contains("The certificate has expired, on 2"));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, path(u"dispatchd.toml"_s)}));
    QVERIFY(daemon.logs("The certificate has expired, on 2"));
}

void tst_Tls::anotherCertificateIsTakenWhenAsked()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, path(u"dispatchd.toml"_s)}));
    const auto old = join(daemon, m_authority);
    QTRY_VERIFY(!old->greeting().isEmpty());

    const Certificate other = Certificate::authority();
    QVERIFY(install(other.issue(Here)));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    const auto young = join(daemon, other);
    QTRY_VERIFY(!young->greeting().isEmpty());
    old->emitEvent(u"still here"_s, {{u"yes"_s, true}});
    QTRY_VERIFY(!young->last(u"still here"_s).isEmpty());
    QVERIFY(!old->wasDropped);
}

void tst_Tls::badFilesChangeNothing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("no certificate") << u"fullchain.pem"_s << QByteArray("half a fi")
                                    << QByteArray("has no certificate in PEM format");
    QTest::newRow("no key") << u"privkey.pem"_s << QByteArray()
                            << QByteArray("has no private key in PEM format");
    QTest::newRow("the key alone is new")
        << u"privkey.pem"_s << Certificate::selfSigned(Here).keyPem()
        << QByteArray("is not the key of the certificate");
}

void tst_Tls::badFilesChangeNothing()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, said);
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, path(u"dispatchd.toml"_s)}));
    const auto old = join(daemon, m_authority);
    QTRY_VERIFY(!old->greeting().isEmpty());
    QVERIFY(write(name, content));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs(said));
    QVERIFY(daemon.logs("stays as it was"));
    const auto young = join(daemon, m_authority);
    QTRY_VERIFY(!young->greeting().isEmpty());
    QVERIFY(!old->wasDropped);
}

void tst_Tls::tlsOrNotNeedsARestart()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, path(u"dispatchd.toml"_s)}));
    QVERIFY(write(u"dispatchd.toml"_s, {}));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("tls changes at the next start only"));
    QVERIFY(daemon.logs("was read again"));
    const auto ann = join(daemon, m_authority);
    QTRY_VERIFY(!ann->greeting().isEmpty());
}

QTEST_GUILESS_MAIN(tst_Tls)
#include "tst_tls.moc"
