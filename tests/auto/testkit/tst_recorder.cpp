// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "kittest.h"

#include <DispatchTestRecorder>

#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What a recorder writes down, a server plays.
class tst_Recorder : public KitTest {
    Q_OBJECT

private Q_SLOTS:
    void replaysWhatWasRecorded();
    void recordsUpToItsLimit();
    void savesIntoAFile();
    void savesIntoNothingElse_data();
    void savesIntoNothingElse();
    void replaysNothingThatIsNoRecording_data();
    void replaysNothingThatIsNoRecording();
};

void tst_Recorder::replaysWhatWasRecorded()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s, {{u"mood"_s, u"fine"_s}});
    m_server->settle();
    DispatchTestRecorder recorder;
    recorder.setClient(client.get());
    m_server->advance(1s);
    ann->emitEvent(u"message"_s, u"hello"_s);
    client->emitEvent(u"message"_s, u"mine"_s);
    m_server->advance(500ms);
    ann->setUserInfo({{u"name"_s, u"Anna"_s}});
    m_server->join(u"Bob"_s);
    m_server->emitEvent(u"news"_s, QJsonObject{{u"n"_s, 1}});
    m_server->advance(1s);
    ann->leave();
    m_server->settle();

    DispatchTestServer other;
    DispatchClient app;
    app.setUrl(other.url());
    QStringList seen;
    const auto note = [&](const QString &what) {
        seen += QString::number(other.elapsed().count()) + u' ' + what;
    };
    connect(&app, &DispatchClient::connectedClientsChanged, this,
            [&] { note(namesIn(app).join(u',')); });
    connect(&app, &DispatchClient::eventReceived, this,
            [&](const QString &name, const QJsonValue &payload, const auto &about) {
                note(name + u' ' + payload.toString()
                     + (about.senderId.isEmpty() ? u"-"_s : QString()));
            });
    QSignalSpy replayed(&other, &DispatchTestServer::replayed);
    app.setActive(true);
    other.settle();
    QVERIFY(other.replay(recorder.recording()));
    other.advance(1min);
    QCOMPARE(replayed.size(), 1);
    QCOMPARE(seen,
             QStringList({u"0 self"_s, u"0 self,Ann"_s, u"1000 message hello"_s, u"1500 news -"_s,
                          u"1500 self,Anna,Bob"_s, u"2500 self,Bob"_s}));
}

void tst_Recorder::recordsUpToItsLimit()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    DispatchTestRecorder recorder;
    recorder.setMaxBytes(200);
    recorder.setClient(client.get());
    for (int i = 0; i < 10; ++i)
        ann->emitEvent(u"message"_s, i);
    m_server->settle();
    QVERIFY(recorder.isFull());
    QVERIFY(recorder.recording().size() <= 200);
    DispatchTestServer other;
    QVERIFY(other.replay(recorder.recording()));
}

void tst_Recorder::savesIntoAFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"room.jsonl"_s);
    for (int i = 0; i < 2; ++i) {
        const DispatchTestRecorder recorder;
        QVERIFY(recorder.save(QUrl::fromLocalFile(path)));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), recorder.recording());
    }
}

void tst_Recorder::savesIntoNothingElse_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("says");
    QTest::newRow("a folder") << u"file://%1"_s << u"it is no file"_s;
    QTest::newRow("a pipe") << u"file://%1/pipe"_s << u"it is no file"_s;
    QTest::newRow("a folder that is not there") << u"file://%1/none/room.jsonl"_s << u"No such"_s;
    QTest::newRow("an address") << u"http://localhost/room.jsonl"_s << u"it is no file: URL"_s;
    QTest::newRow("nothing") << QString() << u"it is no file: URL"_s;
}

void tst_Recorder::savesIntoNothingElse()
{
    QFETCH(QString, url);
    QFETCH(QString, says);
    const QTemporaryDir folder;
    const QByteArray pipe = QFile::encodeName(folder.filePath(u"pipe"_s));
    QCOMPARE(mkfifo(pipe.constData(), 0600), 0);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"can't be written: .*"_s + says));
    QVERIFY(
        !DispatchTestRecorder().save(QUrl(url.contains(u"%1"_s) ? url.arg(folder.path()) : url)));
    struct stat there { };
    QCOMPARE(stat(pipe.constData(), &there), 0);
    QVERIFY(S_ISFIFO(there.st_mode));
}

void tst_Recorder::replaysNothingThatIsNoRecording_data()
{
    const QByteArray head = "{\"dispatchRecording\":1}\n";
    QTest::addColumn<QByteArray>("recording");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("another version") << QByteArray("{\"dispatchRecording\":2}");
    QTest::newRow("no step") << head + "{\"at\":1}";
    QTest::newRow("two steps in one")
        << head + "{\"at\":1,\"person\":\"1\",\"leaves\":true,\"emits\":\"x\"}";
    QTest::newRow("nobody leaves") << head + "{\"at\":1,\"leaves\":true}";
    QTest::newRow("no time") << head + "{\"emits\":\"x\"}";
    QTest::newRow("back in time") << head
            + "{\"at\":2,\"emits\":\"x\"}\n{\"at\":1,\"emits\":\"x\"}";
}

void tst_Recorder::replaysNothingThatIsNoRecording()
{
    QFETCH(QByteArray, recording);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"This is no recording: "_s));
    QVERIFY(!m_server->replay(recording));
}

QTEST_GUILESS_MAIN(tst_Recorder)
#include "tst_recorder.moc"
