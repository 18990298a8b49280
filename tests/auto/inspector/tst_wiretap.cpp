// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "kittest.h"
#include "wiretap_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace Dispatch;

namespace {

/// Writes down what it is told.
class Notes : public WireObserver {
public:
    void passed(const WireEvent &event) override { events += event; }

    QList<WireEvent::Kind> kinds() const
    {
        QList<WireEvent::Kind> all;
        for (const WireEvent &event : events)
            all += event.kind;
        return all;
    }
    /// The texts of all events of \a kind.
    QStringList texts(WireEvent::Kind kind) const
    {
        QStringList all;
        for (const WireEvent &event : events) {
            if (event.kind == kind)
                all += event.text;
        }
        return all;
    }

    QList<WireEvent> events;
};

std::shared_ptr<Notes> listenTo(const DispatchClient &client)
{
    auto notes = std::make_shared<Notes>();
    WireTap::of(&client)->add(notes);
    return notes;
}

} // namespace

/// What is told to who listens to the traffic of a client, and what is not.
class tst_WireTap : public KitTest {
    Q_OBJECT

private Q_SLOTS:
    void nobodyListensUnlessAsked();
    void whatPassesIsToldInOrder();
    void whoComesLateHearsTheRest();
    void nobodyIsToldWhenGone();
    void severalCanListen();
    void timesAreThoseOfTheClient();
    void theReasonOfAnEndIsTold();
    void secretsAreNotTold();
    void theQueryOfTheUrlIsNotTold();
    void pingsWhenAsked();
    void pingsOnlyWhileConnected();
    void clientsCanGoInTheMidst();
};

void tst_WireTap::nobodyListensUnlessAsked()
{
    const auto client = join();
    QVERIFY(WireTap::of(client.get()));
    QVERIFY(!WireTap::of(client.get())->isObserved());
    const auto notes = listenTo(*client);
    QVERIFY(WireTap::of(client.get())->isObserved());
}

void tst_WireTap::whatPassesIsToldInOrder()
{
    const auto client = makeClient();
    client->setShardName(u"lobby"_s);
    const auto notes = listenTo(*client);
    client->setActive(true);
    m_server->settle();
    QCOMPARE(client->state(), DispatchClient::Connected);
    client->emitEvent(u"message"_s, u"Hello!"_s);
    m_server->settle();
    QCOMPARE(notes->kinds(),
             (QList{WireEvent::Opening, WireEvent::Opened, WireEvent::Heard, WireEvent::Ping,
                    WireEvent::Heard, WireEvent::Pong, WireEvent::Sent, WireEvent::Heard,
                    WireEvent::Heard}));
    QCOMPARE(notes->texts(WireEvent::Opened), QStringList{u"dispatch.v2"_s});
    QVERIFY(notes->texts(WireEvent::Opening).constFirst().contains(u"shardName=lobby"_s));
    const QStringList heard = notes->texts(WireEvent::Heard);
    QVERIFY(heard[0].contains(u"/CONNECTED"_s));
    QVERIFY(heard[1].contains(u"/PRESENCE"_s));
    QVERIFY(heard[2].contains(u"\"Hello!\""_s));
    QVERIFY(heard[3].contains(u"/ACK"_s));
    QVERIFY(notes->texts(WireEvent::Sent).constFirst().contains(u"\"Hello!\""_s));
    client->disconnectFromServer();
    QCOMPARE(notes->kinds().constLast(), WireEvent::Left);
}

void tst_WireTap::whoComesLateHearsTheRest()
{
    const auto client = join();
    const auto notes = listenTo(*client);
    client->emitEvent(u"message"_s);
    QCOMPARE(notes->kinds(), QList{WireEvent::Sent});
}

void tst_WireTap::nobodyIsToldWhenGone()
{
    const auto client = join();
    auto notes = listenTo(*client);
    notes.reset();
    client->emitEvent(u"message"_s);
    QVERIFY(!WireTap::of(client.get())->isObserved());
}

void tst_WireTap::severalCanListen()
{
    const auto client = join();
    const auto first = listenTo(*client);
    const auto second = listenTo(*client);
    client->emitEvent(u"message"_s);
    QCOMPARE(first->events.size(), 1);
    QCOMPARE(second->events.size(), 1);
}

void tst_WireTap::timesAreThoseOfTheClient()
{
    const auto client = join();
    const auto notes = listenTo(*client);
    client->emitEvent(u"message"_s);
    m_server->advance(1h);
    client->emitEvent(u"message"_s);
    const auto &events = notes->events;
    QCOMPARE(events.constLast().at.wall - events.constFirst().at.wall, Milliseconds(1h));
}

void tst_WireTap::theReasonOfAnEndIsTold()
{
    const auto client = join();
    const auto notes = listenTo(*client);
    m_server->kick(client->clientId(), u"banned"_s);
    QCOMPARE(client->state(), DispatchClient::Failed);
    const QStringList ends = notes->texts(WireEvent::Ended);
    QCOMPARE(ends.size(), 1);
    QVERIFY2(ends.constFirst().startsWith(u"ClosedByServer: You are banned"_s),
             qPrintable(ends.constFirst()));
}

void tst_WireTap::secretsAreNotTold()
{
    const QString token = u"tokenOfAnn.0123456789"_s;
    m_server->setUserOfToken(token, u"user:ann"_s);
    const auto client = makeClient();
    client->setTokenProvider([&] { return token; });
    const auto notes = listenTo(*client);
    client->setActive(true);
    m_server->settle();
    QCOMPARE(client->state(), DispatchClient::Connected);
    client->identify(token);
    client->emitEvent(u"leak"_s, token);
    m_server->drop();
    m_server->advance(1min);
    QCOMPARE(client->state(), DispatchClient::Connected);

    const QStringList openings = notes->texts(WireEvent::Opening);
    QCOMPARE(openings.size(), 2);
    QVERIFY2(openings.constFirst().endsWith(u"Authorization: Bearer ***"_s),
             qPrintable(openings.constFirst()));
    QVERIFY2(openings.constLast().contains(u"resume.***."_s), qPrintable(openings.constLast()));
    QVERIFY(notes->texts(WireEvent::Sent).filter(u"***"_s).size() >= 2);
    for (const WireEvent &event : notes->events)
        QVERIFY2(!event.text.contains(token), qPrintable(event.text));
}

void tst_WireTap::theQueryOfTheUrlIsNotTold()
{
    const auto client = makeClient();
    QUrl url = m_server->url();
    url.setUserInfo(u"ann:s3cret"_s);
    url.setQuery(u"authorization=s3cret"_s);
    client->setUrl(url);
    const auto notes = listenTo(*client);
    client->setActive(true);
    m_server->settle();
    const QStringList openings = notes->texts(WireEvent::Opening);
    QCOMPARE(openings.size(), 1);
    QVERIFY2(!openings.constFirst().contains(u"s3cret"_s), qPrintable(openings.constFirst()));
    QVERIFY(openings.constFirst().startsWith(m_server->url().toString()));
}

void tst_WireTap::pingsWhenAsked()
{
    m_server->setLatency(20);
    const auto client = join();
    m_server->advance(1s);
    m_server->setLatency(35);
    WireTap::of(client.get())->ping();
    m_server->advance(70ms);
    QCOMPARE(client->latency(), 35.0);
}

void tst_WireTap::pingsOnlyWhileConnected()
{
    const auto client = join();
    m_server->setOffline(true);
    const auto notes = listenTo(*client);
    WireTap::of(client.get())->ping();
    QVERIFY(notes->events.isEmpty());
}

void tst_WireTap::clientsCanGoInTheMidst()
{
    auto client = join();
    const auto notes = listenTo(*client);
    client->on(u"message"_s, this, [&] { client.reset(); });
    client->emitEvent(u"message"_s);
    m_server->settle();
    QVERIFY(!client);
    QCOMPARE(notes->kinds(), (QList{WireEvent::Sent, WireEvent::Heard, WireEvent::Left}));
}

QTEST_GUILESS_MAIN(tst_WireTap)

#include "tst_wiretap.moc"
