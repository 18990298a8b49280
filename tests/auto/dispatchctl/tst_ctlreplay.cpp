// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlrecordtest.h"

#include <DispatchTestRecorder>
#include <DispatchTestServer>

using namespace std::chrono_literals;

namespace {

const QByteArray AnnJoins = "{\"at\":0,\"person\":\"a\",\"joins\":{\"name\":\"Ann\"}}\n";

/// \a recording with its steps so far apart that the server tells of each by itself.
QByteArray spread(const QByteArray &recording)
{
    constexpr int ApartMs = 50;
    QByteArrayList lines = recording.trimmed().split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        QJsonObject step = QJsonDocument::fromJson(lines[i]).object();
        step[u"at"_s] = int(i) * ApartMs;
        lines[i] = QJsonDocument(step).toJson(QJsonDocument::Compact);
    }
    return lines.join('\n') + '\n';
}

} // namespace

/// What replay plays of what record or the test kit wrote.
class tst_CtlReplay : public CtlRecordTest {
    Q_OBJECT

private Q_SLOTS:
    void replaysIntoAnotherRoom();
    void playsWhatTheTestKitRecorded();
    void allPlayInOneShard();
    void playsFaster();
    void playsAgainUntilCtrlC();
    void aBackEndPlaysWhatTheServerEmitted();
    void saysWhatItDoesNotPlay();
    void waitsForASeatThatGetsFree();
    void saysWhatDidNotArrive();
    void saysWhichUserInfosWereRefused_data();
    void saysWhichUserInfosWereRefused();
    void refusesWhatIsNoRecording_data();
    void refusesWhatIsNoRecording();
    void replayRefusesBadUsage_data();
    void replayRefusesBadUsage();
    void saysThatNobodyIsThere();
    void saysThatItWasRefused();

private:
    CtlResult replay(const QByteArray &recording, const QStringList &options = {});
};

CtlResult tst_CtlReplay::replay(const QByteArray &recording, const QStringList &options)
{
    return m_server->run(QStringList{u"replay"_s, u"-"_s, u"--project=game"_s} + options,
                         recording);
}

void tst_CtlReplay::replaysIntoAnotherRoom()
{
    QVERIFY(startRecording({m_path, u"--count=7"_s}));
    QVERIFY(m_ctl->notes("Recording in"));
    const auto watcher = m_server->join(u"room"_s);
    QVERIFY(watcher);
    View before(*watcher);
    // Each when the one before it is written: what comes at once is told in one list.
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QTRY_VERIFY(written().contains("Ann"));
    const auto bob = join(u"Bob"_s);
    QVERIFY(bob);
    QTRY_VERIFY(written().contains("Bob"));
    ann->emitEvent(u"message"_s, QJsonObject{{u"body"_s, u"Hello, Bob!"_s}});
    bob->emitEvent(u"message"_s, QJsonArray{1, 2.5, QJsonValue::Null});
    ann->emitEvent(u"tap"_s);
    QTRY_VERIFY(written().contains("tap"));
    bob->setUserInfo({{u"name"_s, u"Bob"_s}, {u"mood"_s, u"fine"_s}});
    QTRY_VERIFY(written().contains("fine"));
    QTRY_COMPARE(before.infos.size(), 3);
    for (int i = 0; i < 4; ++i)
        bob->emitEvent(u"count"_s, i);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);

    const auto audience = m_server->join(u"stage"_s);
    QVERIFY(audience);
    View after(*audience);
    const CtlResult played = replay(spread(written()), {u"--shard=stage"_s});
    QVERIFY2(played.code == 0, played.errors);
    QVERIFY2(played.errors.contains("Played: events 7, people 3."), played.errors);
    QTRY_COMPARE(audience->connectedClients().size(), 1);
    QTRY_COMPARE(after.said(), before.said());
    QTRY_COMPARE(after.infos, before.infos);
}

void tst_CtlReplay::playsWhatTheTestKitRecorded()
{
    DispatchTestServer room;
    DispatchClient app;
    app.setUrl(room.url());
    app.setActive(true);
    room.settle();
    DispatchTestRecorder recorder;
    recorder.setClient(&app);
    DispatchTestPerson *ann = room.join(u"Ann"_s);
    room.advance(500ms);
    ann->emitEvent(u"message"_s, u"Hello!"_s);
    ann->leave();
    room.settle();
    QVERIFY(recorder.save(QUrl::fromLocalFile(m_path)));

    const auto audience = m_server->join(u"stage"_s);
    QVERIFY(audience);
    View seen(*audience);
    const CtlResult played =
        m_server->run({u"replay"_s, m_path, u"--project=game"_s, u"--shard=stage"_s});
    QVERIFY2(played.code == 0, played.errors);
    QTRY_COMPARE(seen.said()[u"Ann"_s], QStringList{u"message \"Hello!\""_s});
}

void tst_CtlReplay::allPlayInOneShard()
{
    m_server->write(u"room.jsonl"_s,
                    Head + AnnJoins
                        + "{\"at\":0,\"person\":\"b\",\"joins\":{\"name\":\"Bob\"}}\n"
                          "{\"at\":3600000,\"person\":\"b\",\"emits\":\"late\"}\n");
    m_ctl->start({u"replay"_s, m_path, u"--project=game"_s}, m_server->surroundings());
    DispatchClient visitor;
    visitor.setUrl(m_server->url());
    visitor.setProjectId(u"game"_s);
    QTRY_COMPARE(m_server->server().statistics().connections, 2);
    const auto shards = visitor.info();
    QTRY_VERIFY(shards.isFinished());
    QCOMPARE(shards.result().size(), 1);
    QCOMPARE(shards.result().first().numConnectedClients, 2);
    m_ctl->send(SIGINT);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 1);
}

void tst_CtlReplay::playsFaster()
{
    const CtlResult result =
        replay(Head + AnnJoins + "{\"at\":100000,\"person\":\"a\",\"emits\":\"late\"}\n",
               {u"--speed=1000"_s, u"--json"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.last()[u"type"_s], u"replayed"_s);
    QCOMPARE(result.records.last()[u"events"_s], 1);
    QCOMPARE(result.records.last()[u"people"_s], 1);
}

void tst_CtlReplay::playsAgainUntilCtrlC()
{
    const auto audience = m_server->join(u"stage"_s);
    QVERIFY(audience);
    View seen(*audience);
    m_server->write(u"room.jsonl"_s,
                    Head + AnnJoins + "{\"at\":5,\"person\":\"a\",\"emits\":\"tap\"}\n");
    m_ctl->start({u"replay"_s, m_path, u"--project=game"_s, u"--shard=stage"_s, u"--loop"_s},
                 m_server->surroundings());
    QTRY_VERIFY(seen.said()[u"Ann"_s].size() >= 3);
    m_ctl->send(SIGINT);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QVERIFY(m_ctl->errors().contains("Played: events "));
}

void tst_CtlReplay::aBackEndPlaysWhatTheServerEmitted()
{
    const auto audience = m_server->join(u"stage"_s);
    QVERIFY(audience);
    View seen(*audience);
    const CtlResult result =
        replay(Head + "{\"at\":0,\"emits\":\"news\",\"payload\":7}\n" + AnnJoins,
               {u"--shard=stage"_s, u"--project-token-file"_s, m_server->path(u"project.token"_s)});
    QVERIFY2(result.code == 0, result.errors);
    QTRY_COMPARE(seen.saidByAnybody(), QStringList{u"news 7"_s});
    QVERIFY(!result.errors.contains("left out"));
}

void tst_CtlReplay::saysWhatItDoesNotPlay()
{
    const auto audience = m_server->join(u"stage"_s);
    QVERIFY(audience);
    View seen(*audience);
    const QByteArray recording = Head
        + "{\"at\":0,\"person\":\"a\",\"userId\":\"user:17\",\"joins\":{\"name\":\"Ann\"}}\n"
          "{\"at\":0,\"person\":\"a\",\"emits\":\"psst\",\"private\":true}\n"
          "{\"at\":0,\"emits\":\"news\"}\n"
          "{\"at\":0,\"person\":\"a\",\"emits\":\"tap\"}\n{\"at\":0,\"per";
    const CtlResult result = replay(recording, {u"--shard=stage"_s});
    QVERIFY2(result.code == 0, result.errors);
    QVERIFY(result.errors.contains("User ids are left out, of 1 people"));
    QVERIFY(result.errors.contains("the one who recorded alone: 1."));
    QVERIFY(result.errors.contains("Events of the server are left out: 1."));
    QVERIFY(result.errors.contains("The last line is left out"));
    QTRY_COMPARE(seen.saidByAnybody(), QStringList{u"tap {}"_s});

    const CtlResult forPrograms = replay(recording, {u"--shard=stage"_s, u"--json"_s});
    const QJsonObject leftOut = forPrograms.records.first();
    QCOMPARE(leftOut[u"type"_s], u"leftOut"_s);
    QCOMPARE(leftOut[u"userIds"_s], 1);
    QCOMPARE(leftOut[u"lastLine"_s], true);
}

void tst_CtlReplay::waitsForASeatThatGetsFree()
{
    QByteArray recording = Head;
    for (int i = 0; i < 5; ++i) {
        const QByteArray person = "{\"at\":0,\"person\":\"" + QByteArray::number(i) + "\",";
        recording += person + "\"joins\":{}}\n" + person + "\"emits\":\"tap\"}\n" + person
            + "\"leaves\":true}\n";
    }
    const CtlResult result = replay(recording, {u"--people=1"_s, u"--json"_s});
    QVERIFY2(result.code == 0, result.errors);
    QCOMPARE(result.records.last()[u"people"_s], 5);
    QCOMPARE(result.records.last()[u"events"_s], 5);
}

void tst_CtlReplay::saysWhatDidNotArrive()
{
    const CtlResult result = replay(
        Head + AnnJoins + "{\"at\":0,\"person\":\"a\",\"emits\":\"big\",\"payload\":\""
            + QByteArray(130'000, 'x') + "\"}\n{\"at\":0,\"person\":\"a\",\"emits\":\"tap\"}\n",
        {u"--json"_s});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.errors.contains("Of 2 events 1 did not arrive"), result.errors);
    QVERIFY(result.errors.contains("128,000") || result.errors.contains("128000"));
}

void tst_CtlReplay::saysWhichUserInfosWereRefused_data()
{
    QTest::addColumn<QByteArray>("info");
    const auto nested = [](int levels) {
        return "{\"x\":" + QByteArray(levels, '[') + QByteArray(levels, ']') + '}';
    };
    QTest::newRow("too big") << "{\"name\":\"" + QByteArray(5'000, 'x') + "\"}";
    QTest::newRow("too deep for the server") << nested(20);
    QTest::newRow("too deep for the client") << nested(70);
    QTest::newRow("too big for a message") << "{\"name\":\"" + QByteArray(130'000, 'x') + "\"}";
}

void tst_CtlReplay::saysWhichUserInfosWereRefused()
{
    QFETCH(QByteArray, info);
    const QByteArray recording = Head + "{\"at\":0,\"person\":\"b\",\"joins\":" + info + "}\n"
        + "{\"at\":0,\"person\":\"b\",\"emits\":\"tap\"}\n" + AnnJoins;
    const CtlResult result = replay(recording);
    QCOMPARE(result.code, 1);
    QVERIFY2(result.errors.contains("dispatchctl: User infos were refused: 1. The first: "),
             result.errors);
    const CtlResult change = replay(
        Head + AnnJoins + "{\"at\":0,\"person\":\"a\",\"changes\":" + info + "}\n", {u"--json"_s});
    QCOMPARE(change.code, 1);
    const QJsonObject replayed = change.records.value(change.records.size() - 2);
    QCOMPARE(replayed[u"type"_s], u"replayed"_s);
    QCOMPARE(replayed[u"missed"_s], 0);
    QCOMPARE(replayed[u"refusedInfos"_s], 1);
}

void tst_CtlReplay::refusesWhatIsNoRecording_data()
{
    QTest::addColumn<QByteArray>("recording");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("empty") << QByteArray() << "it is empty"_ba;
    QTest::newRow("something else") << "hello\n"_ba
                                    << "line 1 is not"_ba;
    QTest::newRow("no step") << Head + AnnJoins + "{\"at\":1}\n"
                             << "line 3 does not say"_ba;
    QTest::newRow("back in time") << Head + "{\"at\":1,\"emits\":\"x\"}\n" + AnnJoins
                                  << "line 3 is earlier"_ba;
}

void tst_CtlReplay::refusesWhatIsNoRecording()
{
    QFETCH(QByteArray, recording);
    QFETCH(QByteArray, named);
    const CtlResult result = replay(recording);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.errors.contains("stdin is no recording: " + named), result.errors);
    QCOMPARE(m_server->server().statistics().connections, 0);
}

void tst_CtlReplay::replayRefusesBadUsage_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("no file") << QStringList{} << "FILE"_ba;
    QTest::newRow("a file that is not there")
        << QStringList{u"/nonexistent"_s} << "can't be read"_ba;
    QTest::newRow("a folder") << QStringList{u"/"_s} << "can't be read"_ba;
    QTest::newRow("an endless file") << QStringList{u"/dev/zero"_s} << "no recording"_ba;
    QTest::newRow("no speed") << QStringList{u"/dev/null"_s, u"--speed=0"_s} << "--speed"_ba;
    QTest::newRow("no number") << QStringList{u"/dev/null"_s, u"--speed=fast"_s} << "--speed"_ba;
    QTest::newRow("nobody") << QStringList{u"/dev/null"_s, u"--people=0"_s} << "--people"_ba;
    QTest::newRow("too many") << QStringList{u"two.jsonl"_s, u"--people=1"_s} << "--people"_ba;
}

void tst_CtlReplay::replayRefusesBadUsage()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, named);
    m_server->write(u"two.jsonl"_s, Head + AnnJoins + "{\"at\":0,\"person\":\"b\",\"joins\":{}}\n");
    options.replaceInStrings(u"two.jsonl"_s, m_server->path(u"two.jsonl"_s));
    const CtlResult result = m_server->run(QStringList{u"replay"_s} + options);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.errors.contains(named), result.errors);
    QVERIFY(result.errors.endsWith("Try 'dispatchctl replay --help'.\n"));
}

void tst_CtlReplay::saysThatNobodyIsThere()
{
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result =
        runCtl({u"replay"_s, u"-"_s}, {.url = url, .input = Head + AnnJoins, .variables = {}});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains(url.toString().toUtf8()));
}

void tst_CtlReplay::saysThatItWasRefused()
{
    const CtlResult result = replay(Head + AnnJoins, {u"--token"_s, HiddenToken, u"--json"_s});
    QCOMPARE(result.code, 4);
    QVERIFY(keepsSecret(result));
    QCOMPARE(result.records.last()[u"error"_s][u"code"_s], u"unauthorized"_s);
}

QTEST_GUILESS_MAIN(tst_CtlReplay)
#include "tst_ctlreplay.moc"
