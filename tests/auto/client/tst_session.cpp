// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "closecode_p.h"
#include "refusal_p.h"
#include "session_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString toText(DispatchClient::State state)
{
    switch (state) {
    case DispatchClient::Disconnected:
        return u"Disconnected"_s;
    case DispatchClient::Connecting:
        return u"Connecting"_s;
    case DispatchClient::Connected:
        return u"Connected"_s;
    case DispatchClient::Recovering:
        return u"Recovering"_s;
    case DispatchClient::Waiting:
        return u"Waiting"_s;
    case DispatchClient::Failed:
        return u"Failed"_s;
    }
    return {};
}

QString toText(const SessionAction &action)
{
    switch (action.type) {
    case SessionAction::SetState:
        return toText(action.state);
    case SessionAction::Open:
        return u"open"_s;
    case SessionAction::Abandon:
        return u"abandon"_s;
    case SessionAction::SayGoodbye:
        return u"goodbye"_s;
    case SessionAction::ArmTimer:
        return u"timer@%1"_s.arg(std::chrono::duration_cast<Milliseconds>(action.at).count());
    case SessionAction::DisarmTimer:
        return u"notimer"_s;
    case SessionAction::Flush:
        return u"flush"_s;
    case SessionAction::ForgetShard:
        return u"forget"_s;
    case SessionAction::ForgetLoss:
        return u"noloss"_s;
    case SessionAction::DropQueue:
        return u"drop"_s;
    case SessionAction::AnnounceConnected:
        return u"connected"_s;
    case SessionAction::AnnounceDisconnected:
        return u"disconnected"_s;
    case SessionAction::AnnounceError:
        return u"error"_s;
    case SessionAction::AnnounceFailed:
        return u"failed"_s;
    }
    return {};
}

QString toText(const SessionActions &actions)
{
    QStringList list;
    for (const SessionAction &action : actions)
        list.append(toText(action));
    return list.join(u' ');
}

} // namespace

/// Each row is a dialogue: "event@ms -> action action ...". The random number is always 1, so
/// that delays are their ceilings: 500, 1000, 2000, ...
class tst_Session : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dialogues_data();
    void dialogues();
    void httpStatusDecides_data();
    void httpStatusDecides();
    void refusalIsReadFromTheStatusLine_data();
    void refusalIsReadFromTheStatusLine();
    void refusedJoinSaysWhatTheTableSays();
    void closeForARefusalSaysWhatTheTableSays();
    void closeCodeDecides_data();
    void closeCodeDecides();
    void socketErrorDecides_data();
    void socketErrorDecides();
};

void tst_Session::dialogues_data()
{
    QTest::addColumn<QStringList>("lines");
    QTest::addColumn<int>("maxAttempts");

    const QString wish = u"wish@0 -> timer@10000 Connecting open"_s;
    const QString opened = u"opened@10 -> "_s;
    const QString joined = u"greeted@20 -> notimer flush Connected connected"_s;
    const auto row = [](const char *name, const QStringList &lines, int maxAttempts = -1) {
        QTest::newRow(name) << lines << maxAttempts;
    };

    row("join", {wish, opened, joined});
    row("a second wish is the same wish",
        {wish, u"wish@5 -> "_s, opened, joined, u"wish@30 -> "_s});
    row("leave",
        {wish, opened, joined,
         u"unwish@100 -> goodbye Disconnected forget noloss drop disconnected"_s});
    row("leave while an attempt is under way",
        {wish, u"unwish@5 -> notimer abandon Disconnected forget noloss drop"_s});
    row("leave before the greeting",
        {wish, opened, u"unwish@15 -> notimer goodbye Disconnected forget noloss drop"_s});
    row("leave without having come drops the queue", {u"unwish@0 -> forget noloss drop"_s});
    row("greeting out of turn is ignored",
        {wish, u"greeted@5 -> "_s, opened, joined, u"greeted@30 -> "_s});
    row("lost and found",
        {wish, opened, joined, u"lost@6000 -> abandon timer@6500 Waiting disconnected error"_s,
         u"timer@6500 -> timer@16500 Recovering open"_s, u"opened@6510 -> "_s,
         u"greeted@6520 -> notimer flush Connected connected"_s});
    row("first attempt fails: no disconnected, the delay grows",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"timer@510 -> timer@10510 Recovering open"_s,
         u"lost@520 -> notimer abandon timer@1520 Waiting error"_s,
         u"timer@1520 -> timer@11520 Recovering open"_s,
         u"lost@1530 -> notimer abandon timer@3530 Waiting error"_s});
    row("no answer", {wish, u"timer@10000 -> notimer abandon timer@10500 Waiting error"_s});
    row("no greeting",
        {wish, opened, u"timer@10000 -> notimer abandon timer@10500 Waiting error"_s});
    row("timer that comes early is armed again", {wish, u"timer@9999 -> timer@10000"_s});
    row("thrown out at once: the delay goes on growing",
        {wish, opened, joined, u"lost@100 -> abandon timer@600 Waiting disconnected error"_s,
         u"timer@600 -> timer@10600 Recovering open"_s, u"opened@610 -> "_s,
         u"greeted@620 -> notimer flush Connected connected"_s,
         u"lost@700 -> abandon timer@1700 Waiting disconnected error"_s});
    row("long up-time: the delay starts anew",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"timer@510 -> timer@10510 Recovering open"_s, u"opened@515 -> "_s,
         u"greeted@520 -> notimer flush Connected connected"_s,
         u"lost@6000 -> abandon timer@6500 Waiting disconnected error"_s});
    row("sent away: comes back when it is told to, without an error that counts",
        {wish, opened, joined, u"away1000@6000 -> abandon timer@7250 Waiting disconnected error"_s,
         u"timer@7250 -> timer@17250 Recovering open"_s,
         u"lost@7260 -> notimer abandon timer@7760 Waiting error"_s});
    row("sent away again and again: the delay grows",
        {wish, opened, joined, u"away0@100 -> abandon timer@100 Waiting disconnected error"_s,
         u"timer@100 -> timer@10100 Recovering open"_s, u"opened@110 -> "_s,
         u"greeted@120 -> notimer flush Connected connected"_s,
         u"away0@200 -> abandon timer@700 Waiting disconnected error"_s});
    row("refused for good",
        {wish, u"refused@10 -> notimer abandon forget noloss Failed error failed"_s});
    row("closed for good",
        {wish, opened, joined,
         u"refused@100 -> abandon forget noloss Failed disconnected error failed"_s});
    row("failed, then a new wish",
        {wish, u"refused@10 -> notimer abandon forget noloss Failed error failed"_s,
         u"wish@20 -> timer@10020 Connecting open"_s});
    row("failed, then elsewhere",
        {wish, u"refused@10 -> notimer abandon forget noloss Failed error failed"_s,
         u"rejoin@20 -> forget timer@10020 Connecting open"_s});
    row("failed, then away",
        {wish, u"refused@10 -> notimer abandon forget noloss Failed error failed"_s,
         u"unwish@20 -> Disconnected forget noloss drop"_s});
    row("attempts run out",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"timer@510 -> timer@10510 Recovering open"_s,
         u"lost@520 -> notimer abandon forget noloss Failed error failed"_s},
        1);
    row("no attempts allowed",
        {wish, opened, joined,
         u"lost@100 -> abandon forget noloss Failed disconnected error failed"_s},
        0);
    row("elsewhere while connected",
        {wish, opened, joined,
         u"rejoin@100 -> goodbye forget timer@10100 Connecting open disconnected"_s});
    row("elsewhere while connecting",
        {wish, u"rejoin@5 -> notimer abandon forget timer@10005 open"_s});
    row("elsewhere while waiting",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"rejoin@100 -> notimer forget timer@10100 Connecting open"_s});
    row("elsewhere without a wish", {u"rejoin@0 -> "_s});
    row("what is over cannot end again",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s, u"lost@11 -> "_s,
         u"opened@12 -> "_s, u"greeted@13 -> "_s});
    row("timer without a wish", {u"timer@5 -> "_s});
    row("no more waiting",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"retry@100 -> timer@10100 Recovering open"_s, u"opened@110 -> "_s,
         u"greeted@120 -> notimer flush Connected connected"_s});
    row("woke up while waiting",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"woke@100 -> timer@10100 Recovering open"_s});
    row("woke up while waiting as the server asked",
        {wish, opened, joined, u"away1000@6000 -> abandon timer@7250 Waiting disconnected error"_s,
         u"woke@6010 -> "_s});
    row("woke up in any other state",
        {u"woke@0 -> "_s, wish, u"woke@5 -> "_s, opened, joined, u"woke@30 -> "_s,
         u"refused@100 -> abandon forget noloss Failed disconnected error failed"_s,
         u"woke@110 -> "_s});
    const QString later = u"lost@520 -> notimer abandon timer@1520 Waiting error"_s;
    row("the network came back: soon, and not at once for all",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s,
         u"timer@510 -> timer@10510 Recovering open"_s, later, u"hint@600 -> timer@1100"_s,
         u"hint@601 -> "_s, u"timer@1100 -> timer@11100 Recovering open"_s,
         u"lost@1110 -> notimer abandon timer@3110 Waiting error"_s});
    row("the network came back when it was almost time",
        {wish, u"lost@10 -> notimer abandon timer@510 Waiting error"_s, u"hint@100 -> "_s});
    row("the network came back: the server said when",
        {wish, opened, joined, u"away1000@6000 -> abandon timer@7250 Waiting disconnected error"_s,
         u"hint@6010 -> "_s});
    row("the network came back in any other state",
        {u"hint@0 -> "_s, wish, u"hint@5 -> "_s, opened, joined, u"hint@30 -> "_s,
         u"refused@100 -> abandon forget noloss Failed disconnected error failed"_s,
         u"hint@110 -> "_s});
    row("failed, then once more",
        {wish, u"refused@10 -> notimer abandon forget noloss Failed error failed"_s,
         u"retry@20 -> timer@10020 Connecting open"_s});
    row("a token has a time of its own",
        {wish, u"asking@5 -> timer@3005"_s, u"asked@2000 -> timer@12000"_s, u"opened@2010 -> "_s,
         joined});
    row("no token in time",
        {wish, u"asking@5 -> timer@3005"_s,
         u"timer@3005 -> notimer abandon timer@3505 Waiting error"_s, u"asked@3006 -> "_s});
    row("asked once more", {wish, u"asking@5 -> timer@3005"_s, u"asking@1000 -> timer@4000"_s});
    row("leave while a token is waited for",
        {wish, u"asking@5 -> timer@3005"_s,
         u"unwish@10 -> notimer abandon Disconnected forget noloss drop"_s, u"asked@11 -> "_s});
    row("elsewhere while a token is waited for",
        {wish, u"asking@5 -> timer@3005"_s,
         u"rejoin@10 -> notimer abandon forget timer@10010 open"_s});
    row("tokens out of turn",
        {u"asking@0 -> "_s, wish, u"asked@5 -> "_s, opened, u"asking@15 -> "_s, joined,
         u"asking@30 -> "_s, u"asked@40 -> "_s});
    row("nothing to retry",
        {u"retry@0 -> "_s, wish, u"retry@5 -> "_s, opened, joined, u"retry@30 -> "_s});
}

void tst_Session::dialogues()
{
    QFETCH(QStringList, lines);
    QFETCH(int, maxAttempts);
    Session session([] { return 1.0; });
    session.setReconnectPolicy({.maxAttempts = maxAttempts});
    for (const QString &line : lines) {
        const QStringList halves = line.split(u" -> "_s);
        const QString event = halves[0].section(u'@', 0, 0);
        const Instant now = Milliseconds(halves[0].section(u'@', 1).toInt());
        SessionActions actions;
        if (event == "wish"_L1)
            actions = session.wish(now);
        else if (event == "unwish"_L1)
            actions = session.unwish();
        else if (event == "retry"_L1)
            actions = session.retryNow(now);
        else if (event == "woke"_L1)
            actions = session.woke(now);
        else if (event == "hint"_L1)
            actions = session.tryEarlier(now);
        else if (event == "rejoin"_L1)
            actions = session.rejoin(now);
        else if (event == "asking"_L1)
            actions = session.asking(now, 3s);
        else if (event == "asked"_L1)
            actions = session.asked(now);
        else if (event == "opened"_L1)
            actions = session.opened();
        else if (event == "greeted"_L1)
            actions = session.greeted(now);
        else if (event == "lost"_L1)
            actions = session.ended(now, {DispatchError::NetworkError, true, u"lost"_s, {}});
        else if (event.startsWith("away"_L1))
            actions = session.ended(now,
                                    {DispatchError::ServerUnavailable,
                                     true,
                                     u"away"_s,
                                     {},
                                     Milliseconds(event.sliced(4).toInt())});
        else if (event == "refused"_L1)
            actions = session.ended(now, {DispatchError::ClosedByServer, false, u"no"_s, {}});
        else if (event == "timer"_L1)
            actions = session.timerFired(now);
        else
            QFAIL(qPrintable(event));
        QVERIFY2(toText(actions) == halves[1],
                 qPrintable(line + u"   but got: "_s + toText(actions)));
    }
}

void tst_Session::httpStatusDecides_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("wasThere");
    QTest::addColumn<bool>("retry");
    QTest::addColumn<DispatchError::Code>("code");
    const auto row = [](int status, bool wasThere, bool retry, DispatchError::Code code) {
        QTest::addRow("%d%s", status, wasThere ? " was there" : "")
            << status << wasThere << retry << code;
    };
    row(200, false, true, DispatchError::ProtocolError);
    row(302, false, true, DispatchError::ProtocolError);
    row(400, false, false, DispatchError::InvalidParameters);
    row(401, false, false, DispatchError::Unauthorized);
    row(403, false, false, DispatchError::Unauthorized);
    row(404, false, false, DispatchError::InvalidParameters);
    row(404, true, false, DispatchError::InvalidParameters);
    row(408, false, true, DispatchError::Timeout);
    row(409, false, false, DispatchError::ShardFull);
    row(409, true, true, DispatchError::ShardFull);
    row(421, false, false, DispatchError::InvalidUrl);
    row(422, false, false, DispatchError::InvalidParameters);
    row(418, false, false, DispatchError::ProtocolError);
    row(426, false, false, DispatchError::ProtocolError);
    row(429, false, true, DispatchError::ServerUnavailable);
    row(500, false, true, DispatchError::ServerUnavailable);
    row(502, false, true, DispatchError::ServerUnavailable);
    row(503, false, true, DispatchError::ServerUnavailable);
}

void tst_Session::httpStatusDecides()
{
    QFETCH(int, status);
    QFETCH(bool, wasThere);
    QFETCH(bool, retry);
    QFETCH(DispatchError::Code, code);
    const Verdict verdict = judgeHttpStatus({status}, wasThere);
    QCOMPARE(verdict.retry, retry);
    QCOMPARE(verdict.code, code);
    QVERIFY(verdict.message.contains(QString::number(status)));
    QVERIFY(verdict.message.endsWith(u'.') || verdict.message.endsWith(u'?'));
    // Of several that have the same status none is guessed.
    const QString known = status == 409 ? u"shard_full"_s
        : status == 401                 ? u"unauthorized"_s
                                        : QString();
    QCOMPARE(verdict.reason, known);
}

void tst_Session::refusalIsReadFromTheStatusLine_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QString &text, int status, const QString &reason,
                        const QString &said) {
        QTest::newRow(name) << text << status << reason << said;
    };
    const auto qt = [](const QString &line) {
        return u"QWebSocketPrivate::processHandshake: Unhandled http status code: %1."_s.arg(line);
    };
    const QString draining = u"The server is stopping: come back, another one takes over "
                             "(HTTP status 503)."_s;
    const QString unknown = u"No server takes this client in at the moment (HTTP status 503)."_s;
    row("a refusal", qt(u"503 (draining)"_s), 503, u"draining"_s, draining);
    row("the end of the line, too", qt(u"503 (draining\r\n)"_s), 503, u"draining"_s, draining);
    row("in another language", u"Unbekannter Statuscode: 503 (draining)."_s, 503, u"draining"_s,
        draining);
    row("another one of that status", qt(u"503 (server_full)"_s), 503, u"server_full"_s,
        u"The server has no room"_s);
    row("one for a bad URL", qt(u"422 (project_required)"_s), 422, u"project_required"_s,
        u"This server demands a project"_s);
    row("one for no TLS", qt(u"421 (tls_required)"_s), 421, u"tls_required"_s, u"use wss://"_s);
    row("one of a token", qt(u"401 (token_expired)"_s), 401, u"token_expired"_s, u"expired"_s);
    row("a usual phrase", qt(u"503 (Service Unavailable)"_s), 503, {}, unknown);
    row("no phrase", qt(u"503 ()"_s), 503, {}, unknown);
    row("a refusal of another status", qt(u"503 (shard_full)"_s), 503, {}, unknown);
    row("nearly a refusal", qt(u"503 (Draining)"_s), 503, {}, unknown);
    row("a refusal and more", qt(u"503 (draining now)"_s), 503, {}, unknown);
    row("brackets in it", qt(u"503 (a (draining))"_s), 503, {}, unknown);
    row("a usual phrase of a status that says all", qt(u"409 (Conflict)"_s), 409, u"shard_full"_s,
        u"has no room"_s);
    row("a bad request, of which nothing is shown",
        u"QWebSocketPrivate::processHandshake: Unknown error condition encountered. Aborting "
        "connection."_s,
        400, {}, u"wss://"_s);
    row("no answer", u"Connection refused"_s, 0, {}, {});
}

void tst_Session::refusalIsReadFromTheStatusLine()
{
    QFETCH(QString, text);
    QFETCH(int, status);
    QFETCH(QString, reason);
    QFETCH(QString, said);
    const std::optional<StatusLine> line = statusLineIn(text);
    QCOMPARE(line.value_or(StatusLine{}).status, status);
    if (!line)
        return;
    const Verdict verdict = judgeHttpStatus(*line, false);
    QCOMPARE(verdict.reason, reason);
    QVERIFY2(verdict.message.contains(said), qPrintable(verdict.message));
}

void tst_Session::refusedJoinSaysWhatTheTableSays()
{
    for (const RefusalInfo &row : refusals()) {
        if (row.httpStatus == 0)
            continue;
        const QString slug = toQString(row.slug);
        const DispatchError error = judgeHttpStatus({row.httpStatus, slug}, false).toError();
        QCOMPARE(error.reason(), slug);
        QVERIFY2(error.message().startsWith(toQString(row.sentence).chopped(1)), qPrintable(slug));
        QVERIFY2(error.isRetryable() == row.retry, qPrintable(slug));
    }
}

void tst_Session::closeForARefusalSaysWhatTheTableSays()
{
    for (const RefusalInfo &row : refusals()) {
        if (!row.closeCode)
            continue;
        const QString slug = toQString(row.slug);
        const auto code = static_cast<std::uint16_t>(*row.closeCode);
        const DispatchError error = judgeClose(code, slug).toError();
        QCOMPARE(error.reason(), slug);
        QVERIFY2(error.message().startsWith(toQString(row.sentence).chopped(1)), qPrintable(slug));
        QVERIFY2(error.message().contains(QString::number(code)), qPrintable(slug));
        // Whether the client may come back, which is another question than whether the same
        // message can succeed.
        QCOMPARE(error.isRetryable(), isRetryable(code));
        // Another code is no close for this.
        QVERIFY(!judgeClose(4444, slug).message.startsWith(toQString(row.sentence).chopped(1)));
    }
}

void tst_Session::closeCodeDecides_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<bool>("retry");
    const auto row = [](const char *name, int code, const QString &reason, bool retry) {
        QTest::newRow(name) << code << reason << retry;
    };
    row("no close frame", -1, {}, true);
    row("1000 with a reason", 1000, u"bye"_s, false);
    row("1000 without one may be an empty frame", 1000, {}, true);
    row("1001", 1001, {}, true);
    row("1002", 1002, {}, true);
    row("1005", 1005, {}, true);
    row("1006", 1006, {}, true);
    row("1008", 1008, {}, true);
    row("1009", 1009, {}, true);
    row("1011", 1011, {}, true);
    row("1012", 1012, {}, true);
    row("1013", 1013, {}, true);
    row("3000", 3000, {}, true);
    row("4008", 4008, {}, true);
    row("4009", 4009, {}, true);
    row("4499", 4499, {}, true);
    row("4500", 4500, {}, false);
    row("4501", 4501, {}, false);
    row("4599", 4599, {}, false);
    row("4600", 4600, {}, true);
}

void tst_Session::closeCodeDecides()
{
    QFETCH(int, code);
    QFETCH(QString, reason);
    QFETCH(bool, retry);
    const Verdict verdict =
        judgeClose(code < 0 ? std::nullopt : std::optional(std::uint16_t(code)), reason);
    QCOMPARE(verdict.retry, retry);
    QCOMPARE(verdict.code == DispatchError::ClosedByServer, !retry);
    QVERIFY(!verdict.message.isEmpty());
    QVERIFY(verdict.message.contains(reason));
}

void tst_Session::socketErrorDecides_data()
{
    QTest::addColumn<QAbstractSocket::SocketError>("error");
    QTest::addColumn<bool>("retry");
    QTest::addColumn<DispatchError::Code>("code");
    const auto row = [](QAbstractSocket::SocketError error, bool retry, DispatchError::Code code) {
        QTest::addRow("%d", int(error)) << error << retry << code;
    };
    // All that there are, so that a new one is seen.
    for (int error = QAbstractSocket::UnknownSocketError; error <= QAbstractSocket::TemporaryError;
         ++error) {
        switch (error) {
        case QAbstractSocket::SslHandshakeFailedError:
        case QAbstractSocket::SslInternalError:
        case QAbstractSocket::SslInvalidUserDataError:
            row(QAbstractSocket::SocketError(error), true, DispatchError::TlsError);
            break;
        case QAbstractSocket::SocketTimeoutError:
            row(QAbstractSocket::SocketError(error), true, DispatchError::Timeout);
            break;
        case QAbstractSocket::UnsupportedSocketOperationError:
            row(QAbstractSocket::SocketError(error), false, DispatchError::InvalidUrl);
            break;
        default:
            row(QAbstractSocket::SocketError(error), true, DispatchError::NetworkError);
        }
    }
}

void tst_Session::socketErrorDecides()
{
    QFETCH(QAbstractSocket::SocketError, error);
    QFETCH(bool, retry);
    QFETCH(DispatchError::Code, code);
    const Verdict verdict = judgeSocketError(error, u"text"_s);
    QCOMPARE(verdict.retry, retry);
    QCOMPARE(verdict.code, code);
    QCOMPARE(verdict.message, u"text."_s);
}

QTEST_APPLESS_MAIN(tst_Session)
#include "tst_session.moc"
