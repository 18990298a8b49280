// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "frame_p.h"
#include "recovery_p.h"
#include "replaylog_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

/// What is kept for those who come back, and what they are given of it.
class tst_ReplayLog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsBehindANumberAreGiven_data();
    void eventsBehindANumberAreGiven();
    void chunksAreShared();
    void oldEventsMakeRoom();
    void aChunkStaysWhileItIsNeeded();
    void bytesAreBounded();
    void fragmentedEventsAreOne();
    void directOnesAreBounded();
    void directOnesBehindANumberAreGiven();
    void nothingMissedIsRecovered();
    void directOnesComeAtTheirPlace();
    void whatIsMissingIsNotRecovered_data();
    void whatIsMissingIsNotRecovered();
};

namespace {

constexpr std::size_t Many = 1'000'000;
constexpr ReplayBounds Unbounded{Many, Many};
constexpr std::uint64_t Epoch = 7;

void append(std::string &frames, const std::string &event)
{
    Frame::appendText(frames, event, Many);
}

Chunk chunk(std::initializer_list<std::string> events)
{
    std::string frames;
    for (const std::string &event : events)
        append(frames, event);
    return std::make_shared<const std::string>(std::move(frames));
}

/// Events "1" to "9" in chunks of one, three, four, one.
ReplayLog nineEvents(const ReplayBounds &bounds = Unbounded)
{
    ReplayLog log;
    log.append(chunk({"1"}), 1, bounds);
    log.append(chunk({"2", "3", "4"}), 3, bounds);
    log.append(chunk({"5", "6", "7", "8"}), 4, bounds);
    log.append(chunk({"9"}), 1, bounds);
    return log;
}

/// What is in the frames of a test: one text of one character each.
QByteArray textsIn(const std::vector<Chunk> &frames)
{
    QByteArray texts;
    for (const Chunk &part : frames) {
        for (std::size_t i = 2; i < part->size(); i += 3)
            texts += (*part)[i];
    }
    return texts;
}

QByteArray textsIn(const std::vector<Replay> &replays)
{
    std::vector<Chunk> frames;
    for (const Replay &replay : replays)
        frames.push_back(replay.frames);
    return textsIn(frames);
}

} // namespace

void tst_ReplayLog::eventsBehindANumberAreGiven_data()
{
    QTest::addColumn<quint64>("seq");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray all = "123456789";
    for (int seq = 0; seq <= 9; ++seq)
        QTest::addRow("%d", seq) << quint64(seq) << all.sliced(seq);
}

void tst_ReplayLog::eventsBehindANumberAreGiven()
{
    QFETCH(quint64, seq);
    QFETCH(QByteArray, expected);
    const auto replays = nineEvents().after(seq);
    QVERIFY(replays);
    QCOMPARE(textsIn(*replays), expected);
    if (!replays->empty())
        QCOMPARE(replays->back().last, std::uint64_t(9));
}

void tst_ReplayLog::chunksAreShared()
{
    ReplayLog log;
    const Chunk frames = chunk({"1", "2"});
    log.append(frames, 2, Unbounded);
    QCOMPARE(log.after(0)->front().frames, frames);
    QVERIFY(!log.after(3));
    QVERIFY(ReplayLog().after(0)->empty());
    QVERIFY(!ReplayLog().after(1));
}

void tst_ReplayLog::oldEventsMakeRoom()
{
    const ReplayLog log = nineEvents({5, Many});
    QCOMPARE(log.last(), std::uint64_t(9));
    QCOMPARE(log.size(), std::size_t(5));
    QVERIFY(!log.after(3));
    QCOMPARE(textsIn(*log.after(4)), "56789");
}

void tst_ReplayLog::aChunkStaysWhileItIsNeeded()
{
    // Six events need one of the three in the second chunk.
    const ReplayLog log = nineEvents({6, Many});
    QCOMPARE(log.size(), std::size_t(8));
    QCOMPARE(textsIn(*log.after(3)), "456789");
    QCOMPARE(nineEvents({0, Many}).size(), std::size_t(0));
}

void tst_ReplayLog::bytesAreBounded()
{
    // An event has three bytes: room for the last two chunks.
    const ReplayLog log = nineEvents({Many, 16});
    QCOMPARE(log.bytes(), std::size_t(15));
    QVERIFY(!log.after(3));
    QCOMPARE(textsIn(*log.after(4)), "56789");
    const ReplayLog none = nineEvents({Many, 2});
    QCOMPARE(none.bytes(), std::size_t(0));
    QVERIFY(none.after(9)->empty());
    QVERIFY(!none.after(8));
}

void tst_ReplayLog::fragmentedEventsAreOne()
{
    std::string frames;
    Frame::appendText(frames, std::string(1'000, 'a'), 100);
    const std::size_t first = frames.size();
    Frame::appendText(frames, std::string(1'000, 'b'), 100);
    ReplayLog log;
    log.append(std::make_shared<const std::string>(frames), 2, Unbounded);
    QCOMPARE(*log.after(1)->front().frames, frames.substr(first));
}

void tst_ReplayLog::directOnesAreBounded()
{
    DirectLog log;
    for (int i = 0; i < 10; ++i)
        log.append(0, chunk({"x"}), {4, Many});
    QCOMPARE(log.last(), std::uint64_t(10));
    QCOMPARE(log.size(), std::size_t(4));
    DirectLog narrow;
    for (int i = 0; i < 10; ++i)
        narrow.append(0, chunk({"x"}), {Many, 10});
    QCOMPARE(narrow.size(), std::size_t(3));
    QCOMPARE(narrow.bytes(), std::size_t(9));
}

void tst_ReplayLog::directOnesBehindANumberAreGiven()
{
    DirectLog log;
    for (const char *text : {"a", "b", "c"})
        log.append(0, chunk({text}), {2, Many});
    QVERIFY(!log.after(0));
    QCOMPARE(log.after(1)->size(), std::size_t(2));
    QCOMPARE(log.after(2)->front().frames->back(), 'c');
    QVERIFY(log.after(3)->empty());
    QVERIFY(!log.after(4));
}

void tst_ReplayLog::nothingMissedIsRecovered()
{
    const auto recovery = recover({Epoch, 9, 0}, Epoch, nineEvents(), DirectLog(), Unbounded);
    QVERIFY(recovery);
    QCOMPARE(recovery->events, std::uint64_t(0));
    QVERIFY(recovery->frames.empty());
}

void tst_ReplayLog::directOnesComeAtTheirPlace()
{
    DirectLog direct;
    direct.append(0, chunk({"a"}), Unbounded);
    direct.append(4, chunk({"b"}), Unbounded);
    direct.append(4, chunk({"c"}), Unbounded);
    direct.append(6, chunk({"d"}), Unbounded);
    direct.append(7, chunk({"e"}), Unbounded);
    direct.append(9, chunk({"f"}), Unbounded);
    const auto texts = [&direct](std::uint64_t seq, std::uint64_t count) {
        return textsIn(
            recover({Epoch, seq, count}, Epoch, nineEvents(), direct, Unbounded)->frames);
    };
    QCOMPARE(texts(0, 0), "a1234bc56d7e89f");
    QCOMPARE(texts(2, 1), "34bc56d7e89f");
    QCOMPARE(texts(4, 2), "c56d7e89f");
    QCOMPARE(texts(5, 3), "6d7e89f");
    QCOMPARE(texts(8, 5), "9f");
    QCOMPARE(texts(9, 6), "");
    QCOMPARE(recover({Epoch, 2, 1}, Epoch, nineEvents(), direct, Unbounded)->events,
             std::uint64_t(12));
}

void tst_ReplayLog::whatIsMissingIsNotRecovered_data()
{
    QTest::addColumn<quint64>("epoch");
    QTest::addColumn<quint64>("seq");
    QTest::addColumn<quint64>("direct");
    QTest::addColumn<std::size_t>("events");
    QTest::addColumn<std::size_t>("bytes");
    QTest::addColumn<bool>("recovered");
    const quint64 epoch = Epoch;
    QTest::newRow("all is there") << epoch << quint64(4) << quint64(1) << Many << Many << true;
    QTest::newRow("another life") << epoch + 1 << quint64(9) << quint64(2) << Many << Many << false;
    QTest::newRow("events are gone") << epoch << quint64(3) << quint64(2) << Many << Many << false;
    QTest::newRow("direct ones are gone")
        << epoch << quint64(9) << quint64(0) << Many << Many << false;
    QTest::newRow("events of the future")
        << epoch << quint64(10) << quint64(2) << Many << Many << false;
    QTest::newRow("direct ones of the future")
        << epoch << quint64(9) << quint64(4) << Many << Many << false;
    QTest::newRow("as many as there may be")
        << epoch << quint64(4) << quint64(2) << std::size_t(5) << Many << true;
    QTest::newRow("too many") << epoch << quint64(4) << quint64(2) << std::size_t(4) << Many
                              << false;
    QTest::newRow("as much as there may be")
        << epoch << quint64(4) << quint64(2) << Many << std::size_t(18) << true;
    QTest::newRow("too much") << epoch << quint64(4) << quint64(2) << Many << std::size_t(17)
                              << false;
}

void tst_ReplayLog::whatIsMissingIsNotRecovered()
{
    QFETCH(quint64, epoch);
    QFETCH(quint64, seq);
    QFETCH(quint64, direct);
    QFETCH(std::size_t, events);
    QFETCH(std::size_t, bytes);
    QFETCH(bool, recovered);
    DirectLog directLog;
    for (int i = 0; i < 3; ++i)
        directLog.append(9, chunk({"x"}), {2, Many});
    const auto recovery =
        recover({epoch, seq, direct}, Epoch, nineEvents({5, Many}), directLog, {events, bytes});
    QCOMPARE(recovery.has_value(), recovered);
}

QTEST_APPLESS_MAIN(tst_ReplayLog)
#include "tst_replaylog.moc"
