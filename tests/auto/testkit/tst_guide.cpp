// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>
#include <DispatchTestServer>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Your app: a chat that shows lines, and a banner while the connection is lost.
class Chat : public QObject {
    Q_OBJECT

public:
    explicit Chat(const QUrl &server)
    {
        client.setUrl(server);
        client.on("message", this, [this](const QJsonValue &text) { lines += text.toString(); });
        connect(&client, &DispatchClient::lostConnection, this, [this] { banner = u"Offline"_s; });
        connect(&client, &DispatchClient::connectionRestored, this,
                [this](const DispatchConnectionInfo &info) {
                    banner = info.recovered ? QString() : u"You may have missed something"_s;
                });
        connect(&client, &DispatchClient::failed, this,
                [this](const DispatchError &error) { banner = error.message(); });
        client.setActive(true);
    }

    DispatchClient client;
    QStringList lines;
    QString banner;
};

class tst_Chat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatOthersSay()
    {
        DispatchTestServer server;
        Chat chat(server.url());
        DispatchTestPerson *ann = server.join("Ann");
        server.settle();
        ann->emitEvent("message", "Hello!");
        server.settle();
        QCOMPARE(chat.lines, QStringList{u"Hello!"_s});
    }

    void sendsWhatWasWrittenOffline()
    {
        DispatchTestServer server;
        Chat chat(server.url());
        server.settle();
        server.setOffline(true);
        server.advance(3s); // longer than lossGrace
        QCOMPARE(chat.banner, u"Offline"_s);
        chat.client.emitEvent("message", "Anybody there?");
        server.setOffline(false);
        server.advance(20s); // longer than any delay of the policy
        QCOMPARE(chat.banner, u""_s);
        QCOMPARE(chat.lines, QStringList{u"Anybody there?"_s});
    }

    void saysThatThereIsAGap()
    {
        DispatchTestServer server;
        Chat chat(server.url());
        server.settle();
        server.forgetSessions();
        server.drop();
        server.advance(20s);
        QCOMPARE(chat.banner, u"You may have missed something"_s);
    }

    void saysWhyItIsRefused()
    {
        DispatchTestServer server;
        server.refuseJoins("banned");
        Chat chat(server.url());
        server.settle();
        QVERIFY(chat.banner.startsWith("You are banned"));
    }
};

QTEST_GUILESS_MAIN(tst_Chat)
#include "tst_guide.moc"
