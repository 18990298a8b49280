// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QCoroFuture>
#include <QCoroTask>

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

//! [co_await]
QCoro::Task<int> rollTheDice(DispatchClient &client)
{
    try {
        co_await client.connectToServer({.shardName = u"table"_s});
        const int sides = 6;
        co_return co_await client.request<int>(u"roll"_s, sides, {.timeout = 2s});
    } catch (const DispatchError &error) {
        qWarning() << "no dice:" << error.message();
        co_return 0;
    }
}
//! [co_await]

} // namespace

/// co_await, by QCoro.
class tst_Coroutines : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void aReplyIsAwaited();
    void aFailureIsThrown();
    void theClientMayEndMeanwhile();
};

void tst_Coroutines::aReplyIsAwaited()
{
    const auto bank = join(u"table"_s);
    bank->onRequest<int>(u"roll"_s, this, [](int sides) { return sides - 2; });
    const auto player = makeClient();
    QCOMPARE(QCoro::waitFor(rollTheDice(*player)), 4);
}

void tst_Coroutines::aFailureIsThrown()
{
    const auto player = makeClient();
    player->setUrl(QUrl(u"gopher://nowhere"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no dice: .*ws://.*"_s));
    QCOMPARE(QCoro::waitFor(rollTheDice(*player)), 0);
}

void tst_Coroutines::theClientMayEndMeanwhile()
{
    auto player = makeClient();
    const auto rolled = rollTheDice(*player);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no dice: .*gone.*"_s));
    player.reset();
    QTRY_VERIFY(rolled.isReady());
}

QTEST_GUILESS_MAIN(tst_Coroutines)
#include "tst_coroutines.moc"
