// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ear.h"
#include "extendedservertest.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qset.h>
#include <QtCore/qsortfilterproxymodel.h>
#include <QtTest/qtest.h>

#include <functional>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

/// Those of a model that a change of its rows emits: nothing of the client moves any.
QList<QMetaMethod> changesOfRows()
{
    QList<QMetaMethod> found = rowSignals();
    erase_if(found, [](const QMetaMethod &signal) { return signal.name().contains("Moved"); });
    return found;
}

} // namespace

/// A client lives a life in which each of its signals is emitted, and each handler, continuation
/// and provider is called. Something of it is deleted in one of these; memory is watched by the
/// address sanitizer.
class tst_Deletion : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void theClientMayBeDeletedIn_data();
    void theClientMayBeDeletedIn();
    void othersMayBeDeletedInAnything_data();
    void othersMayBeDeletedInAnything();
    void aContinuationEndsWithItsContext_data();
    void aContinuationEndsWithItsContext();

private:
    using Act = std::function<void()>;

    static QStringList callbacks();
    /// Lives until the client is gone.
    void live();
    void prepare();
    void listen();
    void listenToModels();
    void setEverything();
    void joinWhileBusy();
    void talk();
    void askForShards();
    void loseAndComeBack();
    void fail();
    Act at(const QString &callback);
    void called(const QString &callback);
    bool isConnected() const { return m_c->state() == DispatchClient::Connected; }

    QPointer<DispatchClient> m_c;
    std::unique_ptr<QObject> m_context;
    std::unique_ptr<QObject> m_providerContext;
    std::vector<std::unique_ptr<QAbstractProxyModel>> m_views;
    std::vector<QPointer<Ear>> m_ears;
    std::function<void(const QString &callback)> m_onCallback;
    QSet<QString> m_called;
};

QStringList tst_Deletion::callbacks()
{
    QStringList names;
    for (const QMetaMethod &signal : signalsOf(DispatchClient::staticMetaObject))
        names.append(QString::fromLatin1(signal.name()));
    for (const char *model : {"clients", "users", "pendingEvents"}) {
        for (const QMetaMethod &signal : changesOfRows())
            names.append(QLatin1StringView(model) + u'.' + QLatin1StringView(signal.name()));
        names.append(QLatin1StringView(model) + u".countChanged"_s);
    }
    return names
        + QStringList{
            u"on"_s,      u"onRequest"_s,       u"token provider"_s, u"connect's future"_s,
            u"reply"_s,   u"acknowledgement"_s, u"shards"_s,         u"binding"_s,
            u"typed on"_s};
}

void tst_Deletion::called(const QString &callback)
{
    m_called.insert(callback);
    if (m_onCallback)
        m_onCallback(callback);
}

tst_Deletion::Act tst_Deletion::at(const QString &callback)
{
    return [this, callback] { called(callback); };
}

void tst_Deletion::prepare()
{
    m_c = m_client.release();
    m_context = std::make_unique<QObject>();
    m_providerContext = std::make_unique<QObject>();
    m_called.clear();
    m_ears.clear();
    m_onCallback = nullptr;
    m_c->setLossGrace(0);
    for (const QMetaMethod &signal : signalsOf(DispatchClient::staticMetaObject)) {
        m_ears.emplace_back(new Ear(at(QString::fromLatin1(signal.name()))));
        m_ears.back()->setParent(this);
        m_ears.back()->listen(m_c, signal);
    }
    listen();
    listenToModels();
}

void tst_Deletion::listen()
{
    m_c->on(u"x"_s, m_context.get(), at(u"on"_s));
    m_c->on<int>(u"number"_s, m_context.get(), [this](int) { called(u"typed on"_s); });
    m_c->onRequest(u"ask me"_s, m_context.get(), [this] {
        called(u"onRequest"_s);
        return QJsonValue(1);
    });
}

void tst_Deletion::listenToModels()
{
    const std::pair<const char *, QAbstractItemModel *> models[]{
        {"clients", m_c->clients()},
        {"users", m_c->users()},
        {"pendingEvents", m_c->pendingEvents()}};
    for (const auto &[name, model] : models) {
        QList<QMetaMethod> all = changesOfRows();
        const QMetaObject *type = model->metaObject();
        all.append(type->method(type->indexOfSignal("countChanged()")));
        for (const QMetaMethod &signal : all) {
            m_ears.emplace_back(
                new Ear(at(QLatin1StringView(name) + u'.' + QLatin1StringView(signal.name()))));
            m_ears.back()->setParent(this);
            m_ears.back()->listen(model, signal);
        }
    }
}

void tst_Deletion::setEverything()
{
    const std::function<void(DispatchClient &)> steps[]{
        [](auto &c) { c.setUrl(QUrl(u"ws://127.0.0.1:1"_s)); },
        [this](auto &c) { c.setUrl(m_server->url()); },
        [](auto &c) { c.setProjectId(u"p"_s); },
        [](auto &c) { c.setShardName(u"s"_s); },
        [](auto &c) { c.setMaxConnectionsPerShard(5); },
        [](auto &c) {
            c.setUserInfo({{u"name"_s, u"Me"_s}});
        },
        [](auto &c) { c.setReconnectPolicy({.minDelay = 1, .maxDelay = 5}); },
        [](auto &c) {
            c.setQueuePolicy({.maxMessages = 1, .overflow = DispatchQueuePolicy::DropOldest});
        },
        [](auto &c) { c.setRequestPolicy({.maxPending = 5}); },
        [](auto &c) { c.setAllowInsecure(true); },
        [](auto &c) { c.setCaFile(QUrl(u"file:/nowhere"_s)); },
        [](auto &c) { c.setProxy(QNetworkProxy(QNetworkProxy::NoProxy)); },
        [](auto &c) { c.setIncomingLimits({.maxTurnTime = 7}); },
        [](auto &c) { c.setBaseProfileOnly(true); },
        [](auto &c) { c.setBaseProfileOnly(false); },
        [](auto &c) { c.setHistory(1); },
        [](auto &c) { c.setNetworkHints(false); },
    };
    for (const auto &step : steps) {
        if (m_c)
            step(*m_c);
    }
}

void tst_Deletion::joinWhileBusy()
{
    const qint64 hourAway = QDateTime::currentMSecsSinceEpoch() + 3'600'000;
    greetWith(session(1, {{u"serverTime"_s, hourAway}}));
    if (m_c) {
        m_c->setTokenProvider(m_providerContext.get(), [this] {
            called(u"token provider"_s);
            return u"t"_s;
        });
    }
    // One is dropped, one waits.
    for (int i = 0; m_c && i < 2; ++i)
        m_c->emitEvent(u"x"_s, i);
    if (m_c) {
        m_c->connectToServer().then(
            this, [this](const DispatchConnectionInfo &) { called(u"connect's future"_s); });
    }
    QTRY_VERIFY(!m_c || (isConnected() && m_called.contains(u"latencyChanged"_s)));
    QTRY_VERIFY(!m_c || m_called.contains(u"users.rowsInserted"_s));
}

void tst_Deletion::talk()
{
    if (!m_c)
        return;
    FakePeer *server = m_server->last();
    const auto deliver = [&](const QByteArray &text) {
        if (m_c)
            server->sendText(text);
    };
    deliver(eventText(42, {{u"from"_s, u"ann"_s}, {u"time"_s, 5}}));
    deliver(eventText(43, {{u"eventName"_s, u"number"_s}, {u"from"_s, u"ann"_s}, {u"time"_s, 6}}));
    QTRY_VERIFY(!m_c || m_called.contains(u"typed on"_s));
    if (m_c)
        sendRequest(u"q"_s, {{u"eventName"_s, u"ask me"_s}});
    QTRY_VERIFY(!m_c || m_called.contains(u"onRequest"_s));
    if (!m_c)
        return;

    m_c->emitAcknowledged(u"y"_s).then(
        this, [this](const DispatchAcknowledgement &) { called(u"acknowledgement"_s); });
    if (!m_c)
        return;
    m_c->request(u"ask"_s).then(this, [this](const DispatchEvent &) { called(u"reply"_s); });
    const auto asked = [this] {
        return !emits().isEmpty() && emits().last()["eventName"_L1] == "ask"_L1;
    };
    QTRY_VERIFY(!m_c || asked());
    if (!m_c)
        return;
    sendAck(emits().last()["emit"_L1].toInt());
    deliver(eventText(
        0, {{u"reply"_s, emits().last()["request"_L1]}, {u"from"_s, u"ann"_s}, {u"time"_s, 6}}));
    QTRY_VERIFY(!m_c || (m_called.contains(u"acknowledgement"_s) && m_called.contains(u"reply"_s)));
    if (m_c)
        sendPresence(
            {{u"revision"_s, 8}, {u"changed"_s, QJsonObject{{u"ann"_s, person(u"Anna"_s)}}}});
    QTRY_VERIFY(!m_c || m_called.contains(u"users.dataChanged"_s));
    if (m_c)
        sendPresence({{u"revision"_s, 9}, {u"left"_s, QJsonArray{u"ann"_s}}});
    QTRY_VERIFY(!m_c || m_called.contains(u"users.rowsRemoved"_s));
}

void tst_Deletion::askForShards()
{
    if (!m_c)
        return;
    m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(200, {}, "[]"); };
    m_c->info().then(this, [this](const QList<DispatchShardInfo> &) { called(u"shards"_s); });
    QTRY_VERIFY(!m_c || m_called.contains(u"shards"_s));
}

/// An event is on its way that nobody will ever hear of again.
void tst_Deletion::loseAndComeBack()
{
    if (m_c)
        m_c->emitEvent(u"uncertain"_s);
    QTRY_VERIFY(!m_c || emits().last()["eventName"_L1] == "uncertain"_L1);
    if (!m_c)
        return;
    m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(503); };
    m_server->last()->drop();
    QTRY_VERIFY(!m_c
                || (m_called.contains(u"lostConnection"_s)
                    && m_called.contains(u"connectedClientsStaleChanged"_s)));
    greetWith(session(2, {{u"epoch"_s, u"0f86d081884c7d65"_s}}));
    QTRY_VERIFY(!m_c || (isConnected() && m_called.contains(u"connectionRestored"_s)));
    QTRY_VERIFY(!m_c || m_called.contains(u"eventUncertain"_s));
}

void tst_Deletion::fail()
{
    if (!m_c)
        return;
    m_server->last()->sendClose(4500);
    QTRY_VERIFY(!m_c || m_called.contains(u"failed"_s));
}

void tst_Deletion::live()
{
    QPropertyNotifier binding;
    if (m_c)
        binding = m_c->bindableState().addNotifier(at(u"binding"_s));
    setEverything();
    askForShards();
    joinWhileBusy();
    talk();
    loseAndComeBack();
    fail();
    if (m_c)
        m_c->disconnectFromServer();
}

void tst_Deletion::theClientMayBeDeletedIn_data()
{
    QTest::addColumn<QString>("callback");
    for (const QString &callback : callbacks())
        QTest::newRow(qPrintable(callback)) << callback;
}

void tst_Deletion::theClientMayBeDeletedIn()
{
    QFETCH(QString, callback);
    prepare();
    m_onCallback = [&](const QString &name) {
        if (name == callback)
            delete m_c.data();
    };
    live();
    QVERIFY2(m_called.contains(callback), "it was not called");
    QVERIFY(!m_c);
    // Nothing of it comes later.
    m_called.clear();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCoreApplication::processEvents();
    qDeleteAll(findChildren<Ear *>());
}

void tst_Deletion::othersMayBeDeletedInAnything_data()
{
    QTest::addColumn<QString>("victim");
    for (const char *victim : {"nothing", "the receiver", "the handlers' context", "views"})
        QTest::newRow(victim) << QString::fromLatin1(victim);
    for (const char *callback : {"token provider", "stateChanged", "activeChanged", "connected"})
        QTest::addRow("the provider's context in %s", callback) << QString::fromLatin1(callback);
}

void tst_Deletion::othersMayBeDeletedInAnything()
{
    QFETCH(QString, victim);
    prepare();
    const auto makeViews = [this] {
        m_views.clear();
        for (QAbstractItemModel *model : std::initializer_list<QAbstractItemModel *>{
                 m_c->clients(), m_c->users(), m_c->pendingEvents()}) {
            m_views.push_back(std::make_unique<QSortFilterProxyModel>());
            m_views.back()->setSourceModel(model);
        }
    };
    if (victim == "views"_L1)
        makeViews();
    m_onCallback = [&](const QString &name) {
        if (victim == "the receiver"_L1) {
            for (auto &ear : m_ears)
                delete ear.data();
            m_ears.clear();
        } else if (victim == "the handlers' context"_L1) {
            // Handlers that come while an event is told do not get it.
            if (name == "eventReceived"_L1)
                return;
            m_context = std::make_unique<QObject>();
            listen();
        } else if (victim == "views"_L1) {
            makeViews();
        } else if (victim == name) {
            m_providerContext.reset();
        }
    };
    if (victim == "the receiver"_L1) {
        // All ears are gone with the first that hears.
        setEverything();
        QCOMPARE(m_called.size(), 1);
    } else if (victim.contains("rovider"_L1) || victim.endsWith("hanged"_L1)
               || victim == "connected"_L1) {
        setEverything();
        greetWith(greeting());
        m_c->setTokenProvider(m_providerContext.get(), [this] {
            called(u"token provider"_s);
            return u"t"_s;
        });
        m_c->setActive(true);
        QTRY_VERIFY(m_called.contains(victim));
        m_c->disconnectFromServer();
    } else {
        live();
        QStringList missed;
        for (const QString &callback : callbacks()) {
            if (!m_called.contains(callback))
                missed.append(callback);
        }
        QCOMPARE(missed, QStringList());
    }
    m_onCallback = nullptr;
    QVERIFY(m_c);
    QCOMPARE(m_c->state(), DispatchClient::Disconnected);
    m_views.clear();
    delete m_c.data();
    qDeleteAll(findChildren<Ear *>());
}

void tst_Deletion::aContinuationEndsWithItsContext_data()
{
    QTest::addColumn<QString>("callback");
    for (const char *callback : {"stateChanged", "connected", "token provider", "on", "onRequest",
                                 "eventReceived", "connectedClientsChanged"})
        QTest::newRow(callback) << QString::fromLatin1(callback);
}

/// All continuations of one context: those that come behind the callback in which it is deleted are
/// not called, and the client goes on.
void tst_Deletion::aContinuationEndsWithItsContext()
{
#ifndef QT_NO_DEBUG
    QSKIP("A QFuture of Qt 6.4 asserts in a debug build that the context is there");
#endif
    QFETCH(const QString, callback);
    prepare();
    const QPointer<QObject> context = new QObject;
    QStringList late;
    const auto heard = [&](const char *what) {
        return [&late, &context, what] {
            if (!context)
                late.append(QLatin1StringView(what));
        };
    };
    m_onCallback = [&](const QString &name) {
        if (name == callback)
            delete context;
    };
    greetWith(session(1));
    m_c->setUrl(m_server->url());
    m_c->setTokenProvider(m_providerContext.get(), [this] {
        called(u"token provider"_s);
        return u"t"_s;
    });
    // The first of the callbacks come before there is a future to follow.
    auto joined = m_c->connectToServer();
    auto taken = m_c->emitAcknowledged(u"y"_s);
    auto replied = m_c->request(u"ask"_s);
    if (context) {
        joined.then(context, [=](const DispatchConnectionInfo &) { heard("joined")(); });
        taken.then(context, [=](const DispatchAcknowledgement &) { heard("taken")(); });
        replied.then(context, [=](const DispatchEvent &) { heard("replied")(); });
    }
    QTRY_COMPARE(m_c->state(), DispatchClient::Connected);
    QTRY_COMPARE(emits().size(), 2);
    m_server->last()->sendText(eventText(42, {{u"from"_s, u"ann"_s}, {u"time"_s, 5}}));
    sendRequest(u"q"_s, {{u"eventName"_s, u"ask me"_s}});
    QTRY_VERIFY2(!context, "the callback was not called");
    for (const QJsonObject &emission : emits())
        sendAck(emission["emit"_L1].toInt());
    m_client.reset(m_c);
    QVERIFY(waitUntilHeard());
    QCOMPARE(late, QStringList());
    QCOMPARE(m_client->state(), DispatchClient::Connected);
    m_onCallback = nullptr;
    qDeleteAll(findChildren<Ear *>());
}

QTEST_GUILESS_MAIN(tst_Deletion)
#include "tst_deletion.moc"
