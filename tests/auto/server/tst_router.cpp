// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "router_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_Router : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pathsFindTheirRoute_data();
    void pathsFindTheirRoute();
    void missesSayWhy_data();
    void missesSayWhy();
    void fieldsAreFoundInAnyCase();
};

namespace {

Router makeRouter()
{
    Router router;
    for (const auto &[method, pattern] : {std::pair{"GET", "/info/{project}"},
                                          {"GET", "/v1/shards"},
                                          {"POST", "/v1/shards"},
                                          {"DELETE", "/v1/{project}/clients/{client}"}}) {
        Route route;
        route.method = method;
        route.pattern = pattern;
        router.add(route);
    }
    return router;
}

} // namespace

void tst_Router::pathsFindTheirRoute_data()
{
    QTest::addColumn<std::string>("method");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::vector<std::string>>("parameters");
    const auto row = [](const char *method, const char *path, const char *pattern,
                        const std::vector<std::string> &parameters) {
        QTest::addRow("%s %s", method, path)
            << std::string(method) << std::string(path) << std::string(pattern) << parameters;
    };
    row("GET", "/info/p", "/info/{project}", {"p"});
    row("HEAD", "/info/p", "/info/{project}", {"p"});
    row("GET", "/info/a%20b%2Fc", "/info/{project}", {"a b/c"});
    row("POST", "/v1/shards", "/v1/shards", {});
    row("DELETE", "/v1/p/clients/c", "/v1/{project}/clients/{client}", {"p", "c"});
}

void tst_Router::pathsFindTheirRoute()
{
    QFETCH(std::string, method);
    QFETCH(std::string, path);
    QFETCH(std::string, pattern);
    QFETCH(std::vector<std::string>, parameters);
    const Router router = makeRouter();
    const auto found = router.find(method, path);
    const auto *match = std::get_if<Router::Match>(&found);
    QVERIFY(match);
    QCOMPARE(match->route->pattern, pattern);
    QCOMPARE(match->parameters, parameters);
}

void tst_Router::missesSayWhy_data()
{
    QTest::addColumn<bool>("isJoinable");
    QTest::addColumn<std::string>("method");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("allow");
    const auto row = [](bool isJoinable, const char *method, const char *path, int status,
                        const char *allow) {
        QTest::addRow("%s %s%s", method, path, isJoinable ? " of clients" : "")
            << isJoinable << std::string(method) << std::string(path) << status
            << std::string(allow);
    };
    row(false, "PUT", "/v1/shards", 405, "GET, HEAD, POST");
    row(true, "POST", "/info/p", 405, "GET, HEAD");
    row(true, "DELETE", "/x", 405, "GET, HEAD");
    row(false, "DELETE", "/x", 404, "");
    row(true, "GET", "/x", 426, "");
    row(false, "GET", "/x", 404, "");
    for (const char *path : {"/info", "/info/", "/info/p/", "/info/p/x", "/info//"})
        row(true, "GET", path, 404, "");
    row(true, "GET", "*", 426, "");
    row(true, "GET", "", 426, "");
}

void tst_Router::missesSayWhy()
{
    QFETCH(bool, isJoinable);
    QFETCH(std::string, method);
    QFETCH(std::string, path);
    QFETCH(int, status);
    QFETCH(std::string, allow);
    Router router = makeRouter();
    router.setJoinable(isJoinable);
    router.setHint("ask for /info/<project>");
    const auto found = router.find(method, path);
    const auto *miss = std::get_if<Router::Miss>(&found);
    QVERIFY(miss);
    QCOMPARE(info(miss->refusal).httpStatus, status);
    QCOMPARE(miss->allow, allow);
    QCOMPARE(std::string(miss->hint), std::string(status == 404 ? "ask for /info/<project>" : ""));
}

void tst_Router::fieldsAreFoundInAnyCase()
{
    HttpRequest request;
    request.fields = {{"Host", "h"}, {"AUTHORIZATION", "a"}};
    QCOMPARE(request.field("authorization"), std::string_view("a"));
    QCOMPARE(request.field("Host"), std::string_view("h"));
    QCOMPARE(request.field("Hos"), std::string_view());
}

QTEST_GUILESS_MAIN(tst_Router)
#include "tst_router.moc"
