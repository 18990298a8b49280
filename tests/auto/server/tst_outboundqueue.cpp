// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outboundqueue_p.h"

#include <QtTest/qtest.h>

#include <array>
#include <random>

using namespace Dispatch;
using namespace std::chrono_literals;

class tst_OutboundQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newQueueIsEmpty();
    void piecesComeInOrderAndUncopied();
    void partsOfAPieceCanBeTaken();
    void gatherStopsAtItsRoom();
    void whatComesOutIsWhatWentIn();
    void emptyQueueIsNeverStalled();
    void stallCountsFromTheLastProgress();
};

namespace {

const TimePoint Start{1'000s};

Chunk chunk(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

} // namespace

void tst_OutboundQueue::newQueueIsEmpty()
{
    OutboundQueue queue;
    std::array<std::string_view, 2> pieces;
    QVERIFY(queue.isEmpty());
    QCOMPARE(queue.gather(pieces), std::size_t(0));
    queue.push(chunk(""), Start);
    QVERIFY(queue.isEmpty());
}

void tst_OutboundQueue::piecesComeInOrderAndUncopied()
{
    OutboundQueue queue;
    const Chunk first = chunk("abc");
    queue.push(first, Start);
    queue.push(chunk("de"), Start);
    std::array<std::string_view, 4> pieces;
    QCOMPARE(queue.gather(pieces), std::size_t(2));
    QVERIFY(pieces[0].data() == first->data());
    QCOMPARE(pieces[1], std::string_view("de"));
    QCOMPARE(queue.bytes(), std::size_t(5));
}

void tst_OutboundQueue::partsOfAPieceCanBeTaken()
{
    OutboundQueue queue;
    queue.push(chunk("abc"), Start);
    queue.push(chunk("de"), Start);
    std::array<std::string_view, 4> pieces;
    queue.consume(1, Start);
    QCOMPARE(queue.gather(pieces), std::size_t(2));
    QCOMPARE(pieces[0], std::string_view("bc"));
    queue.consume(3, Start);
    QCOMPARE(queue.gather(pieces), std::size_t(1));
    QCOMPARE(pieces[0], std::string_view("e"));
    queue.consume(1, Start);
    QVERIFY(queue.isEmpty());
}

void tst_OutboundQueue::gatherStopsAtItsRoom()
{
    OutboundQueue queue;
    for (int i = 0; i < 5; ++i)
        queue.push(chunk("x"), Start);
    std::array<std::string_view, 3> pieces;
    QCOMPARE(queue.gather(pieces), std::size_t(3));
}

void tst_OutboundQueue::whatComesOutIsWhatWentIn()
{
    OutboundQueue queue;
    std::mt19937 random(1);
    std::string in;
    std::string out;
    while (in.size() < 20'000) {
        for (unsigned i = random() % 40; i > 0; --i) {
            const std::string text(random() % 30, static_cast<char>('a' + random() % 26));
            in += text;
            queue.push(chunk(text), Start);
        }
        std::array<std::string_view, 16> pieces;
        const std::size_t count = queue.gather(pieces);
        std::string seen;
        for (std::size_t i = 0; i < count; ++i)
            seen += pieces[i];
        seen.resize(seen.empty() ? 0 : random() % (seen.size() + 1));
        out += seen;
        queue.consume(seen.size(), Start);
        QCOMPARE(queue.bytes(), in.size() - out.size());
    }
    QVERIFY(out.size() > 1'000);
    QCOMPARE(out, in.substr(0, out.size()));
}

void tst_OutboundQueue::emptyQueueIsNeverStalled()
{
    OutboundQueue queue;
    QVERIFY(!queue.isStalled(Start + 1h, 10s));
    queue.push(chunk("x"), Start + 1h);
    QVERIFY(!queue.isStalled(Start + 1h + 9s, 10s));
    queue.consume(1, Start + 1h);
    QVERIFY(!queue.isStalled(Start + 2h, 10s));
}

void tst_OutboundQueue::stallCountsFromTheLastProgress()
{
    OutboundQueue queue;
    queue.push(chunk("abc"), Start);
    QVERIFY(!queue.isStalled(Start + 9'999ms, 10s));
    QVERIFY(queue.isStalled(Start + 10s, 10s));
    queue.consume(1, Start + 9s);
    QVERIFY(!queue.isStalled(Start + 18s, 10s));
    // More to send is no progress.
    queue.push(chunk("def"), Start + 18s);
    QVERIFY(queue.isStalled(Start + 19s, 10s));
}

QTEST_APPLESS_MAIN(tst_OutboundQueue)
#include "tst_outboundqueue.moc"
