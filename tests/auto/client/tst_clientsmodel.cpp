// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include "ear.h"
#include "rowcounters.h"

#include <DispatchClientsModel>

#include <QtCore/qjsonarray.h>
#include <QtCore/qpointer.h>
#include <QtCore/qsortfilterproxymodel.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// The list of clients and the model of it.
class tst_ClientsModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEntries();
    void decodesOnlyWhatChanged();
    void refusesWhatIsNoList();
    void refusesAListThatIsTooLong();
    void whoStaysKeepsThePlace();
    void lastPingAndUserIdAreNoUserInfo();
    void changesAreSingleRowSignals_data();
    void changesAreSingleRowSignals();
    void handlerMayUpdateTheModelAgain();
    void itMayBeDeletedIn_data();
    void itMayBeDeletedIn();
    void whoHearsOfAMoveMayUpdateTheModel();
    void oneJoinAmongThousandIsOneRow();
    void oneChangedKeyIsOneRole_data();
    void oneChangedKeyIsOneRole();
    void aSignOfLifeIsNoChange();
    void selfKeepsItsRowUnderAnotherId();
    void selfComesFirstIfWished();
    void rolesAreNamedAndFilled();
    void rolesOfKeysHaveTheTypeOfTheirDefaults_data();
    void rolesOfKeysHaveTheTypeOfTheirDefaults();
    void aProxySortsAndFiltersByKeys();

private:
    static Dispatch::Presence::Update take(Dispatch::Presence &presence, const char *payload)
    {
        return presence.update(payload, 3);
    }

    static QStringList idsOf(const DispatchClientsModel &model)
    {
        QStringList ids;
        for (const auto &client : model.toList())
            ids.append(client.clientId);
        return ids;
    }

    /// As many as \a count, each with a name and a mood.
    static QList<DispatchConnectedClient> crowd(int count)
    {
        QList<DispatchConnectedClient> list;
        for (int i = 0; i < count; ++i) {
            DispatchConnectedClient client;
            client.clientId = QString::number(i);
            client.userInfo = {{u"name"_s, u"Nr %1"_s.arg(i)}, {u"mood"_s, u"good"_s}};
            list.append(client);
        }
        return list;
    }

    static QList<DispatchConnectedClient> people(const QString &letters)
    {
        QList<DispatchConnectedClient> list;
        for (QChar letter : letters) {
            DispatchConnectedClient client;
            client.clientId = letter.toLower();
            // An upper-case letter stands for a changed entry.
            client.userInfo =
                letter.isUpper() ? QJsonObject{{u"name"_s, u"changed"_s}} : QJsonObject();
            list.append(client);
        }
        return list;
    }
};

void tst_ClientsModel::readsEntries()
{
    Dispatch::Presence presence;
    presence.setSelf(u"b"_s);
    QCOMPARE(
        take(
            presence,
            R"({"connectedClients":{"a":{"name":"Ann","lastPing":1700000000123},"b":{"lastPing":1}}})"),
        Dispatch::Presence::Update::Done);
    QCOMPARE(presence.clients().size(), 2);
    const DispatchConnectedClient ann = presence.clients().first();
    QCOMPARE(ann.clientId, u"a"_s);
    QCOMPARE(ann.userInfo, (QJsonObject{{u"name"_s, u"Ann"_s}}));
    QCOMPARE(ann.lastPing.toMSecsSinceEpoch(), 1700000000123);
    QVERIFY(!ann.isSelf);
    QVERIFY(presence.clients().last().isSelf);
}

void tst_ClientsModel::decodesOnlyWhatChanged()
{
    Dispatch::Presence presence;
    take(presence, R"({"connectedClients":{"a":{"x":1},"b":{"x":1},"c":{"x":1}}})");
    QCOMPARE(presence.decoded(), 3);
    take(presence, R"({"connectedClients":{"a":{"x":1},"b":{"x":2},"c":{"x":1}}})");
    QCOMPARE(presence.decoded(), 4);
    QCOMPARE(presence.clients().at(1).userInfo.value("x"_L1).toInt(), 2);
}

void tst_ClientsModel::refusesWhatIsNoList()
{
    Dispatch::Presence presence;
    take(presence, R"({"connectedClients":{"a":{}}})");
    for (const char *text :
         {"", "null", "[]", "{}", R"({"connectedClients":null})", R"({"connectedClients":[1]})"})
        QVERIFY2(take(presence, text) == Dispatch::Presence::Update::NoList, text);
    QCOMPARE(presence.clients().size(), 1);
}

void tst_ClientsModel::refusesAListThatIsTooLong()
{
    Dispatch::Presence presence;
    take(presence, R"({"connectedClients":{"a":{},"b":{},"c":{}}})");
    QCOMPARE(take(presence, R"({"connectedClients":{"d":{},"e":{},"f":{},"g":{}}})"),
             Dispatch::Presence::Update::TooLong);
    QCOMPARE(presence.clients().first().clientId, u"a"_s);
}

void tst_ClientsModel::whoStaysKeepsThePlace()
{
    Dispatch::Presence presence;
    take(presence, R"({"connectedClients":{"a":{},"b":{},"c":{}}})");
    take(presence, R"({"connectedClients":{"d":{},"c":{},"a":{}}})");
    QStringList ids;
    for (const auto &client : presence.clients())
        ids.append(client.clientId);
    QCOMPARE(ids.join(u' '), u"a c d"_s);
}

void tst_ClientsModel::lastPingAndUserIdAreNoUserInfo()
{
    Dispatch::Presence presence;
    take(presence, R"({"connectedClients":{"a":{"name":"Ann","userId":"u1","lastPing":5}}})");
    QCOMPARE(presence.clients().first().userId, u"u1"_s);
    QCOMPARE(presence.clients().first().userInfo.keys(), QStringList{u"name"_s});
}

void tst_ClientsModel::changesAreSingleRowSignals_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<int>("inserted");
    QTest::addColumn<int>("removed");
    QTest::addColumn<int>("changed");
    QTest::addColumn<int>("moved");
    const auto row = [](const char *before, const char *after, int inserted, int removed,
                        int changed, int moved = 0) {
        QTest::addRow("'%s' to '%s'", before, after)
            << QString::fromLatin1(before) << QString::fromLatin1(after) << inserted << removed
            << changed << moved;
    };
    row("", "", 0, 0, 0);
    row("", "a", 1, 0, 0);
    row("", "abc", 1, 0, 0);
    row("abc", "abc", 0, 0, 0);
    row("abc", "abcd", 1, 0, 0);
    row("abc", "abcde", 1, 0, 0);
    row("abc", "ac", 0, 1, 0);
    row("abcdef", "adf", 0, 2, 0);
    row("abc", "", 0, 1, 0);
    row("abc", "aBc", 0, 0, 1);
    row("abc", "acD", 1, 1, 0);
    row("abc", "ACd", 1, 1, 2);
    row("abc", "xyz", 1, 1, 0);
    row("abc", "xabc", 1, 0, 0);
    row("abc", "cab", 0, 0, 0, 1);
    row("abcd", "dxA", 1, 1, 1, 1);
}

void tst_ClientsModel::changesAreSingleRowSignals()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(int, inserted);
    QFETCH(int, removed);
    QFETCH(int, changed);
    QFETCH(int, moved);
    DispatchClientsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(people(before));
    QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removals(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy moves(&model, &QAbstractItemModel::rowsMoved);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy counts(&model, &DispatchClientsModel::countChanged);
    model.update(people(after));
    QCOMPARE(model.toList(), people(after));
    QCOMPARE(inserts.size(), inserted);
    QCOMPARE(removals.size(), removed);
    QCOMPARE(changes.size(), changed);
    QCOMPARE(moves.size(), moved);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(counts.size(), before.size() == after.size() ? 0 : 1);
}

void tst_ClientsModel::handlerMayUpdateTheModelAgain()
{
    DispatchClientsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(people(u"abc"_s));
    bool again = true;
    connect(&model, &QAbstractItemModel::rowsRemoved, &model, [&] {
        if (std::exchange(again, false))
            model.update(people(u"xy"_s));
    });
    model.update(people(u"bd"_s));
    QCOMPARE(model.toList(), people(u"xy"_s));
}

void tst_ClientsModel::itMayBeDeletedIn_data()
{
    QTest::addColumn<QMetaMethod>("signal");
    auto all = rowSignals() + signalsOf(DispatchClientsModel::staticMetaObject);
    all.append(QMetaMethod::fromSignal(&QAbstractItemModel::modelAboutToBeReset));
    all.append(QMetaMethod::fromSignal(&QAbstractItemModel::modelReset));
    for (const QMetaMethod &signal : all) {
        // Qt itself goes on with a model that tells of rows before they come or go.
        if (!signal.name().startsWith("rowsAboutToBe"))
            QTest::newRow(signal.name().constData()) << signal;
    }
}

void tst_ClientsModel::itMayBeDeletedIn()
{
    QFETCH(const QMetaMethod, signal);
    const QPointer<DispatchClientsModel> model = new DispatchClientsModel;
    Ear ear([&model] { delete model.data(); });
    ear.listen(model, signal);
    // Who moves changes, too, and somebody else comes.
    for (const QString &letters : {u"abcd"_s, u"aBcd"_s, u"acd"_s, u"Dace"_s}) {
        if (model)
            model->update(people(letters));
    }
    if (model)
        model->setSelfFirst(true);
    if (model)
        model->setUserInfoRoles({{u"mood"_s, u""_s}});
    QVERIFY2(!model, "it was not emitted");
}

void tst_ClientsModel::whoHearsOfAMoveMayUpdateTheModel()
{
    DispatchClientsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(people(u"abc"_s));
    connect(&model, &QAbstractItemModel::rowsMoved, &model, [&] { model.update({}); });
    model.update(people(u"Cab"_s));
    QCOMPARE(model.count(), 0);
}

void tst_ClientsModel::oneJoinAmongThousandIsOneRow()
{
    DispatchClientsModel model;
    auto list = crowd(1'000);
    model.update(list);
    RowCounters counters(&model);
    DispatchConnectedClient ann;
    ann.clientId = u"ann"_s;
    list.append(ann);
    model.update(list);
    QCOMPARE(counters.tell(), u"inserted 1000-1000"_s);
    model.update(list);
    QCOMPARE(counters.tell(), u"inserted 1000-1000"_s);
}

void tst_ClientsModel::oneChangedKeyIsOneRole_data()
{
    using Model = DispatchClientsModel;
    QTest::addColumn<QJsonObject>("info");
    QTest::addColumn<QList<int>>("roles");
    const int mood = Model::FirstUserInfoRole;
    const int name = mood + 1;
    const auto row = [](const char *what, const QJsonObject &info, const QList<int> &roles) {
        QTest::newRow(what) << info << roles;
    };
    row("mood", {{u"name"_s, u"Nr 500"_s}, {u"mood"_s, u"bad"_s}}, {mood, Model::UserInfoRole});
    row("mood is gone", {{u"name"_s, u"Nr 500"_s}}, {mood, Model::UserInfoRole});
    row("the name, which is displayed", {{u"name"_s, u"Ann"_s}, {u"mood"_s, u"good"_s}},
        {name, Model::UserInfoRole, Qt::DisplayRole});
    row("a key without a role", {{u"name"_s, u"Nr 500"_s}, {u"mood"_s, u"good"_s}, {u"x"_s, 1}},
        {Model::UserInfoRole});
}

void tst_ClientsModel::oneChangedKeyIsOneRole()
{
    QFETCH(const QJsonObject, info);
    DispatchClientsModel model;
    model.setUserInfoRoles({{u"mood"_s, u""_s}, {u"name"_s, u""_s}});
    auto list = crowd(1'000);
    model.update(list);
    RowCounters counters(&model);
    list[500].userInfo = info;
    // As a server says it: who changed was heard.
    list[500].lastPing = QDateTime::currentDateTimeUtc();
    model.update(list);
    QCOMPARE(counters.tell(), u"changed 500-500"_s);
    QTEST(counters.roles(), "roles");
}

void tst_ClientsModel::aSignOfLifeIsNoChange()
{
    DispatchClientsModel model;
    auto list = crowd(10);
    model.update(list);
    RowCounters counters(&model);
    for (auto &client : list)
        client.lastPing = QDateTime::fromMSecsSinceEpoch(7);
    model.update(list);
    QCOMPARE(counters.tell(), QString());
    QCOMPARE(model.index(3).data(DispatchClientsModel::LastPingRole).toDateTime(),
             QDateTime::fromMSecsSinceEpoch(7));
}

void tst_ClientsModel::selfKeepsItsRowUnderAnotherId()
{
    DispatchClientsModel model;
    auto list = crowd(3);
    list[1].isSelf = true;
    model.update(list);
    RowCounters counters(&model);
    list[1].clientId = u"me"_s;
    model.update(list);
    QCOMPARE(counters.tell(), u"changed 1-1"_s);
    QCOMPARE(counters.roles(), QList<int>{DispatchClientsModel::ClientIdRole});
    // Where the one from before is there still, it is somebody else by now.
    list[1].isSelf = false;
    list.append(crowd(1));
    list[3].clientId = u"me too"_s;
    list[3].isSelf = true;
    model.update(list);
    QCOMPARE(idsOf(model), (QStringList{u"0"_s, u"me"_s, u"2"_s, u"me too"_s}));
}

void tst_ClientsModel::selfComesFirstIfWished()
{
    DispatchClientsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto list = crowd(3);
    list[2].isSelf = true;
    model.update(list);
    RowCounters counters(&model);
    model.setSelfFirst(true);
    QCOMPARE(idsOf(model), (QStringList{u"2"_s, u"0"_s, u"1"_s}));
    QCOMPARE(counters.tell(), u"moved 2-2 to 0"_s);
    list.append(crowd(4).last());
    model.update(list);
    QCOMPARE(counters.tell(), u"moved 2-2 to 0, inserted 3-3"_s);
    model.setSelfFirst(false);
    QCOMPARE(idsOf(model), (QStringList{u"0"_s, u"1"_s, u"2"_s, u"3"_s}));
}

void tst_ClientsModel::rolesAreNamedAndFilled()
{
    DispatchConnectedClient client;
    client.clientId = u"id"_s;
    client.userId = u"user"_s;
    client.userInfo = {{u"name"_s, u"Ann"_s}};
    client.lastPing = QDateTime::fromMSecsSinceEpoch(5, Qt::UTC);
    client.isSelf = true;
    DispatchClientsModel model;
    model.update({client});
    const QModelIndex index = model.index(0);
    QCOMPARE(index.data(DispatchClientsModel::ClientIdRole).toString(), u"id"_s);
    QCOMPARE(index.data(DispatchClientsModel::UserIdRole).toString(), u"user"_s);
    QCOMPARE(index.data(DispatchClientsModel::UserInfoRole).toJsonObject(), client.userInfo);
    QCOMPARE(index.data(DispatchClientsModel::LastPingRole).toDateTime(), client.lastPing);
    QVERIFY(index.data(DispatchClientsModel::IsSelfRole).toBool());
    QCOMPARE(index.data().toString(), u"Ann"_s);
    const QList<QByteArray> names = model.roleNames().values();
    for (const char *name : {"clientId", "userId", "userInfo", "lastPing", "isSelf"})
        QVERIFY2(names.contains(name), name);
    QCOMPARE(model.at(0), client);
    QCOMPARE(model.at(7), DispatchConnectedClient());
    QVERIFY(!model.data({}, Qt::DisplayRole).isValid());
}

void tst_ClientsModel::rolesOfKeysHaveTheTypeOfTheirDefaults_data()
{
    QTest::addColumn<QJsonValue>("byDefault");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QVariant>("shown");
    using Value = QJsonValue;
    const Value none(Value::Undefined);
    QTest::newRow("text") << Value(u""_s) << Value(u"a"_s) << QVariant(u"a"_s);
    QTest::newRow("no text") << Value(u"?"_s) << Value(7) << QVariant(u"?"_s);
    QTest::newRow("nothing") << Value(u"?"_s) << none << QVariant(u"?"_s);
    QTest::newRow("whole number") << Value(0) << Value(7) << QVariant(7.0);
    QTest::newRow("number") << Value(0) << Value(7.5) << QVariant(7.5);
    QTest::newRow("no number") << Value(1) << Value(u"7"_s) << QVariant(1.0);
    QTest::newRow("yes") << Value(false) << Value(true) << QVariant(true);
    QTest::newRow("list") << Value(QJsonArray()) << Value(QJsonArray{u"a"_s})
                          << QVariant(QVariantList{u"a"_s});
    QTest::newRow("anything") << Value() << Value(u"a"_s) << QVariant(u"a"_s);
    QTest::newRow("any number") << Value() << Value(7) << QVariant(7.0);
    QTest::newRow("not even that") << Value() << none << QVariant();
}

void tst_ClientsModel::rolesOfKeysHaveTheTypeOfTheirDefaults()
{
    QFETCH(const QJsonValue, byDefault);
    QFETCH(const QJsonValue, value);
    DispatchClientsModel model;
    QSignalSpy changes(&model, &DispatchClientsModel::userInfoRolesChanged);
    // A key may be called like a role.
    const QVariantMap roles{{u"clientId"_s, byDefault.toVariant()}, {u"z"_s, true}};
    model.setUserInfoRoles(roles);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(model.userInfoRoles(), roles);
    auto list = crowd(1);
    if (!value.isUndefined())
        list[0].userInfo[u"clientId"_s] = value;
    model.update(list);
    const int role = model.userInfoRole(u"clientId"_s);
    QCOMPARE(model.roleNames().value(role), "info_clientId"_ba);
    QFETCH(const QVariant, shown);
    QCOMPARE(model.index(0).data(role), shown);
    QCOMPARE(model.index(0).data(role).typeId(), shown.typeId());
    QCOMPARE(model.userInfoRole(u"name"_s), -1);
}

void tst_ClientsModel::aProxySortsAndFiltersByKeys()
{
    DispatchClientsModel model;
    model.setUserInfoRoles({{u"score"_s, 0}, {u"ready"_s, false}});
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(&model);
    proxy.setSortRole(model.userInfoRole(u"score"_s));
    proxy.setFilterRole(model.userInfoRole(u"ready"_s));
    proxy.setFilterFixedString(u"true"_s);
    proxy.sort(0, Qt::DescendingOrder);
    auto list = crowd(4);
    list[0].userInfo = {{u"score"_s, 2}, {u"ready"_s, true}};
    list[1].userInfo = {{u"score"_s, u"much"_s}, {u"ready"_s, true}};
    list[2].userInfo = {{u"score"_s, 10}, {u"ready"_s, true}};
    model.update(list);
    const auto shown = [&proxy] {
        QStringList ids;
        for (int row = 0; row < proxy.rowCount(); ++row)
            ids.append(proxy.index(row, 0).data(DispatchClientsModel::ClientIdRole).toString());
        return ids.join(u' ');
    };
    QCOMPARE(shown(), u"2 0 1"_s);
    list[0].userInfo[u"score"_s] = 10.5;
    list[3].userInfo[u"ready"_s] = true;
    model.update(list);
    QCOMPARE(shown(), u"0 2 1 3"_s);
}

QTEST_APPLESS_MAIN(tst_ClientsModel)
#include "tst_clientsmodel.moc"
