// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisurl_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch::Engine;

class tst_RedisUrl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhereRedisIs_data();
    void saysWhereRedisIs();
    void saysWhereASocketIs_data();
    void saysWhereASocketIs();
    void whatIsWrongIsSaid_data();
    void whatIsWrongIsSaid();
    void noErrorGivesAPasswordAway();
};

Q_DECLARE_METATYPE(RedisUrlError)

void tst_RedisUrl::saysWhereRedisIs_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("password");
    const auto row = [](const char *url, const char *host, int port, const char *user = "",
                        const char *password = "") {
        QTest::newRow(url) << QByteArray(url) << QByteArray(host) << port << QByteArray(user)
                           << QByteArray(password);
    };
    row("redis://redis.example", "redis.example", 6379);
    row("redis://redis.example/", "redis.example", 6379);
    row("redis://redis.example/0", "redis.example", 6379);
    row("redis://redis_1:7000", "redis_1", 7000);
    row("redis://10.0.0.1:65535/0", "10.0.0.1", 65535);
    row("redis://[::1]", "::1", 6379);
    row("redis://[2001:db8::1]:7000/", "2001:db8::1", 7000);
    row("redis://ann@host", "host", 6379, "ann");
    row("redis://:secret@host", "host", 6379, "", "secret");
    row("redis://ann:secret@[::1]:1", "::1", 1, "ann", "secret");
    row("redis://ann:a:b@c@host", "host", 6379, "ann", "a:b@c");
    row("redis://a%3Ann:%40%2F%25%3f%23@host", "host", 6379, "a:nn", "@/%?#");
    row("redis://ann:a+b@host", "host", 6379, "ann", "a+b");
    row("rediss://ann:secret@host:7000/0", "host", 7000, "ann", "secret");
}

void tst_RedisUrl::saysWhereRedisIs()
{
    QFETCH(QByteArray, url);
    const auto parsed = parseRedisUrl(url.toStdString());
    const auto *settings = std::get_if<RedisSettings>(&parsed);
    QVERIFY(settings);
    QTEST(QByteArray::fromStdString(settings->host), "host");
    QTEST(int(settings->port), "port");
    QTEST(QByteArray::fromStdString(settings->user), "user");
    QTEST(QByteArray::fromStdString(settings->password), "password");
    QVERIFY(settings->socketPath.empty());
    QCOMPARE(settings->isEncrypted, url.startsWith("rediss:"));
}

void tst_RedisUrl::saysWhereASocketIs_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("password");
    QTest::newRow("path") << QByteArray("redis+unix:///run/redis/redis.sock")
                          << QByteArray("/run/redis/redis.sock") << QByteArray();
    QTest::newRow("escapes") << QByteArray("redis+unix:///run/a%20b") << QByteArray("/run/a b")
                             << QByteArray();
    QTest::newRow("password") << QByteArray("redis+unix://ann:secret@/run/redis")
                              << QByteArray("/run/redis") << QByteArray("secret");
    const QByteArray longest = '/' + QByteArray(106, 'x');
    QTest::newRow("longest") << "redis+unix://" + longest << longest << QByteArray();
}

void tst_RedisUrl::saysWhereASocketIs()
{
    QFETCH(QByteArray, url);
    const auto parsed = parseRedisUrl(url.toStdString());
    const auto *settings = std::get_if<RedisSettings>(&parsed);
    QVERIFY(settings);
    QTEST(QByteArray::fromStdString(settings->socketPath), "path");
    QTEST(QByteArray::fromStdString(settings->password), "password");
}

void tst_RedisUrl::whatIsWrongIsSaid_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<RedisUrlError>("error");
    const auto row = [](RedisUrlError error, const QByteArray &url) {
        QTest::newRow(url.left(60).constData()) << url << error;
    };
    row(RedisUrlError::Scheme, "");
    row(RedisUrlError::Scheme, "localhost:6379");
    row(RedisUrlError::Scheme, "redis:localhost");
    row(RedisUrlError::Scheme, "REDIS://localhost");
    row(RedisUrlError::Scheme, "http://localhost");
    row(RedisUrlError::Escape, "redis://:50%@host");
    row(RedisUrlError::Escape, "redis://%zz@host");
    row(RedisUrlError::Escape, "redis+unix:///run/%");
    row(RedisUrlError::Host, "redis://");
    row(RedisUrlError::Host, "redis:///0");
    row(RedisUrlError::Host, "redis://:6379");
    row(RedisUrlError::Host, "redis://::1");
    row(RedisUrlError::Host, "redis://user:password@");
    row(RedisUrlError::Host, "redis://a b");
    row(RedisUrlError::Host, "redis://a\r\nb");
    row(RedisUrlError::Host, "redis://[host]");
    row(RedisUrlError::Host, "redis://[::1");
    row(RedisUrlError::Port, "redis://host:");
    row(RedisUrlError::Port, "redis://host:0");
    row(RedisUrlError::Port, "redis://host:65536");
    row(RedisUrlError::Port, "redis://host:99999999999999999999");
    row(RedisUrlError::Port, "redis://host:port");
    row(RedisUrlError::Port, "redis://[::1]7000");
    row(RedisUrlError::Database, "redis://host/1");
    row(RedisUrlError::Database, "redis://host/0/0");
    row(RedisUrlError::Path, "redis+unix://");
    row(RedisUrlError::Path, "redis+unix:///");
    row(RedisUrlError::Path, "redis+unix://run/redis");
    row(RedisUrlError::Path, "redis+unix:///a%00b");
    row(RedisUrlError::Path, "redis+unix:///" + QByteArray(107, 'x'));
    row(RedisUrlError::Rest, "redis://host?db=1");
    row(RedisUrlError::Rest, "redis://host#0");
}

void tst_RedisUrl::whatIsWrongIsSaid()
{
    QFETCH(QByteArray, url);
    QFETCH(RedisUrlError, error);
    const auto parsed = parseRedisUrl(url.toStdString());
    const auto *why = std::get_if<RedisUrlError>(&parsed);
    QVERIFY(why);
    QCOMPARE(*why, error);
    QVERIFY(textOf(*why).ends_with('.'));
}

void tst_RedisUrl::noErrorGivesAPasswordAway()
{
    for (const char *url :
         {"redis://:hunter2/@host", "redis://:hunter2#@host", "hunter2@host",
          "redis://:hunter2%@host", "redis://:hunter2@", "redis+unix://hunter2"}) {
        const auto parsed = parseRedisUrl(url);
        const auto *why = std::get_if<RedisUrlError>(&parsed);
        QVERIFY(why);
        QVERIFY(textOf(*why).find("hunter2") == std::string_view::npos);
    }
}

QTEST_APPLESS_MAIN(tst_RedisUrl)
#include "tst_redisurl.moc"
