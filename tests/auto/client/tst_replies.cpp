// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Clients that ask each other, by a real server.
class tst_Replies : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void theShardIsAsked();
    void oneOfManyIsAsked();
    void whoIsNotThereDoesNotAnswer();
    void aRoomThatAnswersItself();
};

void tst_Replies::theShardIsAsked()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    int own = 0;
    ann->onRequest(u"roll"_s, this, [&] { return ++own; });
    bob->onRequest(u"roll"_s, this, [](const QJsonObject &dice) {
        return QJsonObject{{u"value"_s, dice["sides"_L1].toInt()}};
    });
    const auto reply = ann->request(u"roll"_s, QJsonObject{{u"sides"_s, 6}});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload(), QJsonValue(QJsonObject{{u"value"_s, 6}}));
    QCOMPARE(reply.result().metadata().senderId, bob->clientId());
    QCOMPARE(reply.result().metadata().sequence, 0);
    QCOMPARE(own, 0);
}

void tst_Replies::oneOfManyIsAsked()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    const auto carl = join(u"elsewhere"_s);
    int askedBob = 0;
    bob->onRequest(u"x"_s, this, [&] { return ++askedBob; });
    carl->onRequest(u"x"_s, this, [] { return u"carl"_s; });
    const auto reply = ann->request(u"x"_s, {}, {.recipients = QStringList{carl->clientId()}});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload(), QJsonValue(u"carl"_s));
    QCOMPARE(askedBob, 0);
}

void tst_Replies::whoIsNotThereDoesNotAnswer()
{
    const auto ann = join(u"s"_s);
    const auto reply =
        ann->request(u"x"_s, {}, {.timeout = 10ms, .recipients = QStringList{u"nobody"_s}});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::NoReply);
}

void tst_Replies::aRoomThatAnswersItself()
{
    // Each asks all, and all answer: no answer is taken for a question.
    std::vector<std::unique_ptr<DispatchClient>> clients;
    int answers = 0;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(join(u"s"_s));
        clients.back()->onRequest(u"x"_s, this, [&answers] { return ++answers; });
    }
    std::vector<QFuture<DispatchEvent>> replies;
    for (const auto &client : clients)
        replies.push_back(client->request(u"x"_s));
    for (const auto &reply : replies) {
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(errorOf(reply), DispatchError::NoError);
    }
    QTRY_COMPARE(answers, 6);
}

QTEST_GUILESS_MAIN(tst_Replies)
#include "tst_replies.moc"
