// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "closecode_p.h"
#include "refusal_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qset.h>
#include <QtTest/qtest.h>

using namespace Dispatch;

class TestCodes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void closeCodesSayWhetherToComeBack_data();
    void closeCodesSayWhetherToComeBack();
    void closeCodesAscend();
    void everyRefusalHasASlugOfItsOwn();
    void closingRefusalsAgreeWithTheirCloseCode();
    void refusalIsFoundByItsSlugAndStatusAlone();
    void payloadSaysWhatToDo();
};

void TestCodes::closeCodesSayWhetherToComeBack_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("retry");
    for (int code : {1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 3000, 4000,
                     4008, 4009, 4013, 4499, 4600})
        QTest::addRow("%d", code) << code << true;
    for (int code : {1000, 4500, 4501, 4599})
        QTest::addRow("%d", code) << code << false;
}

void TestCodes::closeCodesSayWhetherToComeBack()
{
    QFETCH(int, code);
    QFETCH(bool, retry);
    QCOMPARE(isRetryable(std::uint16_t(code)), retry);
}

void TestCodes::closeCodesAscend()
{
    int last = 0;
    for (const CloseCodeInfo &row : closeCodes()) {
        QVERIFY(int(row.code) > last);
        QVERIFY(!row.meaning.empty());
        last = int(row.code);
    }
}

void TestCodes::everyRefusalHasASlugOfItsOwn()
{
    QSet<QByteArray> slugs;
    for (const RefusalInfo &row : refusals()) {
        const QByteArray slug(row.slug.data(), qsizetype(row.slug.size()));
        QVERIFY2(!slug.isEmpty() && !slugs.contains(slug), slug.constData());
        QVERIFY2(row.sentence.ends_with('.'), slug.constData());
        slugs.insert(slug);
    }
}

void TestCodes::closingRefusalsAgreeWithTheirCloseCode()
{
    for (const RefusalInfo &row : refusals()) {
        // What can't be repaired by coming back must not be closed with a code that says so.
        if (row.closeCode && row.retry)
            QVERIFY(isRetryable(std::uint16_t(*row.closeCode)));
        QVERIFY(row.httpStatus == 0 || (row.httpStatus >= 400 && row.httpStatus <= 599));
    }
}

void TestCodes::refusalIsFoundByItsSlugAndStatusAlone()
{
    for (const RefusalInfo &row : refusals()) {
        QCOMPARE(findRefusal(row.slug, row.httpStatus), &row);
        QCOMPARE(findRefusal(row.slug, row.httpStatus + 1), nullptr);
    }
    for (const char *other : {"", "Service Unavailable", "Draining", "draining ", "drain"})
        QCOMPARE(findRefusal(other, 503), nullptr);
}

void TestCodes::payloadSaysWhatToDo()
{
    const auto parse = [](const std::string &text) {
        return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    };
    const QJsonObject full = parse(refusalPayload(Refusal::ShardFull, "\"room\" has 2 of 2"));
    QCOMPARE(full["code"].toString(), "shard_full");
    QVERIFY(full["message"].toString().endsWith("(\"room\" has 2 of 2)"));
    QCOMPARE(full["closing"], QJsonValue(false));
    QCOMPARE(full["retry"], QJsonValue(true));
    const QJsonObject big = parse(refusalPayload(Refusal::MessageTooBig));
    QVERIFY(big["message"].toString().contains("128,000"));
    QCOMPARE(big["closing"], QJsonValue(true));
    QVERIFY(!big.contains("retryAfterMs"));
    const QJsonObject later =
        parse(refusalPayload(Refusal::RateLimited, {}, std::chrono::milliseconds(1'500)));
    QCOMPARE(later["retryAfterMs"], QJsonValue(1'500));
}

QTEST_APPLESS_MAIN(TestCodes)
#include "tst_codes.moc"
