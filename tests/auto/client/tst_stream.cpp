// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stream_p.h"

#include <QtTest/qtest.h>

using Dispatch::ResumeOffer;
using Dispatch::Stream;
using Dispatch::StreamPosition;

class tst_Stream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePositionMovesWithWhatWasDealtWith();
    void anEventHasItsTurn_data();
    void anEventHasItsTurn();
    void replayedEventsAreCounted();
    void aGreetingSetsThePosition();
    void withoutASecretThereIsNothingToResume();
    void whereItGotToIsResumed();
    void whatIsForgottenIsGone();
};

void tst_Stream::thePositionMovesWithWhatWasDealtWith()
{
    Stream stream;
    stream.greeted("secret", {7, 41, 2}, 0);
    stream.pass(42);
    stream.pass(0);
    stream.pass(43);
    QCOMPARE(stream.position(), (StreamPosition{7, 43, 3}));
}

void tst_Stream::anEventHasItsTurn_data()
{
    QTest::addColumn<quint64>("seq");
    QTest::addColumn<bool>("isNext");
    QTest::newRow("the next") << quint64(42) << true;
    QTest::newRow("for recipients") << quint64(0) << true;
    QTest::newRow("the last") << quint64(41) << false;
    QTest::newRow("an old one") << quint64(1) << false;
    QTest::newRow("one too far") << quint64(43) << false;
}

void tst_Stream::anEventHasItsTurn()
{
    QFETCH(const quint64, seq);
    Stream stream;
    stream.greeted("secret", {7, 41, 0}, 0);
    QTEST(stream.isNext(seq), "isNext");
}

void tst_Stream::replayedEventsAreCounted()
{
    Stream stream;
    stream.greeted("secret", {7, 41, 0}, 2);
    QVERIFY(stream.isReplaying());
    stream.pass(42);
    QVERIFY(stream.isReplaying());
    stream.pass(0);
    QVERIFY(!stream.isReplaying());
    stream.pass(43);
    QVERIFY(!stream.isReplaying());
}

void tst_Stream::aGreetingSetsThePosition()
{
    Stream stream;
    stream.greeted("secret", {7, 41, 3}, 2);
    stream.greeted("secret", {8, 5, 0}, 0);
    QCOMPARE(stream.position(), (StreamPosition{8, 5, 0}));
    QVERIFY(!stream.isReplaying());
}

void tst_Stream::withoutASecretThereIsNothingToResume()
{
    Stream stream;
    QVERIFY(!stream.offer());
    for (const std::string &secret : {std::string(), std::string("a b"), std::string("a.b"),
                                      std::string("a\r\nX: b"), std::string(1'000'000, 'a')}) {
        stream.greeted(secret, {7, 41, 3}, 0);
        QVERIFY(!stream.offer());
    }
    stream.greeted("secret", {7, 41, 3}, 0);
    stream.forgetSecret();
    QVERIFY(!stream.offer());
    QVERIFY(stream.isNext(42));
}

void tst_Stream::whereItGotToIsResumed()
{
    Stream stream;
    stream.greeted("one", {7, 41, 0}, 0);
    stream.pass(42);
    QCOMPARE(*stream.offer(), (ResumeOffer{"one", {7, 42, 0}}));
    stream.greeted("two", {7, 42, 0}, 0);
    stream.pass(0);
    QCOMPARE(*stream.offer(), (ResumeOffer{"two", {7, 42, 1}}));
}

void tst_Stream::whatIsForgottenIsGone()
{
    Stream stream;
    stream.greeted("one", {7, 41, 3}, 2);
    stream.forget();
    QVERIFY(!stream.offer());
    QVERIFY(!stream.isReplaying());
    QCOMPARE(stream.position(), StreamPosition());
}

QTEST_APPLESS_MAIN(tst_Stream)
#include "tst_stream.moc"
