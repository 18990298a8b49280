// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "apirequest_p.h"
#include "router_p.h"

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Dispatch;

/// What a back end's request says, as tables.
class tst_ApiRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsServedIsDescribed();
    void targetsAreRead_data();
    void targetsAreRead();
    void badTargetsAreRefused_data();
    void badTargetsAreRefused();
    void bearersAreFound_data();
    void bearersAreFound();
    void jsonIsKnown_data();
    void jsonIsKnown();
    void keysAreVisible_data();
    void keysAreVisible();
    void bansAreRead_data();
    void bansAreRead();
    void addressesHaveOneForm_data();
    void addressesHaveOneForm();
};

namespace {

HttpRequest request(const char *query, const std::vector<std::string> &parameters)
{
    HttpRequest made;
    made.query = query;
    made.parameters = parameters;
    return made;
}

} // namespace

void tst_ApiRequest::whatIsServedIsDescribed()
{
    QFile file(QStringLiteral(SOURCE_DIR "/docs/openapi.yaml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList described;
    QString path;
    static const QRegularExpression pathLine(QStringLiteral("^  (/[^:]*):$"));
    static const QRegularExpression methodLine(
        QStringLiteral("^    (get|put|post|delete|patch):$"));
    for (const QString &line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
        if (const auto match = pathLine.match(line); match.hasMatch())
            path = match.captured(1);
        else if (const auto method = methodLine.match(line); method.hasMatch())
            described.append(method.captured(1).toUpper() + QLatin1Char(' ') + path);
    }
    QStringList served;
    for (const ApiRoute &route : apiRoutes())
        served.append(
            QString::fromStdString(std::string(route.method) + ' ' + std::string(route.pattern)));
    described.sort();
    served.sort();
    QCOMPARE(described, served);
}

void tst_ApiRequest::targetsAreRead_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *query, int limit, const char *after) {
        QTest::newRow(query) << QByteArray(query) << limit << QByteArray(after);
    };
    row("", 100, "");
    row("limit=1", 1, "");
    row("limit=1000&after=a+b%2F", 1'000, "a b/");
    row("after=caf%C3%A9&limit=7", 7, "caf\u00e9");
    row("other=1&&limit=2&x", 2, "");
    row("after=", 100, "");
}

void tst_ApiRequest::targetsAreRead()
{
    QFETCH(QByteArray, query);
    const auto read = readApiTarget(request(query.constData(), {"p", "a/b"}));
    QVERIFY(std::holds_alternative<ApiTarget>(read));
    const auto &target = std::get<ApiTarget>(read);
    QCOMPARE(target.projectId, std::string("p"));
    QCOMPARE(target.names, std::vector<std::string>{"a/b"});
    QTEST(int(target.limit), "limit");
    QTEST(QByteArray::fromStdString(target.after), "after");
}

void tst_ApiRequest::badTargetsAreRefused_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("project");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *what, const char *query, const QByteArray &project,
                        const QByteArray &name) {
        QTest::newRow(what) << QByteArray(query) << project << name;
    };
    row("limit 0", "limit=0", "p", "n");
    row("limit 1001", "limit=1001", "p", "n");
    row("limit none", "limit=", "p", "n");
    row("limit negative", "limit=-1", "p", "n");
    row("limit more than digits", "limit=1x", "p", "n");
    row("limit too long", "limit=99999999999999999999", "p", "n");
    row("after no UTF-8", "after=%FF", "p", "n");
    row("project with a space", "", "a b", "n");
    row("project too long", "", QByteArray(129, 'p'), "n");
    row("name no UTF-8", "", "p", "\xFF");
    row("name with a control character", "", "p", "a\x01");
    row("name too long", "", "p", QByteArray(256, 'n'));
}

void tst_ApiRequest::badTargetsAreRefused()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, project);
    QFETCH(QByteArray, name);
    const auto read =
        readApiTarget(request(query.constData(), {project.toStdString(), name.toStdString()}));
    QVERIFY(std::holds_alternative<ApiRefusal>(read));
    QCOMPARE(std::get<ApiRefusal>(read).refusal, Refusal::BadParameters);
    QVERIFY(!std::get<ApiRefusal>(read).detail.empty());
}

void tst_ApiRequest::bearersAreFound_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("token"); // null: none
    QTest::newRow("usual") << QByteArray("Bearer abc") << QByteArray("abc");
    QTest::newRow("any case") << QByteArray("bEARER abc") << QByteArray("abc");
    QTest::newRow("nothing") << QByteArray("") << QByteArray();
    QTest::newRow("scheme alone") << QByteArray("Bearer ") << QByteArray();
    QTest::newRow("another scheme") << QByteArray("Basic abc") << QByteArray();
    QTest::newRow("no space") << QByteArray("Bearerabc") << QByteArray();
}

void tst_ApiRequest::bearersAreFound()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, token);
    const auto found = bearerToken({field.constData(), std::size_t(field.size())});
    QCOMPARE(found.has_value(), !token.isNull());
    QVERIFY(!found || *found == token.toStdString());
}

void tst_ApiRequest::jsonIsKnown_data()
{
    QTest::addColumn<bool>("expected");
    QTest::newRow("application/json") << true;
    QTest::newRow("Application/JSON ; charset=utf-8") << true;
    QTest::newRow("application/json;charset=utf-8") << true;
    QTest::newRow("") << false;
    QTest::newRow("text/plain") << false;
    QTest::newRow("application/jsonp") << false;
    QTest::newRow("application/x-www-form-urlencoded") << false;
}

void tst_ApiRequest::jsonIsKnown()
{
    QTEST(isJson(QTest::currentDataTag()), "expected");
}

void tst_ApiRequest::keysAreVisible_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("expected");
    QTest::newRow("one") << QByteArray("a") << true;
    QTest::newRow("uuid") << QByteArray("0b5e1c2a-8f5c-4c57-9f0e-5d2f6a1b7c3d") << true;
    QTest::newRow("longest") << QByteArray(255, 'k') << true;
    QTest::newRow("none") << QByteArray("") << false;
    QTest::newRow("too long") << QByteArray(256, 'k') << false;
    QTest::newRow("space") << QByteArray("a b") << false;
    QTest::newRow("no ASCII") << QByteArray("\xC3\xA9") << false;
}

void tst_ApiRequest::keysAreVisible()
{
    QFETCH(QByteArray, key);
    QTEST(isIdempotencyKey({key.constData(), std::size_t(key.size())}), "expected");
}

void tst_ApiRequest::bansAreRead_data()
{
    QTest::addColumn<int>("seconds"); // 0: refused
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const QByteArray &body, int seconds, const char *reason = "") {
        QTest::newRow(body.constData()) << seconds << QByteArray(reason);
    };
    row(R"({"seconds":1})", 1);
    row(R"({"seconds":31622400,"reason":"spam"})", 31'622'400, "spam");
    row(R"({"reason":"","seconds":6e1})", 60);
    row("", 0);
    row("[]", 0);
    row("{}", 0);
    row(R"({"seconds":0})", 0);
    row(R"({"seconds":31622401})", 0);
    row(R"({"seconds":1.5})", 0);
    row(R"({"seconds":-1})", 0);
    row(R"({"seconds":"60"})", 0);
    row(R"({"seconds":null})", 0);
    row(R"({"seconds":60,"reason":1})", 0);
    row(R"({"seconds":60,"reason":null})", 0);
    row(R"({"seconds":60,"reason":"\n"})", 0);
    row(R"({"seconds":60,"reason":")" + QByteArray(256, 'r') + "\"}", 0);
    row(R"({"seconds":60,"reason":")" + QByteArray(255, 'r') + "\"}", 60,
        QByteArray(255, 'r').constData());
    row(R"({"seconds":60} )", 60);
    row(R"({"seconds":60}x)", 0);
}

void tst_ApiRequest::bansAreRead()
{
    QFETCH(int, seconds);
    const auto read = readBan(QTest::currentDataTag());
    QCOMPARE(std::holds_alternative<BanRequest>(read), seconds > 0);
    if (const auto *refused = std::get_if<ApiRefusal>(&read)) {
        QCOMPARE(refused->refusal, Refusal::BadBan);
        return;
    }
    QCOMPARE(std::get<BanRequest>(read).seconds.count(), seconds);
    QTEST(QByteArray::fromStdString(std::get<BanRequest>(read).reason), "reason");
}

void tst_ApiRequest::addressesHaveOneForm_data()
{
    QTest::addColumn<QByteArray>("expected"); // null: no address
    QTest::newRow("192.0.2.1") << QByteArray("192.0.2.1");
    QTest::newRow("::ffff:192.0.2.1") << QByteArray("192.0.2.1");
    QTest::newRow("2001:DB8:0:0::1") << QByteArray("2001:db8::");
    QTest::newRow("2001:db8:1:2:3:4:5:6") << QByteArray("2001:db8:1:2::");
    QTest::newRow("2001:db8:1:2::") << QByteArray("2001:db8:1:2::");
    QTest::newRow("::1") << QByteArray("::");
    QTest::newRow("") << QByteArray();
    QTest::newRow("192.0.2") << QByteArray();
    QTest::newRow("192.0.2.1:80") << QByteArray();
    QTest::newRow("192.0.2.0/24") << QByteArray();
    QTest::newRow("example.org") << QByteArray();
}

void tst_ApiRequest::addressesHaveOneForm()
{
    QFETCH(QByteArray, expected);
    const auto address = normalizedAddress(QTest::currentDataTag());
    QCOMPARE(address.has_value(), !expected.isNull());
    QCOMPARE(QByteArray::fromStdString(address.value_or("")), expected.isNull() ? "" : expected);
}

QTEST_APPLESS_MAIN(tst_ApiRequest)
#include "tst_apirequest.moc"
