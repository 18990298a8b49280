// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporaryfile.h>

#include <unistd.h>

namespace {

const QByteArray Secret = "a-secret-that-no-log-ever-tells-of";

bool greets(const DaemonProcess &daemon)
{
    Client client;
    client.join(daemon);
    return QTest::qWaitFor([&] { return !client.greeting().isEmpty(); }, DeadlineMs);
}

} // namespace

/// What dispatchd writes to stderr.
class tst_Logging : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLineIsATextOrAnObject_data();
    void aLineIsATextOrAnObject();
    void saysNothingBelowTheLevel();
    void neverATokenNeverAPayload();
    void servesWithoutALog_data();
    void servesWithoutALog();
};

void tst_Logging::aLineIsATextOrAnObject_data()
{
    QTest::addColumn<bool>("isJson");
    QTest::newRow("text") << false;
    QTest::newRow("json") << true;
}

void tst_Logging::aLineIsATextOrAnObject()
{
    QFETCH(bool, isJson);
    DaemonProcess daemon;
    QVERIFY(daemon.start({isJson ? u"--log-format=json"_s : u"--log-format=text"_s}));
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    const QList<QByteArray> lines = daemon.process.readAllStandardError().trimmed().split('\n');
    QVERIFY(lines.size() >= 2);
    for (const QByteArray &line : lines) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        QCOMPARE(object.keys().join(u' '), isJson ? u"category level message time"_s : QString());
        if (!isJson)
            QVERIFY2(line.contains("Z info dispatch.daemon: "), line.constData());
    }
}

void tst_Logging::saysNothingBelowTheLevel()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--log-level=error"_s}));
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.readAllStandardError(), QByteArray());
}

void tst_Logging::neverATokenNeverAPayload()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(Secret + "-nor-this-one");
    file.close();
    qputenv("DISPATCHD_LOG_LEVEL", "debug");
    DaemonProcess daemon;
    const bool started = daemon.start({u"--secret-file"_s, file.fileName()});
    qunsetenv("DISPATCHD_LOG_LEVEL");
    QVERIFY(started);
    const QString token = tokenFor(u"user-in-no-log"_s, Secret);
    Client refused;
    refused.socket.open(QUrl(daemon.url.toString() + u"/?projectId=p&authorization="_s + token));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.identify(token);
    client.emitEvent(u"event-in-no-log"_s, {{u"text"_s, u"payload-in-no-log"_s}});
    client.emitEvent(u"@@reserved"_s, {{u"text"_s, u"payload-in-no-log"_s}});
    QTRY_VERIFY(!client.last(u"event-in-no-log"_s).isEmpty());
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    const QByteArray log = daemon.process.readAllStandardError();
    QVERIFY2(log.contains(" debug dispatch.daemon: Joined"), log.constData());
    QVERIFY2(log.contains(" debug dispatch.server: Token refused"), log.constData());
    for (const QString &part : token.split(u'.'))
        QVERIFY2(!log.contains(part.toUtf8()), log.constData());
    QVERIFY2(!log.contains("in-no-log"), log.constData());
    QVERIFY2(!log.contains(Secret), log.constData());
}

void tst_Logging::servesWithoutALog_data()
{
    QTest::addColumn<QString>("stderrTo");
    QTest::newRow("full disk") << u"/dev/full"_s;
    QTest::newRow("closed") << QString();
}

void tst_Logging::servesWithoutALog()
{
    QFETCH(QString, stderrTo);
    if (!stderrTo.isEmpty() && !QFile::exists(stderrTo))
        QSKIP("there is no /dev/full here");
    DaemonProcess daemon;
    if (stderrTo.isEmpty())
        daemon.process.setChildProcessModifier([] { ::close(STDERR_FILENO); });
    else
        daemon.process.setStandardErrorFile(stderrTo);
    QVERIFY(daemon.start());
    QVERIFY(greets(daemon));
    daemon.send(SIGHUP);
    QVERIFY(greets(daemon));
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitCode(), 0);
}

QTEST_GUILESS_MAIN(tst_Logging)
#include "tst_logging.moc"
