// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "edgepayloads.h"
#include "kittest.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MessageUnits = 128'000;

QJsonArray list(int size)
{
    QJsonArray values;
    for (int i = 0; i < size; ++i)
        values += i;
    return values;
}

/// Has the next warning be that of \a what, which is refused as \a code.
void expectRefusal(const QString &what, const QString &code)
{
    // Behind the code: what to do about it.
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(what + u".* not .*: "_s + code + u": .*: .+"_s));
}

} // namespace

/// What scripts have people and the server say is held to what a server holds clients to.
class tst_Scripts : public KitTest {
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatAServerRefuses_data();
    void refusesWhatAServerRefuses();
    void refusesItToRecipients_data();
    void refusesItToRecipients();
    void takesWhatIsWithinTheLimits_data();
    void takesWhatIsWithinTheLimits();
    void refusesAnswers();
    void refusesWhatWasRecorded();
    void refusesUserInfo_data();
    void refusesUserInfo();
    void refusesUserInfoOfNewcomers();

private:
    /// Whether nothing of what was refused was counted, and the room goes on.
    void goesOn(const std::unique_ptr<DispatchClient> &client, DispatchTestPerson *ann);
};

void tst_Scripts::goesOn(const std::unique_ptr<DispatchClient> &client, DispatchTestPerson *ann)
{
    QSignalSpy heard(client.get(), &DispatchClient::eventReceived);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    m_server->settle();
    QCOMPARE(heard.size(), 0);
    QVERIFY(ann->emitEvent(u"hello"_s, 2));
    m_server->settle();
    QCOMPARE(heard.size(), 1);
    QCOMPARE(heard.first().at(0).toString(), u"hello"_s);
    QCOMPARE(heard.first().at(2).value<DispatchEventMetadata>().sequence, 1);
    QCOMPARE(errors.size(), 0);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_Scripts::refusesWhatAServerRefuses_data()
{
    QTest::addColumn<bool>("byServer");
    QTest::addColumn<QString>("eventName");
    QTest::addColumn<QJsonValue>("payload");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *what, const QString &eventName, const QJsonValue &payload,
                        const char *code) {
        for (const bool byServer : {false, true}) {
            QTest::addRow("%s, of %s", what, byServer ? "the server" : "a person")
                << byServer << eventName << payload << QString::fromLatin1(code);
        }
    };
    row("no name", {}, 1, "bad_event_name");
    row("a name that is too long", QString(256, u'n'), 1, "bad_event_name");
    row("a name that is too long in UTF-8", QString(128, u'\u00e9'), 1, "bad_event_name");
    row("a name of the platform", u"@@KOJI_DISPATCH/STATE"_s, 1, "reserved_event");
    row("a reserved name", u" @@mine"_s, 1, "reserved_event");
    row("too much", u"message"_s, textFor(MessageUnits + 1), "message_too_big");
    row("too much of two units each", u"message"_s, textFor(MessageUnits + 1, u"😀"_s),
        "message_too_big");
    row("too deep", u"message"_s, nested(64), "too_deep");
    row("too many values", u"message"_s, list(20'000), "too_complex");
}

void tst_Scripts::refusesWhatAServerRefuses()
{
    QFETCH(bool, byServer);
    QFETCH(QString, eventName);
    QFETCH(QJsonValue, payload);
    QFETCH(QString, code);
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    expectRefusal(u"The event"_s, code);
    QVERIFY(
        !(byServer ? m_server->emitEvent(eventName, payload) : ann->emitEvent(eventName, payload)));
    goesOn(client, ann);
}

void tst_Scripts::refusesItToRecipients_data()
{
    QTest::addColumn<QString>("eventName");
    QTest::addColumn<int>("others");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("code");
    QTest::newRow("no name") << QString() << 0 << 1 << u"bad_event_name"_s;
    QTest::newRow("too many") << u"message"_s << 100 << 1 << u"too_many_recipients"_s;
    QTest::newRow("one that is too long") << u"message"_s << 1 << 256 << u"bad_recipients"_s;
}

void tst_Scripts::refusesItToRecipients()
{
    QFETCH(QString, eventName);
    QFETCH(int, others);
    QFETCH(int, length);
    QFETCH(QString, code);
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    QStringList recipients{client->clientId()};
    for (int i = 0; i < others; ++i)
        recipients += QString::number(i).rightJustified(length, u'0');
    expectRefusal(u"The event"_s, code);
    QVERIFY(!ann->emitEvent(eventName, 1, recipients));
    goesOn(client, ann);
}

void tst_Scripts::takesWhatIsWithinTheLimits_data()
{
    QTest::addColumn<QString>("eventName");
    QTest::addColumn<QJsonValue>("payload");
    const auto row = [](const char *what, const QString &eventName, const QJsonValue &payload) {
        QTest::newRow(what) << eventName << payload;
    };
    row("a long name", QString(255, u'n'), 1);
    row("one at sign", u"@message"_s, 1);
    row("much", u"message"_s, textFor(MessageUnits));
    row("much of two units each", u"message"_s, textFor(MessageUnits, u"😀"_s));
    row("much of two bytes each", u"message"_s, textFor(MessageUnits, u"\u00e9"_s));
    row("deep", u"message"_s, nested(63));
    row("many values", u"message"_s, list(19'900));
}

void tst_Scripts::takesWhatIsWithinTheLimits()
{
    QFETCH(QString, eventName);
    QFETCH(QJsonValue, payload);
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    QSignalSpy heard(client.get(), &DispatchClient::eventReceived);
    QVERIFY(ann->emitEvent(eventName, payload));
    QVERIFY(m_server->emitEvent(eventName, payload));
    m_server->settle();
    QCOMPARE(heard.size(), 2);
    QCOMPARE(heard.last().at(1).value<QJsonValue>(), payload);
}

void tst_Scripts::refusesAnswers()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    ann->answer(u"roll"_s, textFor(MessageUnits + 100));
    expectRefusal(u"The event 'roll'"_s, u"message_too_big"_s);
    const auto reply = client->request(u"roll"_s);
    m_server->settle();
    QVERIFY(!reply.isFinished());
    QVERIFY(ann->emitEvent(u"hello"_s));
    QSignalSpy heard(client.get(), &DispatchClient::eventReceived);
    m_server->settle();
    QCOMPARE(heard.size(), 1);
}

void tst_Scripts::refusesWhatWasRecorded()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    expectRefusal(u"The event 'mine'"_s, u"message_too_big"_s);
    expectRefusal(u"The event 'yours'"_s, u"message_too_big"_s);
    const QByteArray payload(MessageUnits, 'x');
    QVERIFY(m_server->replay("{\"dispatchRecording\":1}\n"
                             R"({"at":0,"person":"1","emits":"mine","payload":")"
                             + payload + "\"}\n" + R"({"at":0,"emits":"yours","payload":")"
                             + payload + "\"}\n"));
    goesOn(client, ann);
}

void tst_Scripts::refusesUserInfo_data()
{
    QTest::addColumn<QJsonObject>("info");
    QTest::addColumn<QString>("code");
    QTest::newRow("too big") << QJsonObject{{u"name"_s, QString(4'096, u'x')}}
                             << u"user_info_too_big"_s;
    QTest::newRow("too big in UTF-8")
        << QJsonObject{{u"name"_s, QString(2'048, u'\u00e9')}} << u"user_info_too_big"_s;
    QTest::newRow("too deep") << QJsonObject{{u"name"_s, nested(16)}} << u"bad_user_info"_s;
}

void tst_Scripts::refusesUserInfo()
{
    QFETCH(QJsonObject, info);
    QFETCH(QString, code);
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    QSignalSpy changed(ann, &DispatchTestPerson::userInfoChanged);
    expectRefusal(u"The user info"_s, code);
    ann->setUserInfo(info);
    m_server->settle();
    QCOMPARE(ann->userInfo(), QJsonObject({{u"name"_s, u"Ann"_s}}));
    QCOMPARE(changed.size(), 0);
    QCOMPARE(namesIn(*client), QStringList({u"self"_s, u"Ann"_s}));
    ann->setUserInfo({{u"name"_s, u"Anna"_s}});
    m_server->settle();
    QCOMPARE(namesIn(*client), QStringList({u"self"_s, u"Anna"_s}));
}

void tst_Scripts::refusesUserInfoOfNewcomers()
{
    const auto client = join();
    expectRefusal(u"The user info"_s, u"user_info_too_big"_s);
    const auto *ann = m_server->join(u"Ann"_s, {{u"about"_s, QString(4'096, u'x')}});
    m_server->settle();
    QVERIFY(ann->isPresent());
    QCOMPARE(ann->userInfo(), QJsonObject());
    QCOMPARE(namesIn(*client), QStringList({u"self"_s, QString()}));
}

QTEST_GUILESS_MAIN(tst_Scripts)
#include "tst_scripts.moc"
