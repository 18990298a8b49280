// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "framewatch_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using Fault = FrameWatch::Fault;

class tst_FrameWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void faultsAreSeenHoweverTheBytesAreCut_data();
    void faultsAreSeenHoweverTheBytesAreCut();
    void controlFramesComeBackWithTime();
    void lateMessagesAreSeen_data();
    void lateMessagesAreSeen();
};

namespace {

const TimePoint Start{std::chrono::hours(1)};
constexpr std::size_t Fragments = 3;

FrameWatch::Limits limits()
{
    return {Fragments, Rate(1, 2)};
}

/// A masked frame that begins with \a firstByte.
QByteArray frame(int firstByte, qsizetype size)
{
    QByteArray out(1, char(firstByte));
    if (size < 126)
        out += char(0x80 | size);
    else if (size < 65'536)
        out += '\xFE' + QByteArray(1, char(size >> 8)) + char(size & 0xFF);
    else
        out += '\xFF' + QByteArray(5, 0) + char(size >> 16) + char(size >> 8 & 0xFF)
            + char(size & 0xFF);
    return out + QByteArray(4, 'm') + QByteArray(size, '\x88');
}

const QByteArray Whole = frame(0x81, 5);
const QByteArray First = frame(0x01, 5);
const QByteArray Next = frame(0x00, 0);
const QByteArray Last = frame(0x80, 5);
const QByteArray Ping = frame(0x89, 4);
const QByteArray Pong = frame(0x8A, 0);

Fault faultOf(const QByteArray &bytes, qsizetype step)
{
    FrameWatch watch;
    Fault fault = Fault::None;
    for (qsizetype at = 0; at < bytes.size() && fault == Fault::None; at += step) {
        const QByteArray part = bytes.mid(at, step);
        fault = watch.read({part.constData(), std::size_t(part.size())}, limits(), Start);
    }
    return fault;
}

} // namespace

void tst_FrameWatch::faultsAreSeenHoweverTheBytesAreCut_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("fault");
    const auto add = [](const char *name, const QByteArray &bytes, Fault fault) {
        QTest::newRow(name) << bytes << int(fault);
    };
    add("one less fragment", First + Last, Fault::None);
    add("as many as may be", First + Next + Last, Fault::None);
    add("one more", First + Next + Next + Last, Fault::TooManyFragments);
    add("one more that never ends", First + Next + Next + Next, Fault::TooManyFragments);
    add("many messages", (First + Next + Last + Whole).repeated(100), Fault::None);
    add("fragments with pings between", First + Ping + Next + Ping + Last, Fault::None);
    add("an empty first one", frame(0x01, 0) + Next + Next + Next, Fault::TooManyFragments);
    add("as many pings", Ping + Whole + Ping, Fault::None);
    add("one ping more", Ping + Whole + Ping + Ping, Fault::TooManyControlFrames);
    add("pings and pongs", Ping + Pong + Pong, Fault::TooManyControlFrames);
    add("lengths of all kinds",
        frame(0x81, 0) + frame(0x81, 125) + frame(0x81, 126) + frame(0x82, 65'535)
            + frame(0x82, 65'536) + frame(0x81, 200'000) + Whole,
        Fault::None);
    add("a length with the first bit set", QByteArray::fromHex("81ff8000000000000001") + "mmmm",
        Fault::BadLength);
    add("behind a message", Whole + QByteArray::fromHex("82ffffffffffffffffff") + "mmmm",
        Fault::BadLength);
    add("all bits but the first", QByteArray::fromHex("81ff7fffffffffffffff") + "mmmm",
        Fault::None);
}

void tst_FrameWatch::faultsAreSeenHoweverTheBytesAreCut()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, fault);
    for (qsizetype step :
         {qsizetype(1), qsizetype(2), qsizetype(3), qsizetype(7), qsizetype(1'000), bytes.size()})
        QCOMPARE(int(faultOf(bytes, step)), fault);
}

void tst_FrameWatch::controlFramesComeBackWithTime()
{
    FrameWatch watch;
    const std::string_view ping(Ping.constData(), std::size_t(Ping.size()));
    for (int second = 0; second < 100; ++second)
        QVERIFY(watch.read(ping, limits(), Start + std::chrono::seconds(second)) == Fault::None);
}

void tst_FrameWatch::lateMessagesAreSeen_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isUnderWay");
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("a message") << Whole << false;
    QTest::newRow("a message in fragments") << First + Next + Last << false;
    QTest::newRow("a ping") << Ping << false;
    QTest::newRow("one byte") << Whole.left(1) << true;
    QTest::newRow("half a header") << Whole.left(5) << true;
    QTest::newRow("all but a byte") << Whole.chopped(1) << true;
    QTest::newRow("half a ping") << Ping.chopped(1) << true;
    QTest::newRow("a fragment") << First << true;
    QTest::newRow("a fragment and a ping") << First + Ping << true;
    QTest::newRow("the next message") << Whole + First << true;
}

void tst_FrameWatch::lateMessagesAreSeen()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isUnderWay);
    FrameWatch watch;
    const milliseconds timeout(30'000);
    QVERIFY(!watch.isLate(Start, timeout));
    TimePoint now = Start;
    for (char byte : bytes) {
        watch.read({&byte, 1}, limits(), now);
        now += milliseconds(1);
    }
    QVERIFY(!watch.isLate(Start + timeout - milliseconds(1), timeout));
    QCOMPARE(watch.isLate(now + timeout, timeout), isUnderWay);
}

QTEST_APPLESS_MAIN(tst_FrameWatch)
#include "tst_framewatch.moc"
