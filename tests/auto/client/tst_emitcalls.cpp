// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <functional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Options = DispatchEmitOptions;
using SendStatus = DispatchClient::SendStatus;

namespace {

template<typename... Arguments>
concept CanBeEmitted = requires(DispatchClient &client, Arguments... arguments)
{
    client.emitEvent(arguments...);
};
static_assert(CanBeEmitted<QString, QJsonValue, QStringList>);
static_assert(CanBeEmitted<QString, QJsonValue, Options>);
static_assert(!CanBeEmitted<QString, QJsonValue, std::nullptr_t>);
static_assert(!CanBeEmitted<QString, QJsonValue, QString>);
static_assert(!CanBeEmitted<QString, QJsonValue, int>);

} // namespace

/// The forms in which C++ can call emitEvent() and emitAcknowledged(). What each means is told by
/// what becomes of an event that waits for a connection.
class tst_EmitCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachFormOfEmitEventMeansWhatItSays_data();
    void eachFormOfEmitEventMeansWhatItSays();
    void eachFormOfEmitAcknowledgedCompiles();
    void theMetaObjectHasTheFormsOfOthers();
};

using Call = std::function<SendStatus(DispatchClient &)>;
Q_DECLARE_METATYPE(Call)

void tst_EmitCalls::eachFormOfEmitEventMeansWhatItSays_data()
{
    QTest::addColumn<Call>("call");
    QTest::addColumn<SendStatus>("status");
    const auto add = [](const char *form, SendStatus status, const Call &call) {
        QTest::newRow(form) << call << status;
    };
    using Client = DispatchClient;
    static const QString ann = u"ann"_s;
    static const QStringList list{ann};
    static const Options options{.ifDelayed = Options::Drop};
    // Of a braced list that is options, Drop shows that it was taken for such.
    add("name", Client::Queued, [](Client &c) { return c.emitEvent("x"); });
    add("payload", Client::Queued, [](Client &c) { return c.emitEvent("x", 1); });
    add("{pairs}", Client::Queued, [](Client &c) {
        return c.emitEvent("x", QJsonObject{{"a", 1}});
    });
    add("list", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, list); });
    add("temporary list", Client::Queued,
        [](Client &c) { return c.emitEvent("x", 1, QStringList()); });
    add("QList<QString>", Client::Queued,
        [](Client &c) { return c.emitEvent("x", 1, QList<QString>{ann}); });
    add("{text}", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, {ann}); });
    add("{literal}", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, {"ann"}); });
    add("{literals}", Client::Queued, [](Client &c) {
        return c.emitEvent("x", 1, {"ann", "ben"});
    });
    add("{texts}", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, {ann, ann, ann}); });
    add("{list}", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, {list}); });
    add("options", Client::Dropped, [](Client &c) { return c.emitEvent("x", 1, options); });
    add("Options{.ifDelayed}", Client::Dropped,
        [](Client &c) { return c.emitEvent("x", 1, Options{.ifDelayed = Options::Drop}); });
    add("{.ifDelayed}", Client::Dropped,
        [](Client &c) { return c.emitEvent("x", 1, {.ifDelayed = Options::Drop}); });
    add("{.recipients, .ifDelayed}", Client::Dropped, [](Client &c) {
        return c.emitEvent("x", 1, {.recipients = list, .ifDelayed = Options::Drop});
    });
    add("{.recipients}", Client::Queued,
        [](Client &c) { return c.emitEvent("x", 1, {.recipients = list}); });
    add("{.recipients{}}", Client::Queued,
        [](Client &c) { return c.emitEvent("x", 1, {.recipients = {{ann}}}); });
    add("{.maxAge}", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, {.maxAge = 5s}); });
    add("{.tag}", Client::Queued, [](Client &c) { return c.emitEvent("x", 1, {.tag = ann}); });
    add("{.tag literal}", Client::Queued,
        [](Client &c) { return c.emitEvent("x", 1, {.tag = "ann"}); });
    // A key alone is refused: no list of recipients would be.
    add("{.key}", Client::Refused, [](Client &c) { return c.emitEvent("x", 1, {.key = ann}); });
    add("{.key literal}", Client::Refused,
        [](Client &c) { return c.emitEvent("x", 1, {.key = "ann"}); });
    add("{.ifDelayed, .key}", Client::Queued, [](Client &c) {
        return c.emitEvent("x", 1, {.ifDelayed = Options::KeepLatest, .key = "k"});
    });
    add("a pointer to it", Client::Queued, [](Client &c) {
        SendStatus (Client::*emitTo)(const QString &, const QJsonValue &, const QStringList &) =
            &Client::emitEvent;
        return (c.*emitTo)(u"x"_s, 1, list);
    });
    add("a pointer, options", Client::Dropped, [](Client &c) {
        SendStatus (Client::*emitAs)(const QString &, const QJsonValue &, const Options &) =
            &Client::emitEvent;
        return (c.*emitAs)(u"x"_s, 1, options);
    });
}

void tst_EmitCalls::eachFormOfEmitEventMeansWhatItSays()
{
    QFETCH(Call, call);
    QFETCH(SendStatus, status);
    DispatchClient client;
    QCOMPARE(call(client), status);
}

void tst_EmitCalls::eachFormOfEmitAcknowledgedCompiles()
{
    DispatchClient client;
    const QStringList list{u"ann"_s};
    const std::optional<QStringList> nobodyNamed;
    client.emitAcknowledged("x");
    client.emitAcknowledged("x", 1);
    client.emitAcknowledged("x", 1, list);
    client.emitAcknowledged("x", 1, nobodyNamed);
    client.emitAcknowledged("x", 1, std::nullopt);
    client.emitAcknowledged("x", 1, QStringList{u"ann"_s});
    client.emitAcknowledged("x", 1, {});
    client.emitAcknowledged("x", 1, Options());
    client.emitAcknowledged("x", 1, {.recipients = list});
    client.emitAcknowledged("x", 1, {.maxAge = 5s});
    client.emitAcknowledged("x", 1, {.tag = "ann"});
    QCOMPARE(client.queuedEvents(), 11);
    QVERIFY(client.emitAcknowledged("x", 1, {.ifDelayed = Options::Drop}).isRunning());
    QCOMPARE(client.queuedEvents(), 11);
}

void tst_EmitCalls::theMetaObjectHasTheFormsOfOthers()
{
    DispatchClient client;
    SendStatus status = DispatchClient::Refused;
    QVERIFY(QMetaObject::invokeMethod(
        &client, "emitEvent", Q_RETURN_ARG(DispatchClient::SendStatus, status),
        Q_ARG(QString, u"x"_s), Q_ARG(QJsonValue, 1), Q_ARG(QStringList, {u"ann"_s})));
    QCOMPARE(status, DispatchClient::Queued);
    QVERIFY(QMetaObject::invokeMethod(&client, "emitEvent", Q_ARG(QString, u"x"_s),
                                      Q_ARG(QJsonValue, 1)));
    QCOMPARE(client.queuedEvents(), 2);
}

QTEST_GUILESS_MAIN(tst_EmitCalls)

#include "tst_emitcalls.moc"
