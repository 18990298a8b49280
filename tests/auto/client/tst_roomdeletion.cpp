// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ear.h"
#include "roomtest.h"

#include <DispatchEventModel>
#include <DispatchSharedState>

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qset.h>
#include <QtTest/qtest.h>

#include <functional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// A client with models of its own is in a room of a server in the same process. In a signal of one
/// of them another one is deleted, or the one that emits it; memory is watched by the address
/// sanitizer.
class tst_RoomDeletion : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void allIsHeardOf();
    void itMayBeDeletedIn_data();
    void itMayBeDeletedIn();

private:
    struct Callback {
        QString sender;
        QMetaMethod signal;
        QString name() const { return sender + u'.' + QLatin1StringView(signal.name()); }
    };
    static const std::vector<Callback> &callbacks();

    void prepare();
    /// Until the victim is gone, if there is one.
    void live();
    void setUp();
    void comeIn();
    void talk();
    void share();
    void leave();
    QObject *objectCalled(const QString &name) const;
    bool isOver() const { return !m_victim.isEmpty() && !objectCalled(m_victim); }
    template<typename Function>
    void unlessOver(Function function)
    {
        if (!isOver())
            function();
    }

    std::unique_ptr<DispatchClient> m_ben;
    std::unique_ptr<DispatchSharedState> m_bensState;
    QPointer<DispatchClient> m_client;
    QPointer<DispatchEventModel> m_events;
    QPointer<DispatchSharedState> m_state;
    QPointer<DispatchServer> m_there;
    std::vector<std::unique_ptr<Ear>> m_ears;
    QString m_victim;
    QString m_when;
    QSet<QString> m_called;
};

const std::vector<tst_RoomDeletion::Callback> &tst_RoomDeletion::callbacks()
{
    static const std::vector<Callback> all = [] {
        std::vector<Callback> found;
        const auto add = [&found](const QString &sender, const QList<QMetaMethod> &signal) {
            for (const QMetaMethod &one : signal)
                found.push_back({sender, one});
        };
        add(u"client"_s,
            {QMetaMethod::fromSignal(&DispatchClient::stateChanged),
             QMetaMethod::fromSignal(&DispatchClient::connected),
             QMetaMethod::fromSignal(&DispatchClient::eventReceived),
             QMetaMethod::fromSignal(&DispatchClient::connectedClientsChanged),
             QMetaMethod::fromSignal(&DispatchClient::disconnected)});
        add(u"events"_s, rowSignals() + signalsOf(DispatchEventModel::staticMetaObject));
        add(u"state"_s, rowSignals() + signalsOf(DispatchSharedState::staticMetaObject));
        add(u"server"_s, signalsOf(DispatchServer::staticMetaObject));
        // Keys have an order that does not change, and what a server takes comes back in order.
        std::erase_if(found, [](const Callback &callback) {
            return callback.signal.name().contains("Moved");
        });
        return found;
    }();
    return all;
}

QObject *tst_RoomDeletion::objectCalled(const QString &name) const
{
    if (name == "client"_L1)
        return m_client;
    if (name == "events"_L1)
        return m_events;
    return name == "state"_L1 ? static_cast<QObject *>(m_state) : m_there;
}

void tst_RoomDeletion::prepare()
{
    m_ben = join(u"s"_s);
    m_bensState = std::make_unique<DispatchSharedState>(m_ben.get());
    WAIT(m_bensState->set(u"old"_s, 1));
    m_client = makeClient().release();
    m_events = new DispatchEventModel;
    m_state = new DispatchSharedState;
    m_there = m_server.release();
    m_called.clear();
    for (const Callback &callback : callbacks()) {
        m_ears.push_back(std::make_unique<Ear>([this, name = callback.name()] {
            m_called.insert(name);
            // What ends tells of it, too.
            if (name == m_when && !std::exchange(m_when, {}).isEmpty())
                delete objectCalled(m_victim);
        }));
        m_ears.back()->listen(objectCalled(callback.sender), callback.signal);
    }
}

void tst_RoomDeletion::cleanup()
{
    m_when.clear();
    m_ears.clear();
    delete m_events;
    delete m_state;
    delete m_client;
    m_bensState.reset();
    m_ben.reset();
    delete m_there;
    m_victim.clear();
}

void tst_RoomDeletion::setUp()
{
    unlessOver([&] {
        auto settings = m_there->settings();
        settings.drainTime = 0;
        m_there->setSettings(settings);
    });
    unlessOver([&] { m_there->listen(); }); // which it does already
    unlessOver([&] { m_events->setClient(m_client); });
    unlessOver([&] { m_events->setEventName(u"x"_s); });
    unlessOver([&] { m_events->setLimit(3); });
    unlessOver([&] { m_events->setClearOnMove(false); });
    unlessOver([&] { m_state->setClient(m_client); });
}

void tst_RoomDeletion::comeIn()
{
    unlessOver([&] { m_client->emitEvent(u"x"_s, 1); });
    unlessOver([&] { m_client->setShardName(u"s"_s); });
    unlessOver([&] { m_client->setActive(true); });
    QVERIFY(
        QTest::qWaitFor([&] { return isOver() || m_called.contains(u"events.dataChanged"_s); }));
    QVERIFY(QTest::qWaitFor(
        [&] { return isOver() || m_called.contains(u"client.connectedClientsChanged"_s); }));
}

void tst_RoomDeletion::talk()
{
    for (int i = 0; i < 3; ++i)
        unlessOver([&] { m_ben->emitEvent(u"x"_s, i); });
    QVERIFY(
        QTest::qWaitFor([&] { return isOver() || m_called.contains(u"events.rowsRemoved"_s); }));
}

void tst_RoomDeletion::share()
{
    unlessOver([&] { m_bensState->set(u"old"_s, 2); });
    QVERIFY(QTest::qWaitFor([&] { return isOver() || m_called.contains(u"state.dataChanged"_s); }));
    unlessOver([&] { m_bensState->remove(u"old"_s); });
    QVERIFY(QTest::qWaitFor([&] { return isOver() || m_called.contains(u"state.rowsRemoved"_s); }));
    unlessOver([&] { m_state->set({}, 1); });
    unlessOver([&] { m_state->set(u"mine"_s, 1); });
}

void tst_RoomDeletion::leave()
{
    unlessOver([&] { m_there->drain(); });
    QVERIFY(QTest::qWaitFor([&] {
        return isOver()
            || (m_called.contains(u"server.drained"_s)
                && m_called.contains(u"client.disconnected"_s));
    }));
}

void tst_RoomDeletion::live()
{
    setUp();
    comeIn();
    talk();
    share();
    leave();
}

/// The control: this life has all that the others end in.
void tst_RoomDeletion::allIsHeardOf()
{
    prepare();
    live();
    QStringList missed;
    for (const Callback &callback : callbacks()) {
        if (!m_called.contains(callback.name()))
            missed.append(callback.name());
    }
    QCOMPARE(missed, QStringList());
}

void tst_RoomDeletion::itMayBeDeletedIn_data()
{
    QTest::addColumn<QString>("victim");
    QTest::addColumn<QString>("when");
    for (const QString &victim : {u"client"_s, u"events"_s, u"state"_s, u"server"_s}) {
        for (const Callback &callback : callbacks()) {
            // Qt itself goes on with a model that tells of rows before they come or go.
            if (victim != callback.sender || !callback.signal.name().contains("AboutToBe"))
                QTest::addRow("%s in %s", qPrintable(victim), qPrintable(callback.name()))
                    << victim << callback.name();
        }
    }
}

void tst_RoomDeletion::itMayBeDeletedIn()
{
    QFETCH(const QString, victim);
    QFETCH(const QString, when);
    prepare();
    m_victim = victim;
    m_when = when;
    live();
    QVERIFY2(isOver(), "it was not called");
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    // Models of a client that is gone show nothing.
    if (!m_client) {
        QVERIFY(!m_events || m_events->count() == 0);
        QVERIFY(!m_state || m_state->count() == 0);
    }
    // Whoever is left goes on.
    if (m_client && m_there && m_there->isReady()) {
        m_client->setShardName(u"s"_s);
        m_client->setActive(true);
        QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
        WAIT(m_client->emitAcknowledged(u"y"_s));
    }
}

QTEST_GUILESS_MAIN(tst_RoomDeletion)
#include "tst_roomdeletion.moc"
