// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outgoing_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Options = DispatchEmitOptions;

/// What may be said of an event.
class tst_Outgoing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void optionsMustNotContradictThemselves_data();
    void optionsMustNotContradictThemselves();
};

void tst_Outgoing::optionsMustNotContradictThemselves_data()
{
    QTest::addColumn<Options>("options");
    QTest::addColumn<bool>("isAwaited");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *name, const Options &options, bool isAwaited, bool isGood) {
        QTest::newRow(name) << options << isAwaited << isGood;
    };
    row("none", {}, false, true);
    row("none, awaited", {}, true, true);
    row("all for a queue", {.recipients = QStringList(), .maxAge = 1ms, .tag = u"t"_s}, true, true);
    row("volatile", {.ifDelayed = Options::Drop}, false, true);
    row("volatile, awaited", {.ifDelayed = Options::Drop}, true, false);
    row("the latest", {.ifDelayed = Options::KeepLatest, .key = u"k"_s}, true, true);
    row("the latest of nothing", {.ifDelayed = Options::KeepLatest}, false, false);
    row("a key for a queue", {.key = u"k"_s}, false, false);
    row("a key for what is volatile", {.ifDelayed = Options::Drop, .key = u"k"_s}, false, false);
    row("a negative age", {.maxAge = -1ms}, false, false);
    row("what is below all", {.ifDelayed = Options::IfDelayed(-1)}, false, false);
    row("what is above all", {.ifDelayed = Options::IfDelayed(3)}, false, false);
}

void tst_Outgoing::optionsMustNotContradictThemselves()
{
    QFETCH(const Options, options);
    QFETCH(const bool, isAwaited);
    QFETCH(const bool, isGood);
    const DispatchError error = checkOptions(options, isAwaited);
    QCOMPARE(error.code(), isGood ? DispatchError::NoError : DispatchError::InvalidOptions);
    QCOMPARE(error.message().isEmpty(), isGood);
    QVERIFY(!error.isRetryable());
}

QTEST_APPLESS_MAIN(tst_Outgoing)
#include "tst_outgoing.moc"
