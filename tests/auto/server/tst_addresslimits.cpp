// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "addresslimits_p.h"

#include <QtTest/qtest.h>

#include <vector>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_AddressLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAreOneOrNot_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("isSame");
        QTest::newRow("an address") << u"192.0.2.1"_s << u"192.0.2.1"_s << true;
        QTest::newRow("its neighbour") << u"192.0.2.1"_s << u"192.0.2.2"_s << false;
        QTest::newRow("as IPv6") << u"192.0.2.1"_s << u"::ffff:192.0.2.1"_s << true;
        QTest::newRow("a network of IPv6")
            << u"2001:db8:0:1::1"_s << u"2001:db8:0:1:ffff::2"_s << true;
        QTest::newRow("the next network") << u"2001:db8:0:1::1"_s << u"2001:db8:0:2::1"_s << false;
        QTest::newRow("the same number") << u"0.0.0.1"_s << u"0:0:0:1::"_s << false;
    }

    void addressesAreOneOrNot()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QFETCH(bool, isSame);
        QCOMPARE(AddressKey(QHostAddress(one)) == AddressKey(QHostAddress(other)), isSame);
    }

    void eachAddressHasSoMany()
    {
        const auto counts = std::make_shared<AddressCounts>();
        const AddressKey ann(QHostAddress(u"192.0.2.1"_s));
        const AddressKey ben(QHostAddress(u"192.0.2.2"_s));
        std::vector<std::shared_ptr<const AddressCounts::Lease>> leases;
        for (int i = 0; i < 3; ++i) {
            leases.push_back(counts->take(ann, 3));
            QVERIFY(leases.back());
        }
        QVERIFY(!counts->take(ann, 3));
        QVERIFY(counts->take(ben, 3));
        leases.pop_back();
        QVERIFY(counts->take(ann, 3));
        // Another limit is one for those who come.
        QVERIFY(!counts->take(ann, 1));
    }

    void nothingIsKeptOfThoseWhoAreGone()
    {
        const auto counts = std::make_shared<AddressCounts>();
        const AddressKey ann(QHostAddress(u"192.0.2.1"_s));
        auto lease = counts->take(ann, 1);
        QCOMPARE(counts->size(), std::size_t(1));
        lease.reset();
        QVERIFY(!counts->take(ann, 0));
        QCOMPARE(counts->size(), std::size_t(0));
    }

    void eachAddressHasARate()
    {
        AddressRates rates;
        const Rate rate(1, 2);
        const AddressKey ann(QHostAddress(u"192.0.2.1"_s));
        const AddressKey ben(QHostAddress(u"192.0.2.2"_s));
        TimePoint now{std::chrono::hours(1)};
        QCOMPARE(rates.take(ann, rate, now), Duration::zero());
        QCOMPARE(rates.take(ann, rate, now), Duration::zero());
        QCOMPARE(rates.take(ann, rate, now), Duration(std::chrono::seconds(1)));
        QCOMPARE(rates.take(ben, rate, now), Duration::zero());
        now += std::chrono::seconds(1);
        QCOMPARE(rates.take(ann, rate, now), Duration::zero());
        QVERIFY(rates.take(ann, rate, now) > Duration::zero());
    }

    void ratesAreBounded()
    {
        AddressRates rates;
        const Rate rate(1, 1);
        TimePoint now{std::chrono::hours(1)};
        const auto come = [&](quint32 address) {
            return rates.take(AddressKey(QHostAddress(address)), rate, now);
        };
        for (quint32 i = 0; i < AddressRates::MostAddresses; ++i)
            come(i);
        QCOMPARE(rates.size(), AddressRates::MostAddresses);
        now += std::chrono::seconds(2);
        come(1);
        QCOMPARE(rates.size(), AddressRates::MostAddresses);
        // Those who could come again at once need not be remembered; the others are.
        come(AddressRates::MostAddresses);
        QCOMPARE(rates.size(), std::size_t(2));
        QVERIFY(come(1) > Duration::zero());
        for (quint32 i = 0; i < 3 * AddressRates::MostAddresses; ++i) {
            come(i);
            QVERIFY(rates.size() <= AddressRates::MostAddresses);
        }
    }
};

QTEST_APPLESS_MAIN(tst_AddressLimits)
#include "tst_addresslimits.moc"
