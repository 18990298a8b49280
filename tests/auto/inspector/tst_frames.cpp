// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "boundedlog_p.h"
#include "frame_p.h"
#include "roundtrips_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using namespace Dispatch::Inspection;

/// What an inspector makes of what passes, without a client.
class tst_Frames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secretsAreBlottedOut_data();
    void secretsAreBlottedOut();
    void whatIsNoSecretStays_data();
    void whatIsNoSecretStays();
    void aSecretIsFoundHoweverDeepItNests();
    void otherKeysCanBeSecret();
    void aSecretThatIsCutIsNoneThatIsShown();
    void messagesAreSummedUp_data();
    void messagesAreSummedUp();
    void connectionsAreSummedUp_data();
    void connectionsAreSummedUp();
    void aTextIsKeptToItsLimit();
    void aTextCannotTurnTheViewAround();
    void aLogKeepsTheLatest();
    void newsAreBoundedToo();
    void aLowerLimitTakesEffectWithTheNextNews();
    void roundTripsAreMeasuredUp();
    void aGapIsNoRoundTrip();
};

void tst_Frames::secretsAreBlottedOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const char *text, const char *shown) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(shown);
    };
    row("the token of IDENTIFY",
        R"({"eventName":"@@KOJI_DISPATCH/IDENTIFY","payload":{"token":"s3cret"}})",
        R"({"eventName":"@@KOJI_DISPATCH/IDENTIFY","payload":{"token":"***"}})");
    row("the session of a greeting", R"({"payload":{"clientId":"a","session":"Zk3v9m","seq":1}})",
        R"({"payload":{"clientId":"a","session":"***","seq":1}})");
    row("an authorization", R"({"authorization":"Bearer s3cret"})", R"({"authorization":"***"})");
    row("the token of a back end", R"({"projectToken":"s3cret"})", R"({"projectToken":"***"})");
    row("space around the colon", "{\"token\" :\n \"s3cret\"}", "{\"token\" :\n \"***\"}");
    row("quotes in it", R"({"token":"s3\"cr\\\"et","a":1})", R"({"token":"***","a":1})");
    row("a backslash at its end", R"({"token":"s3cret\\","a":"b"})", R"({"token":"***","a":"b"})");
    row("a line break in it", "{\"token\":\"s3\ncret\"}", "{\"token\":\"***\"}");
    row("other capitals", R"({"TOKEN":"s3cret"})", R"({"TOKEN":"***"})");
    row("several", R"([{"token":"a1"},{"token":"b2"}])", R"([{"token":"***"},{"token":"***"}])");
    row("none", R"({"token":""})", R"({"token":"***"})");
    row("what a user types", R"({"password":"s3cret"})", R"({"password":"***"})");
    row("a JSON Web Token anywhere",
        R"({"body":"use eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s-_3cret!"})",
        R"({"body":"use ***!"})");
    row("a token that was cut", R"({"token":"s3cr)", R"({"token":"***)");
    row("a token that was cut in an escape", R"({"token":"s3cr\)", R"({"token":"***)");
    row("a number", R"({"password":4711,"a":1})", R"({"password":***,"a":1})");
    row("a word", R"({"secret": true})", R"({"secret": ***})");
    row("an array", R"({"password":["x]",["y"]],"a":1})", R"({"password":***,"a":1})");
    row("an object", R"({"token":{"value":"}\"abc"}})", R"({"token":***})");
    row("an object that was cut", R"({"token":{"value":"ab)", R"({"token":***)");
    row("a number that was cut", R"({"secret":47)", R"({"secret":***)");
    row("a change of the state", R"({"key":"password","value":"s3cret","ttlMs":5})",
        R"({"key":"password","value":"***","ttlMs":5})");
    row("one the other way round", R"({"value":{"a":"s3cret"},"key" : "Password"})",
        R"({"value":***,"key" : "Password"})");
    row("the whole state", R"({"state":[{"key":"a","value":1},{"key":"apiKey","value":2}]})",
        R"({"state":[{"key":"a","value":***},{"key":"apiKey","value":***}]})");
    row("what is no JSON", R"(}{ "token":"s3cret" "session":"x)",
        R"(}{ "token":"***" "session":"***)");
}

void tst_Frames::secretsAreBlottedOut()
{
    QFETCH(const QString, text);
    QTEST(SecretMask().masked(text), "shown");
}

void tst_Frames::whatIsNoSecretStays_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("an event") << uR"({"eventName":"message","payload":{"body":"token: x"}})"_s;
    QTest::newRow("a key that ends alike") << uR"({"brokenToken":"x","tokens":"y"})"_s;
    QTest::newRow("nothing") << uR"({"session":null,"token": null})"_s;
    QTest::newRow("a key without a value") << uR"({"token":)"_s;
    QTest::newRow("a key of the state") << uR"({"key":"turn","value":"ann"})"_s;
    QTest::newRow("a word") << uR"({"body":"eyJ is how they begin"})"_s;
}

void tst_Frames::whatIsNoSecretStays()
{
    QFETCH(const QString, text);
    QCOMPARE(SecretMask().masked(text), text);
}

void tst_Frames::aSecretIsFoundHoweverDeepItNests()
{
    constexpr int Deep = 100'000;
    const QString text =
        uR"({"password":%1"s3cret"%2,"a":1})"_s.arg(QString(Deep, u'['), QString(Deep, u']'));
    QCOMPARE(SecretMask().masked(text), uR"({"password":***,"a":1})"_s);
}

void tst_Frames::otherKeysCanBeSecret()
{
    SecretMask mask;
    mask.setKeys({u"pin.4"_s, QString()});
    const QString text = uR"({"pin.4":"1234","pin-4":"no","password":"p","token":"t"})"_s;
    const QString shown = uR"({"pin.4":"***","pin-4":"no","password":"p","token":"***"})"_s;
    QCOMPARE(mask.masked(text), shown);
}

void tst_Frames::aSecretThatIsCutIsNoneThatIsShown()
{
    FrameReader reader;
    const QString text = uR"({"eventName":"x","payload":{"token":"s3cret-s3cret","a":1}})"_s;
    for (int length = 1; length <= text.size() + 1; ++length) {
        reader.setMaxLength(length);
        const Frame frame = reader.read({WireEvent::Sent, text, {}});
        QVERIFY2(!frame.text.contains(u"s3"_s), qPrintable(frame.text));
    }
}

void tst_Frames::messagesAreSummedUp_data()
{
    QTest::addColumn<bool>("sent");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("note");
    using Kind = Frame::Kind;
    const auto row = [](const char *name, bool sent, const char *text, Kind kind,
                        const char *eventName, const char *note) {
        QTest::newRow(name) << sent << QString::fromUtf8(text) << int(kind)
                            << QString::fromUtf8(eventName) << QString::fromUtf8(note);
    };
    row("an event that is sent", true, R"({"eventName":"message","payload":1})", Kind::Event,
        "message", "");
    row("with a number", true, R"({"emit":17,"ack":true,"eventName":"message","payload":1})",
        Kind::Event, "message", "emit 17");
    row("to some", true, R"({"eventName":"psst","recipients":["a","b"]})", Kind::Event, "psst",
        "to 2");
    row("a request", true, R"({"emit":1,"request":"r1","eventName":"roll"})", Kind::Event, "roll",
        "emit 1, request");
    row("IDENTIFY", true, R"({"eventName":"@@KOJI_DISPATCH/IDENTIFY","payload":{"token":"t"}})",
        Kind::Platform, "IDENTIFY", "");
    row("an event that is heard", false,
        R"({"eventName":"message","payload":{},"latencyMs":3.2,"seq":42,"from":"9d0c7a54-3e21","time":1})",
        Kind::Event, "message", "seq 42, from 9d0c7a54…");
    row("a reply", false, R"({"eventName":"roll","payload":6,"latencyMs":0,"reply":"r1"})",
        Kind::Event, "roll", "reply");
    row("a greeting", false,
        R"({"eventName":"@@KOJI_DISPATCH/CONNECTED","payload":{"session":"x"},"latencyMs":0})",
        Kind::Platform, "CONNECTED", "");
    row("a refusal", false,
        R"({"eventName":"@@KOJI_DISPATCH/ERROR","payload":{"code":"rate_limited"},"latencyMs":0})",
        Kind::Refusal, "ERROR", "rate_limited");
    row("a change of the state", true,
        R"({"emit":3,"eventName":"@@KOJI_DISPATCH/SET_STATE","payload":{"key":"turn","value":"x"}})",
        Kind::Platform, "SET_STATE", "turn, emit 3");
    row("a whole state", false,
        R"({"eventName":"@@KOJI_DISPATCH/STATE","payload":{"seq":4,"entries":[]},"latencyMs":0,"seq":4})",
        Kind::Platform, "STATE", "seq 4");
    row("a name that could do harm", false,
        R"({"eventName":"a\nb\u202ec","payload":1,"latencyMs":0})", Kind::Event, "a bc", "");
    row("what is no JSON", false, "hello", Kind::Unreadable, "no message", "");
    row("what is no event", false, R"({"payload":1})", Kind::Unreadable, "no message", "");
    row("nothing", false, "", Kind::Unreadable, "no message", "");
}

void tst_Frames::messagesAreSummedUp()
{
    QFETCH(const bool, sent);
    QFETCH(const QString, text);
    FrameReader reader;
    const Frame frame = reader.read({sent ? WireEvent::Sent : WireEvent::Heard,
                                     text,
                                     {.steady = {}, .wall = Milliseconds(1'234)}});
    QTEST(int(frame.kind), "kind");
    QTEST(frame.name, "name");
    QTEST(frame.note, "note");
    QCOMPARE(frame.direction, sent ? Frame::Direction::Sent : Frame::Direction::Heard);
    QCOMPARE(frame.bytes, text.toUtf8().size());
    QCOMPARE(frame.time, 1'234);
    QVERIFY(frame.summary().contains((sent ? u"-> "_s : u"<- "_s) + frame.name));
}

void tst_Frames::connectionsAreSummedUp_data()
{
    QTest::addColumn<int>("event");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("note");
    QTest::addColumn<bool>("routine");
    QTest::newRow("open") << int(WireEvent::Opening) << u"ws://a"_s << u"open"_s << QString()
                          << false;
    QTest::newRow("opened") << int(WireEvent::Opened) << u"dispatch.v2"_s << u"opened"_s
                            << u"dispatch.v2"_s << false;
    QTest::newRow("base") << int(WireEvent::Opened) << QString() << u"opened"_s << u"base profile"_s
                          << false;
    QTest::newRow("ping") << int(WireEvent::Ping) << QString() << u"ping"_s << QString() << true;
    QTest::newRow("pong") << int(WireEvent::Pong) << QString() << u"pong"_s << QString() << true;
    QTest::newRow("close") << int(WireEvent::Left) << QString() << u"close"_s << QString() << false;
    QTest::newRow("ended") << int(WireEvent::Ended) << u"NetworkError: cut"_s << u"ended"_s
                           << QString() << false;
}

void tst_Frames::connectionsAreSummedUp()
{
    QFETCH(const int, event);
    QFETCH(const QString, text);
    FrameReader reader;
    const Frame frame = reader.read({WireEvent::Kind(event), text, {}});
    QTEST(frame.name, "name");
    QTEST(frame.note, "note");
    QTEST(frame.isRoutine, "routine");
    QCOMPARE(frame.text, text);
    QCOMPARE(frame.bytes, 0);
}

void tst_Frames::aTextIsKeptToItsLimit()
{
    FrameReader reader;
    reader.setMaxLength(10);
    const Frame frame = reader.read({WireEvent::Heard, QString(1'000, u'x'), {}});
    QCOMPARE(frame.text, QString(9, u'x') + u'…');
    QCOMPARE(frame.bytes, 1'000);
}

void tst_Frames::aTextCannotTurnTheViewAround()
{
    FrameReader reader;
    const Frame frame = reader.read({WireEvent::Heard, u"a\u202Eb\nc"_s, {}});
    QCOMPARE(frame.text, u"ab c"_s);
}

void tst_Frames::aLogKeepsTheLatest()
{
    BoundedLog<int> log(3);
    log.add(1);
    log.add(2);
    QVERIFY(log.rows().empty());
    QCOMPARE(log.surplus(), 0u);
    log.takeNews();
    QCOMPARE(log.rows(), (std::deque{1, 2}));
    QVERIFY(!log.latestNews());
    log.add(3);
    log.add(4);
    QCOMPARE(*log.latestNews(), 4);
    QCOMPARE(log.surplus(), 1u);
    log.dropSurplus();
    log.takeNews();
    QCOMPARE(log.rows(), (std::deque{2, 3, 4}));
}

void tst_Frames::newsAreBoundedToo()
{
    BoundedLog<int> log(3);
    log.add(0);
    log.takeNews();
    for (int i = 1; i <= 10'000; ++i)
        log.add(i);
    QCOMPARE(log.newsCount(), 3u);
    QCOMPARE(log.surplus(), 1u);
    log.dropSurplus();
    log.takeNews();
    QCOMPARE(log.rows(), (std::deque{9'998, 9'999, 10'000}));
}

void tst_Frames::aLowerLimitTakesEffectWithTheNextNews()
{
    BoundedLog<int> log(3);
    for (int i = 1; i <= 3; ++i)
        log.add(i);
    log.takeNews();
    log.setLimit(1);
    QCOMPARE(log.surplus(), 2u);
    log.dropSurplus();
    QCOMPARE(log.rows(), (std::deque{3}));
    log.clear();
    QVERIFY(log.rows().empty());
}

void tst_Frames::roundTripsAreMeasuredUp()
{
    RoundTrips trips(3);
    QCOMPARE(trips.latest(), -1);
    QCOMPARE(trips.mean(), -1);
    for (const double ms : {1'000.0, 10.0, 30.0, 20.0})
        trips.add(ms);
    QCOMPARE(trips.samples(), (QList<double>{10, 30, 20}));
    QCOMPARE(trips.latest(), 20);
    QCOMPARE(trips.shortest(), 10);
    QCOMPARE(trips.longest(), 30);
    QCOMPARE(trips.mean(), 20);
    trips.setLimit(1);
    QCOMPARE(trips.samples(), QList<double>{20});
}

void tst_Frames::aGapIsNoRoundTrip()
{
    RoundTrips trips(10);
    trips.addGap();
    trips.add(4);
    trips.addGap();
    trips.addGap();
    QCOMPARE(trips.samples(), (QList<double>{4, RoundTrips::Gap}));
    QCOMPARE(trips.latest(), 4);
    QCOMPARE(trips.shortest(), 4);
}

QTEST_GUILESS_MAIN(tst_Frames)

#include "tst_frames.moc"
