// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// The page of an app, which its server gives to browsers.
class tst_WebFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void filesAreServedAsWhatTheyAre_data();
    void filesAreServedAsWhatTheyAre();
    void whatIsNotAFileOfTheFolderIsNotServed_data();
    void whatIsNotAFileOfTheFolderIsNotServed();
    void aPageMayTalkToItsServerAlone();
    void aStrangeHostSaysNothingInThePolicy();
    void aPageOfTheServerMayJoinAndAnotherMayNot();
    void aJoinIsNoRequestForThePage();
    void whoAsksTooOftenHasToWait();
    void aServerWithoutAFolderServesNone();
    void aFolderThatCantBeServedIsSaid_data();
    void aFolderThatCantBeServedIsSaid();

private:
    void write(const QString &name, const QByteArray &content) const;
    RawPeer::Response get(const QByteArray &target) const;
    RawPeer::Response getFrom(const QByteArray &host) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    DispatchServer m_server;
};

namespace {

const QByteArray Page = "<!doctype html><title>A page</title>";

} // namespace

void tst_WebFolder::init()
{
    m_server.close();
    m_server.setSettings({});
    m_folder = std::make_unique<QTemporaryDir>();
    write(u"index.html"_s, Page);
    write(u"app.js"_s, "start()");
    write(u"style.css"_s, "body {}");
    write(u"icon.svg"_s, "<svg/>");
    write(u".secret"_s, "nobody's business");
    QVERIFY(QDir(m_folder->path()).mkdir(u"below"_s));
    write(u"below/file.txt"_s, "text");
    m_server.setWebFolder(m_folder->path());
    QVERIFY(m_server.listen());
}

void tst_WebFolder::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

RawPeer::Response tst_WebFolder::get(const QByteArray &target) const
{
    RawPeer peer(m_server.port());
    peer.send(RawPeer::request("GET", target));
    return peer.response();
}

/// The page, as the server is called \a host.
RawPeer::Response tst_WebFolder::getFrom(const QByteArray &host) const
{
    RawPeer peer(m_server.port());
    peer.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return peer.response();
}

void tst_WebFolder::filesAreServedAsWhatTheyAre_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("the page") << QByteArray("/") << QByteArray("text/html; charset=utf-8") << Page;
    QTest::newRow("the page, with a query")
        << QByteArray("/?room=1") << QByteArray("text/html; charset=utf-8") << Page;
    QTest::newRow("a script") << QByteArray("/app.js")
                              << QByteArray("text/javascript; charset=utf-8")
                              << QByteArray("start()");
    QTest::newRow("a style") << QByteArray("/style.css") << QByteArray("text/css; charset=utf-8")
                             << QByteArray("body {}");
    QTest::newRow("a picture") << QByteArray("/icon.svg") << QByteArray("image/svg+xml")
                               << QByteArray("<svg/>");
}

void tst_WebFolder::filesAreServedAsWhatTheyAre()
{
    QFETCH(QByteArray, target);
    const RawPeer::Response response = get(target);
    QCOMPARE(response.status, 200);
    QTEST(response.headers.value("content-type"), "type");
    QTEST(response.body, "body");
    QCOMPARE(response.headers.value("x-content-type-options"), QByteArray("nosniff"));
    QVERIFY(!response.headers.contains("access-control-allow-origin"));
}

void tst_WebFolder::whatIsNotAFileOfTheFolderIsNotServed_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("a hidden file") << QByteArray("/.secret");
    QTest::newRow("a file below") << QByteArray("/below/file.txt");
    QTest::newRow("a folder") << QByteArray("/below");
    QTest::newRow("a file above") << QByteArray("/../etc/passwd");
    QTest::newRow("a file above, in disguise") << QByteArray("/%2e%2e%2fetc%2fpasswd");
    QTest::newRow("nothing") << QByteArray("/nothing.html");
}

void tst_WebFolder::whatIsNotAFileOfTheFolderIsNotServed()
{
    QFETCH(QByteArray, target);
    const RawPeer::Response response = get(target);
    QVERIFY2(response.status >= 400 && response.status < 500,
             qPrintable(QString::number(response.status)));
}

void tst_WebFolder::aPageMayTalkToItsServerAlone()
{
    const QByteArray policy = getFrom("box.example:8080").headers.value("content-security-policy");
    QVERIFY(policy.startsWith("default-src 'self'; "));
    QVERIFY(policy.contains("connect-src 'self' ws://box.example:8080 wss://box.example:8080;"));
    QVERIFY(!policy.contains("unsafe"));
}

void tst_WebFolder::aStrangeHostSaysNothingInThePolicy()
{
    const QByteArray policy = getFrom("x;script-src").headers.value("content-security-policy");
    QVERIFY(!policy.isEmpty());
    QVERIFY(!policy.contains("script-src"));
}

void tst_WebFolder::aPageOfTheServerMayJoinAndAnotherMayNot()
{
    for (const auto &[origin, status] :
         {std::pair<QByteArray, int>("http://localhost", 101), {"http://example.org", 403}}) {
        RawPeer peer(m_server.port());
        peer.send(RawPeer::upgradeRequest("/", "Origin: " + origin + "\r\n"));
        QCOMPARE(peer.response().status, status);
    }
}

void tst_WebFolder::aJoinIsNoRequestForThePage()
{
    RawPeer peer(m_server.port());
    QVERIFY(peer.join("/?projectId=game"));
}

void tst_WebFolder::whoAsksTooOftenHasToWait()
{
    DispatchServerSettings settings;
    settings.infoRequestsPerSecond = 1;
    settings.infoRequestBurst = 1;
    settings.unlimitedAddresses.clear();
    m_server.setSettings(settings);
    QCOMPARE(get("/app.js").status, 200);
    const RawPeer::Response refused = get("/app.js");
    QCOMPARE(refused.status, 429);
    QCOMPARE(refused.headers.value("retry-after"), QByteArray("1"));
}

void tst_WebFolder::aServerWithoutAFolderServesNone()
{
    m_server.setWebFolder({});
    QCOMPARE(get("/").status, 200); // until it listens anew
    m_server.close();
    QVERIFY(m_server.listen());
    QCOMPARE(get("/").status, 426);
}

void tst_WebFolder::aFolderThatCantBeServedIsSaid_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("expected");
    QTest::newRow("without a page") << QString() << qint64(0) << u"There is no index.html"_s;
    QTest::newRow("with too much in it")
        << u"film.bin"_s << qint64(8 * 1024 * 1024) << u"more than the 8 MiB"_s;
    QTest::newRow("with a name that is no path")
        << u"{all}"_s << qint64(1) << u"{all} can't be served"_s;
}

void tst_WebFolder::aFolderThatCantBeServedIsSaid()
{
    QFETCH(QString, name);
    QFETCH(qint64, size);
    QFETCH(QString, expected);
    m_server.close();
    if (name.isEmpty()) {
        QVERIFY(QFile::remove(m_folder->filePath(u"index.html"_s)));
    } else {
        write(name, "x");
        QVERIFY(QFile::resize(m_folder->filePath(name), size));
    }
    QSignalSpy failed(&m_server, &DispatchServer::errorOccurred);
    QVERIFY(!m_server.listen());
    QVERIFY2(m_server.errorString().contains(expected), qPrintable(m_server.errorString()));
    QCOMPARE(failed.count(), 1);
}

QTEST_GUILESS_MAIN(tst_WebFolder)
#include "tst_webfolder.moc"
