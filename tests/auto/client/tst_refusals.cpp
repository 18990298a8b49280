// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"
#include "refusal_p.h"

#include <QtCore/qjsondocument.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace

/// What the server refuses reaches the application as the table of refusals has it. Joins, of which
/// a QWebSocket tells the status line alone, are judged in tst_session.
class tst_Refusals : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void refusedMessagesSayWhatTheTableSays_data() { rows(false); }
    void refusedMessagesSayWhatTheTableSays();
    void endsSayWhatTheTableSays_data() { rows(true); }
    void endsSayWhatTheTableSays();

private:
    static void rows(bool closing);
    void sendRefusal(const RefusalInfo &row);
};

void tst_Refusals::rows(bool closing)
{
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < refusals().size(); ++i) {
        if (refusals()[i].closeCode.has_value() == closing)
            QTest::newRow(qPrintable(toQString(refusals()[i].slug))) << int(i);
    }
}

void tst_Refusals::sendRefusal(const RefusalInfo &row)
{
    const std::string payload = refusalPayload(row.refusal, "a detail");
    m_server->last()->sendText(
        message(u"@@KOJI_DISPATCH/ERROR"_s, QByteArray::fromStdString(payload)));
}

void tst_Refusals::refusedMessagesSayWhatTheTableSays()
{
    QFETCH(int, row);
    const RefusalInfo &refusal = refusals()[std::size_t(row)];
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    sendRefusal(refusal);
    QTRY_COMPARE(errors.size(), 1);
    const auto error = errors[0][0].value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::RefusedByServer);
    QCOMPARE(error.reason(), toQString(refusal.slug));
    QCOMPARE(error.message(), toQString(refusal.sentence) + u" (a detail)"_s);
    QCOMPARE(error.isRetryable(), refusal.retry);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Refusals::endsSayWhatTheTableSays()
{
    QFETCH(int, row);
    const RefusalInfo &refusal = refusals()[std::size_t(row)];
    // QWebSocket before 6.10 can't read 1012, and the client goes by what it was told before.
    const auto code = static_cast<std::uint16_t>(*refusal.closeCode);
    QVERIFY(join());
    QSignalSpy ends(m_client.get(), &DispatchClient::disconnected);
    sendRefusal(refusal);
    m_server->last()->sendClose(code, QByteArray::fromStdString(std::string(refusal.slug)));
    QTRY_COMPARE(ends.size(), 1);
    const auto error = ends[0][0].value<DispatchError>();
    QCOMPARE(error.reason(), toQString(refusal.slug));
    QCOMPARE(error.message(), toQString(refusal.sentence) + u" (a detail)"_s);
    QCOMPARE(error.isRetryable(), isRetryable(code));
}

QTEST_GUILESS_MAIN(tst_Refusals)
#include "tst_refusals.moc"
