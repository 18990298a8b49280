// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tlsclient.h"
#include "tlssession_p.h"

#include <QtTest/qtest.h>

#include <malloc.h>
#include <memory>
#include <vector>

#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace Dispatch;
using State = TlsSession::State;

namespace {

const TimePoint Start = TimePoint() + std::chrono::hours(1);

std::string taken(TlsSession &session)
{
    const std::string bytes(session.pending());
    session.consume(bytes.size());
    return bytes;
}

/// Passes on what both have to say until both are silent; \a heard is what the client said.
void exchange(TlsClient &client, TlsSession &session, std::string &heard,
              std::size_t step = 1 << 20, TimePoint now = Start)
{
    for (std::string bytes = client.out(); !bytes.empty(); bytes = client.out()) {
        for (std::size_t at = 0; at < bytes.size(); at += step)
            session.receive(std::string_view(bytes).substr(at, step), heard, now);
        client.receive(taken(session));
    }
}

} // namespace

/// TLS without a socket.
class tst_TlsSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void versionsFrom12OnAreSpoken_data();
    void versionsFrom12OnAreSpoken();
    void bytesMayComeInAnyPieces_data();
    void bytesMayComeInAnyPieces();
    void http11IsAgreedUpon_data();
    void http11IsAgreedUpon();
    void sessionsAreResumed_data();
    void sessionsAreResumed();
    void whatIsSentTogetherIsFewRecords_data();
    void whatIsSentTogetherIsFewRecords();
    void eachByteThatLeavesIsProgress();
    void whoIsSilentCostsLittle();
    void clientsMayRenewTheirKeys();
    void keysThatAreRenewedForNothingEndIt_data();
    void keysThatAreRenewedForNothingEndIt();
    void renegotiationIsRefused();
    void anEndIsSaid();
    void anEndIsUnderstood();
    void httpIsToldFromTls();
    void garbageFails_data();
    void garbageFails();
    void aChangedByteFails();

private:
    TlsContext m_context;
};

void tst_TlsSession::initTestCase()
{
    m_context = contextForLoopback();
    QVERIFY(m_context);
}

void tst_TlsSession::versionsFrom12OnAreSpoken_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("isSpoken");
    QTest::newRow("TLS 1.0") << TLS1_VERSION << false;
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION << false;
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION << true;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION << true;
}

void tst_TlsSession::versionsFrom12OnAreSpoken()
{
    QFETCH(int, version);
    QFETCH(bool, isSpoken);
    TlsClient client(version);
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    QCOMPARE(session.state() == State::Open, isSpoken);
    QCOMPARE(session.failure(), std::string(isSpoken ? "" : "unsupported protocol"));
    if (!isSpoken)
        return;
    client.say("Hello");
    exchange(client, session, heard);
    QCOMPARE(heard, std::string("Hello"));
    session.send("Goodbye");
    client.receive(taken(session));
    QCOMPARE(client.said(), std::string("Goodbye"));
    QCOMPARE(SSL_get_current_compression(client.ssl()), nullptr);
}

void tst_TlsSession::bytesMayComeInAnyPieces_data()
{
    QTest::addColumn<int>("step");
    for (const int step : {1, 2, 5, 7, 100, 16'384})
        QTest::addRow("%d bytes", step) << step;
}

void tst_TlsSession::bytesMayComeInAnyPieces()
{
    QFETCH(int, step);
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard, static_cast<std::size_t>(step));
    QCOMPARE(session.state(), State::Open);
    const std::string text(40'000, 'x');
    client.say(text);
    exchange(client, session, heard, static_cast<std::size_t>(step));
    QVERIFY(heard == text);
}

void tst_TlsSession::http11IsAgreedUpon_data()
{
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<QByteArray>("chosen");
    QTest::addColumn<bool>("isOpen");
    QTest::newRow("none") << QByteArray() << QByteArray() << true;
    QTest::newRow("HTTP/1.1") << QByteArray("\x08http/1.1") << QByteArray("http/1.1") << true;
    QTest::newRow("HTTP/2 first") << QByteArray("\x02h2\x08http/1.1") << QByteArray("http/1.1")
                                  << true;
    QTest::newRow("HTTP/2 alone") << QByteArray("\x02h2") << QByteArray() << false;
}

void tst_TlsSession::http11IsAgreedUpon()
{
    QFETCH(QByteArray, offered);
    QFETCH(QByteArray, chosen);
    QFETCH(bool, isOpen);
    TlsClient client(TLS1_3_VERSION, offered);
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    QCOMPARE(session.state() == State::Open, isOpen);
    const unsigned char *data = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.ssl(), &data, &size);
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(data), int(size)), chosen);
}

void tst_TlsSession::sessionsAreResumed_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

void tst_TlsSession::sessionsAreResumed()
{
    QFETCH(int, version);
    TlsClient first(version);
    TlsSession session(m_context);
    std::string heard;
    exchange(first, session, heard);
    QVERIFY(!SSL_session_reused(first.ssl()));

    TlsClient second(version, {}, first.ssl());
    TlsSession resumed(m_context);
    exchange(second, resumed, heard);
    QCOMPARE(resumed.state(), State::Open);
    QVERIFY(SSL_session_reused(second.ssl()));
}

void tst_TlsSession::whatIsSentTogetherIsFewRecords_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("records");
    QTest::newRow("little") << 1 << 1;
    QTest::newRow("a whole record") << 16'384 << 1;
    QTest::newRow("one more") << 16'385 << 2;
    QTest::newRow("much") << 65'536 << 4;
}

void tst_TlsSession::whatIsSentTogetherIsFewRecords()
{
    QFETCH(int, bytes);
    QFETCH(int, records);
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    const std::string text(static_cast<std::size_t>(bytes), 'x');
    session.send(text);
    std::string_view rest = session.pending();
    int found = 0;
    for (; rest.size() >= 5; ++found) {
        const auto byte = [rest](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
        rest.remove_prefix(5 + std::size_t(byte(3) << 8 | byte(4)));
    }
    QCOMPARE(found, records);
    QVERIFY(rest.empty());
    client.receive(taken(session));
    QVERIFY(client.said() == text);
}

void tst_TlsSession::eachByteThatLeavesIsProgress()
{
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    const std::string text(50'000, 'x');
    session.send(text);
    std::size_t left = 0;
    while (!session.pending().empty()) {
        const std::string_view pending = session.pending();
        const std::string bytes(pending.substr(0, 100));
        const std::size_t now = session.consume(bytes.size());
        QVERIFY(now > 0);
        QVERIFY(now <= 100);
        left += now;
        client.receive(bytes);
    }
    QCOMPARE(left, text.size());
    QVERIFY(client.said() == text);
    QCOMPARE(session.consume(0), std::size_t(0));
}

void tst_TlsSession::whoIsSilentCostsLittle()
{
    constexpr std::size_t Sessions = 50;
    const auto inUse = [] {
        const auto heap = mallinfo2();
        return heap.uordblks + heap.hblkhd;
    };
    const std::string text(60'000, 'x');
    std::vector<std::unique_ptr<TlsSession>> sessions;
    std::size_t before = 0;
    for (std::size_t i = 0; i <= Sessions; ++i) {
        if (i == 1) // what is made once for all is there
            before = inUse();
        TlsSession &session = *sessions.emplace_back(std::make_unique<TlsSession>(m_context));
        TlsClient client;
        std::string heard;
        exchange(client, session, heard);
        client.say(text);
        exchange(client, session, heard);
        QVERIFY(heard == text);
        session.send(text);
        client.receive(taken(session));
        QVERIFY(client.said() == text);
    }
    // A buffer for records alone would be more.
    const std::size_t each = (inUse() - before) / Sessions;
    QVERIFY2(each < 16 * 1024, qPrintable(QString::number(each)));
}

void tst_TlsSession::clientsMayRenewTheirKeys()
{
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    for (int i = 0; i < 200; ++i) {
        SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
        client.say("x");
        // That, and the answer, are two messages.
        exchange(client, session, heard, 1 << 20, Start + i * std::chrono::seconds(2));
        session.send("y");
        client.receive(taken(session));
    }
    QCOMPARE(session.state(), State::Open);
    QCOMPARE(heard, std::string(200, 'x'));
    QCOMPARE(client.said(), std::string(200, 'y'));
}

void tst_TlsSession::keysThatAreRenewedForNothingEndIt_data()
{
    QTest::addColumn<bool>("isAnswered");
    QTest::addColumn<bool>("hasData");
    for (const bool isAnswered : {false, true}) {
        for (const bool hasData : {false, true}) {
            QTest::addRow("%s, %s", isAnswered ? "answered" : "not answered",
                          hasData ? "with data in between" : "without data")
                << isAnswered << hasData;
        }
    }
}

void tst_TlsSession::keysThatAreRenewedForNothingEndIt()
{
    QFETCH(bool, isAnswered);
    QFETCH(bool, hasData);
    constexpr int Many = 1'000;
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    for (int i = 0; i < Many; ++i) {
        SSL_key_update(client.ssl(),
                       isAnswered ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        SSL_do_handshake(client.ssl());
        if (hasData)
            client.say("x");
    }
    session.receive(client.out(), heard, Start);
    QCOMPARE(session.state(), State::Failed);
    QCOMPARE(session.failure(), std::string("too many messages of TLS itself"));
    QVERIFY(heard.size() < 50);
    QVERIFY(session.pending().size() < 2'000);
}

void tst_TlsSession::renegotiationIsRefused()
{
    TlsClient client(TLS1_2_VERSION);
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    SSL_renegotiate(client.ssl());
    SSL_do_handshake(client.ssl());
    session.receive(client.out(), heard, Start);
    QCOMPARE(session.state(), State::Open);
    // An alert: a warning, no_renegotiation (100). It is encrypted; OpenSSL ends its client by it.
    const std::string answer = taken(session);
    QCOMPARE(answer.front(), '\x15');
    ERR_clear_error();
    client.receive(answer);
    QCOMPARE(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_NO_RENEGOTIATION);
    ERR_clear_error();
}

void tst_TlsSession::anEndIsSaid()
{
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    session.send("last words");
    client.receive(taken(session));
    QVERIFY(!client.hasEnded());
    session.close();
    client.receive(taken(session));
    QVERIFY(client.hasEnded());
    QCOMPARE(client.said(), std::string("last words"));
}

void tst_TlsSession::anEndIsUnderstood()
{
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    client.say("last words");
    SSL_shutdown(client.ssl());
    session.receive(client.out(), heard, Start);
    QCOMPARE(heard, std::string("last words"));
    QCOMPARE(session.state(), State::Closed);
    QVERIFY(session.failure().empty());
}

void tst_TlsSession::httpIsToldFromTls()
{
    for (const std::string_view method : {"GET", "HEAD", "OPTIONS", "PRI", "X"}) {
        TlsSession session(m_context);
        std::string heard;
        session.receive(method, heard, Start);
        QCOMPARE(session.state(), State::PlainHttp);
        QVERIFY(session.pending().empty());
    }
}

void tst_TlsSession::garbageFails_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isTold"); // by an alert: OpenSSL does not answer what is no TLS at all
    QTest::newRow("zeros") << QByteArray(100, '\0') << false;
    QTest::newRow("another protocol") << QByteArray("\x05\x01 hello, hello, hello") << false;
    QTest::newRow("a record that is too long")
        << QByteArray("\x16\x03\x01\xff\xff" + QByteArray(9, 'x')) << true;
    QTest::newRow("data first") << QByteArray::fromHex("1703030005") + "hello" << true;
    QTest::newRow("an unknown message") << QByteArray::fromHex("160301000563000001") + "x" << true;
    QTest::newRow("SSL 3") << QByteArray::fromHex("160300002f0100002b0300") + QByteArray(41, '\0')
                           << true;
}

void tst_TlsSession::garbageFails()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isTold);
    TlsSession session(m_context);
    std::string heard;
    session.receive({bytes.constData(), std::size_t(bytes.size())}, heard, Start);
    QCOMPARE(session.state(), State::Failed);
    QVERIFY(!session.failure().empty());
    QVERIFY(heard.empty());
    QCOMPARE(session.pending().starts_with('\x15'), isTold);
    session.send("ignored");
    session.close();
}

void tst_TlsSession::aChangedByteFails()
{
    TlsClient client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    client.say("Hello");
    std::string bytes = client.out();
    bytes.back() ^= 1;
    session.receive(bytes, heard, Start);
    QCOMPARE(session.state(), State::Failed);
    QVERIFY(heard.empty());
    QVERIFY(!session.pending().empty());
}

QTEST_GUILESS_MAIN(tst_TlsSession)
#include "tst_tlssession.moc"
