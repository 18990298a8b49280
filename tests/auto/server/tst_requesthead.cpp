// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "requesthead_p.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <QtTest/qtest.h>

using namespace Dispatch;

namespace http = boost::beast::http;

class tst_RequestHead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void targetsAreTakenApart_data();
    void targetsAreTakenApart();
    void faultsAreNamed_data();
    void faultsAreNamed();
    void theTargetKnowsTheHostBetter();
};

namespace {

const QByteArray Refused = "refused";

http::request_header<> parsed(const QByteArray &request)
{
    http::request_parser<http::empty_body> parser;
    boost::system::error_code ec;
    parser.put(boost::asio::buffer(request.constData(), std::size_t(request.size())), ec);
    if (ec)
        qWarning("%s: %s", request.constData(), ec.message().c_str());
    return parser.get().base();
}

} // namespace

void tst_RequestHead::targetsAreTakenApart_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("expected"); // authority, path and query
    const auto row = [](const char *method, const char *target, const QByteArray &expected) {
        QTest::addRow("%s %s", method, target)
            << QByteArray(method) << QByteArray(target) << expected;
    };
    row("GET", "/", " / ");
    row("GET", "/info/p?x=1?y", " /info/p x=1?y");
    row("GET", "//evil.example/x", " //evil.example/x ");
    row("GET", "/?", " / ");
    row("GET", "http://a.example/info/p?x", "a.example /info/p x");
    row("GET", "HTTPS://a.example:8443/", "a.example:8443 / ");
    row("GET", "ws://a.example", "a.example / ");
    row("GET", "wss://a.example?projectId=p", "a.example / projectId=p");
    row("OPTIONS", "*", " * ");
    row("CONNECT", "a.example:443", " a.example:443 ");
    row("GET", "*", Refused);
    row("GET", "info/p", Refused);
    row("GET", "a.example:443", Refused);
    row("GET", "?projectId=p", Refused);
    row("GET", "ftp://a.example/", Refused);
    row("GET", "http:///info/p", Refused);
    row("GET", "http://user@a.example/", Refused);
    row("GET", "", Refused);
}

void tst_RequestHead::targetsAreTakenApart()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, expected);
    const std::string text = target.toStdString();
    const auto parts = parseTarget(method.toStdString(), text);
    QByteArray found = Refused;
    if (parts) {
        found =
            QByteArray::fromStdString(std::string(parts->authority) + ' ' + std::string(parts->path)
                                      + ' ' + std::string(parts->query));
    }
    QCOMPARE(found, expected);
}

void tst_RequestHead::faultsAreNamed_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("fault");
    const auto row = [](const char *name, const QByteArray &fields, const QByteArray &fault,
                        const QByteArray &line = "GET / HTTP/1.1\r\n") {
        QTest::newRow(name) << line + fields + "\r\n" << fault;
    };
    const QByteArray host = "Host: a\r\n";
    const QByteArray line10 = "GET / HTTP/1.0\r\n";
    row("good", host, {});
    row("good, with a port", "hOST:\tlocalhost:8090\r\n", {});
    row("good in HTTP/1.0", {}, {}, line10);
    row("no host", {}, "Host");
    row("empty host", "Host: \r\n", "Host");
    row("empty host in HTTP/1.0", "Host: \r\n", "Host", line10);
    row("two hosts", host + "Host: b\r\n", "Host");
    row("the same host twice", host + "host: a\r\n", "Host");
    row("two hosts in one", "Host: a, b\r\n", "Host");
    row("a host with a user", "Host: user@a\r\n", "Host");
    row("a host with a path", "Host: a/b\r\n", "Host");
    for (const QByteArray name :
         {"Authorization", "Origin", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
        const QByteArray field = name + ": x\r\n";
        row((name + " once").constData(), host + field, {});
        row((name + " twice").constData(), host + field + field.toLower(), name);
    }
    const QByteArray length = "Content-Length: 3\r\n";
    row("a length", host + length, {});
    row("two lengths", host + length + length, "Content-Length");
    row("two lengths in one", host + "Content-Length: 3, 3\r\n", "Content-Length");
    row("chunks", host + "Transfer-Encoding: Chunked\r\n", {});
    row("chunks in HTTP/1.0", host + "Transfer-Encoding: chunked\r\n", "Transfer-Encoding", line10);
    for (const QByteArray coding : {"gzip", "chunked, gzip", "gzip, chunked", "identity",
                                    "xchunked", "chunked;a=b", "\"chunked\"", ""}) {
        row(("coded as " + coding).constData(), host + "Transfer-Encoding: " + coding + "\r\n",
            "Transfer-Encoding");
    }
    row("an unknown coding and a length", host + "Transfer-Encoding: x\r\n" + length,
        "Transfer-Encoding");
    row("two codings", host + "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding");
    row("a target that is none", host, "target", "GET info HTTP/1.1\r\n");
}

void tst_RequestHead::faultsAreNamed()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, fault);
    QCOMPARE(QByteArray::fromStdString(faultOf(parsed(request)).value_or("")), fault);
}

void tst_RequestHead::theTargetKnowsTheHostBetter()
{
    const auto origin = parsed("GET / HTTP/1.1\r\nHost: a:1\r\n\r\n");
    QCOMPARE(hostOf(origin), std::string_view("a:1"));
    const auto absolute = parsed("GET http://b:2/ HTTP/1.1\r\nHost: a:1\r\n\r\n");
    QCOMPARE(hostOf(absolute), std::string_view("b:2"));
}

QTEST_APPLESS_MAIN(tst_RequestHead)
#include "tst_requesthead.moc"
