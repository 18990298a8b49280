// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "limits_p.h"
#include "padded.h"
#include "publication_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class TestPublication : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesWhereItSays_data();
    void goesWhereItSays();
    void payloadPassesAsItCame();
    void refusesWithItsReason_data();
    void refusesWithItsReason();
    void namesAreLimited();

private:
    QByteArray slugOf(const QByteArray &text);

    ClientMessageParser m_parser;
};

namespace {

constexpr std::size_t Most = 3;

QByteArray joined(const std::vector<std::string> &names)
{
    QByteArrayList list;
    for (const std::string &name : names)
        list.append(QByteArray::fromStdString(name));
    return list.join('|');
}

} // namespace

void TestPublication::goesWhereItSays_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("shards"); // null: all
    QTest::addColumn<bool>("isForPeople");
    QTest::addColumn<QByteArray>("users");
    QTest::addColumn<QByteArray>("clients");
    const auto row = [](const char *fields, const char *shards, const char *users = nullptr,
                        const char *clients = nullptr) {
        QTest::newRow(fields) << QByteArray(fields) << QByteArray(shards) << (users || clients)
                              << QByteArray(users ? users : "")
                              << QByteArray(clients ? clients : "");
    };
    row("", nullptr);
    row(R"(,"shards":null,"users":null,"clients":null,"shardName":null)", nullptr);
    row(R"(,"shardName":"a b")", "a b");
    row(R"(,"shardName":"caf\u00e9")", "caf\u00e9");
    row(R"(,"shards":["b","a","b"])", "a|b");
    row(R"(,"shards":[])", "");
    row(R"(,"users":["u"])", nullptr, "u");
    row(R"(,"clients":["c"])", nullptr, nullptr, "c");
    row(R"(,"users":["u","v"],"clients":["c"])", nullptr, "u|v", "c");
    row(R"(,"users":[])", nullptr, "");
    row(R"(,"other":{"users":["u"]})", nullptr);
    row(R"(,"us\u0065rs":["u"])", nullptr, "u");
}

void TestPublication::goesWhereItSays()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, shards);
    const Padded text(R"({"eventName":"e")" + fields + "}");
    const auto parsed = parsePublication(m_parser, text.view(), Most);
    QVERIFY(std::holds_alternative<Publication>(parsed));
    const auto &publication = std::get<Publication>(parsed);
    QCOMPARE(publication.shards.has_value(), !shards.isNull());
    if (publication.shards)
        QCOMPARE(joined(*publication.shards), shards);
    QTEST(publication.isForPeople, "isForPeople");
    QTEST(joined(publication.users), "users");
    QTEST(joined(publication.clients), "clients");
}

void TestPublication::payloadPassesAsItCame()
{
    const Padded text(
        R"({"payload": {"b":1.0,"a":-0,"a":12345678901234567890} ,"eventName":"n\u0061me"})");
    const auto parsed = parsePublication(m_parser, text.view(), Most);
    QVERIFY(std::holds_alternative<Publication>(parsed));
    const auto &publication = std::get<Publication>(parsed);
    QVERIFY(publication.payload == R"({"b":1.0,"a":-0,"a":12345678901234567890})");
    QVERIFY(publication.rawName == R"("n\u0061me")");
}

QByteArray TestPublication::slugOf(const QByteArray &text)
{
    const Padded padded(text);
    const auto parsed = parsePublication(m_parser, padded.view(), Most);
    const auto *error = std::get_if<ClientMessageError>(&parsed);
    return error ? QByteArray::fromStdString(std::string(info(error->refusal).slug)) : QByteArray();
}

void TestPublication::refusesWithItsReason_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("slug");
    const auto row = [](const QByteArray &text, const char *slug) {
        QTest::newRow(text.left(60).toHex().constData()) << text << QByteArray(slug);
    };
    const auto with = [](const char *fields) {
        return R"({"eventName":"e",)" + QByteArray(fields) + "}";
    };
    row("", "bad_message");
    row("[]", "bad_message");
    row("{}", "bad_message");
    row(R"({"eventName":1})", "bad_message");
    row(R"({"eventName":""})", "bad_event_name");
    row(R"({"eventName":"@@x"})", "reserved_event");
    row("{\"eventName\":\"\xff\"}", "bad_message");
    row(with(R"("payload":)"), "bad_message");
    row(with(R"("payload":01)"), "bad_message");
    row(with(R"("recipients":["a"])"), "bad_target");
    row(with(R"("recipients":[])"), "bad_target");
    row(with(R"("shardName":"")"), "bad_target");
    row(with(R"("shardName":["a"])"), "bad_target");
    row(with(R"("shards":"a")"), "bad_target");
    row(with(R"("shards":[1])"), "bad_target");
    row(with(R"("shards":["a\u0001"])"), "bad_target");
    row(with(R"("users":{})"), "bad_target");
    row(with(R"("clients":[null])"), "bad_target");
    row(with(R"("shardName":"a","shards":["a"])"), "bad_target");
    row(with(R"("shardName":"a","users":["u"])"), "bad_target");
    row(with(R"("shards":[],"clients":[])"), "bad_target");
    row(with(R"("shards":["a","b","c","d"])"), "too_many_recipients");
    row(with(R"("users":["a","b"],"clients":["c","d"])"), "too_many_recipients");
    row(with("\"payload\":").chopped(1) + QByteArray(64, '[') + QByteArray(64, ']') + "}",
        "too_deep");
    row(with("\"payload\":").chopped(1) + '"' + QByteArray(Limits::MessageUtf16Units, 'x') + "\"}",
        "message_too_big");
}

void TestPublication::refusesWithItsReason()
{
    QFETCH(QByteArray, text);
    QTEST(slugOf(text), "slug");
}

void TestPublication::namesAreLimited()
{
    const auto shard = [](qsizetype bytes) {
        return R"({"eventName":"e","shardName":")" + QByteArray(bytes, 's') + "\"}";
    };
    QCOMPARE(slugOf(shard(Limits::ShardNameBytes)), QByteArray());
    QCOMPARE(slugOf(shard(Limits::ShardNameBytes + 1)), QByteArray("bad_target"));
    const auto user = [](qsizetype bytes) {
        return R"({"eventName":"e","users":[")" + QByteArray(bytes, 'u') + "\"]}";
    };
    QCOMPARE(slugOf(user(Limits::RecipientBytes)), QByteArray());
    QCOMPARE(slugOf(user(Limits::RecipientBytes + 1)), QByteArray("bad_target"));
}

QTEST_APPLESS_MAIN(TestPublication)
#include "tst_publication.moc"
