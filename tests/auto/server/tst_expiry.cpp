// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "allowedshards_p.h"
#include "expiry_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace Dispatch;

/// What becomes of a client whose token ends, and which shards a token opens.
class tst_Expiry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tokensEnd_data();
    void tokensEnd();
    void asksOnce();
    void asksAgainOnAnotherConnection();
    void anotherTokenIsAnotherEnd();
    void shardsAreAllowed_data();
    void shardsAreAllowed();
};

Q_DECLARE_METATYPE(std::chrono::milliseconds)
Q_DECLARE_METATYPE(Expiry::Action)

namespace {

constexpr std::int64_t Epoch = 1'700'000'000;
constexpr std::chrono::system_clock::time_point Wall{std::chrono::seconds(Epoch)};
constexpr TimePoint Start{1h};

} // namespace

void tst_Expiry::tokensEnd_data()
{
    QTest::addColumn<qint64>("expiresAt");
    QTest::addColumn<std::chrono::milliseconds>("after");
    QTest::addColumn<Expiry::Action>("action");
    const auto row = [](const char *name, qint64 expiresAt, std::chrono::milliseconds after,
                        Expiry::Action action) {
        QTest::newRow(name) << expiresAt << after << action;
    };
    using Action = Expiry::Action;
    row("never", 0, 24h * 365 * 200, Action::None);
    row("not yet", Epoch + 10, 9'999ms, Action::None);
    row("now", Epoch + 10, 10s, Action::AskForToken);
    row("long ago", Epoch + 10, 1h, Action::AskForToken);
    row("ended before it came, within the leeway", Epoch - 20, 0ms, Action::AskForToken);
    row("in the year 9999", 253'402'300'799, 24h * 365, Action::None);
    row("at the end of numbers", std::numeric_limits<qint32>::max(), 24h * 365, Action::None);
}

void tst_Expiry::tokensEnd()
{
    QFETCH(qint64, expiresAt);
    QFETCH(std::chrono::milliseconds, after);
    QFETCH(Expiry::Action, action);
    Expiry expiry;
    expiry.renew(expiresAt, Wall, Start);
    QCOMPARE(expiry.check(Start + after, 25s), action);
}

void tst_Expiry::asksOnce()
{
    Expiry expiry;
    QCOMPARE(expiry.check(Start + 24h * 365, 1s), Expiry::Action::None); // has no token
    expiry.renew(Epoch + 10, Wall, Start);
    // Late: the grace counts from the question.
    QCOMPARE(expiry.check(Start + 60s, 25s), Expiry::Action::AskForToken);
    QCOMPARE(expiry.check(Start + 60s, 25s), Expiry::Action::None);
    QCOMPARE(expiry.check(Start + 84'999ms, 25s), Expiry::Action::None);
    QCOMPARE(expiry.check(Start + 85s, 25s), Expiry::Action::Close);
    QCOMPARE(expiry.check(Start + 86s, 25s), Expiry::Action::Close);
}

void tst_Expiry::asksAgainOnAnotherConnection()
{
    Expiry expiry;
    expiry.renew(Epoch + 10, Wall, Start);
    expiry.askAgain();
    QCOMPARE(expiry.check(Start + 9s, 25s), Expiry::Action::None);
    QCOMPARE(expiry.check(Start + 10s, 25s), Expiry::Action::AskForToken);
    expiry.askAgain();
    QCOMPARE(expiry.check(Start + 30s, 25s), Expiry::Action::AskForToken);
    QCOMPARE(expiry.check(Start + 34s, 25s), Expiry::Action::None);
    QCOMPARE(expiry.check(Start + 35s, 25s), Expiry::Action::Close);
}

void tst_Expiry::anotherTokenIsAnotherEnd()
{
    Expiry expiry;
    expiry.renew(Epoch + 10, Wall, Start);
    QCOMPARE(expiry.check(Start + 10s, 25s), Expiry::Action::AskForToken);
    expiry.renew(Epoch + 40, Wall + 20s, Start + 20s);
    QCOMPARE(expiry.check(Start + 39s, 25s), Expiry::Action::None);
    QCOMPARE(expiry.check(Start + 40s, 25s), Expiry::Action::AskForToken);
    expiry.renew(0, Wall + 41s, Start + 41s);
    QCOMPARE(expiry.check(Start + 24h, 25s), Expiry::Action::None);
}

void tst_Expiry::shardsAreAllowed_data()
{
    QTest::addColumn<QString>("wished");
    QTest::addColumn<QString>("claim"); // names with commas; null: none
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QString>("tried"); // null: refused
    const QString none;
    const QString any = u""_s;
    QTest::newRow("no claim, no wish") << any << none << false << any;
    QTest::newRow("no claim") << u"a"_s << none << false << u"a"_s;
    QTest::newRow("no claim where one is due") << u"a"_s << none << true << none;
    QTest::newRow("no claim and no wish where one is due") << any << none << true << none;
    QTest::newRow("claimed") << u"b"_s << u"a,b"_s << true << u"b"_s;
    QTest::newRow("claimed, though it need not") << u"b"_s << u"a,b"_s << false << u"b"_s;
    QTest::newRow("not claimed") << u"c"_s << u"a,b"_s << true << none;
    QTest::newRow("not claimed, though it need not") << u"c"_s << u"a,b"_s << false << none;
    QTest::newRow("in other letters") << u"A"_s << u"a,b"_s << true << none;
    QTest::newRow("the server's choice") << any << u"a,b"_s << true << u"a,b"_s;
    QTest::newRow("nothing is claimed") << any << u""_s << true << none;
    QTest::newRow("a name that can't be") << any << u"a\nb"_s << true << none;
}

void tst_Expiry::shardsAreAllowed()
{
    QFETCH(QString, wished);
    QFETCH(QString, claim);
    QFETCH(bool, isRequired);
    QFETCH(QString, tried);
    std::optional<QStringList> claimed;
    if (!claim.isNull())
        claimed = claim.split(u',');
    QStringList names;
    for (const std::string &name : allowedShards(wished.toStdString(), claimed, isRequired))
        names.append(QString::fromStdString(name));
    QCOMPARE(names.isEmpty(), tried.isNull());
    QCOMPARE(names.join(u','), tried);
}

QTEST_APPLESS_MAIN(tst_Expiry)
#include "tst_expiry.moc"
