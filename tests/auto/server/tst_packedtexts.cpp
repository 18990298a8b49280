// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "packedtexts_p.h"

#include "adoptedsession_p.h"
#include "clusterevent_p.h"
#include "mailing_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

/// What servers tell each other.
class tst_PackedTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anyTextsComeBack_data();
    void anyTextsComeBack();
    void otherTextIsRefused_data();
    void otherTextIsRefused();
    void moreThanIsKnownIsLeftOut();
    void eventsComeBack();
    void brokenEventsAreRefused_data();
    void brokenEventsAreRefused();
    void directEventsComeBack();
    void dismissalsAndHeadcountsComeBack();
    void newsOfBansComeBack();
    void eachKindIsKnownByItsOwnFunctionAlone();
    void statesComeBack();
};

void tst_PackedTexts::anyTextsComeBack_data()
{
    QTest::addColumn<QList<QByteArray>>("texts");
    QTest::newRow("none") << QList<QByteArray>{};
    QTest::newRow("an empty one") << QList<QByteArray>{""};
    QTest::newRow("some") << QList<QByteArray>{"a", "", "two words"};
    QTest::newRow("colons and digits") << QList<QByteArray>{"3:abc", ":", "12"};
    QTest::newRow("any bytes") << QList<QByteArray>{QByteArray("\0\n\xff:1", 5), "\xc3\xa4"};
    QTest::newRow("a long one") << QList<QByteArray>{QByteArray(100'000, 'x'), "y"};
}

void tst_PackedTexts::anyTextsComeBack()
{
    QFETCH(QList<QByteArray>, texts);
    std::vector<std::string> all;
    for (const QByteArray &text : texts)
        all.push_back(text.toStdString());
    const std::string text = packed(all);
    const auto back = unpacked(text);
    QVERIFY(back);
    QCOMPARE(std::vector<std::string>(back->begin(), back->end()), all);
}

void tst_PackedTexts::otherTextIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no number") << QByteArray("abc");
    QTest::newRow("no colon") << QByteArray("3");
    QTest::newRow("too short") << QByteArray("3:ab");
    QTest::newRow("something behind") << QByteArray("1:ab");
    QTest::newRow("negative") << QByteArray("-1:a");
    QTest::newRow("beyond all numbers") << QByteArray("99999999999999999999:a");
    QTest::newRow("nearly all of them") << QByteArray("18446744073709551615:a");
}

void tst_PackedTexts::otherTextIsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!unpacked(std::string_view(text.data(), std::size_t(text.size()))));
}

void tst_PackedTexts::moreThanIsKnownIsLeftOut()
{
    const std::string text = packed({"a", "b", "c"});
    QVERIFY(unpacked(text, 2));
    QVERIFY(unpacked(text, 3));
    QVERIFY(!unpacked(text, 4));
}

void tst_PackedTexts::eventsComeBack()
{
    Event event{"\"name\"", "{\"a\":[1,2]}", 12.625, {}};
    event.details.from = "client";
    event.details.fromUser = "user:17";
    event.details.request = "r1";
    event.details.time = 1'767'225'600'123;
    const std::string text = packedEvent(event);
    const auto back = unpackedEvent(text);
    QVERIFY(back);
    QCOMPARE(back->rawName, event.rawName);
    QCOMPARE(back->payload, event.payload);
    QCOMPARE(back->latencyMs, event.latencyMs);
    QCOMPARE(back->details.from, event.details.from);
    QCOMPARE(back->details.fromUser, event.details.fromUser);
    QCOMPARE(back->details.request, event.details.request);
    QCOMPARE(back->details.reply, event.details.reply);
    QCOMPARE(back->details.time, event.details.time);
}

void tst_PackedTexts::brokenEventsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("too few parts") << QByteArray::fromStdString(packed({"\"n\"", "1", "0"}));
    QTest::newRow("latency is no number")
        << QByteArray::fromStdString(packed({"\"n\"", "1", "x", "", "", "", "", "5"}));
    QTest::newRow("time has something behind it")
        << QByteArray::fromStdString(packed({"\"n\"", "1", "0", "", "", "", "", "5s"}));
}

void tst_PackedTexts::brokenEventsAreRefused()
{
    QFETCH(QByteArray, text);
    const std::string_view view(text.data(), std::size_t(text.size()));
    QVERIFY(!unpackedEvent(view));
    QVERIFY(!unpackedDirect(view));
}

void tst_PackedTexts::directEventsComeBack()
{
    const Event event{"\"name\"", "null", 0, {}};
    const std::string emitted = packedDirect(event, {"ann", "ben"});
    const auto direct = unpackedDirect(emitted);
    QVERIFY(direct);
    QCOMPARE(direct->recipients, (std::vector<std::string>{"ann", "ben"}));
    QCOMPARE(direct->event.rawName, event.rawName);

    Mailing mailing(event);
    mailing.users = {"user"};
    mailing.clients = {"c1", "c2"};
    const std::string published = packedDirect(mailing);
    const auto mail = unpackedDirect(published);
    QVERIFY(mail);
    QVERIFY(mail->recipients.empty());
    QCOMPARE(mail->users, mailing.users);
    QCOMPARE(mail->clients, mailing.clients);
}

void tst_PackedTexts::dismissalsAndHeadcountsComeBack()
{
    using Kind = ClientSelection::Kind;
    for (const Kind kind : {Kind::Client, Kind::User, Kind::Address}) {
        const Dismissal dismissal{{"p", kind, "a name"}, Refusal::Banned, "why", "node", 7};
        const auto back = unpackedDismissal("p", packedDismissal(dismissal));
        QVERIFY(back);
        QCOMPARE(back->whom.projectId, "p");
        QVERIFY(back->whom.kind == kind);
        QCOMPARE(back->whom.name, dismissal.whom.name);
        QVERIFY(back->refusal == dismissal.refusal);
        QCOMPARE(back->detail, dismissal.detail);
        QCOMPARE(back->asker, dismissal.asker);
        QCOMPARE(back->question, dismissal.question);
    }
    const auto newer = unpackedDismissal(
        "p", packed({"away", "user", "ann", "not_known_here", "", "n", "1", "x"}));
    QVERIFY(newer && newer->refusal == Refusal::Disconnected);
    QVERIFY(!unpackedDismissal("p", packed({"away", "planet", "x", "banned", "", "n", "1"})));
    QVERIFY(!unpackedDismissal("p", packed({"away", "user", "x", "banned", "", "n", "one"})));

    const auto count = unpackedHeadcount(packedHeadcount({7, "node", 3}));
    QVERIFY(count && count->question == 7 && count->node == "node" && count->count == 3);
    QVERIFY(!unpackedHeadcount(packed({"count", "7", "node", "some"})));
    QVERIFY(!unpackedHeadcount("session 7"));
}

void tst_PackedTexts::newsOfBansComeBack()
{
    const TimePoint then{std::chrono::hours(5)};
    const TimePoint now{std::chrono::hours(1)}; // another machine's clock
    for (const auto kind : {BanList::Kind::User, BanList::Kind::Address}) {
        const BanNews news{{kind, "a name", "why", then + milliseconds(1'500)}, false};
        const auto back = unpackedBanNews(packedBanNews(news, then), now);
        QVERIFY(back && !back->isTakenBack);
        QVERIFY(back->ban.kind == kind);
        QCOMPARE(back->ban.name, news.ban.name);
        QCOMPARE(back->ban.reason, news.ban.reason);
        QVERIFY(back->ban.until == now + milliseconds(1'500));
        const auto taken = unpackedBanNews(packedBanNews({news.ban, true}, then), now);
        QVERIFY(taken && taken->isTakenBack);
        QVERIFY(taken->ban.kind == kind);
        QCOMPARE(taken->ban.name, news.ban.name);
    }
    QVERIFY(!unpackedBanNews(packed({"ban", "planets", "x", "why", "9"}), now));
    QVERIFY(!unpackedBanNews(packed({"ban", "users", "x", "why", "soon"}), now));
    QVERIFY(!unpackedBanNews(packed({"unban", "users"}), now));
}

void tst_PackedTexts::eachKindIsKnownByItsOwnFunctionAlone()
{
    const std::string event = packedDirect(Event{"\"n\"", "1", 0, {}}, {"ann"});
    const std::string dismissal = packedDismissal({{"p", {}, "ann"}, Refusal::Banned, {}, "n", 1});
    const std::string newer = packed({"newer", "a", "b", "c", "d", "e", "f", "g"});
    QVERIFY(!unpackedDirect(dismissal) && !unpackedDirect(newer));
    QVERIFY(!unpackedDismissal("p", event) && !unpackedDismissal("p", newer));
    QVERIFY(!unpackedHeadcount(event) && !unpackedHeadcount(newer));
    const std::string ban = packedBanNews({{{}, "ann", {}, {}}, true}, {});
    QVERIFY(!unpackedDirect(ban) && !unpackedDismissal("p", ban));
    QVERIFY(!unpackedBanNews(event, {}) && !unpackedBanNews(newer, {}));
}

void tst_PackedTexts::statesComeBack()
{
    const SessionState state{
        "\"name\":\"Ann\"", {{3, Refusal::RateLimited}, {7, Refusal::ReservedEvent}}, 2};
    QVERIFY(unpackedState(packedState(state)) == std::optional(state));
    QVERIFY(unpackedState(packedState({})) == std::optional(SessionState()));
    QVERIFY(!unpackedState(""));
    QVERIFY(!unpackedState(packed({"", packed({"3"}), "1"})));
    // A newer server may know refusals that this one does not.
    const auto newer = unpackedState(packed({"", packed({"3", "not_known_here"}), "1"}));
    QVERIFY(newer && newer->refused.size() == 1 && newer->refused.front().emit == 3);
}

QTEST_APPLESS_MAIN(tst_PackedTexts)
#include "tst_packedtexts.moc"
