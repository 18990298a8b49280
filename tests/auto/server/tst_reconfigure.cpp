// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchserver.h"
#include "dispatchtokenverifier.h"
#include "peer.h"
#include "token.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Settings and keys that change while clients are connected.
class tst_Reconfigure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void limitsHoldForConnectedClients();
    void limitsHoldForThoseWhoCome();
    void keysAreExchanged();

private:
    std::unique_ptr<DispatchServer> m_server;
    std::unique_ptr<Peer> m_peer;
};

namespace {

QString tokenFor(const QString &user, const QByteArray &secret)
{
    return QString::fromLatin1(Token::make({{u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60},
                                            {u"aud"_s, u"default"_s},
                                            {u"sub"_s, user}},
                                           secret));
}

void identify(Peer &peer, const QString &token)
{
    peer.emitEvent(Identify, QJsonObject{{u"token"_s, token}});
}

QString userOf(const Peer &peer)
{
    return peer.clients()[peer.clientId()]["userId"_L1].toString();
}

} // namespace

void tst_Reconfigure::init()
{
    m_server = std::make_unique<DispatchServer>();
    QVERIFY(m_server->listen());
    m_peer = std::make_unique<Peer>();
    QVERIFY(m_peer->join(m_server->url()));
}

void tst_Reconfigure::limitsHoldForConnectedClients()
{
    const QJsonArray two{u"a"_s, u"b"_s};
    DispatchServerSettings settings = m_server->settings();
    settings.maxRecipients = 1;
    m_server->setSettings(settings);
    m_peer->emitEvent(u"event"_s, {}, two);
    QVERIFY(m_peer->waitForError(u"too_many_recipients"_s));
    m_peer->emitEvent(u"alive"_s);
    QVERIFY(m_peer->waitFor(u"alive"_s));
}

void tst_Reconfigure::limitsHoldForThoseWhoCome()
{
    DispatchServerSettings settings = m_server->settings();
    settings.maxConnections = 1;
    m_server->setSettings(settings);
    Peer refused;
    refused.open(m_server->url());
    QVERIFY(refused.waitForClose());
    QVERIFY(refused.clientId().isEmpty());
    settings.maxConnections = 2;
    m_server->setSettings(settings);
    Peer welcome;
    QVERIFY(welcome.join(m_server->url()));
    QVERIFY(m_peer->waitForClients(2));
}

void tst_Reconfigure::keysAreExchanged()
{
    const QByteArray before(32, 'b');
    const QByteArray after(32, 'a');
    m_server->setTokenVerifier(DispatchTokenVerifier::sharedSecret(before));
    identify(*m_peer, tokenFor(u"ann"_s, before));
    QTRY_COMPARE(userOf(*m_peer), u"ann"_s);

    m_server->setTokenVerifier(DispatchTokenVerifier::sharedSecret(after));
    identify(*m_peer, tokenFor(u"bob"_s, before));
    QVERIFY(m_peer->waitForError(u"invalid_token"_s));
    identify(*m_peer, tokenFor(u"eve"_s, after));
    QTRY_COMPARE(userOf(*m_peer), u"eve"_s);
}

QTEST_GUILESS_MAIN(tst_Reconfigure)
#include "tst_reconfigure.moc"
