// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "replayplan_p.h"
#include "timeline_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Ctl;
using namespace Qt::StringLiterals;

namespace {

std::vector<RecordedStep> stepsOf(const QByteArray &lines)
{
    const auto read = readRecording(recordingHead() + lines);
    return std::holds_alternative<Recording>(read) ? std::get<Recording>(read).steps
                                                   : std::vector<RecordedStep>();
}

QByteArray textOf(const std::vector<RecordedStep> &steps)
{
    QByteArray text;
    for (const RecordedStep &step : steps)
        text += recordedLine(step);
    return text;
}

constexpr auto Ms = [](qint64 ms) { return Instant(Milliseconds(ms)); };

} // namespace

/// What is played of a recording, and when, without a server or a clock.
class tst_CtlReplayPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everybodyJoinsBeforeAllElse_data();
    void everybodyJoinsBeforeAllElse();
    void countsWhoAreThereAtATime();
    void saysWhatCanNotBePlayed();
    void aBackEndEmitsForTheServer();
    void stepsComeAtTheirTimes_data();
    void stepsComeAtTheirTimes();
    void standsStillUntilItGoesOn();
    void beginsAgain();
    void waitsForTimesThatNobodyLivesToSee();
};

void tst_CtlReplayPlan::everybodyJoinsBeforeAllElse_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("planned");
    const QByteArray joins = "{\"at\":1,\"joins\":{},\"person\":\"1\"}\n";
    const QByteArray emits = "{\"at\":1,\"emits\":\"x\",\"person\":\"1\"}\n";
    const QByteArray changes = "{\"at\":1,\"changes\":{},\"person\":\"1\"}\n";
    const QByteArray leaves = "{\"at\":1,\"leaves\":true,\"person\":\"1\"}\n";
    QTest::newRow("as it should be") << joins + emits + leaves << joins + emits + leaves;
    QTest::newRow("emits first") << emits + emits << joins + emits + emits;
    QTest::newRow("changes first") << changes << joins;
    QTest::newRow("leaves first") << leaves + joins << joins;
    QTest::newRow("joins twice") << joins + joins << joins + changes;
    QTest::newRow("comes back") << joins + leaves + emits << joins + leaves + joins + emits;
}

void tst_CtlReplayPlan::everybodyJoinsBeforeAllElse()
{
    QFETCH(QByteArray, lines);
    QTEST(textOf(planReplay(stepsOf(lines), false).steps), "planned");
}

void tst_CtlReplayPlan::countsWhoAreThereAtATime()
{
    const auto plan = planReplay(stepsOf("{\"at\":1,\"joins\":{},\"person\":\"1\"}\n"
                                         "{\"at\":1,\"joins\":{},\"person\":\"2\"}\n"
                                         "{\"at\":1,\"leaves\":true,\"person\":\"1\"}\n"
                                         "{\"at\":1,\"joins\":{},\"person\":\"3\"}\n"),
                                 false);
    QCOMPARE(plan.mostPeople, 2);
}

void tst_CtlReplayPlan::saysWhatCanNotBePlayed()
{
    const auto plan = planReplay(
        stepsOf("{\"at\":1,\"joins\":{},\"person\":\"1\",\"userId\":\"user:17\"}\n"
                "{\"at\":1,\"changes\":{\"a\":1},\"person\":\"1\",\"userId\":\"user:17\"}\n"
                "{\"at\":2,\"emits\":\"psst\",\"person\":\"1\",\"private\":true}\n"
                "{\"at\":3,\"emits\":\"news\"}\n"),
        false);
    QCOMPARE(plan.steps.size(), 2);
    QCOMPARE(plan.userIds, 1);
    QCOMPARE(plan.privateEvents, 1);
    QCOMPARE(plan.serverEvents, 1);
}

void tst_CtlReplayPlan::aBackEndEmitsForTheServer()
{
    const QByteArray lines = "{\"at\":3,\"emits\":\"news\"}\n";
    const auto plan = planReplay(stepsOf(lines), true);
    QCOMPARE(textOf(plan.steps), lines);
    QCOMPARE(plan.serverEvents, 0);
}

void tst_CtlReplayPlan::stepsComeAtTheirTimes_data()
{
    QTest::addColumn<double>("speed");
    QTest::addColumn<qint64>("second");
    QTest::newRow("as it was") << 1.0 << qint64(300);
    QTest::newRow("twice as fast") << 2.0 << qint64(150);
    QTest::newRow("slowly") << 0.01 << qint64(30'000);
}

void tst_CtlReplayPlan::stepsComeAtTheirTimes()
{
    QFETCH(double, speed);
    QFETCH(qint64, second);
    Timeline timeline(stepsOf("{\"at\":0,\"emits\":\"a\"}\n{\"at\":300,\"emits\":\"b\"}\n"), speed);
    timeline.goOn(Ms(1'000));
    QVERIFY(timeline.due(Ms(1'000)));
    QCOMPARE(timeline.due(Ms(1'000))->eventName, u"a"_s);
    timeline.take();
    QCOMPARE(timeline.nextAt(), Ms(1'000 + second));
    QVERIFY(!timeline.due(Ms(1'000 + second - 1)));
    QVERIFY(timeline.due(Ms(1'000 + second)));
    QVERIFY(!timeline.isAtEnd());
    timeline.take();
    QVERIFY(timeline.isAtEnd());
    QVERIFY(!timeline.due(Ms(1'000'000)));
    QVERIFY(!timeline.nextAt());
}

void tst_CtlReplayPlan::standsStillUntilItGoesOn()
{
    Timeline timeline(stepsOf("{\"at\":300,\"emits\":\"a\"}\n"), 2);
    QVERIFY(!timeline.due(Ms(1'000)));
    timeline.goOn(Ms(1'000));
    timeline.pause(Ms(1'100));
    QVERIFY(timeline.isPaused());
    QVERIFY(!timeline.nextAt());
    QVERIFY(!timeline.due(Ms(5'000)));
    timeline.goOn(Ms(5'000));
    timeline.goOn(Ms(5'040));
    QCOMPARE(timeline.nextAt(), Ms(5'050));
}

void tst_CtlReplayPlan::beginsAgain()
{
    Timeline timeline(stepsOf("{\"at\":300,\"emits\":\"a\"}\n"), 1);
    timeline.goOn(Ms(0));
    timeline.take();
    timeline.rewind();
    QVERIFY(timeline.isPaused());
    timeline.goOn(Ms(1'000));
    QCOMPARE(timeline.nextAt(), Ms(1'300));
}

void tst_CtlReplayPlan::waitsForTimesThatNobodyLivesToSee()
{
    Timeline timeline(stepsOf("{\"at\":9000000000000000,\"emits\":\"a\"}\n"), 0.01);
    timeline.goOn(Ms(1'000));
    QVERIFY(timeline.nextAt() > Ms(24 * 3'600'000));
    QVERIFY(!timeline.due(Ms(2'000)));
}

QTEST_GUILESS_MAIN(tst_CtlReplayPlan)
#include "tst_ctlreplayplan.moc"
