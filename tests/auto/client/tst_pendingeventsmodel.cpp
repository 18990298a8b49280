// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "deletionguard_p.h"
#include "ear.h"
#include "outgoingevent_p.h"

#include <DispatchPendingEventsModel>

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <functional>

using namespace Dispatch;
using namespace Qt::StringLiterals;

using Model = DispatchPendingEventsModel;

/// The rows of events on their way.
class tst_PendingEventsModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void rolesAreNamedAndFilled();
    void whatIsSentSaysSoAndLeaves();
    void neighboursChangeTogether();
    void whatIsNotThereChangesNothing();
    void whatFailedStays_data();
    void whatFailedStays();
    void theOldestThatFailedMakesRoom();
    void fewerMayBeKept();
    void whatIsTriedAgainLosesItsRow();
    void onlyWhatFailedIsTriedAgainOrDismissed_data();
    void onlyWhatFailedIsTriedAgainOrDismissed();
    void itMayEndInItsOwnSignal();
    void itMayBeDeletedIn_data();
    void itMayBeDeletedIn();

private:
    void add(std::uint64_t id, Model::Status status, const DispatchError &error = {});
    QVariant at(int row, int role) const { return m_model->data(m_model->index(row), role); }
    /// As in "1 queued, 2 sent".
    QString tell() const;

    const DispatchError m_error{DispatchError::QueueFull, u"Full."_s, true};
    std::shared_ptr<DeletionGuard> m_guard;
    std::unique_ptr<Model> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QStringList m_emitted;
};

void tst_PendingEventsModel::init()
{
    m_guard = std::make_shared<DeletionGuard>();
    m_tester.reset();
    m_model = std::make_unique<Model>();
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    m_emitted.clear();
    m_model->attach(m_guard, [this](const OutgoingEvent &event) {
        m_emitted.append(event.eventName + u'/' + event.tag);
    });
}

void tst_PendingEventsModel::add(std::uint64_t id, Model::Status status, const DispatchError &error)
{
    m_model->add({.eventName = u"x"_s,
                  .message = R"({"eventName":"x","payload":{"a":1}})",
                  .id = id,
                  .tag = u"tag %1"_s.arg(id)},
                 status, error);
}

QString tst_PendingEventsModel::tell() const
{
    QStringList rows;
    for (int row = 0; row < m_model->count(); ++row) {
        const auto status = Model::Status(at(row, Model::StatusRole).toInt());
        rows.append(at(row, Model::EventIdRole).toString() + u' '
                    + QString::fromLatin1(QMetaEnum::fromType<Model::Status>().valueToKey(status)));
    }
    return rows.join(u", "_s);
}

void tst_PendingEventsModel::rolesAreNamedAndFilled()
{
    const QDateTime before = QDateTime::currentDateTime();
    add(7, Model::Failed, m_error);
    QList<QByteArray> names = m_model->roleNames().values();
    std::ranges::sort(names);
    QCOMPARE(names,
             (QList<QByteArray>{"display", "error", "eventId", "eventName", "payload", "status",
                                "tag", "time"}));
    QCOMPARE(at(0, Qt::DisplayRole).toString(), u"x"_s);
    QCOMPARE(at(0, Model::EventIdRole).toLongLong(), 7);
    QCOMPARE(at(0, Model::EventNameRole).toString(), u"x"_s);
    QCOMPARE(at(0, Model::PayloadRole).toJsonValue(), QJsonValue(QJsonObject{{u"a"_s, 1}}));
    QCOMPARE(at(0, Model::TagRole).toString(), u"tag 7"_s);
    QCOMPARE(at(0, Model::StatusRole).toInt(), int(Model::Failed));
    QCOMPARE(at(0, Model::ErrorRole).value<DispatchError>(), m_error);
    QVERIFY(at(0, Model::TimeRole).toDateTime() >= before);
    QVERIFY(!at(0, Qt::DecorationRole).isValid());
    QVERIFY(!at(1, Qt::DisplayRole).isValid());
}

void tst_PendingEventsModel::whatIsSentSaysSoAndLeaves()
{
    QStringList told;
    connect(m_model.get(), &Model::dataChanged, this, [&] { told.append(tell()); });
    connect(m_model.get(), &Model::countChanged, this, [&] { told.append(tell()); });
    add(1, Model::Queued);
    add(2, Model::Queued);
    m_model->update({1}, Model::Sending);
    m_model->update({1}, Model::Sent);
    QCOMPARE(told,
             (QStringList{u"1 Queued"_s, u"1 Queued, 2 Queued"_s, u"1 Sending, 2 Queued"_s,
                          u"1 Sent, 2 Queued"_s, u"2 Queued"_s}));
}

void tst_PendingEventsModel::neighboursChangeTogether()
{
    for (std::uint64_t id = 1; id <= 6; ++id)
        add(id, Model::Queued);
    m_model->fail(3, Model::Failed, m_error);
    QSignalSpy changes(m_model.get(), &Model::dataChanged);
    QSignalSpy removals(m_model.get(), &Model::rowsRemoved);
    QSignalSpy counts(m_model.get(), &Model::countChanged);
    m_model->update({1, 2, 4, 5, 6}, Model::Sending);
    QCOMPARE(changes.size(), 2);
    m_model->update({1, 2, 4, 5}, Model::Sent);
    QCOMPARE(changes.size(), 4);
    QCOMPARE(removals.size(), 2);
    QCOMPARE(counts.size(), 1);
    QCOMPARE(tell(), u"3 Failed, 6 Sending"_s);
}

void tst_PendingEventsModel::whatIsNotThereChangesNothing()
{
    add(2, Model::Sending);
    m_model->update({1, 3}, Model::Sent);
    m_model->fail(1, Model::Failed, m_error);
    m_model->remove(3);
    QCOMPARE(tell(), u"2 Sending"_s);
}

void tst_PendingEventsModel::whatFailedStays_data()
{
    QTest::addColumn<Model::Status>("status");
    QTest::newRow("failed") << Model::Failed;
    QTest::newRow("uncertain") << Model::Uncertain;
}

void tst_PendingEventsModel::whatFailedStays()
{
    QFETCH(const Model::Status, status);
    add(1, Model::Sending);
    add(2, Model::Sending);
    m_model->fail(1, status, m_error);
    QCOMPARE(at(0, Model::StatusRole).toInt(), int(status));
    QCOMPARE(at(0, Model::ErrorRole).value<DispatchError>(), m_error);
    QVERIFY(!at(1, Model::ErrorRole).value<DispatchError>());
    m_model->update({2}, Model::Sent);
    QCOMPARE(m_model->count(), 1);
    QVERIFY(m_model->dismiss(1));
    QCOMPARE(m_model->count(), 0);
    QCOMPARE(m_emitted, QStringList());
}

void tst_PendingEventsModel::theOldestThatFailedMakesRoom()
{
    QCOMPARE(m_model->maxFailed(), 100);
    m_model->setMaxFailed(2);
    for (std::uint64_t id = 1; id <= 5; ++id)
        add(id, Model::Sending);
    m_model->fail(4, Model::Failed, m_error);
    m_model->fail(2, Model::Uncertain, m_error);
    m_model->fail(3, Model::Failed, m_error);
    QCOMPARE(tell(), u"1 Sending, 3 Failed, 4 Failed, 5 Sending"_s);
    add(6, Model::Failed, m_error);
    QCOMPARE(tell(), u"1 Sending, 4 Failed, 5 Sending, 6 Failed"_s);
}

void tst_PendingEventsModel::fewerMayBeKept()
{
    QSignalSpy changes(m_model.get(), &Model::maxFailedChanged);
    for (std::uint64_t id = 1; id <= 3; ++id)
        add(id, Model::Failed, m_error);
    m_model->setMaxFailed(1);
    QCOMPARE(tell(), u"3 Failed"_s);
    m_model->setMaxFailed(-1);
    QCOMPARE(m_model->maxFailed(), 0);
    QCOMPARE(m_model->count(), 0);
    QCOMPARE(changes.size(), 2);
}

void tst_PendingEventsModel::whatIsTriedAgainLosesItsRow()
{
    add(1, Model::Failed, m_error);
    add(2, Model::Uncertain, m_error);
    QVERIFY(m_model->retry(1));
    QVERIFY(m_model->retry(2));
    QCOMPARE(m_emitted, (QStringList{u"x/tag 1"_s, u"x/tag 2"_s}));
    QCOMPARE(m_model->count(), 0);
    QVERIFY(!m_model->retry(1));
    QCOMPARE(m_emitted.size(), 2);
}

void tst_PendingEventsModel::onlyWhatFailedIsTriedAgainOrDismissed_data()
{
    QTest::addColumn<qint64>("id");
    QTest::newRow("queued") << qint64(1);
    QTest::newRow("sending") << qint64(2);
    QTest::newRow("not there") << qint64(3);
    QTest::newRow("no id") << qint64(-1);
}

void tst_PendingEventsModel::onlyWhatFailedIsTriedAgainOrDismissed()
{
    QFETCH(const qint64, id);
    add(1, Model::Queued);
    add(2, Model::Sending);
    QVERIFY(!m_model->retry(id));
    QVERIFY(!m_model->dismiss(id));
    QCOMPARE(m_model->count(), 2);
    QCOMPARE(m_emitted, QStringList());
}

void tst_PendingEventsModel::itMayEndInItsOwnSignal()
{
    m_tester.reset();
    add(1, Model::Failed, m_error);
    const QPointer<Model> model = m_model.get();
    connect(m_model.get(), &Model::rowsRemoved, this, [this] {
        // As the client does it.
        QCOMPARE(m_guard->depth(), 1);
        m_guard->deleteLater(m_model.release());
    });
    QVERIFY(model->retry(1));
    QVERIFY(model);
    QTRY_VERIFY(!model);
}

void tst_PendingEventsModel::itMayBeDeletedIn_data()
{
    QTest::addColumn<QMetaMethod>("signal");
    for (const QMetaMethod &signal : {
             QMetaMethod::fromSignal(&Model::rowsInserted),
             QMetaMethod::fromSignal(&Model::rowsRemoved),
             QMetaMethod::fromSignal(&Model::dataChanged),
             QMetaMethod::fromSignal(&Model::countChanged),
             QMetaMethod::fromSignal(&Model::maxFailedChanged),
         })
        QTest::newRow(signal.name().constData()) << signal;
}

void tst_PendingEventsModel::itMayBeDeletedIn()
{
    QFETCH(const QMetaMethod, signal);
    m_tester.reset();
    const QPointer<Model> model = m_model.get();
    Ear ear([this] { m_model.reset(); });
    ear.listen(model, signal);
    const std::function<void()> steps[]{
        [this] { add(1, Model::Queued); },
        [this] { add(2, Model::Failed, m_error); },
        [this] { m_model->fail(1, Model::Uncertain, m_error); },
        [this] { m_model->setMaxFailed(1); },
        [this] { m_model->retry(2); },
    };
    for (const auto &step : steps) {
        if (model)
            step();
    }
    QVERIFY2(!model, "it was not emitted");
}

QTEST_GUILESS_MAIN(tst_PendingEventsModel)
#include "tst_pendingeventsmodel.moc"
