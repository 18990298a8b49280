// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "keypair.h"

#include <DispatchTlsIdentity>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using Error = DispatchTlsIdentity::Error;

namespace {

const QByteArrayList Here{"127.0.0.1"};

} // namespace

/// What a certificate and a key are taken for.
class tst_TlsIdentity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noneIsNeitherGoodNorBad();
    void goodOnesAreTaken_data();
    void goodOnesAreTaken();
    void badOnesAreNamed_data();
    void badOnesAreNamed();
    void filesAreNamed_data();
    void filesAreNamed();
    void bothMayBeInOneFile();
    void datesThatClientsRefuseAreAWarning_data();
    void datesThatClientsRefuseAreAWarning();
    void copiesAreEqual();

private:
    QString write(const QString &name, const QByteArray &content);

    QTemporaryDir m_folder;
};

QString tst_TlsIdentity::write(const QString &name, const QByteArray &content)
{
    QFile file(m_folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        ? file.fileName()
        : QString();
}

void tst_TlsIdentity::noneIsNeitherGoodNorBad()
{
    const DispatchTlsIdentity none;
    QVERIFY(none.isNull());
    QVERIFY(!none.isValid());
    QCOMPARE(none.error(), Error::NoError);
    QCOMPARE(none.errorString(), QString());
    QCOMPARE(none.warning(), QString());
    QVERIFY(!none.validUntil().isValid());
}

void tst_TlsIdentity::goodOnesAreTaken_data()
{
    QTest::addColumn<QByteArray>("certificates");
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char *name, const Certificate &certificate,
                        const QByteArray &before = {}, const QByteArray &after = {}) {
        QTest::newRow(name) << before + certificate.pem() + after << certificate.keyPem();
    };
    const Certificate authority = Certificate::authority();
    row("P-256", Certificate::selfSigned(Here));
    row("P-384", Certificate::selfSigned(Here, {.key = Making::P384}));
    row("RSA", Certificate::selfSigned(Here, {.key = Making::Rsa2048}));
    row("a chain", authority.issue(Here), {}, authority.pem());
    row("text around it", Certificate::selfSigned(Here), "subject=/CN=x\n", "\nthe end\n");
    row("expired", authority.issue(Here, {.to = std::chrono::seconds(-60)}));
}

void tst_TlsIdentity::goodOnesAreTaken()
{
    QFETCH(QByteArray, certificates);
    QFETCH(QByteArray, key);
    const auto identity = DispatchTlsIdentity::fromPem(certificates, key);
    QCOMPARE(identity.errorString(), QString());
    QVERIFY(identity.isValid());
    QVERIFY(!identity.isNull());
}

void tst_TlsIdentity::badOnesAreNamed_data()
{
    QTest::addColumn<QByteArray>("certificates");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<Error>("error");
    QTest::addColumn<QString>("said");
    const Certificate good = Certificate::selfSigned(Here);
    const auto row = [](const char *name, const QByteArray &certificates, const QByteArray &key,
                        Error error, const QString &said) {
        QTest::newRow(name) << certificates << key << error << said;
    };
    const QByteArray pem = good.pem();
    const QByteArray key = good.keyPem();
    row("nothing", {}, {}, Error::NoCertificate, u"no certificate in PEM format"_s);
    row("the key instead", key, key, Error::NoCertificate, u"no certificate in PEM format"_s);
    row("half a certificate", pem.left(pem.size() / 2), key, Error::NoCertificate,
        u"no certificate"_s);
    row("a broken chain", pem + QByteArray(pem).replace(100, 4, "!!!!"), key, Error::NoCertificate,
        u"no certificate"_s);
    row("no key", pem, {}, Error::NoPrivateKey, u"no private key in PEM format"_s);
    row("the certificate instead", pem, pem, Error::NoPrivateKey, u"no private key"_s);
    row("half a key", pem, key.left(key.size() / 2), Error::NoPrivateKey, u"no private key"_s);
    row("another's key", pem, Certificate::selfSigned(Here).keyPem(), Error::KeyMismatch,
        u"not the key of the certificate"_s);
    row("a key of another kind", pem, KeyPair::rsa().privatePem(), Error::KeyMismatch,
        u"not the key of the certificate"_s);
    row("an encrypted key", pem, KeyPair::ec().encryptedPem("secret"), Error::EncryptedPrivateKey,
        u"needs a passphrase"_s);
    const Certificate small = Certificate::selfSigned(Here, {.key = Making::Rsa1024});
    row("a short key", small.pem(), small.keyPem(), Error::WeakCertificate,
        u"OpenSSL does not take the certificate (ee key too small)"_s);
    const Certificate authority = Certificate::authority();
    const Certificate old = authority.issue(Here, {}, {.isSignedWithSha1 = true});
    row("an old signature", old.pem(), old.keyPem(), Error::WeakCertificate,
        u"OpenSSL does not take the certificate (ca md too weak)"_s);
}

void tst_TlsIdentity::badOnesAreNamed()
{
    QFETCH(QByteArray, certificates);
    QFETCH(QByteArray, key);
    QFETCH(Error, error);
    QFETCH(QString, said);
    const auto identity = DispatchTlsIdentity::fromPem(certificates, key);
    QVERIFY(!identity.isValid());
    QVERIFY(!identity.isNull());
    QCOMPARE(identity.error(), error);
    const QString sentence = identity.errorString();
    QVERIFY2(sentence.contains(said), qPrintable(sentence));
    QVERIFY(sentence.front().isUpper());
    QVERIFY(sentence.endsWith(u'.'));
}

void tst_TlsIdentity::filesAreNamed_data()
{
    QTest::addColumn<QString>("certificateFile");
    QTest::addColumn<QString>("keyFile");
    QTest::addColumn<Error>("error");
    QTest::addColumn<QString>("said");
    const Certificate good = Certificate::selfSigned(Here);
    const QString certificate = write(u"certificate.pem"_s, good.pem());
    const QString key = write(u"key.pem"_s, good.keyPem());
    const QString other = write(u"other.pem"_s, Certificate::selfSigned(Here).keyPem());
    const QString large = write(u"large"_s, QByteArray(1024 * 1024 + 1, 'x'));
    const QString absent = m_folder.filePath(u"absent"_s);
    QTest::newRow("no certificate")
        << absent << key << Error::UnreadableFile
        << u"Can't read the certificate file '%1': No such"_s.arg(absent);
    QTest::newRow("no key") << certificate << absent << Error::UnreadableFile
                            << u"Can't read the key file '%1': No such"_s.arg(absent);
    QTest::newRow("a folder") << m_folder.path() << key << Error::UnreadableFile
                              << u"Can't read the certificate file '%1'"_s.arg(m_folder.path());
    QTest::newRow("large") << large << key << Error::UnreadableFile
                           << u"'%1' has more than 1048576 bytes"_s.arg(large);
    QTest::newRow("exchanged") << key << certificate << Error::NoCertificate
                               << u"The certificate file '%1' has no certificate"_s.arg(key);
    QTest::newRow("another's key") << certificate << other << Error::KeyMismatch
                                   << u"The key file '%1' is not the key"_s.arg(other);
}

void tst_TlsIdentity::filesAreNamed()
{
    QFETCH(QString, certificateFile);
    QFETCH(QString, keyFile);
    QFETCH(Error, error);
    QFETCH(QString, said);
    const auto identity = DispatchTlsIdentity::fromFiles(certificateFile, keyFile);
    QCOMPARE(identity.error(), error);
    QVERIFY2(identity.errorString().contains(said), qPrintable(identity.errorString()));
}

void tst_TlsIdentity::bothMayBeInOneFile()
{
    const Certificate certificate = Certificate::selfSigned(Here);
    const QString path = write(u"both.pem"_s, certificate.keyPem() + certificate.pem());
    const auto identity = DispatchTlsIdentity::fromFiles(path, path);
    QCOMPARE(identity.errorString(), QString());
    QVERIFY(identity.isValid());
}

void tst_TlsIdentity::datesThatClientsRefuseAreAWarning_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<QString>("said");
    QTest::newRow("before") << -3'700 << u"is not valid before"_s;
    QTest::newRow("meanwhile") << 0 << QString();
    QTest::newRow("after") << 3'700 << u"has expired"_s;
}

void tst_TlsIdentity::datesThatClientsRefuseAreAWarning()
{
    QFETCH(int, offset);
    QFETCH(QString, said);
    const Certificate certificate = Certificate::selfSigned(Here);
    const auto identity = DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem());
    QCOMPARE(identity.validFrom().secsTo(identity.validUntil()), 7'200);
    const QDateTime middle = identity.validFrom().addSecs(3'600);
    QVERIFY(std::abs(middle.secsTo(QDateTime::currentDateTimeUtc())) < 60);
    const QString warning = identity.warning(middle.addSecs(offset));
    if (said.isEmpty())
        QCOMPARE(warning, QString());
    else
        QVERIFY2(warning.contains(said), qPrintable(warning));
}

void tst_TlsIdentity::copiesAreEqual()
{
    const Certificate certificate = Certificate::selfSigned(Here);
    const auto one = DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem());
    const DispatchTlsIdentity copy = one;
    QVERIFY(copy == one);
    QVERIFY(one != DispatchTlsIdentity());
    QVERIFY(one != DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem()));
}

QTEST_GUILESS_MAIN(tst_TlsIdentity)
#include "tst_tlsidentity.moc"
