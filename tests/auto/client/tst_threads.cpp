// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wrongthread.h"

#include <DispatchClient>
#include <DispatchEventModel>
#include <DispatchSharedState>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <functional>
#include <map>
#include <memory>

using namespace Qt::StringLiterals;

namespace {

/// All objects of a client.
struct Scene {
    std::unique_ptr<DispatchClient> client = std::make_unique<DispatchClient>();
    DispatchClientsModel *clients = client->clients();
    DispatchUsersModel *users = client->users();
    DispatchPendingEventsModel *pending = client->pendingEvents();
    DispatchEventModel events;
    DispatchSharedState state{client.get()};
    DispatchSubscription subscription = client->on(u"x"_s, client.get(), [] {});
};

using Calls = std::map<QString, std::function<void(Scene &)>>;

/// What must not be called on another thread, beside the getters and setters of properties.
const Calls &calls()
{
    static const auto token = [] { return QString(); };
    static const Calls calls{
        {u"DispatchClient::~DispatchClient"_s, [](Scene &s) { s.client.reset(); }},
        {u"DispatchClient::sslConfiguration"_s, [](Scene &s) { s.client->sslConfiguration(); }},
        {u"DispatchClient::setSslConfiguration"_s,
         [](Scene &s) { s.client->setSslConfiguration({}); }},
        {u"DispatchClient::proxy"_s, [](Scene &s) { s.client->proxy(); }},
        {u"DispatchClient::setProxy"_s, [](Scene &s) { s.client->setProxy({}); }},
        {u"DispatchClient::attemptTimeout"_s, [](Scene &s) { s.client->attemptTimeout(); }},
        {u"DispatchClient::setAttemptTimeout"_s, [](Scene &s) { s.client->setAttemptTimeout(1); }},
        {u"DispatchClient::connectTimeout"_s, [](Scene &s) { s.client->connectTimeout(); }},
        {u"DispatchClient::setConnectTimeout"_s, [](Scene &s) { s.client->setConnectTimeout(1); }},
        {u"DispatchClient::lossGrace"_s, [](Scene &s) { s.client->lossGrace(); }},
        {u"DispatchClient::setLossGrace"_s, [](Scene &s) { s.client->setLossGrace(1); }},
        {u"DispatchClient::heartbeatInterval"_s, [](Scene &s) { s.client->heartbeatInterval(); }},
        {u"DispatchClient::heartbeatTimeout"_s, [](Scene &s) { s.client->heartbeatTimeout(); }},
        {u"DispatchClient::setHeartbeat"_s, [](Scene &s) { s.client->setHeartbeat(1, 1); }},
        {u"DispatchClient::tokenTimeout"_s, [](Scene &s) { s.client->tokenTimeout(); }},
        {u"DispatchClient::setTokenTimeout"_s, [](Scene &s) { s.client->setTokenTimeout(1); }},
        {u"DispatchClient::hasTokenProvider"_s, [](Scene &s) { s.client->hasTokenProvider(); }},
        {u"DispatchClient::setTokenProvider"_s,
         [](Scene &s) { s.client->setTokenProvider(token); }},
        {u"DispatchClient::setTokenProviderOf"_s,
         [](Scene &s) { s.client->setTokenProvider(s.client.get(), token); }},
        {u"DispatchClient::identify"_s, [](Scene &s) { s.client->identify({}); }},
        {u"DispatchClient::lastError"_s, [](Scene &s) { s.client->lastError(); }},
        {u"DispatchClient::bindableState"_s, [](Scene &s) { s.client->bindableState(); }},
        {u"DispatchClient::bindableClientId"_s, [](Scene &s) { s.client->bindableClientId(); }},
        {u"DispatchClient::bindableCurrentShardName"_s,
         [](Scene &s) { s.client->bindableCurrentShardName(); }},
        {u"DispatchClient::bindableLatency"_s, [](Scene &s) { s.client->bindableLatency(); }},
        {u"DispatchClient::connectToServer"_s, [](Scene &s) { s.client->connectToServer(); }},
        {u"DispatchClient::connect"_s, [](Scene &s) { s.client->connect(QVariantMap()); }},
        {u"DispatchClient::disconnectFromServer"_s,
         [](Scene &s) { s.client->disconnectFromServer(); }},
        {u"DispatchClient::retryNow"_s, [](Scene &s) { s.client->retryNow(); }},
        {u"DispatchClient::info"_s, [](Scene &s) { s.client->info(); }},
        {u"DispatchClient::subscribe"_s,
         [](Scene &s) { s.client->on(u"x"_s, s.client.get(), [] {}); }},
        {u"DispatchClient::answerRequests"_s,
         [](Scene &s) {
             s.client->onRequest(u"x"_s, s.client.get(), [] { return QJsonValue(); });
         }},
        {u"DispatchSubscription::unsubscribe"_s, [](Scene &s) { s.subscription.unsubscribe(); }},
        {u"DispatchSubscription::isActive"_s, [](Scene &s) { s.subscription.isActive(); }},
        {u"DispatchClientsModel::count"_s, [](Scene &s) { s.clients->count(); }},
        {u"DispatchClientsModel::data"_s, [](Scene &s) { s.clients->data({}); }},
        {u"DispatchClientsModel::at"_s, [](Scene &s) { s.clients->at(0); }},
        {u"DispatchClientsModel::toList"_s, [](Scene &s) { s.clients->toList(); }},
        {u"DispatchClientsModel::roleNames"_s, [](Scene &s) { s.clients->roleNames(); }},
        {u"DispatchClientsModel::userInfoRoles"_s, [](Scene &s) { s.clients->userInfoRoles(); }},
        {u"DispatchClientsModel::setUserInfoRoles"_s,
         [](Scene &s) { s.clients->setUserInfoRoles({}); }},
        {u"DispatchClientsModel::userInfoRole"_s, [](Scene &s) { s.clients->userInfoRole({}); }},
        {u"DispatchClientsModel::isSelfFirst"_s, [](Scene &s) { s.clients->isSelfFirst(); }},
        {u"DispatchClientsModel::setSelfFirst"_s, [](Scene &s) { s.clients->setSelfFirst(true); }},
        {u"DispatchUsersModel::count"_s, [](Scene &s) { s.users->count(); }},
        {u"DispatchUsersModel::data"_s, [](Scene &s) { s.users->data({}); }},
        {u"DispatchPendingEventsModel::count"_s, [](Scene &s) { s.pending->count(); }},
        {u"DispatchPendingEventsModel::maxFailed"_s, [](Scene &s) { s.pending->maxFailed(); }},
        {u"DispatchPendingEventsModel::data"_s, [](Scene &s) { s.pending->data({}); }},
        {u"DispatchPendingEventsModel::setMaxFailed"_s,
         [](Scene &s) { s.pending->setMaxFailed(1); }},
        {u"DispatchPendingEventsModel::retry"_s, [](Scene &s) { s.pending->retry(1); }},
        {u"DispatchPendingEventsModel::dismiss"_s, [](Scene &s) { s.pending->dismiss(1); }},
        {u"DispatchEventModel::client"_s, [](Scene &s) { s.events.client(); }},
        {u"DispatchEventModel::setClient"_s, [](Scene &s) { s.events.setClient(nullptr); }},
        {u"DispatchEventModel::eventName"_s, [](Scene &s) { s.events.eventName(); }},
        {u"DispatchEventModel::setEventName"_s, [](Scene &s) { s.events.setEventName({}); }},
        {u"DispatchEventModel::limit"_s, [](Scene &s) { s.events.limit(); }},
        {u"DispatchEventModel::setLimit"_s, [](Scene &s) { s.events.setLimit(1); }},
        {u"DispatchEventModel::clearsOnMove"_s, [](Scene &s) { s.events.clearsOnMove(); }},
        {u"DispatchEventModel::setClearOnMove"_s, [](Scene &s) { s.events.setClearOnMove(false); }},
        {u"DispatchEventModel::count"_s, [](Scene &s) { s.events.count(); }},
        {u"DispatchEventModel::data"_s, [](Scene &s) { s.events.data({}); }},
        {u"DispatchEventModel::retry"_s, [](Scene &s) { s.events.retry(1); }},
        {u"DispatchEventModel::remove"_s, [](Scene &s) { s.events.remove(1); }},
        {u"DispatchEventModel::clear"_s, [](Scene &s) { s.events.clear(); }},
        {u"DispatchSharedState::client"_s, [](Scene &s) { s.state.client(); }},
        {u"DispatchSharedState::setClient"_s, [](Scene &s) { s.state.setClient(nullptr); }},
        {u"DispatchSharedState::isAvailable"_s, [](Scene &s) { s.state.isAvailable(); }},
        {u"DispatchSharedState::count"_s, [](Scene &s) { s.state.count(); }},
        {u"DispatchSharedState::value"_s, [](Scene &s) { s.state.value({}); }},
        {u"DispatchSharedState::contains"_s, [](Scene &s) { s.state.contains({}); }},
        {u"DispatchSharedState::keys"_s, [](Scene &s) { s.state.keys(); }},
        {u"DispatchSharedState::ownerId"_s, [](Scene &s) { s.state.ownerId({}); }},
        {u"DispatchSharedState::metadata"_s, [](Scene &s) { s.state.metadata({}); }},
        {u"DispatchSharedState::data"_s, [](Scene &s) { s.state.data({}); }},
        {u"DispatchSharedState::change"_s, [](Scene &s) { s.state.set(u"k"_s, 1); }},
    };
    return calls;
}

/// What is under \a name here, or among the properties of a client.
void make(const QString &name, Scene &scene)
{
    static const auto properties = callsByName(DispatchClient::staticMetaObject);
    if (const auto property = properties.find(name); property != properties.end())
        property->second(scene.client.get());
    else
        calls().at(name)(scene);
}

} // namespace

/// Who uses an object on a thread that is not its own hears of it at once.
class tst_Threads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aProgramIsEnded_data();
    void aProgramIsEnded();
    void theWrongThreadEndsTheProgram_data();
    void theWrongThreadEndsTheProgram();
    void anyThreadMayDoWhatIsSaidSo();
    void aClientMayChangeThreads();
    void aClientMayOutliveItsThread();
};

/// The control: what is found to be said here does end a program.
void tst_Threads::aProgramIsEnded_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<bool>("isEnded");
    QTest::newRow("wrong") << u"write shardName"_s << true;
    QTest::newRow("right") << QString() << false;
}

void tst_Threads::aProgramIsEnded()
{
    QFETCH(const QString, call);
    QFETCH(const bool, isEnded);
    QProcess process;
    process.setProgram(QCoreApplication::applicationFilePath());
    process.setArguments({u"--call-elsewhere"_s, call});
    // A program that means to abort is no finding of a sanitizer's.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"ASAN_OPTIONS"_s, u"handle_abort=0:detect_leaks=0"_s);
    process.setProcessEnvironment(environment);
    process.start();
    QVERIFY(process.waitForFinished());
    const QByteArray said = process.readAllStandardError();
    QVERIFY2((process.exitStatus() == QProcess::CrashExit) == isEnded, said);
    QCOMPARE(said.contains("was called on thread"), isEnded);
}

void tst_Threads::theWrongThreadEndsTheProgram_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("member");
    for (const auto &[member, call] : calls())
        QTest::newRow(qPrintable(member)) << member << member + u'(';
    for (const auto &[name, call] : callsByName(DispatchClient::staticMetaObject)) {
        if (name.startsWith("read "_L1))
            QTest::newRow(qPrintable(name)) << name << u"DispatchClient::"_s;
        else if (name.startsWith("write "_L1))
            QTest::newRow(qPrintable(name)) << name << u"DispatchClient::set"_s;
    }
}

void tst_Threads::theWrongThreadEndsTheProgram()
{
    QFETCH(const QString, call);
    QFETCH(const QString, member);
    Scene scene;
    const QString said = fatalMessageOf([&](QObject *) { make(call, scene); }, scene.client.get());
    QVERIFY2(said.contains(member), qPrintable(said));
    QVERIFY2(said.contains("was called on thread \"another\""_L1), qPrintable(said));
    QVERIFY2(said.contains("lives on the main thread"_L1), qPrintable(said));
}

void tst_Threads::anyThreadMayDoWhatIsSaidSo()
{
    DispatchClient client;
    QString shown;
    QFuture<DispatchAcknowledgement> acknowledged;
    QFuture<DispatchEvent> replied;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        client.emitEvent(u"x"_s);
        acknowledged = client.emitAcknowledged(u"x"_s);
        replied = client.request(u"x"_s);
        shown = DispatchClient::displayText(u"a\nb"_s);
    }));
    thread->start();
    QVERIFY(thread->wait());
    QTRY_COMPARE(client.queuedEvents(), 3);
    QVERIFY(!shown.isEmpty());
}

void tst_Threads::aClientMayChangeThreads()
{
    QThread thread;
    auto *client = new DispatchClient;
    QObject::connect(&thread, &QThread::finished, client, &QObject::deleteLater);
    client->moveToThread(&thread);
    thread.start();
    QString name;
    QMetaObject::invokeMethod(
        client,
        [&] {
            client->setShardName(u"s"_s);
            name = client->shardName();
        },
        Qt::BlockingQueuedConnection);
    QCOMPARE(name, u"s"_s);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_Threads::aClientMayOutliveItsThread()
{
    QThread thread;
    auto client = std::make_unique<DispatchClient>();
    client->moveToThread(&thread);
    thread.start();
    thread.quit();
    QVERIFY(thread.wait());
    client.reset();
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == "--call-elsewhere"_L1) {
        Scene scene;
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            if (!arguments.value(2).isEmpty())
                make(arguments.value(2), scene);
        }));
        thread->start();
        thread->wait();
        return 0;
    }
    tst_Threads test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_threads.moc"
