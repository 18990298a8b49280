// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>
#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtGui/qimage.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString Program = QStringLiteral(CHAT_WIDGETS);
constexpr int Limit = 15'000;

} // namespace

/// The program itself, with somebody who speaks the events of the chats on the other side.
class tst_ChatWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itTalksToOthersInTheRoom();
    void itCatchesUpAndHelpsOthersTo();
    void itLoadsNoQml();
};

void tst_ChatWidgets::itTalksToOthersInTheRoom()
{
    DispatchServer server;
    QVERIFY2(server.listen(), qUtf8Printable(server.errorString()));
    DispatchClient peer;
    peer.setUrl(server.url());
    peer.setProjectId(u"chat"_s);
    peer.setShardName(u"Test"_s);
    peer.setUserInfo({{u"name"_s, u"Cleo"_s}, {u"person"_s, u"cleo"_s}});
    QJsonObject heard;
    peer.on(u"message"_s, &peer, [&](const QJsonObject &payload) {
        if (payload["author"_L1] == "Wanda"_L1)
            heard = payload;
    });
    QSignalSpy joined(&peer, &DispatchClient::connected);
    peer.setActive(true);
    QVERIFY(joined.wait(Limit));

    const QTemporaryDir folder;
    const QString picture = folder.filePath(u"chat.png"_s);
    QProcess chat;
    chat.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    chat.start(Program,
               {u"--url"_s, server.url().toString(), u"--name"_s, u"Wanda"_s, u"--room"_s,
                u"Test"_s, u"--say"_s, u"Hello <b>all</b>"_s, u"--headless-screenshot"_s, picture});
    QTRY_COMPARE_WITH_TIMEOUT(heard["body"_L1].toString(), u"Hello <b>all</b>"_s, Limit);
    QTRY_COMPARE_WITH_TIMEOUT(peer.connectedClients().size(), 2, Limit);
    QVERIFY(!heard["id"_L1].toString().isEmpty());

    peer.emitEvent(u"message"_s,
                   QJsonObject{{u"id"_s, u"1"_s},
                               {u"person"_s, u"cleo"_s},
                               {u"author"_s, u"Cleo"_s},
                               {u"body"_s, u"Hello Wanda 👋 שלום"_s}});
    QTRY_COMPARE_WITH_TIMEOUT(chat.state(), QProcess::NotRunning, Limit);
    QCOMPARE(chat.exitStatus(), QProcess::NormalExit);
    QCOMPARE(chat.exitCode(), 0);
    QVERIFY(!QImage(picture).isNull());
    QTRY_COMPARE_WITH_TIMEOUT(peer.connectedClients().size(), 1, Limit);
}

void tst_ChatWidgets::itCatchesUpAndHelpsOthersTo()
{
    // The list of people comes long after she was asked.
    DispatchServer server;
    DispatchServerSettings settings;
    settings.presenceInterval = 500;
    server.setSettings(settings);
    QVERIFY2(server.listen(), qUtf8Printable(server.errorString()));
    DispatchClient peer;
    peer.setUrl(server.url());
    peer.setProjectId(u"chat"_s);
    peer.setShardName(u"Test"_s);
    peer.on(u"catch-up"_s, &peer, [&](const QJsonObject &asked) {
        if (asked["clientId"_L1] == peer.clientId())
            return;
        const QJsonObject said{{u"id"_s, u"0"_s},
                               {u"person"_s, u"dora"_s},
                               {u"author"_s, u"Dora"_s},
                               {u"body"_s, u"Long ago"_s},
                               {u"time"_s, 1'700'000'000'000.0}};
        peer.emitEvent(u"earlier"_s,
                       QJsonObject{{u"messages"_s, QJsonArray{said, QJsonObject(), 1}}},
                       {asked["clientId"_L1].toString()});
        peer.emitEvent(u"catch-up"_s, QJsonObject{{u"clientId"_s, peer.clientId()}});
    });
    QJsonArray told;
    peer.on(u"earlier"_s, &peer,
            [&](const QJsonObject &payload) { told = payload["messages"_L1].toArray(); });
    bool wandaSpoke = false;
    peer.on(u"message"_s, &peer, [&] {
        wandaSpoke = true;
        peer.emitEvent(u"catch-up"_s, QJsonObject{{u"clientId"_s, peer.clientId()}});
    });
    peer.setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(peer.state(), DispatchClient::Connected, Limit);

    const QTemporaryDir folder;
    QProcess chat;
    chat.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    chat.start(Program,
               {u"--url"_s, server.url().toString(), u"--name"_s, u"Wanda"_s, u"--room"_s,
                u"Test"_s, u"--say"_s, u"Hello"_s, u"--headless-screenshot"_s,
                folder.filePath(u"chat.png"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(wandaSpoke, Limit);
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 2, Limit);
    QCOMPARE(told[0]["body"_L1].toString(), u"Long ago"_s);
    QCOMPARE(told[0]["person"_L1].toString(), u"dora"_s);
    QCOMPARE(told[0]["time"_L1].toDouble(), 1'700'000'000'000.0);
    QCOMPARE(told[1]["author"_L1].toString(), u"Wanda"_s);
    QCOMPARE(told[1]["body"_L1].toString(), u"Hello"_s);
    chat.kill();
    QVERIFY(chat.waitForFinished(Limit));
}

void tst_ChatWidgets::itLoadsNoQml()
{
    QProcess ldd;
    ldd.start(u"ldd"_s, {Program});
    if (!ldd.waitForStarted())
        QSKIP("There is no ldd here.");
    QVERIFY(ldd.waitForFinished());
    const QByteArray libraries = ldd.readAllStandardOutput();
    QVERIFY(libraries.contains("Qt6Widgets"));
    QVERIFY2(!libraries.contains("Qt6Qml"), libraries.constData());
    QVERIFY2(!libraries.contains("Qt6Quick"), libraries.constData());
}

QTEST_GUILESS_MAIN(tst_ChatWidgets)
#include "tst_chatwidgets.moc"
