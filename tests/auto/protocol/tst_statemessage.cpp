// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statemessage_p.h"
#include "vectors.h"

using namespace Dispatch;
using namespace Qt::StringLiterals;

/// What both sides write and read of the shared state.
class tst_StateMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wishesAreRead_data() { addRows(u"wish"_s); }
    void wishesAreRead();
    void wishesAreWritten_data() { addRows(u"wish"_s); }
    void wishesAreWritten();
    void changesAreWrittenAndRead_data() { addRows(u"change"_s); }
    void changesAreWrittenAndRead();
    void wholeStatesAreWrittenAndRead_data() { addRows(u"whole"_s); }
    void wholeStatesAreWrittenAndRead();
    void whatIsNoStateIsNothing_data();
    void whatIsNoStateIsNothing();

private:
    static void addRows(const QString &kind);
};

namespace {

std::string text(const QJsonValue &json, QLatin1StringView key)
{
    return json[key].toString().toStdString();
}

StateItem itemOf(const QJsonValue &vector, const std::string &value)
{
    return {text(vector, "key"_L1), value, vector["owned"_L1].toBool(),
            vector["expiresAt"_L1].toInteger()};
}

void compare(const ReceivedStateItem &item, const QJsonValue &expected)
{
    QCOMPARE(item.key, text(expected, "key"_L1));
    QCOMPARE(std::string(item.value), text(expected, "value"_L1));
    QCOMPARE(item.isOwned, expected["owned"_L1].toBool());
    QCOMPARE(qint64(item.expiresAt), expected["expiresAt"_L1].toInteger());
    QCOMPARE(qint64(item.seq), expected["seq"_L1].toInteger());
    QCOMPARE(item.from, text(expected, "from"_L1));
    QCOMPARE(item.fromUser, text(expected, "fromUser"_L1));
    QCOMPARE(qint64(item.time), expected["time"_L1].toInteger());
}

} // namespace

void tst_StateMessage::addRows(const QString &kind)
{
    QTest::addColumn<QJsonObject>("vector");
    for (const QJsonObject &vector : vectors(u"state"_s)) {
        if (vector["kind"_L1].toString() == kind)
            QTest::newRow(qPrintable(vector["about"_L1].toString())) << vector;
    }
}

void tst_StateMessage::wishesAreRead()
{
    QFETCH(const QJsonObject, vector);
    const std::string payload = text(vector, "text"_L1);
    const auto read = readStateWish(payload);
    if (vector.contains("wrong"_L1)) {
        const auto *wrong = std::get_if<std::string>(&read);
        QVERIFY(wrong);
        QVERIFY2(wrong->find(text(vector, "wrong"_L1)) != std::string::npos, wrong->c_str());
        return;
    }
    const auto *wish = std::get_if<StateWish>(&read);
    QVERIFY(wish);
    const QJsonValue expected = vector["ok"_L1];
    QCOMPARE(wish->key, text(expected, "key"_L1));
    QCOMPARE(std::string(wish->value), text(expected, "value"_L1));
    QCOMPARE(qint64(wish->ttlMs), expected["ttlMs"_L1].toInteger());
    QCOMPARE(wish->isOwned, expected["owned"_L1].toBool());
    QCOMPARE(wish->ifSeq.has_value(), !expected["ifSeq"_L1].isUndefined());
    QCOMPARE(qint64(wish->ifSeq.value_or(0)), expected["ifSeq"_L1].toInteger());
}

void tst_StateMessage::wishesAreWritten()
{
    QFETCH(const QJsonObject, vector);
    const QJsonValue wished = vector["ok"_L1];
    if (wished.isUndefined())
        return;
    const std::string value = text(wished, "value"_L1);
    StateWish wish{text(wished, "key"_L1), value, std::uint64_t(wished["ttlMs"_L1].toInteger()),
                   wished["owned"_L1].toBool()};
    if (!wished["ifSeq"_L1].isUndefined())
        wish.ifSeq = std::uint64_t(wished["ifSeq"_L1].toInteger());
    QCOMPARE(stateWishPayload(wish), text(vector, "text"_L1));
}

void tst_StateMessage::changesAreWrittenAndRead()
{
    QFETCH(const QJsonObject, vector);
    const std::string value = text(vector, "value"_L1);
    const std::string payload = statePayload(itemOf(vector, value));
    QCOMPARE(payload, text(vector, "text"_L1));
    const auto item = readStateItem(payload);
    QVERIFY(item);
    compare(*item, vector);
}

void tst_StateMessage::wholeStatesAreWrittenAndRead()
{
    QFETCH(const QJsonObject, vector);
    const QJsonArray expected = vector["entries"_L1].toArray();
    std::string entries;
    for (const QJsonValue &entry : expected) {
        const std::string from = text(entry, "from"_L1);
        const std::string fromUser = text(entry, "fromUser"_L1);
        const std::string value = text(entry, "value"_L1);
        entries += entries.empty() ? "" : ",";
        entries += stateEntry(statePayload(itemOf(entry, value)),
                              {.seq = std::uint64_t(entry["seq"_L1].toInteger()),
                               .from = from,
                               .fromUser = fromUser,
                               .time = entry["time"_L1].toInteger()});
    }
    const std::string whole = wholeState(std::uint64_t(vector["seq"_L1].toInteger()), entries);
    QCOMPARE(whole, text(vector, "text"_L1));
    const auto state = readWholeState(whole);
    QVERIFY(state);
    QCOMPARE(qint64(state->seq), vector["seq"_L1].toInteger());
    QCOMPARE(qsizetype(state->items.size()), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i)
        compare(state->items[std::size_t(i)], expected[i]);
}

void tst_StateMessage::whatIsNoStateIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "[]", R"({"seq":"1"})", R"({"entries":{}})", R"({"entries":[1]})",
          R"({"entries":[{"key":"a"}]})", R"({"entries":[{"value":1}]})",
          R"({"entries":[{"key":1,"value":1}]})", R"({"entries":[{"key":"a","value":1,"seq":-1}]})",
          R"({"entries":[]} x)"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_StateMessage::whatIsNoStateIsNothing()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readWholeState({text.constData(), std::size_t(text.size())}));
}

QTEST_APPLESS_MAIN(tst_StateMessage)
#include "tst_statemessage.moc"
