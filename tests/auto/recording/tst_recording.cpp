// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomobserver_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Head = "{\"dispatchRecording\":1}\n";

RecordedStep emitted(const QString &person, const QString &eventName, const QJsonValue &payload)
{
    return {
        .what = RecordedStep::Emits, .person = person, .eventName = eventName, .value = payload};
}

DispatchConnectedClient client(const QString &id, const QString &name, const QString &userId = {})
{
    DispatchConnectedClient there;
    there.clientId = id;
    there.userId = userId;
    there.userInfo = {{u"name"_s, name}};
    return there;
}

/// What \a steps say, a line each but for the times.
QByteArray textOf(const std::vector<RecordedStep> &steps)
{
    QByteArray text;
    for (const RecordedStep &step : steps)
        text += recordedLine(step);
    return text.replace("\"at\":0,", "");
}

} // namespace

/// Recordings as text, and what becomes a part of them.
class tst_Recording : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites_data();
    void readsWhatItWrites();
    void leavesOutALineThatWasCutOff();
    void readsWhatPeopleWriteByHand();
    void namesTheLineThatIsWrong_data();
    void namesTheLineThatIsWrong();
    void readsNoneThatIsTooLong();
    void seesWhoComesChangesAndGoes();
    void writesNothingWhenNothingChanged();
    void knowsAnEmitterByHisName();
    void knowsWhatWentToItAlone_data();
    void knowsWhatWentToItAlone();
};

void tst_Recording::readsWhatItWrites_data()
{
    QTest::addColumn<RecordedStep>("step");
    const QJsonObject info{{u"name"_s, u"Ann"_s}};
    QTest::newRow("joins") << RecordedStep{
        .what = RecordedStep::Joins, .person = u"1"_s, .userId = u"user:17"_s, .value = info};
    QTest::newRow("changes") << RecordedStep{
        .at = Milliseconds(7), .what = RecordedStep::Changes, .person = u"1"_s, .value = info};
    QTest::newRow("leaves") << RecordedStep{
        .what = RecordedStep::Leaves, .person = u"1"_s, .value = QJsonValue()};
    QTest::newRow("emits") << emitted(u"1"_s, u"message"_s, u"Hello!\n"_s);
    QTest::newRow("emits without a payload")
        << emitted(u"1"_s, u"tap"_s, QJsonValue(QJsonValue::Undefined));
    QTest::newRow("emits null") << emitted(u"1"_s, u"tap"_s, QJsonValue::Null);
    QTest::newRow("the server emits") << emitted({}, u"news"_s, 1);
    RecordedStep secret = emitted(u"1"_s, u"psst"_s, true);
    secret.isPrivate = true;
    QTest::newRow("emits to one") << secret;
}

void tst_Recording::readsWhatItWrites()
{
    QFETCH(RecordedStep, step);
    const auto read = readRecording(recordingHead() + recordedLine(step));
    QVERIFY(std::holds_alternative<Recording>(read));
    QCOMPARE(std::get<Recording>(read).steps, std::vector{step});
    QVERIFY(!std::get<Recording>(read).isCutOff);
}

void tst_Recording::leavesOutALineThatWasCutOff()
{
    const QByteArray line = recordedLine(emitted(u"1"_s, u"message"_s, u"Hello!"_s));
    for (qsizetype length = 1; length < line.size() - 1; ++length) {
        const auto read = readRecording(Head + line + line.first(length));
        QVERIFY(std::holds_alternative<Recording>(read));
        QCOMPARE(std::get<Recording>(read).steps.size(), 1);
        QVERIFY(std::get<Recording>(read).isCutOff);
    }
}

void tst_Recording::readsWhatPeopleWriteByHand()
{
    const auto read = readRecording("\n {\"dispatchRecording\": 1}\r\n\r\n"
                                    "{\"at\": 5, \"emits\": \"x\", \"note\": \"mine\"}");
    QVERIFY(std::holds_alternative<Recording>(read));
    RecordedStep expected = emitted({}, u"x"_s, QJsonValue(QJsonValue::Undefined));
    expected.at = Milliseconds(5);
    QCOMPARE(std::get<Recording>(read).steps, std::vector{expected});
}

void tst_Recording::namesTheLineThatIsWrong_data()
{
    QTest::addColumn<QByteArray>("recording");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const QByteArray &recording, const QString &named) {
        QTest::newRow(name) << recording << named;
    };
    row("empty", "", u"it is empty"_s);
    row("no JSON", "hello", u"line 1 is not"_s);
    row("another version", "{\"dispatchRecording\":2}", u"line 1 is not"_s);
    row("no head", "\n{\"at\":1,\"emits\":\"x\"}", u"line 2 is not"_s);
    row("no JSON behind the head", Head + "\nhello\n", u"line 3 is no JSON"_s);
    row("a list", Head + "[1]\n", u"line 2 is no JSON object"_s);
    row("nothing in it", Head + "{}\n", u"line 2 says no time"_s);
    const QByteArray deep =
        R"({"at":1,"emits":"x","payload":)" + QByteArray(2'000, '[') + QByteArray(2'000, ']') + '}';
    row("too deep", Head + deep + '\n', u"line 2 nests too deep"_s);
    row("too deep at the end", Head + deep, u"line 2 nests too deep"_s);
    row("a number that does not fit", Head + R"({"at":1,"emits":"x","payload":1e400})" + '\n',
        u"line 2 is no JSON: illegal number"_s);
    row("no step", Head + "{\"at\":1}", u"line 2 does not say one thing"_s);
    row("two steps in one", Head + "{\"at\":1,\"person\":\"1\",\"leaves\":true,\"emits\":\"x\"}",
        u"line 2 does not say one thing"_s);
    row("joins without an object", Head + "{\"at\":1,\"person\":\"1\",\"joins\":true}",
        u"line 2 does not say one thing"_s);
    row("nobody leaves", Head + "{\"at\":1,\"leaves\":true}", u"line 2 does not say who"_s);
    row("no time", Head + "{\"emits\":\"x\"}", u"line 2 says no time"_s);
    row("time that is no number", Head + "{\"at\":\"1\",\"emits\":\"x\"}",
        u"line 2 says no time"_s);
    row("time below zero", Head + "{\"at\":-1,\"emits\":\"x\"}", u"line 2 says no time"_s);
    row("back in time", Head + "{\"at\":2,\"emits\":\"x\"}\n{\"at\":1,\"emits\":\"x\"}",
        u"line 3 is earlier"_s);
    row("a name of the platform", Head + "{\"at\":1,\"emits\":\"@@x\"}",
        u"line 2 emits what nobody can"_s);
    row("no name", Head + "{\"at\":1,\"emits\":\"\"}", u"line 2 emits what nobody can"_s);
    row("a long name", Head + "{\"at\":1,\"emits\":\"" + QByteArray(256, 'x') + "\"}",
        u"line 2 emits what nobody can"_s);
}

void tst_Recording::namesTheLineThatIsWrong()
{
    QFETCH(QByteArray, recording);
    QFETCH(QString, named);
    const auto read = readRecording(recording);
    QVERIFY(std::holds_alternative<QString>(read));
    const QString why = std::get<QString>(read);
    QVERIFY2(why.startsWith(named), qPrintable(why));
}

void tst_Recording::readsNoneThatIsTooLong()
{
    const auto read = readRecording(Head + QByteArray(LongestRecording, '\n'));
    QVERIFY(std::holds_alternative<QString>(read));
}

void tst_Recording::seesWhoComesChangesAndGoes()
{
    RoomObserver observer;
    DispatchConnectedClient self = client(u"me"_s, u"Me"_s);
    self.isSelf = true;
    const auto look = [&](const QList<DispatchConnectedClient> &there) {
        return textOf(observer.look(QList{self} + there, Milliseconds(0)));
    };
    QCOMPARE(look({client(u"a"_s, u"Ann"_s)}),
             "{\"joins\":{\"name\":\"Ann\"},\"person\":\"1\"}\n"_ba);
    QCOMPARE(look({client(u"a"_s, u"Ann"_s, u"user:17"_s), client(u"b"_s, u"Bob"_s)}),
             "{\"changes\":{\"name\":\"Ann\"},\"person\":\"1\",\"userId\":\"user:17\"}\n"
             "{\"joins\":{\"name\":\"Bob\"},\"person\":\"2\"}\n"_ba);
    QCOMPARE(look({client(u"b"_s, u"Bert"_s)}),
             "{\"changes\":{\"name\":\"Bert\"},\"person\":\"2\"}\n"
             "{\"leaves\":true,\"person\":\"1\"}\n"_ba);
    QCOMPARE(observer.people(), 2);
}

void tst_Recording::writesNothingWhenNothingChanged()
{
    RoomObserver observer;
    DispatchConnectedClient ann = client(u"a"_s, u"Ann"_s);
    QCOMPARE(observer.look({ann}, Milliseconds(0)).size(), 1);
    ann.lastPing = QDateTime::fromMSecsSinceEpoch(1);
    QCOMPARE(observer.look({ann}, Milliseconds(1)).size(), 0);
}

void tst_Recording::knowsAnEmitterByHisName()
{
    RoomObserver observer;
    observer.look({client(u"a"_s, u"Ann"_s), client(u"b"_s, u"Bob"_s)}, Milliseconds(0));
    DispatchEventMetadata about;
    about.senderId = u"b"_s;
    const RecordedStep ofBob = observer.hear(u"tap"_s, {}, about, Milliseconds(3));
    QCOMPARE(ofBob.person, u"2"_s);
    QCOMPARE(ofBob.at, Milliseconds(3));
    about.senderId.clear();
    QCOMPARE(observer.hear(u"tap"_s, {}, about, Milliseconds(3)).person, QString());
}

void tst_Recording::knowsWhatWentToItAlone_data()
{
    QTest::addColumn<qint64>("sequence");
    QTest::addColumn<qint64>("serverTime");
    QTest::addColumn<bool>("isPrivate");
    QTest::newRow("to the shard") << qint64(7) << qint64(1'767'225'600'000) << false;
    QTest::newRow("to it") << qint64(0) << qint64(1'767'225'600'000) << true;
    QTest::newRow("nobody knows: the base profile") << qint64(0) << qint64(0) << false;
}

void tst_Recording::knowsWhatWentToItAlone()
{
    QFETCH(qint64, sequence);
    QFETCH(qint64, serverTime);
    DispatchEventMetadata about;
    about.sequence = sequence;
    about.serverTime = serverTime;
    RoomObserver observer;
    QTEST(observer.hear(u"tap"_s, {}, about, Milliseconds(0)).isPrivate, "isPrivate");
}

QTEST_GUILESS_MAIN(tst_Recording)
#include "tst_recording.moc"
