// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clientmessage_p.h"
#include "limits_p.h"
#include "padded.h"
#include "vectors.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class TestClientMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void payloadPassesAsItCame_data();
    void payloadPassesAsItCame();
    void refusesWithItsReason_data();
    void refusesWithItsReason();
    void missingPayloadIsAnEmptyObject();
    void nameIsUnescapedAndKeptRaw();
    void recipientsAreNothingOrAList();
    void lastOfTwoEqualKeysWins();
    void depthIsLimitedToTheLevel();
    void parserOutlivesBadMessages();
    void userInfoLosesTheServersKeys();
    void userInfoMustBeAnObject();
    void userInfoIsNotDeep();
    void keysAndValuesAreCounted();
    void differentRecipientsAreCounted();
    void brokenJsonIsLocated_data();
    void brokenJsonIsLocated();
    void tokenIsRead();
    void whatIsEncodedIsParsed();
    void vectorsAreRead_data() { addVectorRows(QStringLiteral("client-messages")); }
    void vectorsAreRead();
    void otherFieldsOfTheExtendedProfileArePassedOver_data() { vectorsAreRead_data(); }
    void otherFieldsOfTheExtendedProfileArePassedOver();
    void vectorsAreWritten_data() { vectorsAreRead_data(); }
    void vectorsAreWritten();
    void numberIsReadFromAMessageThatIsTooMuch();

private:
    ClientMessageParser m_parser;
};

static QByteArray bytes(std::string_view view)
{
    return QByteArray(view.data(), qsizetype(view.size()));
}

/// The text that \a raw, a JSON string or nothing, stands for.
static QString idIn(std::string_view raw)
{
    return QJsonDocument::fromJson('[' + bytes(raw) + ']')[0].toString();
}

void TestClientMessage::payloadPassesAsItCame_data()
{
    QTest::addColumn<QByteArray>("payload");
    const char *const payloads[] = {
        "1.0",
        "-0",
        "0",
        "1e999",
        "-1.5E-7",
        "123456789012345678901234567890",
        "12345678901234567890",
        "true",
        "false",
        "null",
        "\"\"",
        "\"text\"",
        "\"\\ud83d\"",
        "\"\\ud83d\\ude00\"",
        "\"\\\\ \\\" \\/ \\b\\f\\n\\r\\t\"",
        "[]",
        "{}",
        "[ 1 , 2 ]",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"__proto__\":{\"x\":1},\"\":0}",
        "[[[1.0,-0,{}]],\"x\"]",
        "{ \"spaced\" : [ ] }",
        "\"\xE2\x82\xAC\xF0\x9F\x98\x80\"",
    };
    for (const char *payload : payloads)
        QTest::newRow(payload) << QByteArray(payload);
}

void TestClientMessage::payloadPassesAsItCame()
{
    QFETCH(QByteArray, payload);
    const Padded texts[] = {
        Padded("{\"eventName\":\"e\",\"payload\":" + payload + "}"),
        Padded(" { \"payload\" : " + payload + " , \"eventName\" : \"e\" } \n"),
    };
    for (const Padded &text : texts) {
        const auto result = m_parser.parse(text.view());
        QVERIFY(std::holds_alternative<ClientMessage>(result));
        QCOMPARE(bytes(std::get<ClientMessage>(result).payload), payload);
    }
}

void TestClientMessage::refusesWithItsReason_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("slug");
    const QByteArray longName(qsizetype(Limits::EventNameBytes + 1), 'n');
    const QByteArray longRecipient(qsizetype(Limits::RecipientBytes + 1), 'r');
    const auto add = [](const QByteArray &text, const char *slug) {
        QTest::newRow(text.left(60).constData()) << text << QString::fromLatin1(slug);
    };
    for (const char *text : {"",
                             " ",
                             "x",
                             "1",
                             "null",
                             "[]",
                             "\"e\"",
                             "{",
                             "}",
                             "{}",
                             "{\"eventName\"}",
                             "{\"eventName\":}",
                             "{\"eventName\":\"e\"",
                             "{\"eventName\":\"e\",}",
                             "{\"eventName\":\"e\"}}",
                             "{\"eventName\":\"e\"} {}",
                             "{\"eventName\":\"e\"}x",
                             "{\"eventName\":1}",
                             "{\"eventName\":null}",
                             "{\"eventName\":[\"e\"]}",
                             "{\"payload\":1}",
                             "{eventName:\"e\"}",
                             "{\"eventName\":'e'}"}) {
        add(text, "bad_message");
    }
    for (const char *payload : {"01",          "1.",         ".5",
                                "+1",          "1e",         "-",
                                "0x1",         "tru",        "nul",
                                "NaN",         "Infinity",   "1 2",
                                "[1 2]",       "[1,]",       "[,1]",
                                "{\"a\"}",     "{\"a\":1,}", "{\"a\" 1}",
                                "{1:2}",       "\"\\x\"",    "\"\\u12\"",
                                "\"\\u12G4\"", "\"a",        "\"\x01\"",
                                "\"\n\"",      "\"\xFF\"",   "\"\xED\xA0\x80\"",
                                "{\"\\q\":1}", "[",          "]",
                                "{]",          "\"\\\"",     ""}) {
        add(QByteArray("{\"eventName\":\"e\",\"payload\":") + payload + "}", "bad_message");
        add(QByteArray("{\"eventName\":\"e\",\"unknown\":") + payload + "}", "bad_message");
    }
    add("{\"eventName\":\"\"}", "bad_event_name");
    add("{\"eventName\":\"" + longName + "\"}", "bad_event_name");
    add("{\"eventName\":\"\\ud83d\"}", "bad_event_name");
    for (const char *recipients : {"\"x\"", "1", "{}", "[1]", "[null]", "[[\"x\"]]", "[\"a\",{}]"})
        add(QByteArray("{\"eventName\":\"e\",\"recipients\":") + recipients + "}",
            "bad_recipients");
    add("{\"eventName\":\"e\",\"recipients\":[\"" + longRecipient + "\"]}", "bad_recipients");
}

void TestClientMessage::refusesWithItsReason()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, slug);
    const Padded padded(text);
    const auto result = m_parser.parse(padded.view());
    QVERIFY(std::holds_alternative<ClientMessageError>(result));
    const std::string_view got = info(std::get<ClientMessageError>(result).refusal).slug;
    QCOMPARE(QString::fromLatin1(got.data(), qsizetype(got.size())), slug);
}

void TestClientMessage::missingPayloadIsAnEmptyObject()
{
    const Padded text("{\"eventName\":\"new_tap\"}");
    const auto result = m_parser.parse(text.view());
    QCOMPARE(bytes(std::get<ClientMessage>(result).payload), "{}");
}

void TestClientMessage::nameIsUnescapedAndKeptRaw()
{
    const Padded text("{\"eventName\":\"a\\u0062\\n\"}");
    const auto result = m_parser.parse(text.view());
    QCOMPARE(std::get<ClientMessage>(result).eventName, std::string("ab\n"));
    QCOMPARE(bytes(std::get<ClientMessage>(result).rawName), "\"a\\u0062\\n\"");

    const Padded longest("{\"eventName\":\"" + QByteArray(qsizetype(Limits::EventNameBytes), 'n')
                         + "\"}");
    QVERIFY(std::holds_alternative<ClientMessage>(m_parser.parse(longest.view())));
}

void TestClientMessage::recipientsAreNothingOrAList()
{
    const auto recipients = [this](const QByteArray &members) {
        const Padded text("{\"eventName\":\"e\"" + members + "}");
        return std::get<ClientMessage>(m_parser.parse(text.view())).recipients;
    };
    QVERIFY(!recipients(""));
    QVERIFY(!recipients(",\"recipients\":null"));
    QCOMPARE(recipients(",\"recipients\":[]").value().size(), std::size_t(0));
    const std::vector<std::string> expected = {"a", "\xC3\xBC"};
    QCOMPARE(recipients(",\"recipients\":[\"a\",\"\\u00fc\"]").value(), expected);
}

void TestClientMessage::lastOfTwoEqualKeysWins()
{
    const Padded text("{\"eventName\":\"a\",\"payload\":1,\"eventName\":\"b\",\"payload\":2}");
    const auto result = m_parser.parse(text.view());
    QCOMPARE(std::get<ClientMessage>(result).eventName, std::string("b"));
    QCOMPARE(bytes(std::get<ClientMessage>(result).payload), "2");
}

void TestClientMessage::depthIsLimitedToTheLevel()
{
    const auto nested = [](int levels) {
        return Padded("{\"eventName\":\"e\",\"payload\":" + QByteArray(levels, '[')
                      + QByteArray(levels, ']') + "}");
    };
    // The message itself is the first level.
    for (int below : {1, Limits::JsonDepth - 2, Limits::JsonDepth - 1}) {
        const Padded text = nested(below);
        QVERIFY(std::holds_alternative<ClientMessage>(m_parser.parse(text.view())));
    }
    for (int above : {Limits::JsonDepth, 1023, 60'000}) {
        const Padded text = nested(above);
        const auto result = m_parser.parse(text.view());
        QVERIFY(std::holds_alternative<ClientMessageError>(result));
        QVERIFY(std::get<ClientMessageError>(result).refusal == Refusal::TooDeep
                || std::get<ClientMessageError>(result).refusal == Refusal::BadMessage);
    }
}

void TestClientMessage::parserOutlivesBadMessages()
{
    const Padded bad("{\"eventName\":\"e\",\"payload\":[1,{\"a\":tru}]}");
    const Padded good("{\"eventName\":\"e\",\"payload\":[1]}");
    for (int i = 0; i < 3; ++i) {
        QVERIFY(std::holds_alternative<ClientMessageError>(m_parser.parse(bad.view())));
        QVERIFY(std::holds_alternative<ClientMessage>(m_parser.parse(good.view())));
    }
}

void TestClientMessage::userInfoLosesTheServersKeys()
{
    const Padded text("{ \"name\" : \"Ann\", \"lastPing\":1, \"clientId\":\"x\", "
                      "\"us\\u0065rId\":\"y\", \"n\": {\"lastPing\": [1.0] } }");
    QCOMPARE(std::get<std::string>(m_parser.parseUserInfo(text.view())),
             std::string("\"name\":\"Ann\",\"n\":{\"lastPing\": [1.0] }"));
    const Padded empty("{}");
    QCOMPARE(std::get<std::string>(m_parser.parseUserInfo(empty.view())), std::string());
}

void TestClientMessage::userInfoMustBeAnObject()
{
    for (const char *payload : {"1", "null", "[]", "\"name\""}) {
        const Padded text((QByteArray(payload)));
        const auto result = m_parser.parseUserInfo(text.view());
        QVERIFY(std::get<ClientMessageError>(result).refusal == Refusal::BadUserInfo);
    }
}

void TestClientMessage::userInfoIsNotDeep()
{
    const auto nested = [](int levels) {
        return Padded("{\"a\":" + QByteArray(levels - 1, '[') + QByteArray(levels - 1, ']') + "}");
    };
    for (int levels : {Limits::UserInfoDepth - 1, Limits::UserInfoDepth}) {
        const Padded text = nested(levels);
        QVERIFY(std::holds_alternative<std::string>(m_parser.parseUserInfo(text.view())));
    }
    const Padded text = nested(Limits::UserInfoDepth + 1);
    const auto result = m_parser.parseUserInfo(text.view());
    QVERIFY(std::get<ClientMessageError>(result).refusal == Refusal::BadUserInfo);
    QVERIFY(bytes(std::get<ClientMessageError>(result).detail).contains("16 levels"));
}

void TestClientMessage::keysAndValuesAreCounted()
{
    // The message, its two keys and its two values, the array among them: 5 beside the elements.
    const auto message = [](int elements) {
        return Padded("{\"eventName\":\"e\",\"payload\":[" + QByteArray("1,").repeated(elements - 1)
                      + "1]}");
    };
    for (int tokens : {Limits::JsonTokens - 1, Limits::JsonTokens}) {
        const Padded text = message(tokens - 5);
        QVERIFY(std::holds_alternative<ClientMessage>(m_parser.parse(text.view())));
    }
    const Padded text = message(Limits::JsonTokens + 1 - 5);
    const auto result = m_parser.parse(text.view());
    QVERIFY(std::get<ClientMessageError>(result).refusal == Refusal::TooComplex);
    QVERIFY(bytes(std::get<ClientMessageError>(result).detail).contains("20000"));

    ClientMessageParser strict;
    strict.setBounds({9, 100});
    const Padded most("{\"eventName\":\"e\",\"payload\":{\"a\":1,\"b\":2}}");
    const Padded more("{\"eventName\":\"e\",\"payload\":{\"a\":1,\"b\":[0]}}");
    QVERIFY(std::holds_alternative<ClientMessage>(strict.parse(most.view())));
    QVERIFY(std::holds_alternative<ClientMessageError>(strict.parse(more.view())));
}

void TestClientMessage::differentRecipientsAreCounted()
{
    const auto message = [](int different, int times) {
        QByteArray list;
        for (int i = 0; i < different * times; ++i)
            list += "\"r" + QByteArray::number(i % different) + "\",";
        return Padded("{\"eventName\":\"e\",\"recipients\":[" + list.chopped(1) + "]}");
    };
    const int most = int(Limits::Recipients);
    for (int times : {1, 2, 50}) {
        for (int different : {most - 1, most}) {
            const Padded text = message(different, times);
            const auto result = m_parser.parse(text.view());
            QCOMPARE(std::get<ClientMessage>(result).recipients.value().size(),
                     std::size_t(different));
        }
        const Padded text = message(most + 1, times);
        const auto result = m_parser.parse(text.view());
        QVERIFY(std::get<ClientMessageError>(result).refusal == Refusal::TooManyRecipients);
        QCOMPARE(bytes(std::get<ClientMessageError>(result).detail), "at most 100");
    }
}

void TestClientMessage::brokenJsonIsLocated_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("place");
    const auto add = [](const QByteArray &before, const QByteArray &after) {
        QTest::newRow((before + after).constData()) << before + after << int(before.size());
    };
    add("{\"eventName\":\"e\",\"payload\":", "01}");
    add("{\"eventName\":\"e\",\"payload\":[1,2,", "tru]}");
    add("{\"eventName\":\"e\",\"payload\":{\"a\":1 ", "1}}");
    add("{\"eventName\":\"e\" ", "\"payload\":1}");
}

void TestClientMessage::brokenJsonIsLocated()
{
    QFETCH(QByteArray, text);
    QFETCH(int, place);
    const Padded padded(text);
    const auto result = m_parser.parse(padded.view());
    const QByteArray detail = bytes(std::get<ClientMessageError>(result).detail);
    QVERIFY2(detail.startsWith("invalid JSON near byte "), detail.constData());
    const int said = detail.split(' ').last().toInt();
    QVERIFY2(std::abs(said - place) <= 6, detail.constData());
}

void TestClientMessage::tokenIsRead()
{
    const Padded text("{\"x\":1,\"token\":\"a.b.c\"}");
    QCOMPARE(m_parser.parseToken(text.view()).value(), std::string("a.b.c"));
    for (const char *payload : {"{}", "{\"token\":1}", "[]", "1", "\"token\""}) {
        const Padded bad((QByteArray(payload)));
        QVERIFY(!m_parser.parseToken(bad.view()));
    }
}

void TestClientMessage::whatIsEncodedIsParsed()
{
    const std::vector<std::string> recipients = {"a\"b", "c"};
    const Padded text(
        QByteArray::fromStdString(encodeClientMessage("n\\\"\x01", "[1.0]", recipients)));
    const auto result = m_parser.parse(text.view());
    const auto &message = std::get<ClientMessage>(result);
    QCOMPARE(message.eventName, std::string("n\\\"\x01"));
    QCOMPARE(bytes(message.payload), "[1.0]");
    QCOMPARE(message.recipients.value(), recipients);
    QCOMPARE(encodeClientMessage("e", {}, std::nullopt), std::string("{\"eventName\":\"e\"}"));
    QCOMPARE(encodeClientMessage("e", {}, std::vector<std::string>()),
             std::string("{\"eventName\":\"e\",\"recipients\":[]}"));
}

void TestClientMessage::vectorsAreRead()
{
    QFETCH(const QJsonObject, vector);
    const Padded text(vector[QLatin1String("text")].toString().toUtf8());
    const auto parsed = m_parser.parse(text.view(), Profile::Extended);
    if (vector.contains(QLatin1String("refused"))) {
        const auto *error = std::get_if<ClientMessageError>(&parsed);
        QVERIFY(error);
        QCOMPARE(QLatin1String(info(error->refusal).slug.data()),
                 vector[QLatin1String("refused")].toString());
        QCOMPARE(qint64(error->emit), vector[QLatin1String("emit")].toInteger());
        return;
    }
    const auto *message = std::get_if<ClientMessage>(&parsed);
    QVERIFY(message);
    const QJsonObject ok = vector[QLatin1String("ok")].toObject();
    QCOMPARE(QString::fromStdString(message->eventName), ok[QLatin1String("eventName")].toString());
    QCOMPARE(bytes(message->payload), ok.value(QLatin1String("payload")).toString().toUtf8());
    QCOMPARE(qint64(message->emit), ok.value(QLatin1String("emit")).toInteger());
    QCOMPARE(message->wantsAck, ok.value(QLatin1String("ack")).toBool());
    QCOMPARE(idIn(message->request), ok.value(QLatin1String("request")).toString());
    QCOMPARE(idIn(message->reply), ok.value(QLatin1String("reply")).toString());
    QCOMPARE(message->recipients.has_value(), ok.contains(QLatin1String("recipients")));
}

void TestClientMessage::otherFieldsOfTheExtendedProfileArePassedOver()
{
    QFETCH(const QJsonObject, vector);
    const Padded text(vector[QLatin1String("text")].toString().toUtf8());
    const auto parsed = m_parser.parse(text.view());
    if (const auto *message = std::get_if<ClientMessage>(&parsed)) {
        QCOMPARE(message->emit, std::uint64_t(0));
        QVERIFY(!message->wantsAck);
        QVERIFY(message->request.empty() && message->reply.empty());
    } else {
        QCOMPARE(std::get<ClientMessageError>(parsed).emit, std::uint64_t(0));
        QVERIFY(vector.contains(QLatin1String("refused")));
    }
}

void TestClientMessage::vectorsAreWritten()
{
    QFETCH(const QJsonObject, vector);
    const QJsonObject ok = vector[QLatin1String("ok")].toObject();
    if (ok.isEmpty())
        return;
    std::optional<std::vector<std::string>> recipients;
    if (ok.contains(QLatin1String("recipients"))) {
        recipients.emplace();
        for (const QJsonValue &recipient : ok[QLatin1String("recipients")].toArray())
            recipients->push_back(recipient.toString().toStdString());
    }
    const std::string request = ok.value(QLatin1String("request")).toString().toStdString();
    const std::string reply = ok.value(QLatin1String("reply")).toString().toStdString();
    const std::string written = encodeClientMessage(
        ok[QLatin1String("eventName")].toString().toStdString(),
        ok[QLatin1String("payload")].toString().toStdString(), recipients,
        {static_cast<std::uint64_t>(ok.value(QLatin1String("emit")).toInteger()),
         ok.value(QLatin1String("ack")).toBool(), request, reply});
    const Padded text(QByteArray::fromStdString(written));
    const auto parsed = m_parser.parse(text.view(), Profile::Extended);
    const auto *message = std::get_if<ClientMessage>(&parsed);
    QVERIFY(message);
    QCOMPARE(qint64(message->emit), ok.value(QLatin1String("emit")).toInteger());
    QCOMPARE(message->wantsAck, ok.value(QLatin1String("ack")).toBool());
    QCOMPARE(idIn(message->request).toStdString(), request);
    QCOMPARE(idIn(message->reply).toStdString(), reply);
    QCOMPARE(message->recipients, recipients);
}

void TestClientMessage::numberIsReadFromAMessageThatIsTooMuch()
{
    const QByteArray deep = QByteArray(80, '[') + QByteArray(80, ']');
    const QByteArray many = '[' + QByteArray("0,").repeated(30'000) + "0]";
    for (const QByteArray &payload : {deep, many}) {
        const Padded text("{\"emit\":7,\"eventName\":\"e\",\"payload\":" + payload + '}');
        const auto parsed = m_parser.parse(text.view(), Profile::Extended);
        QCOMPARE(std::get<ClientMessageError>(parsed).emit, std::uint64_t(7));
    }
}

QTEST_APPLESS_MAIN(TestClientMessage)
#include "tst_clientmessage.moc"
