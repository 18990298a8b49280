// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backoff_p.h"
#include "heartbeat_p.h"
#include "outbox_p.h"
#include "session_p.h"

#include <rapidcheck.h>

#include <QtTest/qtest.h>

using namespace Dispatch;

/// What holds for any sequence of events, not only for those that somebody thought of.
class tst_ClientProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void delaysStayUnderAGrowingCeiling();
    void outboxKeepsBoundsAndOrderAndLosesNothing();
    void sessionIsNeverStuck();
    void silentPeerIsFoundWithinTheBound();
};

void tst_ClientProperties::delaysStayUnderAGrowingCeiling()
{
    QVERIFY(rc::check([] {
        const auto draws = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1001));
        const DispatchReconnectPolicy policy{.minDelay = *rc::gen::inRange(0, 5000),
                                             .maxDelay = *rc::gen::inRange(0, 60'000)};
        std::size_t at = 0;
        Backoff backoff([&] { return draws[at] / 1000.0; }, policy);
        Milliseconds last{0};
        for (; at < draws.size(); ++at) {
            const Milliseconds ceiling = backoff.ceiling();
            const auto delay = backoff.next();
            RC_ASSERT(delay.has_value());
            RC_ASSERT(*delay >= Milliseconds(0));
            RC_ASSERT(*delay <= ceiling);
            RC_ASSERT(ceiling >= last);
            RC_ASSERT(ceiling <= Milliseconds(std::max(policy.maxDelay.count(), 1)));
            last = ceiling;
        }
    }));
}

void tst_ClientProperties::outboxKeepsBoundsAndOrderAndLosesNothing()
{
    QVERIFY(rc::check([] {
        DispatchQueuePolicy policy;
        policy.maxMessages = *rc::gen::inRange(0, 8);
        policy.maxBytes = *rc::gen::inRange(0, 60);
        policy.maxAge = *rc::gen::element(0, 10);
        policy.overflow =
            *rc::gen::element(DispatchQueuePolicy::Reject, DispatchQueuePolicy::DropOldest);
        Outbox outbox;
        RC_ASSERT(outbox.setPolicy(policy, {}).empty());

        int pushed = 0;
        int lastOut = -1;
        Instant now{};
        std::set<int> seen;
        const auto out = [&](const Outbox::Entry &entry) {
            const int number = entry.eventName.toInt();
            RC_ASSERT(number > lastOut);
            lastOut = number;
            RC_ASSERT(seen.insert(number).second);
        };
        const auto replaced = [&](const Outbox::Entry &entry) {
            RC_ASSERT(!entry.key.isEmpty());
            RC_ASSERT(seen.insert(entry.eventName.toInt()).second);
        };
        int refused = 0;
        for (int action : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))) {
            now += Milliseconds(*rc::gen::inRange(0, 8));
            if (action < 2) {
                const QString key =
                    *rc::gen::element(QString(), QStringLiteral("k"), QStringLiteral("l"));
                const auto outcome =
                    outbox.push({.eventName = QString::number(pushed),
                                 .message = std::string(std::size_t(*rc::gen::inRange(1, 20)), 'x'),
                                 .key = key},
                                now);
                for (const auto &[entry, reason] : outcome.dropped)
                    reason == DispatchError::Superseded ? replaced(entry) : out(entry);
                if (outcome.refused != DispatchError::NoError)
                    ++refused;
                ++pushed;
            } else if (action == 2) {
                if (const auto entry = outbox.take())
                    out(*entry);
            } else {
                for (const auto &dropped : outbox.expire(now))
                    out(dropped.entry);
            }
            RC_ASSERT(outbox.size() <= policy.maxMessages);
            RC_ASSERT(outbox.bytes() <= policy.maxBytes);
        }
        for (const auto &dropped : outbox.clear())
            out(dropped.entry);
        RC_ASSERT(outbox.bytes() == 0);
        RC_ASSERT(int(seen.size()) + refused == pushed);
    }));
}

void tst_ClientProperties::sessionIsNeverStuck()
{
    QVERIFY(rc::check([] {
        Session session([] { return 0.5; });
        session.setReconnectPolicy({.maxAttempts = *rc::gen::inRange(-1, 4)});
        Instant now{};
        bool timer = false;
        bool connection = false;
        auto state = session.state();
        const auto apply = [&](const SessionActions &actions) {
            for (const auto &action : actions) {
                switch (action.type) {
                case SessionAction::SetState:
                    RC_ASSERT(action.state != state);
                    state = action.state;
                    break;
                case SessionAction::Open:
                    RC_ASSERT(!connection);
                    connection = true;
                    break;
                case SessionAction::Abandon:
                case SessionAction::SayGoodbye:
                    RC_ASSERT(connection);
                    connection = false;
                    break;
                case SessionAction::ArmTimer:
                    timer = true;
                    break;
                case SessionAction::DisarmTimer:
                    timer = false;
                    break;
                default:
                    break;
                }
            }
        };
        for (int event : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9))) {
            now += Milliseconds(*rc::gen::inRange(0, 12'000));
            switch (event) {
            case 0:
                apply(session.wish(now));
                break;
            case 1:
                apply(session.unwish());
                break;
            case 2:
                apply(session.rejoin(now));
                break;
            case 3:
                apply(session.opened());
                break;
            case 4:
                apply(session.greeted(now));
                break;
            case 5:
                apply(session.ended(now, {DispatchError::NetworkError, true, {}, {}}));
                break;
            case 6:
                apply(session.ended(now, {DispatchError::ClosedByServer, false, {}, {}}));
                break;
            default:
                if (timer) {
                    timer = false;
                    apply(session.timerFired(now));
                }
                break;
            }
            RC_ASSERT(state == session.state());
            switch (state) {
            case DispatchClient::Disconnected:
                RC_ASSERT(!session.isActive() && !timer && !connection);
                break;
            case DispatchClient::Connecting:
            case DispatchClient::Recovering:
                RC_ASSERT(session.isActive() && timer && connection);
                break;
            case DispatchClient::Connected:
                RC_ASSERT(session.isActive() && session.isJoined() && connection && !timer);
                break;
            case DispatchClient::Waiting:
                RC_ASSERT(session.isActive() && timer && !connection);
                break;
            case DispatchClient::Failed:
                RC_ASSERT(session.isActive() && !timer && !connection);
                break;
            }
        }
    }));
}

void tst_ClientProperties::silentPeerIsFoundWithinTheBound()
{
    QVERIFY(rc::check([] {
        Heartbeat heartbeat;
        const Milliseconds interval(*rc::gen::inRange(10, 60'000));
        const Milliseconds timeout(*rc::gen::inRange(10, 60'000));
        heartbeat.setTimes(interval, timeout);
        Instant now{};
        heartbeat.start(now);
        const Instant silence = Milliseconds(*rc::gen::inRange(0, 200'000));
        for (;;) {
            now += heartbeat.checkInterval();
            if (now <= silence)
                heartbeat.heard(now);
            const auto verdict = heartbeat.check(now);
            if (verdict == Heartbeat::Verdict::Silent)
                break;
            if (verdict == Heartbeat::Verdict::SendPing) {
                const auto id = heartbeat.sendPing(now);
                if (now <= silence)
                    heartbeat.pong(id, now);
            }
            RC_ASSERT(now <= silence + interval + timeout + 2 * heartbeat.checkInterval());
        }
        RC_ASSERT(now > silence);
    }));
}

QTEST_APPLESS_MAIN(tst_ClientProperties)
#include "tst_properties.moc"
