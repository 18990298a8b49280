// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inbox_p.h"
#include "readwindow_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

/// What bounds the work of one turn of the event loop, by a clock that the tests turn.
class tst_Inbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void turnHasTimeUntilItsBudgetIsSpent();
    void turnAlwaysHasTimeForOneMessage();
    void messagesComeOutInOrder();
    void readingPausesWhenTooMuchWaits();
    void manySmallMessagesCountForMoreThanTheirText();
    void windowGrowsForALongFrameOnly_data();
    void windowGrowsForALongFrameOnly();
    void frameOfAnyAllowedLengthFits();
    void roomForManySmallFramesIsSmallAfterALongOne();
};

void tst_Inbox::turnHasTimeUntilItsBudgetIsSpent()
{
    Inbox inbox;
    inbox.setTurnBudget(Milliseconds(8));
    inbox.newTurn();
    Instant now = Milliseconds(100);
    int messages = 0;
    for (; inbox.hasTime(now); now += Milliseconds(1))
        ++messages;
    QCOMPARE(messages, 8);
    QVERIFY(!inbox.hasTime(now + Milliseconds(1'000)));
    inbox.newTurn();
    QVERIFY(inbox.hasTime(now + Milliseconds(1'000)));
    QVERIFY(inbox.hasTime(now + Milliseconds(1'007)));
    QVERIFY(!inbox.hasTime(now + Milliseconds(1'008)));
}

void tst_Inbox::turnAlwaysHasTimeForOneMessage()
{
    Inbox inbox;
    inbox.setTurnBudget(Milliseconds(1));
    for (int turn = 0; turn < 3; ++turn) {
        inbox.newTurn();
        const Instant now = Milliseconds(100 * turn);
        QVERIFY(inbox.hasTime(now));
        QVERIFY(!inbox.hasTime(now + Milliseconds(50)));
    }
}

void tst_Inbox::messagesComeOutInOrder()
{
    Inbox inbox;
    for (int i = 0; i < 3; ++i)
        inbox.push(QString::number(i));
    QCOMPARE(inbox.count(), 3);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(inbox.take(), QString::number(i));
    QVERIFY(inbox.isEmpty());
}

void tst_Inbox::readingPausesWhenTooMuchWaits()
{
    Inbox inbox;
    const QString message(100'000, u'x');
    int pushed = 0;
    for (; !inbox.wantsPause(false); ++pushed)
        inbox.push(message);
    QCOMPARE(pushed, Inbox::HighMark / 100'000 + 1);
    QVERIFY(inbox.wantsPause(true));
    while (inbox.wantsPause(true))
        inbox.take();
    QVERIFY(inbox.count() > 5 && inbox.count() < pushed / 2 + 1);
    inbox.clear();
    QVERIFY(!inbox.wantsPause(true));
}

void tst_Inbox::manySmallMessagesCountForMoreThanTheirText()
{
    Inbox inbox;
    int pushed = 0;
    for (; !inbox.wantsPause(false); ++pushed)
        inbox.push({});
    QVERIFY(pushed <= Inbox::HighMark / 32 + 1);
}

void tst_Inbox::windowGrowsForALongFrameOnly_data()
{
    QTest::addColumn<QList<qint64>>("left");
    QTest::addColumn<QList<qint64>>("sizes");
    const qint64 step = ReadWindow::Step;
    QTest::newRow("nothing waits") << QList<qint64>{0, 0} << QList<qint64>{step, step};
    QTest::newRow("a short frame waits")
        << QList<qint64>{step - 1, 10} << QList<qint64>{step, step};
    QTest::newRow("a long frame waits")
        << QList<qint64>{step, 2 * step - 1, 2 * step, 2 * step + 10}
        << QList<qint64>{2 * step, 2 * step, 3 * step, 3 * step};
    QTest::newRow("a long frame came")
        << QList<qint64>{step, 2 * step, 5} << QList<qint64>{2 * step, 3 * step, step};
}

void tst_Inbox::windowGrowsForALongFrameOnly()
{
    QFETCH(QList<qint64>, left);
    QFETCH(QList<qint64>, sizes);
    ReadWindow window(1024 * 1024);
    for (qsizetype i = 0; i < left.size(); ++i) {
        const qint64 before = window.size();
        QCOMPARE(window.adjust(left[i]), sizes[i] != before);
        QCOMPARE(window.size(), sizes[i]);
    }
}

void tst_Inbox::frameOfAnyAllowedLengthFits()
{
    for (const qint64 longest : {1, 1'000, 70'000, 100'000, 1024 * 1024, 100'000'000}) {
        ReadWindow window(longest);
        // All that is read is kept, as for a frame that is not whole: QWebSocket takes its header
        // out, so that a frame fits if its payload does.
        while (window.adjust(window.size())) { }
        QVERIFY(window.size() >= longest);
    }
}

void tst_Inbox::roomForManySmallFramesIsSmallAfterALongOne()
{
    for (const qint64 length : {72 * 1024, 100'000, 500'000, 1024 * 1024}) {
        ReadWindow window(1024 * 1024);
        while (window.size() <= length)
            QVERIFY(window.adjust(window.size()));
        QVERIFY(window.size() - length <= ReadWindow::Step);
    }
}

QTEST_GUILESS_MAIN(tst_Inbox)
#include "tst_inbox.moc"
