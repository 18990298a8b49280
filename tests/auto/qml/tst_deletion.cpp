// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ear.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
#include <QtQml/qqmlapplicationengine.h>
#include <QtTest/qtest.h>

#include <functional>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// Each callback in JavaScript, with the object whose own handler it is, if it is one.
constexpr std::pair<const char *, const char *> Callbacks[]{
    {"onStateChanged", "client"},
    {"onConnected", "client"},
    {"onConnectedClientsChanged", "client"},
    {"onEventReceived", "client"},
    {"onTriggered", "handler"},
    {"another's onTriggered", nullptr},
    {"onValueChanged", "state"},
    {"onCountChanged", "events"},
    {"onClientJoined", "server"},
    {"onRowsInserted", nullptr},
    {"delegate", nullptr},
    {"delegate's binding", nullptr},
    {"binding", nullptr},
    {"binding of a value", nullptr},
    {"on", nullptr},
    {"onRequest", nullptr},
    {"tokenProvider", nullptr},
    {"info", nullptr},
    {"connect", nullptr},
    {"emitAcknowledged", nullptr},
    {"request", nullptr},
    {"set", nullptr},
    {"catch", nullptr},
};

/// What the scene tells, and what is to happen then.
class End : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString callback MEMBER callback CONSTANT)

public:
    QString callback;
    std::function<void()> act;

    Q_INVOKABLE void at(const QString &name)
    {
        if (name == callback && act)
            std::exchange(act, nullptr)();
    }
};

} // namespace

/// Whatever of QML ends in whatever callback; memory is watched by the address sanitizer.
class tst_Deletion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void itMayBeDeletedIn_data();
    void itMayBeDeletedIn();
    void theEngineMayBeDeletedInASignal_data();
    void theEngineMayBeDeletedInASignal();

private:
    QObject *objectCalled(const QString &name) const;

    End m_end;
    QPointer<QQmlApplicationEngine> m_engine;
    QPointer<QObject> m_scene;
};

void tst_Deletion::init()
{
    m_end.callback.clear();
    m_end.act = nullptr;
    m_engine = new QQmlApplicationEngine;
    m_engine->addImportPath(QStringLiteral(DISPATCH_QML_IMPORT));
    m_engine->setInitialProperties({{u"end"_s, QVariant::fromValue<QObject *>(&m_end)}});
    m_engine->load(QUrl::fromLocalFile(QStringLiteral(ENDING_QML)));
    m_scene = m_engine->rootObjects().value(0);
    QVERIFY(m_scene);
}

void tst_Deletion::cleanup()
{
    delete m_engine;
}

QObject *tst_Deletion::objectCalled(const QString &name) const
{
    if (name == "engine"_L1)
        return m_engine;
    if (name == "handler"_L1)
        return objectCalled(u"client"_s)->findChild<QObject *>(name);
    if (name == "clients"_L1)
        return objectCalled(u"client"_s)->property("clients").value<QObject *>();
    return m_scene->property(qPrintable(name)).value<QObject *>();
}

void tst_Deletion::itMayBeDeletedIn_data()
{
    QTest::addColumn<QString>("victim");
    QTest::addColumn<QString>("callback");
    QTest::addColumn<bool>("isLater");
    for (const QString &victim :
         {u"client"_s, u"handler"_s, u"server"_s, u"events"_s, u"state"_s, u"engine"_s}) {
        for (const auto &[callback, owner] : Callbacks) {
            // With JavaScript of theirs on the stack, Qt lets neither objects nor engines go.
            const bool isOfClient =
                victim == "client"_L1 && QByteArray(callback).endsWith("onTriggered");
            const bool isLater = victim == owner || victim == "engine"_L1 || isOfClient;
            QTest::addRow("%s in %s%s", qPrintable(victim), callback, isLater ? ", later" : "")
                << victim << QString::fromLatin1(callback) << isLater;
        }
    }
}

void tst_Deletion::itMayBeDeletedIn()
{
    QFETCH(const QString, victim);
    QFETCH(const QString, callback);
    QFETCH(const bool, isLater);
    const QPointer<QObject> gone = objectCalled(victim);
    QVERIFY(gone);
    m_end.callback = callback;
    m_end.act = [&] {
        if (isLater)
            gone->deleteLater();
        else
            delete gone;
    };
    QMetaObject::invokeMethod(m_scene, "begin");
    QVERIFY2(QTest::qWaitFor([&] { return !gone; }), "the callback was not called");
    QCoreApplication::processEvents();
}

void tst_Deletion::theEngineMayBeDeletedInASignal_data()
{
    QTest::addColumn<QString>("sender");
    QTest::addColumn<QByteArray>("signal");
    const std::pair<const char *, QList<QByteArray>> signalsBySender[]{
        {"client",
         {"activeChanged", "stateChanged", "connected", "clientIdChanged",
          "connectedClientsChanged", "eventReceived"}},
        {"handler", {"triggered"}},
        {"clients", {"rowsInserted", "countChanged"}},
        {"events", {"rowsInserted", "dataChanged", "countChanged"}},
        {"state", {"availableChanged", "rowsInserted", "countChanged", "valueChanged"}},
        {"server", {"clientJoined"}},
    };
    for (const auto &[sender, names] : signalsBySender) {
        for (const QByteArray &name : names)
            QTest::addRow("%s.%s", sender, name.constData()) << QString::fromLatin1(sender) << name;
    }
}

/// In C++, where none of its JavaScript is on the stack.
void tst_Deletion::theEngineMayBeDeletedInASignal()
{
    QFETCH(const QString, sender);
    QFETCH(const QByteArray, signal);
    Ear ear([this] { delete m_engine; });
    QObject *object = objectCalled(sender);
    bool isThere = false;
    for (int i = 0; i < object->metaObject()->methodCount(); ++i) {
        const QMetaMethod method = object->metaObject()->method(i);
        if (method.methodType() == QMetaMethod::Signal && method.name() == signal) {
            ear.listen(object, method);
            isThere = true;
        }
    }
    QVERIFY(isThere);
    // Not by the scene, whose function would be on the stack.
    const QVariant url = objectCalled(u"server"_s)->property("url");
    const QPointer<QObject> other = objectCalled(u"other"_s);
    const QPointer<QObject> client = objectCalled(u"client"_s);
    const QPointer<QObject> state = objectCalled(u"otherState"_s);
    for (const auto &one : {other, client}) {
        if (one)
            one->setProperty("url", url);
        if (one)
            one->setProperty("active", true);
    }
    if (state)
        QMetaObject::invokeMethod(state, "set", Q_ARG(QString, u"k"_s),
                                  Q_ARG(QJSValue, QJSValue(1)));
    if (client)
        QMetaObject::invokeMethod(client, "emitEvent", Q_ARG(QString, u"x"_s));
    QVERIFY2(QTest::qWaitFor([&] { return !m_engine; }), "the signal was not emitted");
    QCoreApplication::processEvents();
}

QTEST_GUILESS_MAIN(tst_Deletion)
#include "tst_deletion.moc"
