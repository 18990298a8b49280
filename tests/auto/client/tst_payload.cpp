// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchevent.h"
#include "outgoing_p.h"
#include "payload_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <limits>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_Payload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decodesToVariants_data();
    void decodesToVariants();
    void decodesToJson_data();
    void decodesToJson();
    void brokenTextIsNoValue_data();
    void brokenTextIsNoValue();
    void bothFormsAgree();
    void objectsWithTheKeysOfAnotherAreDecoded();
    void whatWasDecodedStaysAsItIs();
    void deepNestingIsDecodedOrRefusedButNeverCrashes();
    void encodesAnyValue_data();
    void encodesAnyValue();
    void refusesWhatJsonCannotCarry();
    void refusesWhatNestsTooDeep();
    void eventIsDecodedOnDemandAndKeepsTheText();
    void messagesAreChecked_data();
    void messagesAreChecked();
    void sizeIsCountedInUtf16Units_data();
    void sizeIsCountedInUtf16Units();
    void messagesAreComposed_data();
    void messagesAreComposed();
};

void tst_Payload::decodesToVariants_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QVariant>("value");
    QTest::newRow("object") << "{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":1.5}"_ba
                            << QVariant(QVariantMap{
                                   {u"a"_s, 1}, {u"b"_s, u"x"_s}, {u"c"_s, true}, {u"d"_s, 1.5}});
    QTest::newRow("empty object") << "{}"_ba << QVariant(QVariantMap());
    QTest::newRow("list") << "[1,[2],{\"a\":[]}]"_ba
                          << QVariant(QVariantList{1, QVariantList{2},
                                                   QVariantMap{{u"a"_s, QVariantList()}}});
    QTest::newRow("null member") << "{\"a\":null}"_ba
                                 << QVariant(QVariantMap{{u"a"_s, QVariant::fromValue(nullptr)}});
    QTest::newRow("escapes") << R"({"\u0061\n":"\"\\\/\u00e9\ud83d\ude00"})"_ba
                             << QVariant(QVariantMap{{u"a\n"_s, u"\"\\/é😀"_s}});
    QTest::newRow("many keys with escapes")
        << R"({"k\u0031":"v\u0031","k\u0032":"v\u0032"})"_ba
        << QVariant(QVariantMap{{u"k1"_s, u"v1"_s}, {u"k2"_s, u"v2"_s}});
    QTest::newRow("largest 64-bit integer")
        << "[9223372036854775807]"_ba
        << QVariant(QVariantList{std::numeric_limits<qlonglong>::max()});
    QTest::newRow("integer over 64 bits")
        << "[12345678901234567890123]"_ba << QVariant(QVariantList{12345678901234567890123.0});
    QTest::newRow("lone surrogate")
        << R"(["\ud800x"])"_ba << QVariant(QVariantList{QString(QChar(0xD800)) + u'x'});
    QTest::newRow("string") << "\"x\""_ba << QVariant(u"x"_s);
    QTest::newRow("number") << "12"_ba << QVariant(12);
    QTest::newRow("true") << "true"_ba << QVariant(true);
    QTest::newRow("null") << "null"_ba << QVariant::fromValue(nullptr);
    QTest::newRow("duplicate keys: the last")
        << R"({"a":1,"a":2})"_ba << QVariant(QVariantMap{{u"a"_s, 2}});
    QTest::newRow("__proto__ is a key")
        << R"({"__proto__":1,"":2})"_ba << QVariant(QVariantMap{{u"__proto__"_s, 1}, {u""_s, 2}});
}

void tst_Payload::decodesToVariants()
{
    QFETCH(QByteArray, json);
    QFETCH(QVariant, value);
    QCOMPARE(Payload::toVariant(json), value);
    QCOMPARE(Payload::toVariant(Payload::padded(json.toStdString())), value);
}

void tst_Payload::decodesToJson_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("object") << "{\"a\":[1]}"_ba << QJsonValue(QJsonObject{{u"a"_s, QJsonArray{1}}});
    QTest::newRow("array") << "[1,\"x\"]"_ba << QJsonValue(QJsonArray{1, u"x"_s});
    QTest::newRow("string") << "\"x\""_ba << QJsonValue(u"x"_s);
    QTest::newRow("number") << "1.5"_ba << QJsonValue(1.5);
    QTest::newRow("false") << "false"_ba << QJsonValue(false);
    QTest::newRow("null") << "null"_ba << QJsonValue(QJsonValue::Null);
}

void tst_Payload::decodesToJson()
{
    QFETCH(QByteArray, json);
    QFETCH(QJsonValue, value);
    QCOMPARE(Payload::toJson(json), value);
}

void tst_Payload::brokenTextIsNoValue_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char *text :
         {"", "{", "[1", "{\"a\"}", "[1]x", "{}{}", "nul", "1,2", "\"x", "[1,]", "{\"a\":nope}"})
        QTest::addRow("'%s'", text) << QByteArray(text);
}

void tst_Payload::brokenTextIsNoValue()
{
    QFETCH(QByteArray, json);
    QVERIFY(!Payload::toVariant(json).isValid());
    QVERIFY(Payload::toJson(json).isUndefined());
}

void tst_Payload::bothFormsAgree()
{
    const QByteArray json =
        R"({"n":-0.5e3,"i":-7,"l":[null,true,"é",{"x":{}}],"big":123456789012})"_ba;
    QCOMPARE(QJsonValue::fromVariant(Payload::toVariant(json)), Payload::toJson(json));
}

void tst_Payload::objectsWithTheKeysOfAnotherAreDecoded()
{
    QByteArray many = "{";
    for (int i = 0; i < 40; ++i)
        many += "\"key" + QByteArray::number(i) + "\":" + QByteArray::number(i) + ',';
    const QByteArray longKey = QByteArray(100, 'k');
    const QByteArrayList texts{
        R"({"b":1,"a":"x","c":[true]})",
        R"({"a":"x","b":1,"c":[true]})",
        R"({"b":2,"a":{"b":3,"a":4,"c":5},"c":6})",
        R"({"c":{"b":{"c":{"b":7}}}})",
        R"([{"x":1,"y":2},{"x":3,"y":4},{"y":5,"x":6},{"x":7}])",
        R"({"a":1,"b":2,"a":3})",
        R"({"a":1,"b":2})",
        R"({"a":1})",
        R"({"":1,"a":2})",
        R"({"\u0061":1,"\u00e9":2})",
        R"({"Aa":1,"BB":2})",
        R"({"a1b":1,"a2b":2})",
        "{}",
        many + "\"last\":0}",
        R"({")" + longKey + R"(":1,"a":2})",
    };
    // Again and again: the way there changes when the keys are known, and with each other keys that
    // came meanwhile.
    for (int round = 0; round < 4; ++round) {
        for (const QByteArray &text : texts) {
            const QVariant expected = QJsonDocument::fromJson(text).toVariant();
            for (int i = 0; i <= round; ++i)
                QCOMPARE(Payload::toVariant(text), expected);
        }
    }
}

void tst_Payload::whatWasDecodedStaysAsItIs()
{
    const auto decode = [](int value) {
        return Payload::toVariant("{\"x\":" + QByteArray::number(value) + ",\"y\":[1]}").toMap();
    };
    QList<QVariantMap> maps;
    for (int i = 0; i < 5; ++i)
        maps.append(decode(i));
    maps[3][u"x"_s] = u"changed"_s;
    maps[4].remove(u"y"_s);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(maps.at(i), (QVariantMap{{u"x"_s, i}, {u"y"_s, QVariantList{1}}}));
    QCOMPARE(decode(5), (QVariantMap{{u"x"_s, 5}, {u"y"_s, QVariantList{1}}}));
}

void tst_Payload::deepNestingIsDecodedOrRefusedButNeverCrashes()
{
    for (int depth : {10, 127, 130, 1000, 100'000}) {
        const QByteArray json = QByteArray(depth, '[') + QByteArray(depth, ']');
        const QVariant value = Payload::toVariant(json);
        if (depth < 1000)
            QVERIFY(value.isValid());
    }
}

void tst_Payload::encodesAnyValue_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("object") << QJsonValue(QJsonObject{{u"a"_s, 1}}) << "{\"a\":1}"_ba;
    QTest::newRow("array") << QJsonValue(QJsonArray{1, u"x"_s}) << "[1,\"x\"]"_ba;
    QTest::newRow("string") << QJsonValue(u"a\"b"_s) << "\"a\\\"b\""_ba;
    QTest::newRow("number") << QJsonValue(2.5) << "2.5"_ba;
    QTest::newRow("true") << QJsonValue(true) << "true"_ba;
    QTest::newRow("null") << QJsonValue(QJsonValue::Null) << "null"_ba;
}

void tst_Payload::encodesAnyValue()
{
    QFETCH(QJsonValue, value);
    QFETCH(QByteArray, json);
    QCOMPARE(Payload::fromJson(value, 10), std::optional(json));
}

void tst_Payload::refusesWhatJsonCannotCarry()
{
    const double infinity = std::numeric_limits<double>::infinity();
    QVERIFY(!Payload::fromJson(infinity, 10));
    QVERIFY(!Payload::fromJson(QJsonArray{1, QJsonObject{{u"a"_s, -infinity}}}, 10));
}

void tst_Payload::refusesWhatNestsTooDeep()
{
    const QJsonValue two = QJsonArray{QJsonArray{1}};
    QVERIFY(Payload::fromJson(two, 2));
    QVERIFY(!Payload::fromJson(two, 1));
}

void tst_Payload::eventIsDecodedOnDemandAndKeepsTheText()
{
    DispatchEventMetadata metadata;
    metadata.eventName = u"x"_s;
    const DispatchEvent event(R"({"a":1.0,"n":12345678901234567890})"_ba, metadata);
    QCOMPARE(event.name(), u"x"_s);
    QCOMPARE(event.rawPayload(), R"({"a":1.0,"n":12345678901234567890})"_ba);
    QCOMPARE(event.payload()["a"_L1].toDouble(), 1.0);
    QCOMPARE(event.toVariant().toMap().value(u"a"_s).toDouble(), 1.0);
}

void tst_Payload::messagesAreChecked_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonValue>("payload");
    QTest::addColumn<DispatchError::Code>("code");
    const QJsonValue none(QJsonValue::Undefined);
    QTest::newRow("fine") << u"x"_s << none << DispatchError::NoError;
    QTest::newRow("no name") << u""_s << none << DispatchError::InvalidEventName;
    QTest::newRow("255 bytes") << QString(255, u'x') << none << DispatchError::NoError;
    QTest::newRow("256 bytes") << QString(256, u'x') << none << DispatchError::InvalidEventName;
    QTest::newRow("128 characters of two bytes")
        << QString(128, u'é') << none << DispatchError::InvalidEventName;
    QTest::newRow("reserved") << u"@@KOJI_DISPATCH/CONNECTED"_s << none
                              << DispatchError::InvalidEventName;
    QTest::newRow("one at sign") << u"@home"_s << none << DispatchError::NoError;
    QTest::newRow("infinite") << u"x"_s << QJsonValue(std::numeric_limits<double>::infinity())
                              << DispatchError::InvalidPayload;
}

void tst_Payload::messagesAreChecked()
{
    QFETCH(QString, name);
    QFETCH(QJsonValue, payload);
    QFETCH(DispatchError::Code, code);
    const Outgoing outgoing = composeEvent(name, payload, std::nullopt);
    const auto *error = std::get_if<DispatchError>(&outgoing);
    QCOMPARE(error ? error->code() : DispatchError::NoError, code);
    if (error)
        QVERIFY(!error->message().isEmpty());
}

void tst_Payload::sizeIsCountedInUtf16Units_data()
{
    QTest::addColumn<QString>("unit");
    QTest::addColumn<int>("length");
    QTest::newRow("ASCII") << u"x"_s << 1;
    QTest::newRow("three bytes, one unit") << u"漢"_s << 1;
    QTest::newRow("four bytes, two units") << u"😀"_s << 2;
}

void tst_Payload::sizeIsCountedInUtf16Units()
{
    QFETCH(QString, unit);
    QFETCH(int, length);
    // {"eventName":"x","payload":"..."}
    const int frame = 30;
    const int fits = (128'000 - frame) / length;
    QVERIFY(std::holds_alternative<std::string>(
        composeEvent(u"x"_s, unit.repeated(fits), std::nullopt)));
    const Outgoing over = composeEvent(u"x"_s, unit.repeated(fits + 1), std::nullopt);
    QVERIFY(std::holds_alternative<DispatchError>(over));
    const DispatchError error = std::get<DispatchError>(over);
    QCOMPARE(error.code(), DispatchError::MessageTooBig);
    QVERIFY2(error.message().contains(u"128000"_s), qPrintable(error.message()));
    QVERIFY2(error.message().contains(u"1280"_s), qPrintable(error.message()));
}

void tst_Payload::messagesAreComposed_data()
{
    QTest::addColumn<QJsonValue>("payload");
    QTest::addColumn<bool>("toSome");
    QTest::addColumn<QStringList>("recipients");
    QTest::addColumn<QByteArray>("json");
    const QJsonValue none(QJsonValue::Undefined);
    QTest::newRow("name only") << none << false << QStringList() << R"({"eventName":"n"})"_ba;
    QTest::newRow("payload") << QJsonValue(QJsonObject{{u"a"_s, 1}}) << false << QStringList()
                             << R"({"eventName":"n","payload":{"a":1}})"_ba;
    QTest::newRow("recipients") << QJsonValue(1) << true << QStringList{u"a"_s, u"b\""_s}
                                << R"({"eventName":"n","payload":1,"recipients":["a","b\""]})"_ba;
    QTest::newRow("for nobody") << QJsonValue(1) << true << QStringList()
                                << R"({"eventName":"n","payload":1,"recipients":[]})"_ba;
}

void tst_Payload::messagesAreComposed()
{
    QFETCH(QJsonValue, payload);
    QFETCH(bool, toSome);
    QFETCH(QStringList, recipients);
    QFETCH(QByteArray, json);
    const Outgoing outgoing =
        composeEvent(u"n"_s, payload, toSome ? std::optional(recipients) : std::nullopt);
    const QByteArray text = QByteArray::fromStdString(std::get<std::string>(outgoing));
    QCOMPARE(QJsonDocument::fromJson(text), QJsonDocument::fromJson(json));
    QCOMPARE(payloadOf(text.toStdString()), payload);
}

QTEST_APPLESS_MAIN(tst_Payload)
#include "tst_payload.moc"
