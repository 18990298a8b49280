// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "benchplan_p.h"
#include "diagnosis_p.h"

#include <QtCore/qdir.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <cmath>

using namespace Dispatch::Ctl;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Now = 1'767'225'600'000;
constexpr qint64 DayMs = 86'400'000;

TlsFacts goodTls()
{
    return {.protocol = u"TLS 1.3"_s,
            .cipher = u"TLS_AES_256_GCM_SHA384"_s,
            .subject = u"rooms.example"_s,
            .issuer = u"A CA"_s,
            .hostNames = {u"rooms.example"_s, u"*.rooms.example"_s},
            .validUntil = Now + 60 * DayMs};
}

} // namespace

/// What doctor makes of what it finds, and what bench makes of its numbers.
class tst_CtlDiagnosis : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAreJudged_data();
    void addressesAreJudged();
    void secretsInAddressesAreNotShown();
    void missingTlsIsAFailureOnlyWhereItIsNeeded();
    void proxiesAreNamedWithoutTheirPasswords();
    void handshakesAreJudged_data();
    void handshakesAreJudged();
    void clocksAreJudged_data();
    void clocksAreJudged();
    void modulesAreFound_data();
    void modulesAreFound();
    void importPathsAreThoseOfQt();
    void modulesAreJudged();
    void clientsAreSpreadOverShards();
    void eventsComeEvenly_data();
    void eventsComeEvenly();
    void resultsAreShown();
};

void tst_CtlDiagnosis::addressesAreJudged_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<int>("verdict");
    QTest::newRow("TLS") << u"wss://rooms.example"_s << int(Finding::Ok);
    QTest::newRow("loopback") << u"ws://127.0.0.1:8090"_s << int(Finding::Ok);
    QTest::newRow("loopback, IPv6") << u"ws://[::1]:8090"_s << int(Finding::Ok);
    QTest::newRow("loopback, by name") << u"ws://localhost"_s << int(Finding::Ok);
    QTest::newRow("no TLS") << u"ws://rooms.example"_s << int(Finding::Warning);
    QTest::newRow("no TLS in a local network") << u"ws://10.0.0.1"_s << int(Finding::Warning);
    QTest::newRow("token in the query") << u"wss://h/?authorization=x"_s << int(Finding::Warning);
    QTest::newRow("password") << u"wss://ann:x@h"_s << int(Finding::Warning);
}

void tst_CtlDiagnosis::addressesAreJudged()
{
    QFETCH(QString, url);
    const Finding finding = judgeUrl(QUrl(url));
    QTEST(int(finding.verdict), "verdict");
    QCOMPARE(finding.advice.isEmpty(), finding.verdict == Finding::Ok);
}

void tst_CtlDiagnosis::secretsInAddressesAreNotShown()
{
    const Finding finding = judgeUrl(QUrl(u"wss://ann:hidden@h/?authorization=hidden"_s));
    QVERIFY(!finding.detail.contains(u"hidden"_s) && !finding.advice.contains(u"hidden"_s));
}

void tst_CtlDiagnosis::missingTlsIsAFailureOnlyWhereItIsNeeded()
{
    QCOMPARE(judgeTlsBackend({true, u"openssl"_s, u"3"_s}, true).verdict, Finding::Ok);
    QCOMPARE(judgeTlsBackend({}, false).verdict, Finding::Warning);
    QCOMPARE(judgeTlsBackend({}, true).verdict, Finding::Failed);
}

void tst_CtlDiagnosis::proxiesAreNamedWithoutTheirPasswords()
{
    QProcessEnvironment environment;
    QCOMPARE(judgeProxies(environment, false).verdict, Finding::Ok);
    environment.insert(u"NO_PROXY"_s, u"localhost"_s);
    environment.insert(u"HTTP_PROXY"_s, QString());
    QCOMPARE(judgeProxies(environment, false).verdict, Finding::Ok);
    environment.insert(u"https_proxy"_s, u"http://ann:hidden@proxy:3128"_s);
    for (const bool usesSystem : {false, true}) {
        const Finding finding = judgeProxies(environment, usesSystem);
        QCOMPARE(finding.verdict, Finding::Warning);
        QCOMPARE(finding.detail, u"set: https_proxy"_s);
        QVERIFY(!finding.advice.isEmpty());
    }
}

void tst_CtlDiagnosis::handshakesAreJudged_data()
{
    QTest::addColumn<TlsFacts>("facts");
    QTest::addColumn<int>("verdict");
    QTest::addColumn<QString>("named");
    const auto with = [](QSslError::SslError error) {
        TlsFacts facts = goodTls();
        facts.errors = {error};
        return facts;
    };
    QTest::newRow("good") << goodTls() << int(Finding::Ok) << u"TLS 1.3"_s;
    TlsFacts old = goodTls();
    old.validUntil = Now + 3 * DayMs;
    QTest::newRow("ends soon") << old << int(Finding::Warning) << u"in 3 d"_s;
    QTest::newRow("self-signed") << with(QSslError::SelfSignedCertificate) << int(Finding::Failed)
                                 << u"--ca-file"_s;
    QTest::newRow("unknown CA") << with(QSslError::UnableToGetLocalIssuerCertificate)
                                << int(Finding::Failed) << u"--ca-file"_s;
    QTest::newRow("another host") << with(QSslError::HostNameMismatch) << int(Finding::Failed)
                                  << u"*.rooms.example"_s;
    QTest::newRow("expired") << with(QSslError::CertificateExpired) << int(Finding::Failed)
                             << u"Renew"_s;
    QTest::newRow("not valid yet")
        << with(QSslError::CertificateNotYetValid) << int(Finding::Failed) << u"clocks"_s;
    QTest::newRow("anything else")
        << with(QSslError::CertificateRevoked) << int(Finding::Failed) << u"openssl"_s;
    QTest::newRow("no TLS there") << TlsFacts{.errorText = u"wrong version number"_s}
                                  << int(Finding::Failed) << u"ws://"_s;
}

void tst_CtlDiagnosis::handshakesAreJudged()
{
    QFETCH(TlsFacts, facts);
    QFETCH(QString, named);
    const Finding finding = judgeTls(facts, Now);
    QTEST(int(finding.verdict), "verdict");
    QVERIFY2((finding.detail + finding.advice).contains(named),
             qPrintable(finding.detail + finding.advice));
}

void tst_CtlDiagnosis::clocksAreJudged_data()
{
    QTest::addColumn<qint64>("serverSecond"); // from now
    QTest::addColumn<int>("verdict");
    QTest::addColumn<QString>("detail");
    QTest::newRow("the same") << qint64(0) << int(Finding::Ok) << u"as ours, to a second"_s;
    QTest::newRow("the second before, cut off")
        << qint64(-1) << int(Finding::Ok) << u"1 ms behind ours"_s;
    QTest::newRow("a little before") << qint64(3) << int(Finding::Ok) << u"2 s before ours"_s;
    QTest::newRow("before") << qint64(20) << int(Finding::Warning) << u"19 s before ours"_s;
    QTest::newRow("behind") << qint64(-20) << int(Finding::Warning) << u"19 s behind ours"_s;
    QTest::newRow("so that tokens are refused")
        << qint64(3600) << int(Finding::Failed) << u"59 min 59 s before ours"_s;
}

void tst_CtlDiagnosis::clocksAreJudged()
{
    QFETCH(qint64, serverSecond);
    const Finding finding = judgeClock(Now / 1000 + serverSecond, Now, Now + 100);
    QTEST(int(finding.verdict), "verdict");
    QTEST(finding.detail, "detail");
    QCOMPARE(judgeClock(std::nullopt, Now, Now).verdict, Finding::Warning);
}

void tst_CtlDiagnosis::modulesAreFound_data()
{
    QTest::addColumn<QByteArray>("qmldir");
    QTest::addColumn<QString>("plugin");
    QTest::addColumn<QString>("problem");
    const QByteArray good = "module Dispatch\nplugin DispatchQml\n";
    QTest::newRow("good") << good << u"Dispatch/libDispatchQml.so"_s << QString();
    QTest::newRow("optional plugin") << "module Dispatch\noptional plugin DispatchQml\r\n"_ba
                                     << u"Dispatch/libDispatchQml.so"_s << QString();
    QTest::newRow("plugin elsewhere") << "module Dispatch\nplugin  DispatchQml  ../lib\n"_ba
                                      << u"lib/libDispatchQml.so"_s << QString();
    QTest::newRow("plugin gone") << good << u"libDispatchQml.so"_s
                                 << u"the plugin 'DispatchQml' is missing"_s;
    QTest::newRow("another module")
        << "module Other\nplugin Other\n"_ba << u"Dispatch/libOther.so"_s << u"'Other'"_s;
    QTest::newRow("empty") << "\n"_ba << u"Dispatch/libDispatchQml.so"_s << u"another module"_s;
    QTest::newRow("no plugin") << "module Dispatch\n"_ba << u"Dispatch/libDispatchQml.so"_s
                               << u"names no plugin"_s;
}

void tst_CtlDiagnosis::modulesAreFound()
{
    QFETCH(QByteArray, qmldir);
    QFETCH(QString, plugin);
    QFETCH(QString, problem);
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"Dispatch"_s) && QDir(folder.path()).mkpath(u"lib"_s));
    QFile file(folder.filePath(u"Dispatch/qmldir"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(qmldir) == qmldir.size());
    file.close();
    QFile pluginFile(folder.filePath(plugin));
    QVERIFY(pluginFile.open(QIODevice::WriteOnly));

    const QmlModule found = findQmlModule({u"/nonexistent"_s, folder.path()}, {});
    QCOMPARE(found.importPath, folder.path());
    QCOMPARE(found.folder, folder.filePath(u"Dispatch"_s));
    QVERIFY(found.isOnPath);
    QVERIFY2(problem.isEmpty() ? found.problem.isEmpty() : found.problem.contains(problem),
             qPrintable(found.problem));
    const QmlModule elsewhere = findQmlModule({}, {folder.path()});
    QCOMPARE(elsewhere.folder.isEmpty(), !problem.isEmpty());
    QVERIFY(elsewhere.folder.isEmpty() || !elsewhere.isOnPath);
    QVERIFY(findQmlModule({u"/nonexistent"_s}, {u"/nonexistent"_s}).folder.isEmpty());
}

void tst_CtlDiagnosis::importPathsAreThoseOfQt()
{
    QProcessEnvironment environment;
    QCOMPARE(qmlImportPaths(environment).size(), 1);
    environment.insert(u"QML_IMPORT_PATH"_s, u"/a:/b"_s);
    environment.insert(u"QML2_IMPORT_PATH"_s, u"/c"_s);
    QCOMPARE(qmlImportPaths(environment).mid(0, 3), (QStringList{u"/a"_s, u"/b"_s, u"/c"_s}));
}

void tst_CtlDiagnosis::modulesAreJudged()
{
    QCOMPARE(judgeQmlModule({}).verdict, Finding::Warning);
    QCOMPARE(judgeQmlModule({.importPath = u"/a"_s, .folder = u"/a/Dispatch"_s}).verdict,
             Finding::Ok);
    QCOMPARE(judgeQmlModule({.importPath = u"/a"_s, .folder = u"/a/Dispatch"_s, .problem = u"x"_s})
                 .verdict,
             Finding::Failed);
    const Finding elsewhere =
        judgeQmlModule({.importPath = u"/a"_s, .folder = u"/a/Dispatch"_s, .isOnPath = false});
    QCOMPARE(elsewhere.verdict, Finding::Warning);
    QVERIFY(elsewhere.advice.contains(u"QML_IMPORT_PATH=/a"_s));
}

void tst_CtlDiagnosis::clientsAreSpreadOverShards()
{
    BenchPlan plan;
    plan.clients = 10;
    plan.shards = 3;
    QCOMPARE(plan.largestShard(), 4);
    QHash<QString, int> members;
    for (int client = 0; client < plan.clients; ++client)
        ++members[plan.shardName(client)];
    QCOMPARE(members.size(), 3);
    for (int client = 0; client < plan.clients; ++client)
        QCOMPARE(plan.membersWith(client), members.value(plan.shardName(client)));
}

void tst_CtlDiagnosis::eventsComeEvenly_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("tickMs");
    QTest::addColumn<qint64>("inASecond");
    QTest::newRow("slow") << 3.0 << 2 << qint64(3);
    QTest::newRow("fast") << 100'000.0 << 2 << qint64(100'000);
    QTest::newRow("as fast as it is asked") << 500.0 << 2 << qint64(500);
    QTest::newRow("asked seldom") << 100.0 << 250 << qint64(100);
    QTest::newRow("a share of one") << 1.0 / 3 << 2 << qint64(0);
}

void tst_CtlDiagnosis::eventsComeEvenly()
{
    QFETCH(double, rate);
    QFETCH(int, tickMs);
    Pacer pacer(rate);
    std::int64_t total = 0;
    const auto most = std::int64_t(std::ceil(rate * tickMs / 1000)) + 1;
    for (int ms = tickMs; ms <= 1000; ms += tickMs) {
        const auto due = pacer.due(std::chrono::milliseconds(ms));
        QVERIFY(due >= 0 && due <= most);
        total += due;
    }
    QTEST(qint64(total), "inASecond");
    QCOMPARE(pacer.due(std::chrono::milliseconds(500)), std::int64_t(0));
}

void tst_CtlDiagnosis::resultsAreShown()
{
    BenchPlan plan;
    plan.clients = 200;
    plan.shards = 4;
    const BenchResult result{.joined = 200,
                             .joinSeconds = 0.5,
                             .seconds = 10,
                             .sent = 1'000,
                             .expected = 50'000,
                             .delivered = 49'999,
                             .p50Ms = 0.31,
                             .p99Ms = 1.2,
                             .maxMs = 3.456};
    QCOMPARE(result.toLines(plan),
             (QStringList{
                 u"WHAT              COUNT  A SECOND"_s,
                 u"joins               200       400  clients, in 4 shards"_s,
                 u"sent               1000       100  events of 200 bytes, in 10.0 s"_s,
                 u"delivered         49999      5000  of 50000"_s,
                 u"refused               0"_s,
                 u"connections lost      0"_s,
                 u"latency p50        0.31            ms"_s,
                 u"latency p99        1.20            ms"_s,
                 u"latency max        3.46            ms"_s,
             }));
    const QJsonObject json = result.toJson(plan);
    QCOMPARE(json[u"joinsPerSecond"_s], 400);
    QCOMPARE(json[u"deliveredPerSecond"_s], 4999.9);
    QCOMPARE(json[u"latencyMs"_s][u"p99"_s], 1.2);
    // Nothing is divided by nothing.
    QCOMPARE(BenchResult().toJson(plan)[u"joinsPerSecond"_s], 0);
}

QTEST_GUILESS_MAIN(tst_CtlDiagnosis)
#include "tst_ctldiagnosis.moc"
