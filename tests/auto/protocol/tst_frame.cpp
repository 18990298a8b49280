// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "frame_p.h"
#include "limits_p.h"
#include "text_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

/// One frame as RFC 6455 section 5.2 writes it.
struct ReadFrame {
    int firstByte;
    std::string payload;
};

static std::vector<ReadFrame> readFrames(const std::string &bytes)
{
    std::vector<ReadFrame> frames;
    const auto at = [&](std::size_t i) {
        return std::uint64_t(static_cast<unsigned char>(bytes.at(i)));
    };
    for (std::size_t i = 0; i < bytes.size();) {
        std::uint64_t size = at(i + 1);
        std::size_t header = 2;
        const std::size_t lengthBytes = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (lengthBytes > 0)
            size = 0;
        for (std::size_t k = 0; k < lengthBytes; ++k)
            size = size << 8 | at(i + header++);
        frames.push_back({int(at(i)), bytes.substr(i + header, size)});
        i += header + size;
    }
    return frames;
}

class TestFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sizesTakeTheShortestHeader_data();
    void sizesTakeTheShortestHeader();
    void longTextIsCutBetweenCodePoints_data();
    void longTextIsCutBetweenCodePoints();
    void pingCarriesItsPayload();
    void endOfMessagesIsFound_data();
    void endOfMessagesIsFound();
};

void TestFrame::sizesTakeTheShortestHeader_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("header");
    for (const auto &[size, header] :
         {std::pair(0, 2), {1, 2}, {125, 2}, {126, 4}, {65'535, 4}, {65'536, 10}})
        QTest::addRow("%d", size) << size << header;
}

void TestFrame::sizesTakeTheShortestHeader()
{
    QFETCH(int, size);
    QFETCH(int, header);
    std::string out;
    Frame::appendText(out, std::string(std::size_t(size), 'x'), Limits::FragmentBytes);
    QCOMPARE(int(out.size()), size + header);
    const auto frames = readFrames(out);
    QCOMPARE(frames.size(), std::size_t(1));
    QCOMPARE(frames[0].firstByte, 0x81);
    QCOMPARE(int(frames[0].payload.size()), size);
}

void TestFrame::longTextIsCutBetweenCodePoints_data()
{
    QTest::addColumn<QString>("unit");
    QTest::newRow("one byte") << QStringLiteral("x");
    QTest::newRow("two bytes") << QStringLiteral("é");
    QTest::newRow("three bytes") << QStringLiteral("漢");
    QTest::newRow("four bytes") << QStringLiteral("😀");
    QTest::newRow("mixed") << QStringLiteral("xé漢😀");
}

void TestFrame::longTextIsCutBetweenCodePoints()
{
    QFETCH(QString, unit);
    const std::string text = unit.repeated(20'000).toStdString();
    for (std::size_t limit :
         {std::size_t(4), std::size_t(1001), Limits::FragmentBytes - 1, Limits::FragmentBytes}) {
        std::string out;
        Frame::appendText(out, text, limit);
        const auto frames = readFrames(out);
        std::string whole;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const int expected = (i == 0 ? 0x01 : 0x00) | (i + 1 == frames.size() ? 0x80 : 0);
            QCOMPARE(frames[i].firstByte, expected);
            QVERIFY(frames[i].payload.size() <= limit);
            QVERIFY(Text::isValidUtf8(frames[i].payload));
            whole += frames[i].payload;
        }
        QVERIFY(whole == text);
    }
}

void TestFrame::pingCarriesItsPayload()
{
    std::string out;
    Frame::appendPing(out, "abc");
    QCOMPARE(out,
             std::string("\x89\x03"
                         "abc"));
}

void TestFrame::endOfMessagesIsFound_data()
{
    QTest::addColumn<std::size_t>("bytes");
    QTest::addColumn<std::size_t>("fragmentBytes");
    const std::size_t one = 1'000'000;
    QTest::newRow("empty ones") << std::size_t(0) << one;
    QTest::newRow("short ones") << std::size_t(125) << one;
    QTest::newRow("medium ones") << std::size_t(126) << one;
    QTest::newRow("longer medium ones") << std::size_t(65'535) << one;
    QTest::newRow("long ones") << std::size_t(65'536) << one;
    QTest::newRow("fragments") << std::size_t(1'000) << std::size_t(300);
}

void TestFrame::endOfMessagesIsFound()
{
    QFETCH(std::size_t, bytes);
    QFETCH(std::size_t, fragmentBytes);
    std::string frames;
    std::vector<std::size_t> ends{0};
    for (int i = 0; i < 3; ++i) {
        Frame::appendText(frames, std::string(bytes, 'x'), fragmentBytes);
        ends.push_back(frames.size());
    }
    for (std::size_t count = 0; count < ends.size(); ++count)
        QCOMPARE(Frame::endOfMessages(frames, count), ends[count]);
}

QTEST_APPLESS_MAIN(TestFrame)
#include "tst_frame.moc"
