// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "policybounds_p.h"

#include <QtTest/qtest.h>

#include <limits>

using namespace Qt::StringLiterals;
using namespace Dispatch;

/// What of policies is refused.
class tst_PolicyBounds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNonsenseStaysAsItWas_data();
    void whatIsNonsenseStaysAsItWas();
    void whatIsTheLeastIsTaken();
    void theDefaultsAreTaken();
    void aNumberHasALeastAndAMost_data();
    void aNumberHasALeastAndAMost();
    void anUnknownOverflowIsRefused();
    void theRestIsTaken();
    void eachIsToldWithWhatToDo();

private:
    template<typename Policy>
    static void addRows(const char *type,
                        std::initializer_list<std::pair<const char *, int>> least);
};

using Refusal =
    std::function<QStringList(const QByteArray &name, int value, int present, int *taken)>;
Q_DECLARE_METATYPE(Refusal)

template<typename Policy>
void tst_PolicyBounds::addRows(const char *type,
                               std::initializer_list<std::pair<const char *, int>> least)
{
    const Refusal refuse = [](const QByteArray &name, int value, int present, int *taken) {
        const auto &object = Policy::staticMetaObject;
        const QMetaProperty property = object.property(object.indexOfProperty(name));
        Policy before;
        property.writeOnGadget(&before, present);
        Policy wished = before;
        property.writeOnGadget(&wished, value);
        const QStringList refused = refuseNonsense(wished, before);
        *taken = property.readOnGadget(&wished).toInt();
        return refused;
    };
    for (const auto &[name, lowest] : least) {
        for (const int value : {lowest - 1, std::numeric_limits<int>::min()})
            QTest::addRow("%s.%s %d", type, name, value) << refuse << QByteArray(name) << value;
    }
}

void tst_PolicyBounds::whatIsNonsenseStaysAsItWas_data()
{
    QTest::addColumn<Refusal>("refuse");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("value");
    addRows<DispatchReconnectPolicy>("reconnect",
                                     {{"minDelay", 0},
                                      {"maxDelay", 0},
                                      {"maxAttempts", -1},
                                      {"minUptime", 0},
                                      {"maxRetryAfter", 0}});
    addRows<DispatchQueuePolicy>("queue",
                                 {{"maxMessages", 0},
                                  {"maxBytes", 0},
                                  {"maxAge", 0},
                                  {"maxInFlight", 1},
                                  {"maxInFlightBytes", 1}});
    addRows<DispatchRequestPolicy>("requests", {{"timeout", 1}, {"maxPending", 1}});
    addRows<DispatchIncomingLimits>("incomingLimits",
                                    {{"maxMessageSize", 1},
                                     {"maxFrameSize", 1},
                                     {"maxFragments", 1},
                                     {"maxUnsentBytes", 1},
                                     {"maxConnectedClients", 1},
                                     {"maxStateBytes", 1},
                                     {"maxTurnTime", 1}});
}

void tst_PolicyBounds::whatIsNonsenseStaysAsItWas()
{
    QFETCH(Refusal, refuse);
    QFETCH(QByteArray, name);
    QFETCH(int, value);
    int taken = 0;
    QCOMPARE(refuse(name, value, 7, &taken).size(), 1);
    QCOMPARE(taken, 7);
}

void tst_PolicyBounds::whatIsTheLeastIsTaken()
{
    const DispatchReconnectPolicy leastReconnect{0, 0, -1, 0, 0};
    DispatchReconnectPolicy reconnect = leastReconnect;
    QVERIFY(refuseNonsense(reconnect, {}).isEmpty());
    QCOMPARE(reconnect, leastReconnect);
    const DispatchQueuePolicy leastQueue{0, 0, 0, 1, 1};
    DispatchQueuePolicy queue = leastQueue;
    QVERIFY(refuseNonsense(queue, {}).isEmpty());
    QCOMPARE(queue, leastQueue);
    const DispatchRequestPolicy leastRequests{1, 1};
    DispatchRequestPolicy requests = leastRequests;
    QVERIFY(refuseNonsense(requests, {}).isEmpty());
    QCOMPARE(requests, leastRequests);
    const DispatchIncomingLimits leastLimits{1, 1, 1, 1, 1, 1, 1};
    DispatchIncomingLimits limits = leastLimits;
    QVERIFY(refuseNonsense(limits, {}).isEmpty());
    QCOMPARE(limits, leastLimits);
}

void tst_PolicyBounds::theDefaultsAreTaken()
{
    DispatchReconnectPolicy reconnect;
    DispatchQueuePolicy queue;
    DispatchRequestPolicy requests;
    QVERIFY(refuseNonsense(reconnect, reconnect).isEmpty());
    QVERIFY(refuseNonsense(queue, queue).isEmpty());
    QVERIFY(refuseNonsense(requests, requests).isEmpty());
    DispatchIncomingLimits limits;
    QVERIFY(refuseNonsense(limits, limits).isEmpty());
}

void tst_PolicyBounds::aNumberHasALeastAndAMost_data()
{
    QTest::addColumn<int>("wished");
    QTest::addColumn<int>("taken");
    QTest::addColumn<QStringList>("refused");
    QTest::newRow("the least") << 1 << 1 << QStringList();
    QTest::newRow("the most") << 1'000 << 1'000 << QStringList();
    for (const int wished :
         {0, 1'001, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
        QTest::addRow("%d", wished)
            << wished << 7
            << QStringList(u"n can't be %1: give 1 to 1000. It stays 7."_s.arg(wished));
    }
}

void tst_PolicyBounds::aNumberHasALeastAndAMost()
{
    QFETCH(int, wished);
    QTEST(refuseNonsense(wished, 7, {"n"_L1, 1, 1'000}), "refused");
    QTEST(wished, "taken");
}

void tst_PolicyBounds::anUnknownOverflowIsRefused()
{
    DispatchQueuePolicy wished{.overflow = DispatchQueuePolicy::Overflow(17)};
    const DispatchQueuePolicy present{.overflow = DispatchQueuePolicy::DropOldest};
    QCOMPARE(refuseNonsense(wished, present).size(), 1);
    QCOMPARE(wished.overflow, DispatchQueuePolicy::DropOldest);
}

void tst_PolicyBounds::theRestIsTaken()
{
    DispatchQueuePolicy wished{.maxMessages = 5, .maxBytes = -1, .maxAge = -2, .maxInFlight = 6};
    QCOMPARE(refuseNonsense(wished, {}).size(), 2);
    QCOMPARE(wished, (DispatchQueuePolicy{.maxMessages = 5, .maxInFlight = 6}));
}

void tst_PolicyBounds::eachIsToldWithWhatToDo()
{
    DispatchQueuePolicy wished{.maxAge = -5};
    QCOMPARE(refuseNonsense(wished, {.maxAge = 20}),
             QStringList(u"queue.maxAge can't be -5: give 0 or more. It stays 20."_s));
}

QTEST_GUILESS_MAIN(tst_PolicyBounds)

#include "tst_policybounds.moc"
