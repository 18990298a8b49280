// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventrows_p.h"
#include "payload_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using Model = DispatchEventModel;

/// Where the rows of a model of events stand.
class tst_EventRows : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatComesHasItsPlace_data();
    void whatComesHasItsPlace();
    void movesOneRow_data();
    void movesOneRow();
};

namespace {

DispatchEvent makeEvent(QChar name, bool isReplayed = false)
{
    DispatchEventMetadata metadata;
    metadata.replayed = isReplayed;
    return {Payload::padded((u'"' + QString(name) + u'"').toStdString()), metadata};
}

/// The rows \a text: capitals wait, digits were heard, others are own ones that were not: "f"
/// failed, "d" went to recipients, "s" was sent, "u" is uncertain, "o" went to another shard.
EventRows rowsOf(const QString &text)
{
    EventRows rows;
    for (const QChar name : text) {
        EventRow row{.event = makeEvent(name)};
        row.shardName = name == u'o' ? u"other"_s : u"shard"_s;
        row.isOwn = !name.isDigit();
        row.isHeard = name.isDigit();
        if (row.isOwn) {
            row.emitted = std::make_unique<EventRow::Emitted>();
            row.emitted->event.isDirect = name == u'd';
            row.status = name == u'f' ? Model::Failed
                : name == u'u'        ? Model::Uncertain
                                      : Model::Sent;
        }
        if (name.isUpper())
            rows.addWaiting(std::move(row));
        else
            rows.addSettled(rows.settled(), std::move(row));
    }
    return rows;
}

QString tell(const EventRows &rows)
{
    QString text;
    for (int row = 0; row < rows.size(); ++row)
        text += rows.at(row).event.payload().toString();
    return text;
}

} // namespace

void tst_EventRows::whatComesHasItsPlace_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<bool>("isReplayed");
    QTest::addColumn<QString>("after");
    const auto row = [](const char *before, bool isReplayed, const char *after) {
        QTest::addRow("%s, %s", before, isReplayed ? "replayed" : "new")
            << QString::fromLatin1(before) << isReplayed << QString::fromLatin1(after);
    };
    row("", false, "9");
    row("12A", false, "129A");
    row("1su", false, "1su9");
    row("1suA", true, "19suA");
    row("su", true, "9su");
    row("s1u", true, "s19u");
    row("1f", true, "1f9");
    row("1d", true, "1d9");
    row("1os", true, "1o9s");
    row("AB", true, "9AB");
}

void tst_EventRows::whatComesHasItsPlace()
{
    QFETCH(QString, before);
    QFETCH(bool, isReplayed);
    QFETCH(QString, after);
    EventRows rows = rowsOf(before);
    const DispatchEvent coming = makeEvent(u'9', isReplayed);
    rows.addSettled(rows.placeOf(coming, u"shard"_s), EventRow{.event = coming});
    QCOMPARE(tell(rows), after);
}

void tst_EventRows::movesOneRow_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<int>("row");
    QTest::addColumn<int>("place");
    QTest::addColumn<QString>("after");
    QTest::addColumn<int>("isAt");
    QTest::addColumn<int>("settled");
    QTest::newRow("from the waiting to their front") << u"12AB"_s << 3 << 2 << u"12BA"_s << 2 << 3;
    QTest::newRow("from the waiting among the settled")
        << u"1uAB"_s << 2 << 1 << u"1AuB"_s << 1 << 3;
    QTest::newRow("down among the settled") << u"u12A"_s << 0 << 3 << u"12uA"_s << 2 << 3;
    QTest::newRow("up among the settled") << u"12u"_s << 2 << 1 << u"1u2"_s << 1 << 3;
}

void tst_EventRows::movesOneRow()
{
    QFETCH(QString, before);
    QFETCH(int, row);
    QFETCH(int, place);
    QFETCH(QString, after);
    QFETCH(int, isAt);
    QFETCH(int, settled);
    EventRows rows = rowsOf(before);
    QCOMPARE(rows.settle(row, place), isAt);
    QCOMPARE(tell(rows), after);
    QCOMPARE(rows.settled(), settled);
}

QTEST_APPLESS_MAIN(tst_EventRows)
#include "tst_eventrows.moc"
