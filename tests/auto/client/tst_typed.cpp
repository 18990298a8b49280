// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"
#include "typedpayloads.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qpoint.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <limits>
#include <optional>
#include <thread>

using namespace Qt::StringLiterals;

namespace {

QJsonObject ann()
{
    return {{u"name"_s, u"Ann"_s},
            {u"team"_s, u"Blue"_s},
            {u"skills"_s, u"Runs|Jumps"_s},
            {u"level"_s, 7},
            {u"score"_s, qint64(9'007'199'254'740'993)},
            {u"place"_s, QJsonObject{{u"x"_s, 1.5}, {u"y"_s, 2}}},
            {u"path"_s, QJsonArray{QJsonObject{{u"x"_s, 0}, {u"y"_s, -1}}}},
            {u"bag"_s, QJsonObject{{u"gold"_s, 3}}},
            {u"rank"_s, 2},
            {u"home"_s, QJsonObject{{u"x"_s, 3}, {u"y"_s, 4}}},
            {u"colour"_s, u"green"_s},
            {u"palette"_s, QJsonArray{u"red"_s, u"blue"_s}},
            {u"tags"_s, QJsonArray{u"a"_s}},
            {u"since"_s, u"2026-11-26T12:00:00.250Z"_s},
            {u"anything"_s, QJsonArray{1, u"two"_s}}};
}

QJsonObject annWith(const QString &key, const QJsonValue &value)
{
    QJsonObject json = ann();
    json[key] = value;
    return json;
}

} // namespace

//! [converter]
template<>
struct DispatchConverter<QPointF> {
    static std::optional<QPointF> fromJson(const QJsonValue &json)
    {
        const QJsonArray pair = json.toArray();
        if (pair.size() != 2)
            return std::nullopt;
        return QPointF(pair[0].toDouble(), pair[1].toDouble());
    }
    static QJsonValue toJson(const QPointF &point) { return QJsonArray{point.x(), point.y()}; }
};
//! [converter]

/// Types of the application as payloads.
class tst_Typed : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aGadgetIsReadWhole();
    void aGadgetIsWrittenWhole();
    void whatIsMissingKeepsItsDefault();
    void nothingIsNoKey();
    void whatDoesNotFitIsToldWithItsPlace_data();
    void whatDoesNotFitIsToldWithItsPlace();
    void whatNobodyCouldReadIsNotWritten();
    void aFloatIsNotCut();
    void whatJsonCantCarryIsRefused_data();
    void whatJsonCantCarryIsRefused();
    void plainValuesAndListsArePayloads();
    void eachKindOfTypeIsHeard();
    void anUnreadableEventIsToldOnceAndNotHandedOver();
    void aHandlerMayDeleteTheClient();
    void aValueIsEmitted();
    void aValueThatCantBeSentIsRefusedOnAnyThread();
    void requestsAreAnsweredByValues_data();
    void requestsAreAnsweredByValues();
    void aRequestThatCantBeReadIsNotAnswered();
    void aReplyIsReadAsAType_data();
    void aReplyIsReadAsAType();
};

void tst_Typed::initTestCase()
{
    dispatchRegisterPayloadType<Colour>();
    dispatchRegisterPayloadType<std::optional<Place>>();
}

void tst_Typed::aGadgetIsReadWhole()
{
    const auto reading = Dispatch::readAs<Player>(ann());
    QCOMPARE(reading.why, QString());
    const Player &player = *reading.value;
    QCOMPARE(player.name, u"Ann"_s);
    QCOMPARE(player.team, Player::Team::Blue);
    QCOMPARE(player.skills, Player::Runs | Player::Jumps);
    QCOMPARE(int(player.level), 7);
    QCOMPARE(player.score, 9'007'199'254'740'993);
    QCOMPARE(player.place, (Place{1.5, 2}));
    QCOMPARE(player.path, (QList<Place>{{0, -1}}));
    QCOMPARE(player.bag, (QMap<QString, int>{{u"gold"_s, 3}}));
    QCOMPARE(player.rank, 2);
    QCOMPARE(player.home, (Place{3, 4}));
    QCOMPARE(player.colour.name, u"green"_s);
    QCOMPARE(player.palette, (QList<Colour>{{u"red"_s}, {u"blue"_s}}));
    QCOMPARE(player.tags, QStringList{u"a"_s});
    QCOMPARE(player.since.toMSecsSinceEpoch(), 1'795'694'400'250);
    QCOMPARE(player.anything, (QVariantList{1, u"two"_s}));
}

void tst_Typed::aGadgetIsWrittenWhole()
{
    const auto written = Dispatch::toJson(*Dispatch::readAs<Player>(ann()).value);
    QCOMPARE(written.why, QString());
    // What is computed is told, too; it is not read.
    QCOMPARE(written.json, annWith(u"nameLength"_s, 3));
}

void tst_Typed::whatIsMissingKeepsItsDefault()
{
    const auto reading =
        Dispatch::readAs<Player>(QJsonObject{{u"name"_s, u"Bob"_s}, {u"unknown"_s, 1}});
    QCOMPARE(reading.why, QString());
    QCOMPARE(int(reading.value->level), 1);
    QCOMPARE(reading.value->rank, std::nullopt);
}

void tst_Typed::nothingIsNoKey()
{
    Player player;
    player.since = QDateTime::fromMSecsSinceEpoch(0, Qt::UTC);
    const QJsonValue json = Dispatch::toJson(player).json;
    QVERIFY(!json.toObject().contains("rank"_L1));
    QVERIFY(!json.toObject().contains("home"_L1));
    const auto reading = Dispatch::readAs<Player>(annWith(u"rank"_s, QJsonValue::Null));
    QCOMPARE(reading.why, QString());
    QCOMPARE(reading.value->rank, std::nullopt);
}

void tst_Typed::whatDoesNotFitIsToldWithItsPlace_data()
{
    QTest::addColumn<QJsonValue>("json");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const QJsonValue &json, const QString &why) {
        QTest::newRow(name) << json << why;
    };
    QJsonObject nameless = ann();
    nameless.remove("name"_L1);
    row("no object", QJsonArray{1}, u" is no object"_s);
    row("nothing", QJsonValue::Undefined, u" is no object"_s);
    row("a missing key", nameless, u".name is missing"_s);
    row("null for what is not optional", annWith(u"name"_s, QJsonValue::Null),
        u".name is no text"_s);
    row("a number for text", annWith(u"name"_s, 3), u".name is no text"_s);
    row("text for a number", annWith(u"score"_s, u"3"_s), u".score is no whole number"_s);
    row("a fraction", annWith(u"score"_s, 0.5), u".score is no whole number"_s);
    row("too much", annWith(u"level"_s, 256), u".level is out of range"_s);
    row("too little", annWith(u"level"_s, -1), u".level is out of range"_s);
    row("no key of the enumeration", annWith(u"team"_s, u"Green"_s),
        u".team is none of Nobody, Red, Blue"_s);
    row("its number", annWith(u"team"_s, 1), u".team is no text"_s);
    row("no flag", annWith(u"skills"_s, u"Runs|Flies"_s), u".skills is none of Runs, Jumps"_s);
    row("inside a gadget", annWith(u"place"_s, QJsonObject{{u"x"_s, 1}}), u".place.y is missing"_s);
    row("inside a list",
        annWith(u"path"_s,
                QJsonArray{QJsonObject{{u"x"_s, 1}, {u"y"_s, 1}},
                           QJsonObject{{u"x"_s, true}, {u"y"_s, 1}}}),
        u".path[1].x is no number"_s);
    row("no list", annWith(u"path"_s, QJsonObject()), u".path is no array"_s);
    row("no text in a list of it", annWith(u"tags"_s, QJsonArray{u"a"_s, 3}),
        u".tags[1] is no text"_s);
    row("no list of text", annWith(u"tags"_s, u"a"_s), u".tags is no array"_s);
    row("inside a map", annWith(u"bag"_s, QJsonObject{{u"gold"_s, u"much"_s}}),
        u".bag.gold is no whole number"_s);
    row("inside what is optional", annWith(u"rank"_s, u"first"_s), u".rank is no whole number"_s);
    row("a gadget that is optional", annWith(u"home"_s, QJsonObject()), u".home.x is missing"_s);
    row("what converts itself", annWith(u"colour"_s, 3), u".colour is not what fromJson() takes"_s);
    row("a list of it", annWith(u"palette"_s, QJsonArray{u"red"_s, 3}),
        u".palette[1] is not what fromJson() takes"_s);
    row("no time", annWith(u"since"_s, u"noon"_s), u".since is no QDateTime"_s);
}

void tst_Typed::whatDoesNotFitIsToldWithItsPlace()
{
    QFETCH(QJsonValue, json);
    const auto reading = Dispatch::readAs<Player>(json);
    QVERIFY(!reading.value);
    QTEST(reading.why, "why");
}

void tst_Typed::whatNobodyCouldReadIsNotWritten()
{
    Link link;
    QCOMPARE(Dispatch::toJson(link).why, u".id is no QUuid"_s);
    link.id = QUuid::createUuid();
    QCOMPARE(Dispatch::toJson(link).json[u"url"_s], QJsonValue(QString()));
    link.url = QUrl(u"http://["_s);
    QCOMPARE(Dispatch::toJson(link).why, u".url is no QUrl"_s);
    Player player;
    QCOMPARE(Dispatch::toJson(player).why, u".since is no QDateTime"_s);
}

void tst_Typed::aFloatIsNotCut()
{
    constexpr double Most = std::numeric_limits<float>::max();
    QCOMPARE(Dispatch::readAs<Reading>(QJsonObject{{u"value"_s, Most}}).value->value, float(Most));
    for (const double value : {2 * Most, -2 * Most, std::numeric_limits<double>::infinity()}) {
        QCOMPARE(Dispatch::readAs<Reading>(QJsonObject{{u"value"_s, value}}).why,
                 u".value is out of range"_s);
    }
}

void tst_Typed::whatJsonCantCarryIsRefused_data()
{
    QTest::addColumn<double>("value");
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity();
    QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN();
}

void tst_Typed::whatJsonCantCarryIsRefused()
{
    QFETCH(double, value);
    Measure measure;
    measure.value = value;
    QCOMPARE(m_client->emitEvent(u"x"_s, measure), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::InvalidPayload);
    QCOMPARE(m_client->errorString(),
             u"The payload of 'x' can't be sent: value is no finite number."_s);
    QCOMPARE(errorOf(m_client->emitAcknowledged(u"x"_s, measure)), DispatchError::InvalidPayload);
    QCOMPARE(errorOf(m_client->request<int>(u"x"_s, measure)), DispatchError::InvalidPayload);
    QCOMPARE(m_client->emitEvent(u"x"_s, Opaque()), DispatchClient::Refused);
    QVERIFY2(m_client->errorString().contains("point has the type QPoint"_L1),
             qPrintable(m_client->errorString()));
}

void tst_Typed::plainValuesAndListsArePayloads()
{
    QCOMPARE(Dispatch::readAs<int>(3).value, 3);
    QCOMPARE(Dispatch::readAs<int>(3.5).why, u" is no whole number"_s);
    QCOMPARE(Dispatch::readAs<QString>(u"a"_s).value, u"a"_s);
    QCOMPARE(Dispatch::readAs<QStringList>(QJsonArray{u"a"_s}).value, QStringList{u"a"_s});
    QCOMPARE(Dispatch::readAs<QList<int>>(QJsonArray{1, 2}).value, (QList<int>{1, 2}));
    QCOMPARE(Dispatch::readAs<QVariantMap>(QJsonObject{{u"a"_s, 1}}).value,
             (QVariantMap{{u"a"_s, 1}}));
    const QList<Place> path{{1, 2}, {3, 4}};
    const auto written = Dispatch::toJson(path);
    QCOMPARE(written.why, QString());
    QCOMPARE(Dispatch::readAs<QList<Place>>(written.json).value, path);
    QCOMPARE(Dispatch::readAs<QList<Place>>(QJsonArray{1}).why, u"[0] is no object"_s);
}

void tst_Typed::eachKindOfTypeIsHeard()
{
    QVERIFY(join());
    QStringList heard;
    m_client->on<Player>(u"gadget"_s, this, [&](const Player &p) { heard.append(p.name); });
    m_client->on<Said>(u"said"_s, this, [&](const Said &said, const DispatchEventMetadata &about) {
        heard.append(said.author + about.eventName);
    });
    m_client->on<QPointF>(u"point"_s, this,
                          [&](QPointF p) { heard.append(QString::number(p.y())); });
    m_client->on<int>(u"plain"_s, this, [&](int n) { heard.append(QString::number(n)); });
    m_server->last()->sendEvent(u"gadget"_s, ann());
    m_server->last()->sendEvent(u"said"_s, QJsonObject{{u"author"_s, u"Bob"_s}});
    m_server->last()->sendEvent(u"point"_s, QJsonArray{1, 2});
    m_server->last()->sendEvent(u"plain"_s, 3);
    QTRY_COMPARE(heard, (QStringList{u"Ann"_s, u"Bobsaid"_s, u"2"_s, u"3"_s}));
}

void tst_Typed::anUnreadableEventIsToldOnceAndNotHandedOver()
{
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    int readable = 0;
    const auto never = [](const auto &) { QFAIL("half a value was handed over"); };
    m_client->on<Player>(u"x"_s, this, never);
    m_client->on<Player>(u"x"_s, this, never);
    m_client->on<Said>(u"x"_s, this, never);
    m_client->on(u"x"_s, this, [&] { ++readable; });
    m_server->last()->sendEvent(u"x"_s, QJsonObject{{u"name"_s, 3}});
    m_server->last()->sendEvent(u"x"_s, QJsonObject{{u"name"_s, 3}});
    QTRY_COMPARE(readable, 2);
    QCOMPARE(errors.size(), 2);
    const auto error = errors.last().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::UnreadablePayload);
    QCOMPARE(error.message(), u"The payload of 'x' can't be read: name is no text."_s);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Typed::aHandlerMayDeleteTheClient()
{
    QVERIFY(join());
    FakePeer *server = m_server->last();
    bool heard = false;
    m_client->on<int>(u"x"_s, this, [&](int) {
        m_client.reset();
        heard = true;
    });
    m_client->on<int>(u"x"_s, this, [](int) { QFAIL("called after the client's end"); });
    server->sendEvent(u"x"_s, 1);
    QTRY_VERIFY(heard);
}

void tst_Typed::aValueIsEmitted()
{
    QVERIFY(join());
    QList<QJsonValue> payloads;
    m_client->on(u"x"_s, this, [&](const QJsonValue &payload) { payloads.append(payload); });
    m_client->emitEvent(u"x"_s, Place{1, 2});
    m_client->emitEvent(u"x"_s, Said{u"Ann"_s, u"Hi"_s}, {.tag = u"t"_s});
    m_client->emitEvent(u"x"_s, QPointF(1, 2));
    m_client->emitEvent(u"x"_s, QList<int>{1});
    m_client->emitEvent(u"x"_s, 5);
    const QList<QJsonValue> expected{QJsonObject{{u"x"_s, 1}, {u"y"_s, 2}},
                                     QJsonObject{{u"author"_s, u"Ann"_s}, {u"body"_s, u"Hi"_s}},
                                     QJsonArray{1, 2}, QJsonArray{1}, 5};
    QTRY_COMPARE(payloads, expected);
}

void tst_Typed::aValueThatCantBeSentIsRefusedOnAnyThread()
{
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    std::thread([&] {
        QCOMPARE(m_client->emitEvent(u"x"_s, Opaque()), DispatchClient::Refused);
    }).join();
    QTRY_COMPARE(errors.size(), 1);
    QCOMPARE(m_client->error(), DispatchError::InvalidPayload);
}

void tst_Typed::requestsAreAnsweredByValues_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"value", "future", "metadata"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void tst_Typed::requestsAreAnsweredByValues()
{
    QFETCH(QString, how);
    greetWith(greeting());
    QVERIFY(join());
    if (how == "value"_L1) {
        m_client->onRequest<int>(u"x"_s, this, [](int n) { return Place{double(n), 1}; });
    } else if (how == "future"_L1) {
        m_client->onRequest<int>(u"x"_s, this, [](int n) {
            return QtFuture::makeReadyFuture(Place{double(n), 1});
        });
    } else {
        m_client->onRequest<int>(u"x"_s, this, [](int n, const DispatchEventMetadata &about) {
            return QList<int>{n, int(about.senderId.size())};
        });
    }
    sendRequest(u"q"_s, {{u"payload"_s, 4}});
    QTRY_COMPARE(emits().size(), 1);
    const QJsonValue expected =
        how == "metadata"_L1 ? QJsonValue(QJsonArray{4, 3}) : QJsonObject{{u"x"_s, 4}, {u"y"_s, 1}};
    QCOMPARE(emits().first()["payload"_L1], expected);
}

void tst_Typed::aRequestThatCantBeReadIsNotAnswered()
{
    greetWith(greeting());
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->onRequest<int>(u"x"_s, this, [](int n) { return n; });
    sendRequest(u"q"_s, {{u"payload"_s, u"four"_s}});
    QVERIFY(waitUntilHeard());
    QCOMPARE(errors.size(), 1);
    QCOMPARE(m_client->error(), DispatchError::UnreadablePayload);
    QCOMPARE(emits().size(), 0);
}

void tst_Typed::aReplyIsReadAsAType_data()
{
    QTest::addColumn<QJsonValue>("reply");
    QTest::addColumn<DispatchError::Code>("error");
    QTest::newRow("that") << QJsonValue(QJsonObject{{u"x"_s, 1}, {u"y"_s, 2}})
                          << DispatchError::NoError;
    QTest::newRow("another") << QJsonValue(QJsonObject{{u"x"_s, 1}})
                             << DispatchError::UnreadablePayload;
}

void tst_Typed::aReplyIsReadAsAType()
{
    QFETCH(QJsonValue, reply);
    greetWith(greeting());
    QVERIFY(join());
    const QFuture<Place> place = m_client->request<Place>(u"where"_s, Said{u"Ann"_s, {}});
    QTRY_COMPARE(emits().size(), 1);
    const QJsonObject asked = emits().first();
    QCOMPARE(asked["payload"_L1]["author"_L1].toString(), u"Ann"_s);
    m_server->last()->sendText(eventText(0,
                                         {{u"eventName"_s, u"where"_s},
                                          {u"payload"_s, reply},
                                          {u"reply"_s, asked["request"_L1]},
                                          {u"from"_s, u"ann"_s},
                                          {u"time"_s, 1'000}}));
    QTRY_VERIFY(place.isFinished());
    QTEST(errorOf(place), "error");
    if (errorOf(place) == DispatchError::NoError)
        QCOMPARE(place.result(), (Place{1, 2}));
}

QTEST_GUILESS_MAIN(tst_Typed)
#include "tst_typed.moc"
