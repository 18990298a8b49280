// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

struct Output {
    int code = -1;
    QString text{};
};

Output run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(30'000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

QString find(const QString &program)
{
    // Debian has servers where only root looks.
    const QString found = QStandardPaths::findExecutable(program);
    return found.isEmpty()
        ? QStandardPaths::findExecutable(program, {u"/usr/sbin"_s, u"/usr/local/sbin"_s})
        : found;
}

/// The samples of docs/operations.md in \a language.
QStringList samples(const QString &language)
{
    QFile page(QStringLiteral(SOURCE_DIR "/docs/operations.md"));
    if (!page.open(QIODevice::ReadOnly))
        return {};
    const QRegularExpression fence(u"^```%1\\n(.*?)^```$"_s.arg(language),
                                   QRegularExpression::MultilineOption
                                       | QRegularExpression::DotMatchesEverythingOption);
    QStringList blocks;
    auto match = fence.globalMatch(QString::fromUtf8(page.readAll()));
    while (match.hasNext())
        blocks += match.next().captured(1);
    return blocks;
}

} // namespace

/// Holds the samples of docs/operations.md against the programs that they are for.
class tst_Operations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void configurationsAreGood_data();
    void configurationsAreGood();
    void nginxTakesItsSample();
    void haproxyTakesItsSamples_data();
    void haproxyTakesItsSamples();

private:
    QString write(const QString &name, const QByteArray &content);
    bool makeCertificate();

    QTemporaryDir m_folder;
};

QString tst_Operations::write(const QString &name, const QByteArray &content)
{
    const QString path = m_folder.filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? path
                                                                                    : QString();
}

/// A certificate and its key where the samples have them, below the folder of this test.
bool tst_Operations::makeCertificate()
{
    QDir(m_folder.path()).mkpath(u"ssl"_s);
    const QString key = m_folder.filePath(u"ssl/privkey.pem"_s);
    const QString certificate = m_folder.filePath(u"ssl/fullchain.pem"_s);
    const Output made = run(u"openssl"_s,
                            {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                             u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s, u"-subj"_s,
                             u"/CN=rooms.example"_s, u"-keyout"_s, key, u"-out"_s, certificate});
    QFile keyFile(key);
    QFile certificateFile(certificate);
    if (made.code != 0 || !keyFile.open(QIODevice::ReadOnly)
        || !certificateFile.open(QIODevice::ReadOnly))
        return false;
    const QByteArray certificatePem = certificateFile.readAll();
    const QByteArray keyPem = keyFile.readAll();
    return !write(u"ssl/combined.pem"_s, certificatePem + keyPem).isEmpty()
        && !write(u"tls/fullchain.pem"_s, certificatePem).isEmpty()
        && !write(u"tls/privkey.pem"_s, keyPem).isEmpty();
}

void tst_Operations::initTestCase()
{
    QVERIFY(!find(u"openssl"_s).isEmpty());
    QVERIFY(makeCertificate());
    const Output key = run(
        u"openssl"_s, {u"pkey"_s, u"-in"_s, m_folder.filePath(u"ssl/privkey.pem"_s), u"-pubout"_s});
    QCOMPARE(key.code, 0);
    QVERIFY(!write(u"keys/2026.pem"_s, key.text.toUtf8()).isEmpty());
    QVERIFY(!write(u"keys/game.token"_s, QByteArray(64, 'a')).isEmpty());
    QVERIFY(!write(u"keys/redis.password"_s, "password").isEmpty());
}

void tst_Operations::configurationsAreGood_data()
{
    QTest::addColumn<QString>("sample");
    const QStringList all = samples(u"toml"_s);
    QVERIFY(all.size() >= 2);
    for (qsizetype i = 0; i < all.size(); ++i) {
#ifndef DISPATCH_HAS_REDIS
        if (all[i].contains(u"redis://"_s))
            continue;
#endif
        QTest::addRow("sample %d", int(i + 1)) << all[i];
    }
}

void tst_Operations::configurationsAreGood()
{
    QFETCH(QString, sample);
    sample.replace(u"/etc/ssl/rooms.example"_s, m_folder.filePath(u"ssl"_s));
    const QString path = write(u"dispatchd.toml"_s, sample.toUtf8());
    const Output output =
        run(QStringLiteral(DISPATCHD), {u"--check-config"_s, u"--config"_s, path});
    QVERIFY2(output.code == 0, qPrintable(output.text));
}

void tst_Operations::nginxTakesItsSample()
{
    const QString nginx = find(u"nginx"_s);
    if (nginx.isEmpty())
        QSKIP("nginx is not installed");
    const QStringList all = samples(u"nginx"_s);
    QCOMPARE(all.size(), 1);
    // Within 'http', as in sites-enabled; nothing of the machine is touched. A check opens ports.
    QString sample = all.first();
    sample.replace(u"/etc/ssl/rooms.example"_s, m_folder.filePath(u"ssl"_s))
        .replace(u"/var/log/nginx"_s, m_folder.path())
        .replace(u"listen 443"_s, u"listen unix:"_s + m_folder.filePath(u"port"_s));
    const QString path = write(u"nginx.conf"_s,
                               u"pid %1/pid;\nerror_log %1/error.log;\nevents {}\nhttp {\n%2}\n"_s
                                   .arg(m_folder.path(), sample)
                                   .toUtf8());
    const Output output = run(nginx,
                              {u"-t"_s, u"-q"_s, u"-c"_s, path, u"-p"_s, m_folder.path(), u"-e"_s,
                               m_folder.filePath(u"error.log"_s)});
    QVERIFY2(output.code == 0, qPrintable(output.text));
    QVERIFY2(!output.text.contains(u"warn"_s), qPrintable(output.text));
}

void tst_Operations::haproxyTakesItsSamples_data()
{
    QTest::addColumn<QString>("sample");
    const QStringList all = samples(u"haproxy"_s);
    QCOMPARE(all.size(), 2);
    QTest::newRow("one server, and another in an upgrade") << all[0];
    QTest::newRow("several servers") << all[1];
}

void tst_Operations::haproxyTakesItsSamples()
{
    QFETCH(QString, sample);
    const QString haproxy = find(u"haproxy"_s);
    if (haproxy.isEmpty())
        QSKIP("haproxy is not installed");
    sample.replace(u"/etc/ssl/rooms.example"_s, m_folder.filePath(u"ssl"_s));
    const Output output =
        run(haproxy, {u"-c"_s, u"-f"_s, write(u"haproxy.cfg"_s, sample.toUtf8())});
    QVERIFY2(output.code == 0, qPrintable(output.text));
    QVERIFY2(!output.text.contains(u"ALERT"_s) && !output.text.contains(u"WARNING"_s),
             qPrintable(output.text));
}

QTEST_GUILESS_MAIN(tst_Operations)
#include "tst_operations.moc"
