// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "tlssession_p.h"

#include <QtCore/qtemporaryfile.h>
#include <QtTest/qtest.h>

#include <malloc.h>
#include <memory>
#include <vector>

#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace Dispatch;
using State = TlsSession::State;

namespace {

/// A client's end that is made of OpenSSL and two buffers.
class Client {
public:
    explicit Client(int version = TLS1_3_VERSION, const QByteArray &protocols = {},
                    SSL *before = nullptr)
        : m_context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free)
    {
        SSL_CTX_set_security_level(m_context.get(), 0);
        SSL_CTX_set_min_proto_version(m_context.get(), version);
        SSL_CTX_set_max_proto_version(m_context.get(), version);
        if (!protocols.isEmpty())
            SSL_CTX_set_alpn_protos(m_context.get(),
                                    reinterpret_cast<const unsigned char *>(protocols.constData()),
                                    static_cast<unsigned>(protocols.size()));
        m_ssl.reset(SSL_new(m_context.get()), &SSL_free);
        SSL_set_bio(ssl(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        if (before)
            SSL_set_session(ssl(), SSL_get_session(before));
        SSL_set_connect_state(ssl());
        receive({});
    }

    SSL *ssl() const { return m_ssl.get(); }

    /// Takes what the server says; what it means is in said().
    void receive(std::string_view bytes)
    {
        BIO_write(SSL_get_rbio(ssl()), bytes.data(), static_cast<int>(bytes.size()));
        char data[20'000];
        for (int n; (n = SSL_read(ssl(), data, sizeof data)) > 0;)
            m_said.append(data, static_cast<std::size_t>(n));
        m_hasEnded = (SSL_get_shutdown(ssl()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

    void say(std::string_view text) const
    {
        SSL_write(ssl(), text.data(), static_cast<int>(text.size()));
    }

    /// What goes to the server.
    std::string out() const
    {
        char *data = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(ssl()), &data);
        const std::string bytes(data, static_cast<std::size_t>(size));
        BIO_reset(SSL_get_wbio(ssl()));
        return bytes;
    }

    const std::string &said() const { return m_said; }
    bool hasEnded() const { return m_hasEnded; }

private:
    std::shared_ptr<SSL_CTX> m_context;
    std::shared_ptr<SSL> m_ssl;
    std::string m_said;
    bool m_hasEnded = false;
};

std::string taken(TlsSession &session)
{
    const std::string bytes(session.pending());
    session.consume(bytes.size());
    return bytes;
}

/// Passes on what both have to say until both are silent; \a heard is what the client said.
void exchange(Client &client, TlsSession &session, std::string &heard, std::size_t step = 1 << 20)
{
    for (std::string bytes = client.out(); !bytes.empty(); bytes = client.out()) {
        for (std::size_t at = 0; at < bytes.size(); at += step)
            session.receive(std::string_view(bytes).substr(at, step), heard);
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
    m_context = makeTlsContext();
    const Certificate certificate = Certificate::selfSigned({"127.0.0.1"});
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(certificate.pem() + certificate.keyPem());
    file.flush();
    const QByteArray path = file.fileName().toLocal8Bit();
    QCOMPARE(SSL_CTX_use_certificate_file(m_context.get(), path.constData(), SSL_FILETYPE_PEM), 1);
    QCOMPARE(SSL_CTX_use_PrivateKey_file(m_context.get(), path.constData(), SSL_FILETYPE_PEM), 1);
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
    Client client(version);
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
    Client client;
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
    Client client(TLS1_3_VERSION, offered);
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
    Client first(version);
    TlsSession session(m_context);
    std::string heard;
    exchange(first, session, heard);
    QVERIFY(!SSL_session_reused(first.ssl()));

    Client second(version, {}, first.ssl());
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
    Client client;
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
    Client client;
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
        Client client;
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
    Client client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    for (int i = 0; i < 200; ++i) {
        SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
        client.say("x");
        exchange(client, session, heard);
        session.send("y");
        client.receive(taken(session));
    }
    QCOMPARE(session.state(), State::Open);
    QCOMPARE(heard, std::string(200, 'x'));
    QCOMPARE(client.said(), std::string(200, 'y'));
}

void tst_TlsSession::keysThatAreRenewedForNothingEndIt()
{
    Client client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    std::string flood;
    for (int i = 0; i < 1'000; ++i) {
        SSL_key_update(client.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
        SSL_do_handshake(client.ssl());
    }
    session.receive(client.out(), heard);
    QCOMPARE(session.state(), State::Failed);
    QCOMPARE(session.failure(), std::string("too many messages without data"));
}

void tst_TlsSession::renegotiationIsRefused()
{
    Client client(TLS1_2_VERSION);
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    SSL_renegotiate(client.ssl());
    SSL_do_handshake(client.ssl());
    session.receive(client.out(), heard);
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
    Client client;
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
    Client client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    client.say("last words");
    SSL_shutdown(client.ssl());
    session.receive(client.out(), heard);
    QCOMPARE(heard, std::string("last words"));
    QCOMPARE(session.state(), State::Closed);
    QVERIFY(session.failure().empty());
}

void tst_TlsSession::httpIsToldFromTls()
{
    for (const std::string_view method : {"GET", "HEAD", "OPTIONS", "PRI", "X"}) {
        TlsSession session(m_context);
        std::string heard;
        session.receive(method, heard);
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
    session.receive({bytes.constData(), std::size_t(bytes.size())}, heard);
    QCOMPARE(session.state(), State::Failed);
    QVERIFY(!session.failure().empty());
    QVERIFY(heard.empty());
    QCOMPARE(session.pending().starts_with('\x15'), isTold);
    session.send("ignored");
    session.close();
}

void tst_TlsSession::aChangedByteFails()
{
    Client client;
    TlsSession session(m_context);
    std::string heard;
    exchange(client, session, heard);
    client.say("Hello");
    std::string bytes = client.out();
    bytes.back() ^= 1;
    session.receive(bytes, heard);
    QCOMPARE(session.state(), State::Failed);
    QVERIFY(heard.empty());
    QVERIFY(!session.pending().empty());
}

QTEST_GUILESS_MAIN(tst_TlsSession)
#include "tst_tlssession.moc"
