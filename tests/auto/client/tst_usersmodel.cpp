// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ear.h"

#include <DispatchUsersModel>

#include <QtCore/qpointer.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// Clients as in "a1 a2 b1 x": the users a, with two connections, and b, with one, and somebody who
/// has not said who he is. "a2=Ann" calls himself Ann, and "a2!" is this client.
QList<DispatchConnectedClient> clients(const QString &text)
{
    QList<DispatchConnectedClient> list;
    for (QString word : text.split(u' ', Qt::SkipEmptyParts)) {
        DispatchConnectedClient client;
        client.isSelf = word.endsWith(u'!');
        word.remove(u'!');
        if (const qsizetype at = word.indexOf(u'='); at > 0) {
            client.userInfo = {{u"name"_s, word.mid(at + 1)}};
            word.truncate(at);
        }
        client.clientId = word;
        if (word.size() > 1)
            client.userId = word.left(1);
        list.append(client);
    }
    return list;
}

/// As in "a(2)=Ann! b(1) x".
QString tell(const DispatchUsersModel &model)
{
    QStringList told;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        const QString userId = index.data(DispatchUsersModel::UserIdRole).toString();
        QString one = userId.isEmpty()
            ? index.data(DispatchUsersModel::ClientIdRole).toString()
            : u"%1(%2)"_s.arg(userId, index.data(DispatchUsersModel::ConnectionsRole).toString());
        const auto info = index.data(DispatchUsersModel::UserInfoRole).toJsonObject();
        if (!info.isEmpty())
            one += u'=' + info["name"_L1].toString();
        if (index.data(DispatchUsersModel::IsSelfRole).toBool())
            one += u'!';
        told.append(one);
    }
    return told.join(u' ');
}

} // namespace

class tst_UsersModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void connectionsOfOneUserAreOneRow_data();
    void connectionsOfOneUserAreOneRow();
    void onlyWhatChangedChanges_data();
    void onlyWhatChangedChanges();
    void theChangedRolesAreNamed();
    void staleIsTheSameForAll();
    void handlerMayUpdateTheModelAgain();
    void itMayBeDeletedIn_data();
    void itMayBeDeletedIn();
    void rolesAreNamedAndFilled();
};

void tst_UsersModel::connectionsOfOneUserAreOneRow_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("users");
    const auto row = [](const char *list, const char *users) {
        QTest::newRow(list) << QString::fromLatin1(list) << QString::fromLatin1(users);
    };
    row("", "");
    row("a1", "a(1)");
    row("a1 a2 a3", "a(3)");
    row("a1 b1 a2", "a(2) b(1)");
    row("x y", "x y");
    row("x a1 y", "x a(1) y");
    row("a a1", "a a(1)");
    row("a1=Ann a2=Anna", "a(2)=Anna");
    row("a1! a2", "a(2)!");
    row("a1 a2!", "a(2)!");
}

void tst_UsersModel::connectionsOfOneUserAreOneRow()
{
    QFETCH(const QString, list);
    DispatchUsersModel model;
    model.update(clients(list));
    QTEST(tell(model), "users");
}

void tst_UsersModel::onlyWhatChangedChanges_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("users");
    QTest::addColumn<int>("inserted");
    QTest::addColumn<int>("removed");
    QTest::addColumn<int>("changed");
    const auto row = [](const char *before, const char *after, const char *users, int inserted,
                        int removed, int changed) {
        QTest::addRow("'%s' to '%s'", before, after)
            << QString::fromLatin1(before) << QString::fromLatin1(after)
            << QString::fromLatin1(users) << inserted << removed << changed;
    };
    row("a1 b1", "a1 b1", "a(1) b(1)", 0, 0, 0);
    row("", "a1 b1 a2", "a(2) b(1)", 1, 0, 0);
    row("a1 b1", "a1 b1 c1 x", "a(1) b(1) c(1) x", 1, 0, 0);
    row("a1 b1", "a1 b1 a2", "a(2) b(1)", 0, 0, 1);
    row("a1 b1 a2", "b1 a2", "a(1) b(1)", 0, 0, 1);
    row("a1 b1 a2", "a1 b1", "a(1) b(1)", 0, 0, 1);
    row("a1 b1 a2", "b1", "b(1)", 0, 1, 0);
    row("a1 b1 c1 d1", "b1", "b(1)", 0, 2, 0);
    row("a1 b1", "a1=Ann b1", "a(1)=Ann b(1)", 0, 0, 1);
    row("a1=Ann a2", "a1=Anna a2", "a(2)", 0, 0, 0);
    row("a1", "a2", "a(1)", 0, 0, 1);
    row("x b1", "x1 b1", "b(1) x(1)", 1, 1, 0);
    row("a1 b1 c1", "c1=C d1 a1", "a(1) c(1)=C d(1)", 1, 1, 1);
    row("a1 x", "", "", 0, 1, 0);
}

void tst_UsersModel::onlyWhatChangedChanges()
{
    QFETCH(const QString, before);
    QFETCH(const QString, after);
    DispatchUsersModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(clients(before));
    const int count = model.count();
    QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removals(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy moves(&model, &QAbstractItemModel::rowsMoved);
    QSignalSpy counts(&model, &DispatchUsersModel::countChanged);
    model.update(clients(after));
    QTEST(tell(model), "users");
    QTEST(int(inserts.size()), "inserted");
    QTEST(int(removals.size()), "removed");
    QTEST(int(changes.size()), "changed");
    QCOMPARE(resets.size() + moves.size(), 0);
    QCOMPARE(counts.size(), model.count() == count ? 0 : 1);
}

void tst_UsersModel::theChangedRolesAreNamed()
{
    DispatchUsersModel model;
    model.update(clients(u"a1"_s));
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.update(clients(u"a1 a2=Ann!"_s));
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes.first()[2].value<QList<int>>(),
             (QList<int>{DispatchUsersModel::ConnectionsRole, DispatchUsersModel::ClientIdRole,
                         Qt::DisplayRole, DispatchUsersModel::UserInfoRole,
                         DispatchUsersModel::IsSelfRole}));
}

void tst_UsersModel::staleIsTheSameForAll()
{
    DispatchUsersModel model;
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setStale(true);
    model.setStale(false);
    QCOMPARE(changes.size(), 0);
    model.update(clients(u"a1 b1 c1"_s));
    model.setStale(true);
    model.setStale(true);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes.first()[0].toModelIndex().row(), 0);
    QCOMPARE(changes.first()[1].toModelIndex().row(), 2);
    QCOMPARE(changes.first()[2].value<QList<int>>(), QList<int>{DispatchUsersModel::StaleRole});
    QVERIFY(model.index(1).data(DispatchUsersModel::StaleRole).toBool());
}

void tst_UsersModel::handlerMayUpdateTheModelAgain()
{
    DispatchUsersModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(clients(u"a1 b1"_s));
    bool again = true;
    connect(&model, &QAbstractItemModel::rowsRemoved, &model, [&] {
        if (std::exchange(again, false))
            model.update(clients(u"x y"_s));
    });
    model.update(clients(u"b1 b2 d1"_s));
    QCOMPARE(tell(model), u"x y"_s);
}

void tst_UsersModel::itMayBeDeletedIn_data()
{
    QTest::addColumn<QMetaMethod>("signal");
    for (const QMetaMethod &signal : {
             QMetaMethod::fromSignal(&DispatchUsersModel::rowsInserted),
             QMetaMethod::fromSignal(&DispatchUsersModel::rowsRemoved),
             QMetaMethod::fromSignal(&DispatchUsersModel::dataChanged),
             QMetaMethod::fromSignal(&DispatchUsersModel::countChanged),
         })
        QTest::newRow(signal.name().constData()) << signal;
}

void tst_UsersModel::itMayBeDeletedIn()
{
    QFETCH(const QMetaMethod, signal);
    const QPointer<DispatchUsersModel> model = new DispatchUsersModel;
    Ear ear([&model] { delete model.data(); });
    ear.listen(model, signal);
    for (const QString &people : {u"a1 b1 c1"_s, u"a1=Ann b1=Bob"_s}) {
        if (model)
            model->update(clients(people));
    }
    QVERIFY2(!model, "it was not emitted");
}

void tst_UsersModel::rolesAreNamedAndFilled()
{
    DispatchUsersModel model;
    model.update(clients(u"a1=Ann b1 x"_s));
    QCOMPARE(model.index(0).data().toString(), u"Ann"_s);
    QCOMPARE(model.index(1).data().toString(), u"b"_s);
    QCOMPARE(model.index(2).data().toString(), u"x"_s);
    QCOMPARE(model.index(0).data(DispatchUsersModel::ClientIdRole).toString(), u"a1"_s);
    const QList<QByteArray> names = model.roleNames().values();
    for (const char *name : {"userId", "connections", "clientId", "userInfo", "isSelf", "stale"})
        QVERIFY2(names.contains(name), name);
    QVERIFY(!model.data({}, Qt::DisplayRole).isValid());
    QVERIFY(!model.index(0).data(Qt::EditRole).isValid());
    QCOMPARE(model.rowCount(model.index(0)), 0);
}

QTEST_APPLESS_MAIN(tst_UsersModel)
#include "tst_usersmodel.moc"
