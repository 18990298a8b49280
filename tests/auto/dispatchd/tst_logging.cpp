// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"
#include "forgedtokens.h"
#include "neighbour.h"
#include "rawpeer.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
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

RawPeer::Response responseTo(const DaemonProcess &daemon, const QByteArray &request)
{
    RawPeer peer(quint16(daemon.url.port()));
    peer.send(request);
    return peer.response();
}

/// A file in \a folder that holds \a content.
QByteArray written(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? name.toUtf8()
                                                                                    : QByteArray();
}

void addFormats()
{
    QTest::addColumn<QString>("format");
    QTest::newRow("text") << u"--log-format=text"_s;
    QTest::newRow("json") << u"--log-format=json"_s;
}

/// The first part of \a secret that is in \a log.
QByteArray leak(const QByteArray &log, const QByteArray &secret)
{
    constexpr qsizetype Length = 16;
    for (qsizetype i = 0; i + Length <= secret.size(); i += Length / 2) {
        if (log.contains(secret.mid(i, Length)))
            return secret.mid(i, Length);
    }
    return {};
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
    void nothingOfAnyTokenIsLogged_data();
    void nothingOfAnyTokenIsLogged();
    void strangersStayInTheirLine_data();
    void strangersStayInTheirLine();
    void refusalsDoNotFillTheLog();
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

void tst_Logging::nothingOfAnyTokenIsLogged_data()
{
    addFormats();
}

void tst_Logging::nothingOfAnyTokenIsLogged()
{
    QFETCH(QString, format);
    const QByteArray secret(32, 's');
    const QByteArray projectToken = "a-fixed-text-that-proves-who-a-back-end-is";
    const KeyPair rsa = KeyPair::rsa();
    const QTemporaryDir folder;
    const QByteArray config = "[[keys]]\nalgorithm = 'HS256'\nfile = '"
        + written(folder, u"secret"_s, secret)
        + "'\n[[keys]]\nalgorithm = 'RS256'\nkid = 'r'\nfile = '"
        + written(folder, u"rsa.pem"_s, rsa.publicPem())
        + "'\n[[project_tokens]]\nproject = 'p'\nfile = '"
        + written(folder, u"project"_s, projectToken) + "'\n";
    QVERIFY(!written(folder, u"dispatchd.toml"_s, config).isEmpty());
    DaemonProcess daemon;
    QVERIFY(daemon.start(
        {u"--config"_s, folder.filePath(u"dispatchd.toml"_s), u"--log-level=debug"_s, format}));
    Neighbour neighbour;
    QVERIFY(neighbour.join(daemon.url, u"projectId=p"_s));

    QList<ForgedToken> tokens = forgedTokens(secret, rsa);
    const QByteArray good = tokenFor(u"ann"_s, secret).toLatin1();
    tokens += {{"good", good}, {"of a back end", projectToken}};
    const QByteArray query = "/?projectId=p&shardName=s&";
    for (const ForgedToken &each : std::as_const(tokens)) {
        const QByteArray &token = each.token;
        const QByteArray encodedToken = token.toPercentEncoding();
        const QByteArray header = "Authorization: Bearer " + token + "\r\n";
        QList<RawPeer::Response> responses;
        // What is good is refused for something else.
        for (const QByteArray &request : {
                 RawPeer::upgradeRequest(query + "maxConnectionsPerShard=0", header),
                 RawPeer::upgradeRequest(
                     query + "maxConnectionsPerShard=0&authorization=" + encodedToken),
                 RawPeer::upgradeRequest(query + "projectToken=" + encodedToken + "%zz"),
                 RawPeer::upgradeRequest(query + encodedToken + "=%ff"),
                 RawPeer::upgradeRequest("/" + encodedToken, header + header),
                 RawPeer::request("GET", "/info/" + encodedToken + "/x", header),
                 RawPeer::request("GET", "/api/v1/projects/other/shards", header),
                 RawPeer::request("BREW", "/api/v1/projects/p/shards", header),
             })
            responses += responseTo(daemon, request);
        if (each.token != good && each.token != projectToken)
            responses += responseTo(daemon, RawPeer::upgradeRequest(query, header));
        for (const RawPeer::Response &response : std::as_const(responses)) {
            QVERIFY2(response.status >= 400, each.name);
            QVERIFY2(response.body.contains("\"code\":\""), each.name);
            QCOMPARE(leak(response.head + response.body, token), QByteArray());
        }
        RawPeer peer(quint16(daemon.url.port()));
        QVERIFY(peer.join(query));
        peer.sendText("{\"eventName\":\"@@KOJI_DISPATCH/IDENTIFY\",\"payload\":{\"token\":\""
                      + token + "\"}}");
        const QByteArray answer = each.isLate ? "token_expired" : "invalid_token";
        QVERIFY2(peer.waitForText(token == good ? "\"userId\":\"ann\"" : answer), each.name);
    }
    QVERIFY(neighbour.isUnharmed());
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    const QByteArray log = daemon.process.readAllStandardError();
    // Of many that come at once the log has some, and how many more there were.
    QVERIFY2(log.contains("Token refused"), log.constData());
    for (const ForgedToken &each : std::as_const(tokens))
        QVERIFY2(leak(log, each.token).isEmpty(), leak(log, each.token).constData());
    QCOMPARE(leak(log, secret), QByteArray());
}

void tst_Logging::strangersStayInTheirLine_data()
{
    addFormats();
}

void tst_Logging::strangersStayInTheirLine()
{
    QFETCH(QString, format);
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--log-level=debug"_s, format}));
    // Line separators, a change of direction, quotes, what looks like an escape, and no UTF-8.
    const QByteArray name = "a\xe2\x80\xa8\xe2\x80\xae\xef\xbb\xbf\"}\\n2026 error x: forged";
    {
        RawPeer peer(quint16(daemon.url.port()));
        QVERIFY(peer.join("/?shardName=" + name.toPercentEncoding()));
        peer.sendText("{\"eventName\":\"a\\n\\u001b[31m\",\"payload\":1,\"recipients\":1}");
        QVERIFY(peer.waitForText("bad_recipients"));
    }
    for (const QByteArray &bad : {
             RawPeer::upgradeRequest("/?shardName=a%0Aerror+forged"),
             RawPeer::upgradeRequest("/?projectId=a%0Aerror+forged"),
             RawPeer::upgradeRequest("/?%0Aerror+forged=%ff"),
             RawPeer::upgradeRequest("/", "Origin: \xff\xe2\x80\xa8\"}\r\n"),
             RawPeer::upgradeRequest("/", "Authorization: Bearer \xe2\x80\xa8\"}\r\n"),
             QByteArray("GET / HTTP/1.1\r\nX: a\nerror forged\r\n\r\n"),
         })
        QVERIFY(responseTo(daemon, bad).status >= 400);
    QVERIFY(daemon.logs("Left"));
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    const QByteArray log = daemon.log + daemon.process.readAllStandardError();
    QVERIFY2(log.toLower().contains("u2028") && log.toLower().contains("u202e"), log.constData());
    const QRegularExpression line(u"^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z [a-z]+ [a-z.]+: "_s);
    for (const QByteArray &each : log.trimmed().split('\n')) {
        const bool isWhole = format.endsWith("json"_L1)
            ? QJsonDocument::fromJson(each).isObject()
            : line.match(QString::fromUtf8(each)).hasMatch();
        QVERIFY2(isWhole, each.constData());
    }
    for (const char *raw : {"\xe2\x80\xa8", "\xe2\x80\xae", "\xef\xbb\xbf", "\xff", "\x1b", "\r"})
        QVERIFY2(!log.contains(raw), log.constData());
}

void tst_Logging::refusalsDoNotFillTheLog()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    const QByteArray foreign = RawPeer::upgradeRequest("/", "Origin: https://evil.example\r\n");
    QElapsedTimer timer;
    timer.start();
    int refused = 0;
    daemon.process.setReadChannel(QProcess::StandardError);
    while (!daemon.log.contains(" suppressed)") && timer.elapsed() < DeadlineMs) {
        QCOMPARE(responseTo(daemon, foreign).status, 403);
        ++refused;
        daemon.log += daemon.process.readAllStandardError();
    }
    QVERIFY2(daemon.log.contains(" suppressed)"), daemon.log.constData());
    const qsizetype lines = daemon.log.count("origin_not_allowed");
    QVERIFY2(lines < refused, qPrintable(QString::number(refused)));
    QVERIFY2(lines <= 10 * (timer.elapsed() / 1'000 + 1) + 1, daemon.log.constData());
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
