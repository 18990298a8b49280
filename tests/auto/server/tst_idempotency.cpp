// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "idempotency_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using State = Idempotency::State;

namespace {

constexpr Idempotency::Limits Most{3, 3};
constexpr std::chrono::minutes Lifetime{10};
const TimePoint Start = TimePoint() + std::chrono::hours(1);

} // namespace

class tst_Idempotency : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void repeatsAreAnsweredAsTheFirst()
    {
        Idempotency store;
        QCOMPARE(store.check("p", "k", "d", Start, Most).state, State::New);
        store.remember("p", "k", "d", "answer", Start, Lifetime);
        const auto again = store.check("p", "k", "d", Start + Lifetime - milliseconds(1), Most);
        QCOMPARE(again.state, State::Known);
        QCOMPARE(again.answer, std::string("answer"));
        QCOMPARE(store.check("p", "k", "other", Start, Most).state, State::Reused);
    }

    void keysBelongToTheirProject()
    {
        Idempotency store;
        store.remember("p", "k", "d", "answer", Start, Lifetime);
        QCOMPARE(store.check("q", "k", "d", Start, Most).state, State::New);
        QCOMPARE(store.check("p", "k2", "d", Start, Most).state, State::New);
    }

    void keysAreForgottenInTime()
    {
        Idempotency store;
        store.remember("p", "k", "d", "answer", Start, Lifetime);
        QCOMPARE(store.check("p", "k", "other", Start + Lifetime, Most).state, State::New);
        QCOMPARE(store.size(), std::size_t(0));
    }

    void nothingIsForgottenEarly()
    {
        Idempotency store;
        for (const char *key : {"a", "b", "c"}) {
            QCOMPARE(store.check("p", key, "d", Start, Most).state, State::New);
            store.remember("p", key, "d", key, Start, Lifetime);
        }
        QCOMPARE(store.check("p", "d", "d", Start, Most).state, State::Full);
        QCOMPARE(store.check("p", "a", "d", Start, Most).state, State::Known);
        QCOMPARE(store.check("p", "d", "d", Start + Lifetime, Most).state, State::New);
    }

    void oneProjectLeavesRoomForOthers()
    {
        constexpr Idempotency::Limits Few{2, 3};
        Idempotency store;
        for (const char *key : {"a", "b"}) {
            QCOMPARE(store.check("p", key, "d", Start, Few).state, State::New);
            store.remember("p", key, "d", key, Start, Lifetime);
        }
        QCOMPARE(store.check("p", "c", "d", Start, Few).state, State::Full);
        QCOMPARE(store.check("q", "c", "d", Start, Few).state, State::New);
        store.remember("q", "c", "d", "c", Start, Lifetime);
        QCOMPARE(store.check("q", "d", "d", Start, Few).state, State::Full);
        QCOMPARE(store.check("q", "d", "d", Start + Lifetime, Few).state, State::New);
        QCOMPARE(store.size(), std::size_t(0));
    }

    void otherLifetimesHoldForWhatComes()
    {
        Idempotency store;
        store.remember("p", "long", "d", "1", Start, Lifetime);
        store.remember("p", "short", "d", "2", Start, milliseconds(1));
        QCOMPARE(store.check("p", "short", "d", Start + milliseconds(1), Most).state, State::New);
        store.remember("p", "short", "d", "3", Start + milliseconds(1), Lifetime);
        QCOMPARE(store.check("p", "short", "d", Start + Lifetime, Most).answer, std::string("3"));
    }
};

QTEST_APPLESS_MAIN(tst_Idempotency)
#include "tst_idempotency.moc"
