// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"

#include "recording_p.h"

#include <DispatchTestRecorder>
#include <DispatchTestServer>

#include <algorithm>

using namespace Dispatch;
using namespace std::chrono_literals;

namespace {

QString compact(const QJsonValue &value)
{
    return QString::fromUtf8(
        QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).chopped(1).sliced(1));
}

/// What a client sees of the others: who they are, and what each says, in order.
class View {
public:
    explicit View(const DispatchClient &client)
        : m_client(client)
    {
        QObject::connect(&client, &DispatchClient::connectedClientsChanged, &m_context,
                         [this] { look(); });
        QObject::connect(&client, &DispatchClient::eventReceived, &m_context,
                         [this](const QString &name, const QJsonValue &payload,
                                const DispatchEventMetadata &about) {
                             m_said[about.senderId] += name + u' ' + compact(payload);
                         });
        look();
    }

    QSet<QString> infos; ///< but for empty ones

    /// By name. Who comes and goes at once is told of by no list, and has none.
    QMap<QString, QStringList> said() const
    {
        QMap<QString, QStringList> byName;
        for (const QString &clientId : m_said.keys())
            byName[m_names[clientId]] += m_said[clientId];
        return byName;
    }
    QStringList saidByAnybody() const
    {
        QStringList all;
        for (const QStringList &one : m_said)
            all += one;
        return all;
    }

private:
    void look()
    {
        for (const DispatchConnectedClient &there : m_client.connectedClients()) {
            if (there.isSelf || there.userInfo.isEmpty())
                continue;
            infos += compact(there.userInfo);
            m_names.insert(there.clientId, there.userInfo[u"name"_s].toString());
        }
    }

    const DispatchClient &m_client;
    QObject m_context;
    QMap<QString, QStringList> m_said; ///< by client id
    QMap<QString, QString> m_names;
};

const QByteArray Head = "{\"dispatchRecording\":1}\n";
const QByteArray AnnJoins = "{\"at\":0,\"person\":\"a\",\"joins\":{\"name\":\"Ann\"}}\n";

} // namespace

/// What record writes, replay and the test kit play.
class tst_CtlRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void writesALineForEachStep();
    void writesToStdout();
    void letsNothingSteerTheTerminal();
    void aKillLosesNothingThatWasWritten();
    void endsCleanlyOnASignal();
    void saysWhatIsMissingAfterALoss();
    void endsWhenItIsFull();
    void leavesAFileAloneUntilItIsThere();
    void saysWhenItCanNotWrite();
    void recordRefusesBadUsage_data();
    void recordRefusesBadUsage();
    void replaysIntoAnotherRoom();
    void theTestKitPlaysWhatWasRecorded();
    void playsWhatTheTestKitRecorded();
    void allPlayInOneShard();
    void playsFaster();
    void playsAgainUntilCtrlC();
    void aBackEndPlaysWhatTheServerEmitted();
    void saysWhatItDoesNotPlay();
    void waitsForASeatThatGetsFree();
    void saysWhatDidNotArrive();
    void refusesWhatIsNoRecording_data();
    void refusesWhatIsNoRecording();
    void replayRefusesBadUsage_data();
    void replayRefusesBadUsage();
    void saysThatNobodyIsThere();
    void saysThatItWasRefused();

private:
    /// Starts to record in "room" of "game", into the file \a name or to stdout; waits until it is
    /// there.
    bool startRecording(const QStringList &arguments);
    /// Somebody in "room".
    std::unique_ptr<DispatchClient> join(const QString &name);
    QByteArray written(const QString &name = u"room.jsonl"_s) const;
    static std::vector<RecordedStep> stepsOf(const QByteArray &recording);
    CtlResult replay(const QByteArray &recording, const QStringList &options = {});

    std::unique_ptr<CtlServer> m_server;
    std::unique_ptr<CtlProcess> m_ctl;
    QString m_path;
};

void tst_CtlRecord::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_server = std::make_unique<CtlServer>();
    DispatchServerSettings settings;
    settings.presenceInterval = 0; // each step is seen
    m_server->server().setSettings(settings);
    QVERIFY(m_server->start());
    m_path = m_server->path(u"room.jsonl"_s);
}

bool tst_CtlRecord::startRecording(const QStringList &arguments)
{
    m_ctl->start(QStringList{u"record"_s, u"--project=game"_s, u"--shard=room"_s} + arguments,
                 m_server->surroundings());
    return QTest::qWaitFor([&] { return m_server->server().statistics().connections > 0; },
                           CtlProcess::DeadlineMs);
}

std::unique_ptr<DispatchClient> tst_CtlRecord::join(const QString &name)
{
    auto client = m_server->join(u"room"_s);
    if (client)
        client->setUserInfo({{u"name"_s, name}});
    return client;
}

QByteArray tst_CtlRecord::written(const QString &name) const
{
    QFile file(m_server->path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<RecordedStep> tst_CtlRecord::stepsOf(const QByteArray &recording)
{
    const auto read = readRecording(recording);
    if (const auto *fault = std::get_if<QString>(&read))
        qWarning().noquote() << *fault << recording;
    return std::holds_alternative<Recording>(read) ? std::get<Recording>(read).steps
                                                   : std::vector<RecordedStep>();
}

CtlResult tst_CtlRecord::replay(const QByteArray &recording, const QStringList &options)
{
    return m_server->run(QStringList{u"replay"_s, u"-"_s, u"--project=game"_s} + options,
                         recording);
}

void tst_CtlRecord::writesALineForEachStep()
{
    QVERIFY(startRecording({m_path, u"--count=1"_s}));
    QVERIFY(m_ctl->notes("Recording in shard 'room' of project 'game'."));
    {
        const auto bob = join(u"Bob"_s);
        QVERIFY(bob);
        QTRY_VERIFY(written().contains("Bob"));
    }
    QTRY_VERIFY(written().contains("leaves"));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QTRY_VERIFY(written().contains("Ann"));
    ann->emitEvent(u"message"_s, u"Hello!"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QCOMPARE(m_ctl->output(), QByteArray());
    QVERIFY2(m_ctl->errors().contains("Events: 1, people: 2, bytes: "
                                      + QByteArray::number(written().size())),
             m_ctl->errors());

    const auto steps = stepsOf(written());
    const RecordedStep &last = steps.back();
    QCOMPARE(last.what, RecordedStep::Emits);
    QCOMPARE(last.person, u"2"_s);
    QCOMPARE(last.eventName, u"message"_s);
    QCOMPARE(last.value, QJsonValue(u"Hello!"_s));
    QVERIFY(!last.isPrivate);
}

void tst_CtlRecord::writesToStdout()
{
    QVERIFY(startRecording({u"--count=1"_s, u"--quiet"_s}));
    QVERIFY(m_ctl->prints(Head));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QVERIFY(m_ctl->prints("Ann"));
    ann->emitEvent(u"tap"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QCOMPARE(m_ctl->errors(), QByteArray());
    QCOMPARE(stepsOf(m_ctl->output()).back().eventName, u"tap"_s);
}

void tst_CtlRecord::letsNothingSteerTheTerminal()
{
    const QString evil = u"\x1b[2J\u009b31m\u202e"_s;
    QVERIFY(startRecording({u"--count=1"_s}));
    QVERIFY(m_ctl->prints(Head));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    ann->emitEvent(u"x"_s, evil);
    QVERIFY(m_ctl->ends());
    const QByteArray output = m_ctl->output();
    QVERIFY(output.contains("\\u001b[2J\\u009b31m\\u202e"));
    QVERIFY(!output.contains('\x1b') && !output.contains("\u009b") && !output.contains("\u202e"));
    QCOMPARE(stepsOf(output).back().value, QJsonValue(evil));
}

void tst_CtlRecord::aKillLosesNothingThatWasWritten()
{
    QVERIFY(startRecording({m_path}));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    ann->emitEvent(u"last"_s);
    QTRY_VERIFY(written().contains("last"));
    m_ctl->send(SIGKILL);
    QTRY_COMPARE(m_ctl->process.state(), QProcess::NotRunning);
    const auto steps = stepsOf(written());
    const auto isLast = [](const RecordedStep &step) { return step.eventName == u"last"_s; };
    QVERIFY(std::ranges::any_of(steps, isLast));
}

void tst_CtlRecord::endsCleanlyOnASignal()
{
    QVERIFY(startRecording({m_path, u"--json"_s}));
    QTRY_COMPARE(written(), Head);
    m_ctl->send(SIGINT);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    const QJsonObject end = m_ctl->records().last();
    QCOMPARE(end[u"type"_s], u"recorded"_s);
    QCOMPARE(end[u"bytes"_s], int(Head.size()));
    QCOMPARE(written(), Head);
}

void tst_CtlRecord::saysWhatIsMissingAfterALoss()
{
    QVERIFY(startRecording({m_path, u"--count=1"_s}));
    QVERIFY(m_ctl->notes("Recording in"));
    const quint16 port = m_server->server().port();
    m_server->server().close();
    QVERIFY(m_ctl->notes("Trying again"));
    QVERIFY(m_server->server().listen(QHostAddress::LocalHost, port));
    QVERIFY(m_ctl->notes("Back in shard 'room'"));
    QVERIFY(m_ctl->notes("What was emitted meanwhile is missing."));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    ann->emitEvent(u"again"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(stepsOf(written()).back().eventName, u"again"_s);
}

void tst_CtlRecord::endsWhenItIsFull()
{
    QVERIFY(startRecording({m_path, u"--max-bytes=1000"_s}));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    for (int i = 0; i < 30; ++i)
        ann->emitEvent(u"message"_s, QString(20, u'x'));
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 1);
    QVERIFY(m_ctl->errors().contains("--max-bytes"));
    QVERIFY(written().size() <= 1000);
    QVERIFY(stepsOf(written()).size() > 5);
}

void tst_CtlRecord::leavesAFileAloneUntilItIsThere()
{
    QVERIFY(!m_server->write(u"room.jsonl"_s, "of yesterday").isEmpty());
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result = runCtl({u"record"_s, m_path}, {.url = url});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains(url.toString().toUtf8()));
    QCOMPARE(written(), "of yesterday"_ba);
}

void tst_CtlRecord::saysWhenItCanNotWrite()
{
    const CtlResult folder = m_server->run({u"record"_s, m_server->path(QString())});
    QCOMPARE(folder.code, 2);
    QVERIFY2(folder.errors.contains("can't be written"), folder.errors);
    const CtlResult full = m_server->run({u"record"_s, u"/dev/full"_s});
    QCOMPARE(full.code, 1);
    QVERIFY2(full.errors.contains("'/dev/full' can't be written"), full.errors);
}

void tst_CtlRecord::recordRefusesBadUsage_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("no room") << QStringList{u"--max-bytes=0"_s};
    QTest::newRow("more than can be played") << QStringList{u"--max-bytes=67108865"_s};
    QTest::newRow("count") << QStringList{u"--count=0"_s};
    QTest::newRow("JSON twice on stdout") << QStringList{u"--json"_s};
    QTest::newRow("two files") << QStringList{u"a"_s, u"b"_s};
}

void tst_CtlRecord::recordRefusesBadUsage()
{
    QFETCH(QStringList, options);
    const CtlResult result = m_server->run(QStringList{u"record"_s} + options);
    QCOMPARE(result.code, 2);
    QVERIFY(result.errors.endsWith("Try 'dispatchctl record --help'.\n"));
}

void tst_CtlRecord::replaysIntoAnotherRoom()
{
    QVERIFY(startRecording({m_path, u"--count=7"_s}));
    QVERIFY(m_ctl->notes("Recording in"));
    const auto watcher = m_server->join(u"room"_s);
    QVERIFY(watcher);
    View before(*watcher);
    const auto ann = join(u"Ann"_s);
    const auto bob = join(u"Bob"_s);
    QVERIFY(ann && bob);
    QTRY_COMPARE(before.infos.size(), 2);
    ann->emitEvent(u"message"_s, QJsonObject{{u"body"_s, u"Hello, Bob!"_s}});
    bob->emitEvent(u"message"_s, QJsonArray{1, 2.5, QJsonValue::Null});
    ann->emitEvent(u"tap"_s);
    bob->setUserInfo({{u"name"_s, u"Bob"_s}, {u"mood"_s, u"fine"_s}});
    QTRY_COMPARE(before.infos.size(), 3);
    // The recorder has seen it, too, before the event with which it ends.
    const auto recorded = [this] {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QTRY_VERIFY(recorded().contains("fine"));
    for (int i = 0; i < 4; ++i)
        bob->emitEvent(u"count"_s, i);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);

    const auto audience = m_server->join(u"stage"_s);
    QVERIFY(audience);
    View after(*audience);
    // Slowly, so that the server tells of all of it.
    const CtlResult played = m_server->run(
        {u"replay"_s, m_path, u"--project=game"_s, u"--shard=stage"_s, u"--speed=0.1"_s});
    QVERIFY2(played.code == 0, played.errors);
    QVERIFY2(played.errors.contains("Played: events 7, people 3."), played.errors);
    // Where a good-bye was still on its way when the program ended, the session ends after its
    // window.
    constexpr int SessionsEnd = 60'000;
    QTRY_COMPARE_WITH_TIMEOUT(audience->connectedClients().size(), 1, SessionsEnd);
    QTRY_COMPARE(after.said(), before.said());
    QTRY_COMPARE(after.infos, before.infos);
}

void tst_CtlRecord::theTestKitPlaysWhatWasRecorded()
{
    QVERIFY(startRecording({m_path, u"--count=2"_s}));
    QVERIFY(m_ctl->notes("Recording in"));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QTRY_VERIFY(written().contains("Ann"));
    ann->emitEvent(u"message"_s, u"Hello!"_s);
    ann->emitEvent(u"message"_s, u"Anybody there?"_s);
    QVERIFY(m_ctl->ends());

    DispatchTestServer room;
    DispatchClient app;
    app.setUrl(room.url());
    app.setActive(true);
    room.settle();
    View seen(app);
    QVERIFY(room.replay(QUrl::fromLocalFile(m_path)));
    room.advance(1min);
    QCOMPARE(seen.said()[u"Ann"_s],
             QStringList({u"message \"Hello!\""_s, u"message \"Anybody there?\""_s}));
}

void tst_CtlRecord::playsWhatTheTestKitRecorded()
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

void tst_CtlRecord::allPlayInOneShard()
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

void tst_CtlRecord::playsFaster()
{
    const CtlResult result =
        replay(Head + AnnJoins + "{\"at\":100000,\"person\":\"a\",\"emits\":\"late\"}\n",
               {u"--speed=1000"_s, u"--json"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.last()[u"type"_s], u"replayed"_s);
    QCOMPARE(result.records.last()[u"events"_s], 1);
    QCOMPARE(result.records.last()[u"people"_s], 1);
}

void tst_CtlRecord::playsAgainUntilCtrlC()
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

void tst_CtlRecord::aBackEndPlaysWhatTheServerEmitted()
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

void tst_CtlRecord::saysWhatItDoesNotPlay()
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

void tst_CtlRecord::waitsForASeatThatGetsFree()
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

void tst_CtlRecord::saysWhatDidNotArrive()
{
    const CtlResult result = replay(
        Head + AnnJoins + "{\"at\":0,\"person\":\"a\",\"emits\":\"big\",\"payload\":\""
            + QByteArray(130'000, 'x') + "\"}\n{\"at\":0,\"person\":\"a\",\"emits\":\"tap\"}\n",
        {u"--json"_s});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.errors.contains("Of 2 events 1 did not arrive"), result.errors);
    QVERIFY(result.errors.contains("128,000") || result.errors.contains("128000"));
}

void tst_CtlRecord::refusesWhatIsNoRecording_data()
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

void tst_CtlRecord::refusesWhatIsNoRecording()
{
    QFETCH(QByteArray, recording);
    QFETCH(QByteArray, named);
    const CtlResult result = replay(recording);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.errors.contains("stdin is no recording: " + named), result.errors);
    QCOMPARE(m_server->server().statistics().connections, 0);
}

void tst_CtlRecord::replayRefusesBadUsage_data()
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

void tst_CtlRecord::replayRefusesBadUsage()
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

void tst_CtlRecord::saysThatNobodyIsThere()
{
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result =
        runCtl({u"replay"_s, u"-"_s}, {.url = url, .input = Head + AnnJoins, .variables = {}});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains(url.toString().toUtf8()));
}

void tst_CtlRecord::saysThatItWasRefused()
{
    const CtlResult result = replay(Head + AnnJoins, {u"--token"_s, HiddenToken, u"--json"_s});
    QCOMPARE(result.code, 4);
    QVERIFY(keepsSecret(result));
    QCOMPARE(result.records.last()[u"error"_s][u"code"_s], u"unauthorized"_s);
}

QTEST_GUILESS_MAIN(tst_CtlRecord)
#include "tst_ctlrecord.moc"
