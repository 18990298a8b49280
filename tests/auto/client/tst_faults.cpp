// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "fakeserver.h"

#include <DispatchClient>
#include <DispatchClientsModel>

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

class tst_Client : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smoke();
};

void tst_Client::smoke()
{
    FakeServer server;
    QVERIFY(server.listen());
    DispatchClient client;
    client.setUrl(server.url());
    client.setProjectId(u"p"_s);
    client.setShardName(u"room 1+2"_s);
    client.setUserInfo({{u"name"_s, u"Ann"_s}});
    QList<QJsonValue> heard;
    client.on(u"hello"_s, &client, [&](const QJsonValue &v) { heard.append(v); });
    QCOMPARE(client.emitEvent(u"hello"_s, 1), DispatchClient::Queued);
    auto f = client.connectToServer();
    QCOMPARE(client.state(), DispatchClient::Connecting);
    QTRY_VERIFY(f.isFinished());
    QCOMPARE(f.result().shardName, u"room 1+2"_s);
    QTRY_COMPARE(heard.size(), 1);
    QTRY_COMPARE(client.connectedClients().size(), 1);
    QTRY_COMPARE(client.clients()->count(), 1);
    QTRY_COMPARE(client.connectedClients().first().userInfo["name"_L1].toString(), u"Ann"_s);
    QVERIFY(client.connectedClients().first().isSelf);
    QTRY_VERIFY(client.latency() >= 0);
    qInfo() << server.last()->target() << client.latency() << server.last()->eventNames();
    client.disconnectFromServer();
    QCOMPARE(client.state(), DispatchClient::Disconnected);
    QTRY_COMPARE(server.last()->closeCode(), quint16(1000));
}

QTEST_GUILESS_MAIN(tst_Client)
#include "tst_client.moc"
