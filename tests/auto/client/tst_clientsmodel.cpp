// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include <DispatchClientsModel>

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
    void rolesAreNamedAndFilled();

private:
    static Dispatch::Presence::Update take(Dispatch::Presence &presence, const char *payload)
    {
        return presence.update(payload, 3);
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

QTEST_APPLESS_MAIN(tst_ClientsModel)
#include "tst_clientsmodel.moc"
