// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "filebudget_p.h"
#include "filereserve_p.h"

#include <QtTest/qtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <limits>

using namespace Dispatch;

class tst_FileBudget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void someFilesAreKept_data();
    void someFilesAreKept();
    void theLimitOfTheProcessIsLookedAt();
    void reserveMakesRoomWhenNoneIsLeft();
};

namespace {

/// Lets this process open as many files as it has open and \a more, for as long as it lives.
class FileLimit {
public:
    explicit FileLimit(rlim_t more)
    {
        getrlimit(RLIMIT_NOFILE, &m_before);
        // The lowest number that is free is one more than there are open, if there is no gap.
        const int next = ::dup(0);
        ::close(next);
        rlimit limit = m_before;
        limit.rlim_cur = static_cast<rlim_t>(next) + more;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    FileLimit(const FileLimit &) = delete;
    FileLimit &operator=(const FileLimit &) = delete;
    ~FileLimit() { setrlimit(RLIMIT_NOFILE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

void tst_FileBudget::someFilesAreKept_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("used");
    QTest::addColumn<int>("connections");
    QTest::newRow("many") << qint64(1'048'576) << qint64(20) << 1'048'300;
    QTest::newRow("as a shell has") << qint64(1'024) << qint64(24) << 744;
    QTest::newRow("few") << qint64(256) << qint64(30) << 141;
    QTest::newRow("hardly any") << qint64(64) << qint64(16) << 20;
    QTest::newRow("fewer than there are") << qint64(64) << qint64(100) << 1;
    QTest::newRow("more than can be counted")
        << std::numeric_limits<qint64>::max() << qint64(20) << std::numeric_limits<int>::max();
}

void tst_FileBudget::someFilesAreKept()
{
    QFETCH(qint64, limit);
    QFETCH(qint64, used);
    QFETCH(int, connections);
    QCOMPARE(connectionsFor(limit, used), connections);
}

void tst_FileBudget::theLimitOfTheProcessIsLookedAt()
{
    const FileLimit limit(100);
    const int before = connectionsForThisProcess(1);
    QVERIFY2(before > 0 && before < 100, qPrintable(QString::number(before)));
    FileReserve ten(10);
    QCOMPARE(connectionsForThisProcess(1), before - 10);
    QVERIFY(connectionsForThisProcess(2) < before - 10);
}

void tst_FileBudget::reserveMakesRoomWhenNoneIsLeft()
{
    const FileLimit limit(3);
    FileReserve reserve(2);
    QVERIFY(reserve.fill());
    const int last = ::dup(0);
    QVERIFY(last >= 0);
    QVERIFY(::dup(0) < 0);
    QVERIFY(reserve.release());
    const int more = ::dup(0);
    QVERIFY(more >= 0);
    QVERIFY(!reserve.fill());
    QVERIFY(reserve.release());
    QVERIFY(!reserve.release());
    ::close(more);
    QVERIFY(reserve.fill());
    ::close(last);
}

QTEST_APPLESS_MAIN(tst_FileBudget)
#include "tst_filebudget.moc"
