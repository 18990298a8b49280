// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtCore/qloggingcategory.h>
#include <QtCore/qmutex.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <stdexcept>

using namespace Qt::StringLiterals;

namespace {

const QString Secret = u"tokenOfAnn.0123456789"_s;

QString &logged()
{
    static QString text;
    return text;
}

} // namespace

/// Whatever happens to a token, it is not told: not in the log, not in an error. The log has all
/// that the client can say.
class tst_Secrets : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tokenIsNotTold_data();
    void tokenIsNotTold();
    void urlIsToldWithoutItsQuery();

private:
    void give(int source);
    QStringList m_told;
};

void tst_Secrets::init()
{
    m_server = std::make_unique<FakeServer>();
    QVERIFY(m_server->listen());
    m_client = std::make_unique<DispatchClient>();
    m_client->setUrl(m_server->url());
    m_client->setReconnectPolicy({.minDelay = 5, .maxDelay = 20});
    m_told.clear();
    logged().clear();
    QLoggingCategory::setFilterRules(u"dispatch.*=true\nqt.network*=true\nqt.websockets*=true"_s);
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext &context, const QString &text) {
        static QMutex mutex;
        const QMutexLocker lock(&mutex);
        logged() += QLatin1StringView(context.category) + u": "_s + text + u'\n';
    });
    const auto tell = [this](const DispatchError &error) {
        m_told << error.message() << error.reason() << QString::fromUtf8(error.what());
    };
    connect(m_client.get(), &DispatchClient::errorOccurred, this, tell);
    connect(m_client.get(), &DispatchClient::disconnected, this, tell);
    connect(m_client.get(), &DispatchClient::failed, this, tell);
    connect(m_client.get(), &DispatchClient::errorChanged, this,
            [this] { m_told << m_client->errorString(); });
}

void tst_Secrets::cleanup()
{
    qDebug() << m_client.get();
    m_client.reset();
    m_server.reset();
    qInstallMessageHandler(nullptr);
    QLoggingCategory::setFilterRules({});
}

void tst_Secrets::give(int source)
{
    switch (source) {
    case 0:
        m_client->connectToServer({.authorization = Secret});
        break;
    case 1:
        m_client->identify(Secret);
        break;
    default:
        m_client->setTokenProvider([] { return Secret; });
    }
}

void tst_Secrets::tokenIsNotTold_data()
{
    QTest::addColumn<int>("source");
    QTest::addColumn<int>("answer");
    const QStringList sources{u"authorization"_s, u"identify()"_s, u"provider"_s};
    const QStringList answers{u"joined, lost"_s,
                              u"ERROR that repeats it"_s,
                              u"close reason that repeats it"_s,
                              u"HTTP status that repeats it"_s,
                              u"nonsense that repeats it"_s,
                              u"provider that throws it"_s};
    for (int source = 0; source < sources.size(); ++source) {
        for (int answer = 0; answer < answers.size(); ++answer)
            QTest::addRow("%s, %s", qPrintable(sources[source]), qPrintable(answers[answer]))
                << source << answer;
    }
}

void tst_Secrets::tokenIsNotTold()
{
    QFETCH(int, source);
    QFETCH(int, answer);
    const QByteArray secret = Secret.toUtf8();
    if (answer == 3 || answer == 4) {
        m_server->onRequest = [&](FakePeer *peer) {
            if (answer == 3)
                peer->answerHttp(503, "X-Token: " + secret + "\r\n", secret);
            else
                peer->sendRaw("HTTP/1.1 " + secret + " is bad\r\n\r\n");
            m_server->onRequest = nullptr;
        };
    }
    give(source);
    QVERIFY(join());
    FakePeer *peer = m_server->last();
    switch (answer) {
    case 1:
        peer->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                        QJsonObject{{u"code"_s, Secret},
                                    {u"message"_s,
                                     u"The token %1 is bad, and %2, too."_s.arg(
                                         Secret, QString(Secret).insert(5, QChar(0x200B)))}});
        QTRY_VERIFY(!m_told.isEmpty());
        break;
    case 2:
        peer->sendClose(4999, secret);
        QTRY_COMPARE(m_server->count(), 2);
        break;
    case 5:
        m_client->setTokenProvider(
            []() -> QFuture<QString> { throw std::runtime_error("no " + Secret.toStdString()); });
        peer->drop();
        QTRY_COMPARE(m_client->error(), DispatchError::TokenUnavailable);
        break;
    default:
        peer->drop();
        QTRY_VERIFY(m_server->count() >= 2);
    }
    QVERIFY(!m_told.isEmpty());
    QVERIFY2(!m_told.join(u'\n').contains(Secret), qPrintable(m_told.join(u'\n')));
    QVERIFY(logged().contains(u"dispatch.client: "_s));
    QVERIFY2(!logged().contains(Secret), qPrintable(logged()));
    // It did go where it belongs.
    const bool inHeader = m_server->peers().first()->header("Authorization").contains(secret);
    QCOMPARE(inHeader, source != 1);
}

void tst_Secrets::urlIsToldWithoutItsQuery()
{
    m_client->setUrl(QUrl(u"ws://ann:%1@192.0.2.1/?authorization=%1#%1"_s.arg(Secret)));
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
    m_client->setUrl(QUrl(m_server->url().toString() + u"/?authorization="_s + Secret));
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    m_server->stop();
    QTRY_VERIFY(m_client->state() != DispatchClient::Connected);
    QVERIFY(m_told.join(u'\n').contains(u"192.0.2.1"_s));
    QVERIFY2(!m_told.join(u'\n').contains(Secret), qPrintable(m_told.join(u'\n')));
    QVERIFY2(!logged().contains(Secret), qPrintable(logged()));
}

QTEST_GUILESS_MAIN(tst_Secrets)
#include "tst_secrets.moc"
