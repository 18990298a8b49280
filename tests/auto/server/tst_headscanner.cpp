// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "headscanner_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_HeadScanner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheEnd_data();
    void findsTheEnd();
    void limitsHold_data();
    void limitsHold();
    void brokenLinesAreRefusedAtOnce_data();
    void brokenLinesAreRefusedAtOnce();
};

namespace {

constexpr int Fits = -1;

struct Outcome {
    int refusal = Fits;
    std::size_t size = 0;
};

/// Scans \a bytes as they come in pieces of \a step.
Outcome scanned(const QByteArray &bytes, qsizetype step)
{
    HeadScanner scanner;
    for (qsizetype end = 0; end < bytes.size();) {
        end = std::min(end + step, bytes.size());
        if (const auto refusal = scanner.scan({bytes.constData(), std::size_t(end)}))
            return {int(*refusal), 0};
    }
    return {Fits, scanner.size()};
}

QByteArray withTarget(qsizetype bytes)
{
    return "GET " + QByteArray(bytes, 'x') + " HTTP/1.1\r\n\r\n";
}

QByteArray withFields(int count)
{
    return "GET / HTTP/1.1\r\n" + QByteArray("X: 1\r\n").repeated(count) + "\r\n";
}

QByteArray ofSize(qsizetype bytes)
{
    const QByteArray start = "GET / HTTP/1.1\r\nX: ";
    return start + QByteArray(bytes - start.size() - 4, 'x') + "\r\n\r\n";
}

} // namespace

void tst_HeadScanner::findsTheEnd_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("following");
    const QByteArray head = "GET / HTTP/1.1\r\nHost: a\r\nX:\ty\r\n\r\n";
    QTest::newRow("alone") << head << QByteArray();
    QTest::newRow("with what comes behind") << head << QByteArray("\0\n\n\r x", 6);
    QTest::newRow("without fields") << QByteArray("GET / HTTP/1.1\r\n\r\n") << QByteArray();
}

void tst_HeadScanner::findsTheEnd()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, following);
    for (const qsizetype step : {1, 2, 3, 1'000}) {
        const Outcome outcome = scanned(head + following, step);
        QCOMPARE(outcome.refusal, Fits);
        QCOMPARE(outcome.size, std::size_t(head.size()));
    }
    QCOMPARE(scanned(head.chopped(1), 1).size, std::size_t(0));
}

void tst_HeadScanner::limitsHold_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("refusal");
    const auto add = [](const char *what, int limit, QByteArray (*make)(qsizetype),
                        Refusal refusal) {
        QTest::addRow("%s, one less", what) << make(limit - 1) << Fits;
        QTest::addRow("%s, as many", what) << make(limit) << Fits;
        QTest::addRow("%s, one more", what) << make(limit + 1) << int(refusal);
    };
    add("bytes", 16 * 1024, ofSize, Refusal::HeaderTooLarge);
    add("bytes of the target", 8 * 1024, withTarget, Refusal::TargetTooLong);
    add(
        "fields", 100, [](qsizetype count) { return withFields(int(count)); },
        Refusal::HeaderTooLarge);
    // Nobody waits for the end of it.
    QTest::newRow("a target without an end")
        << "GET /" + QByteArray(8 * 1024, 'x') << int(Refusal::TargetTooLong);
    QTest::newRow("a method without an end")
        << QByteArray(16 * 1024 + 1, 'G') << int(Refusal::HeaderTooLarge);
}

void tst_HeadScanner::limitsHold()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, refusal);
    for (const qsizetype step : {1, 4'096, 100'000}) {
        const Outcome outcome = scanned(bytes, step);
        QCOMPARE(outcome.refusal, refusal);
        QCOMPARE(outcome.size, refusal == Fits ? std::size_t(bytes.size()) : std::size_t(0));
    }
}

void tst_HeadScanner::brokenLinesAreRefusedAtOnce_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray line = "GET / HTTP/1.1\r\n";
    QTest::newRow("LF alone behind the request") << QByteArray("GET / HTTP/1.1\n");
    QTest::newRow("LF alone behind a field") << line + "Host: a\n";
    QTest::newRow("LF alone as the end") << line + "Host: a\r\n\n";
    QTest::newRow("CR alone in a field") << line + "X: a\rb";
    QTest::newRow("CR alone as the end") << line + "\rX";
    QTest::newRow("two CR") << line + "X: a\r\r";
    QTest::newRow("folded with a space") << line + "X: a\r\n ";
    QTest::newRow("folded with a tab") << line + "X: a\r\n\t";
    QTest::newRow("white space before the first field") << line + " ";
    QTest::newRow("NUL in a field") << line + QByteArray("X: a\0", 5);
    QTest::newRow("NUL in the request") << QByteArray("GET /\0", 6);
    QTest::newRow("bell") << line + "X: \a";
    QTest::newRow("delete") << line + "X: \x7f";
    QTest::newRow("vertical tab") << line + "Transfer-Encoding:\v";
    QTest::newRow("the first bytes of TLS") << QByteArray("\x16");
}

void tst_HeadScanner::brokenLinesAreRefusedAtOnce()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(scanned(bytes, 1).refusal, int(Refusal::BadRequest));
    // It is the last byte that is wrong.
    QCOMPARE(scanned(bytes.chopped(1), 1).refusal, Fits);
}

QTEST_APPLESS_MAIN(tst_HeadScanner)
#include "tst_headscanner.moc"
