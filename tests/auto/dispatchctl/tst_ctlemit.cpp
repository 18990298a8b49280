// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"

#include <QtCore/qelapsedtimer.h>
#include <QtNetwork/qtcpserver.h>

class tst_CtlEmit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void payloadsArriveAsTheyWereGiven_data();
    void payloadsArriveAsTheyWereGiven();
    void readsThePayloadFromStdin();
    void readsAllThatAPipeBrings();
    void reachesRecipientsAlone();
    void repeatsItself();
    void reachesAllShardsAsABackEnd();
    void reportsWhatTheServerRefuses();
    void refusesBadUsageWithoutAServer_data();
    void refusesBadUsageWithoutAServer();
    void saysThatNobodyIsThere();
    void saysThatItWasRefused();
    void saysThatItTookTooLong();
    void canBeInterrupted();

private:
    struct Heard {
        QString name;
        QJsonValue payload;
    };

    CtlResult emitInRoom(const QStringList &arguments, const QByteArray &input = {});
    void listenWith(DispatchClient *client, QList<Heard> &heard);

    std::unique_ptr<CtlServer> m_server;
};

void tst_CtlEmit::init()
{
    m_server = std::make_unique<CtlServer>();
    QVERIFY(m_server->start());
}

CtlResult tst_CtlEmit::emitInRoom(const QStringList &arguments, const QByteArray &input)
{
    return m_server->run(QStringList{u"emit"_s, u"--project=game"_s, u"--shard=room"_s} + arguments,
                         input);
}

void tst_CtlEmit::listenWith(DispatchClient *client, QList<Heard> &heard)
{
    connect(client, &DispatchClient::eventReceived, client,
            [&heard](const QString &name, const QJsonValue &payload) {
                heard.append({name, payload});
            });
}

void tst_CtlEmit::payloadsArriveAsTheyWereGiven_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QJsonValue>("payload");
    QTest::newRow("none") << QStringList{} << QJsonValue(QJsonObject());
    QTest::newRow("object") << QStringList{u"{\"a\": [1]}"_s}
                            << QJsonValue(QJsonObject{{u"a"_s, QJsonArray{1}}});
    QTest::newRow("number") << QStringList{u"--"_s, u"-1.5"_s} << QJsonValue(-1.5);
    QTest::newRow("null") << QStringList{u"null"_s} << QJsonValue(QJsonValue::Null);
    QTest::newRow("JSON text") << QStringList{u"\"x\""_s} << QJsonValue(u"x"_s);
    QTest::newRow("plain text") << QStringList{u"--text"_s, u"say \"x\""_s}
                                << QJsonValue(u"say \"x\""_s);
}

void tst_CtlEmit::payloadsArriveAsTheyWereGiven()
{
    QFETCH(QStringList, arguments);
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    QList<Heard> heard;
    listenWith(ann.get(), heard);
    const CtlResult result = emitInRoom(QStringList{u"event"_s} + arguments);
    QCOMPARE(result.code, 0);
    QCOMPARE(result.output, QByteArray());
    QVERIFY(result.errors.contains("1 event sent"));
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first().name, u"event"_s);
    QTEST(heard.first().payload, "payload");
}

void tst_CtlEmit::readsThePayloadFromStdin()
{
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    QList<Heard> heard;
    listenWith(ann.get(), heard);
    QCOMPARE(emitInRoom({u"event"_s, u"-"_s}, "[1,\n2]\n").code, 0);
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first().payload, (QJsonArray{1, 2}));
}

void tst_CtlEmit::readsAllThatAPipeBrings()
{
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    QList<Heard> heard;
    listenWith(ann.get(), heard);
    // More than a pipe holds at a time.
    const QByteArray text(100'000, 'x');
    QCOMPARE(emitInRoom({u"event"_s, u"--text"_s, u"-"_s}, text).code, 0);
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first().payload.toString().size(), text.size());
}

void tst_CtlEmit::reachesRecipientsAlone()
{
    const auto ann = m_server->join(u"elsewhere"_s);
    const auto bob = m_server->join(u"room"_s);
    QVERIFY(ann && bob);
    QList<Heard> heardByAnn;
    QList<Heard> heardByBob;
    listenWith(ann.get(), heardByAnn);
    listenWith(bob.get(), heardByBob);
    QCOMPARE(emitInRoom({u"secret"_s, u"--to"_s, ann->clientId(), u"--to"_s, u"nobody"_s}).code, 0);
    QCOMPARE(emitInRoom({u"all"_s}).code, 0);
    QTRY_COMPARE(heardByBob.size(), 1);
    QCOMPARE(heardByBob.first().name, u"all"_s);
    QTRY_COMPARE(heardByAnn.size(), 1);
    QCOMPARE(heardByAnn.first().name, u"secret"_s);
}

void tst_CtlEmit::repeatsItself()
{
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    QList<Heard> heard;
    listenWith(ann.get(), heard);
    QElapsedTimer clock;
    clock.start();
    const CtlResult result =
        emitInRoom({u"tick"_s, u"7"_s, u"--count=5"_s, u"--interval=20ms"_s, u"--json"_s});
    QVERIFY(clock.elapsed() >= 4 * 20);
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.last()[u"sent"_s], 5);
    QVERIFY(result.records.last()[u"roundTripMs"_s].toDouble() > 0);
    QTRY_COMPARE(heard.size(), 5);
}

void tst_CtlEmit::reachesAllShardsAsABackEnd()
{
    const auto ann = m_server->join(u"one"_s);
    const auto bob = m_server->join(u"two"_s);
    QVERIFY(ann && bob);
    QList<Heard> heardByAnn;
    QList<Heard> heardByBob;
    listenWith(ann.get(), heardByAnn);
    listenWith(bob.get(), heardByBob);
    const CtlResult result =
        m_server->run({u"emit"_s, u"news"_s, u"--project=game"_s, u"--back-end"_s,
                       u"--project-token-file"_s, m_server->path(u"project.token"_s)});
    QCOMPARE(result.code, 0);
    QVERIFY2(result.errors.contains("As a back end of project 'game'."), result.errors.constData());
    QVERIFY(keepsSecret(result, m_server->projectToken));
    QTRY_COMPARE(heardByAnn.size(), 1);
    QTRY_COMPARE(heardByBob.size(), 1);
}

void tst_CtlEmit::reportsWhatTheServerRefuses()
{
    DispatchServerSettings settings = m_server->server().settings();
    settings.messagesPerSecond = 1;
    settings.messageBurst = 2;
    m_server->server().setSettings(settings);
    const CtlResult result =
        emitInRoom({u"flood"_s, u"--count=10"_s, u"--interval=1ms"_s, u"--json"_s});
    QCOMPARE(result.code, 4);
    QCOMPARE(result.records.last()[u"error"_s][u"code"_s], u"rate_limited"_s);
}

void tst_CtlEmit::refusesBadUsageWithoutAServer_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("no event") << QStringList{} << "EVENT"_ba;
    QTest::newRow("empty name") << QStringList{u""_s} << "name"_ba;
    QTest::newRow("name of the platform") << QStringList{u"@@x"_s} << "@@"_ba;
    QTest::newRow("no JSON") << QStringList{u"e"_s, u"{oops}"_s} << "--text"_ba;
    QTest::newRow("two values") << QStringList{u"e"_s, u"1,2"_s} << "not one JSON value"_ba;
    QTest::newRow("brackets that do not belong") << QStringList{u"e"_s, u"1],[2"_s} << "JSON"_ba;
    QTest::newRow("no payload on stdin") << QStringList{u"e"_s, u"-"_s} << "JSON"_ba;
    QTest::newRow("too long") << QStringList{u"e"_s, u"--text"_s, QString(128'000, u'x')}
                              << "128"_ba;
    QTest::newRow("count") << QStringList{u"e"_s, u"--count=0"_s} << "--count"_ba;
    QTest::newRow("interval") << QStringList{u"e"_s, u"--interval=0"_s} << "--interval"_ba;
    QTest::newRow("back end without a token")
        << QStringList{u"e"_s, u"--back-end"_s} << "--project-token-file"_ba;
}

void tst_CtlEmit::refusesBadUsageWithoutAServer()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, named);
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result = runCtl(QStringList{u"emit"_s} + arguments, {.url = url});
    QCOMPARE(result.code, 2);
    QVERIFY(result.errors.startsWith("dispatchctl: "));
    QVERIFY2(result.errors.contains(named), result.errors.constData());
}

void tst_CtlEmit::saysThatNobodyIsThere()
{
    const QUrl url = m_server->url();
    m_server->server().close();
    QCOMPARE(runCtl({u"emit"_s, u"e"_s}, {.url = url}).code, 3);
}

void tst_CtlEmit::saysThatItWasRefused()
{
    const CtlResult result = m_server->run(
        {u"emit"_s, u"e"_s, u"--token-file"_s, m_server->write(u"t"_s, HiddenToken.toUtf8())});
    QCOMPARE(result.code, 4);
    QVERIFY(keepsSecret(result));
}

void tst_CtlEmit::saysThatItTookTooLong()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CtlResult result = runCtl({u"emit"_s, u"e"_s, u"--timeout=100ms"_s},
                                    {.url = QUrl(u"ws://127.0.0.1:%1"_s.arg(silent.serverPort()))});
    QCOMPARE(result.code, 5);
}

void tst_CtlEmit::canBeInterrupted()
{
    CtlProcess ctl;
    ctl.start({u"emit"_s, u"e"_s, u"--count=2"_s, u"--interval=1h"_s}, m_server->surroundings());
    QVERIFY(ctl.notes("In shard"));
    ctl.send(SIGINT);
    QVERIFY(ctl.ends());
    QCOMPARE(ctl.process.exitCode(), 1);
    QVERIFY(ctl.errors().contains("Interrupted"));
}

QTEST_GUILESS_MAIN(tst_CtlEmit)
#include "tst_ctlemit.moc"
