// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// 10,000 events a second into a QML app. DISPATCH_FLOOD_EVENTS says how many, for a longer run.

#include <DispatchServer>

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qfile.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtGui/qguiapplication.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtQml/qqmlengine.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickview.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <ctime>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int PerSecond = 10'000;
constexpr int Limit = 500;
/// Of what a million events may leave behind; had one of them stayed, it would take 300 bytes.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double MostMegabytes = 4'000; // sanitizers keep for a while what was freed
#else
constexpr double MostMegabytes = 64;
#endif

/// Memory of this process that is in use: app and server.
double megabytesInUse()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * double(sysconf(_SC_PAGESIZE)) / 1e6;
}

/// Emits from a thread of its own, as evenly as that can be.
class Emitter : public QThread {
public:
    Emitter(quint16 port, int count)
        : m_port(port)
        , m_count(count)
    {
    }

protected:
    void run() override
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_port);
        socket.write("GET /?shardName=flood HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [&] { socket.readAll(); });
        if (!socket.waitForReadyRead())
            return;
        QElapsedTimer clock;
        clock.start();
        QTimer timer;
        int sent = 0;
        QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
            const qint64 due = std::min<qint64>(m_count, clock.elapsed() * PerSecond / 1'000);
            for (; sent < due; ++sent)
                socket.write(frame(sent));
            if (sent == m_count)
                quit();
        });
        timer.start(1);
        exec();
        while (socket.bytesToWrite() > 0 && socket.waitForBytesWritten()) { }
        if (socket.state() == QAbstractSocket::ConnectedState)
            socket.waitForDisconnected(-1); // when the server closes
    }

private:
    static QByteArray frame(int number)
    {
        const QByteArray text =
            "{\"eventName\":\"message\",\"payload\":{\"number\":" + QByteArray::number(number)
            + ",\"author\":\"Ann\",\"body\":\"" + QByteArray(120, 'x') + "\"}}";
        // Masked by nothing.
        const char head[] = {'\x81', char(0x80 | 126), char(text.size() >> 8), char(text.size())};
        return QByteArray(head, 4) + QByteArray(4, '\0') + text;
    }

    quint16 m_port;
    int m_count;
};

} // namespace

/// What comes 60 times a second, if nothing holds it up.
class Pulse : public QObject {
    Q_OBJECT

public:
    int beats() const { return m_beats; }
    /// Ms between two.
    double longest() const { return double(m_longest) / 1e6; }
    /// Ms for which this thread had the processor in between: what others do is not counted.
    double longestAtWork() const { return double(m_longestAtWork) / 1e6; }

public Q_SLOTS:
    void beat()
    {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        const qint64 atWork = qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
        if (m_beats++ > 0) {
            m_longest = std::max(m_longest, m_sinceLast.nsecsElapsed());
            m_longestAtWork = std::max(m_longestAtWork, atWork - m_atWork);
        }
        m_atWork = atWork;
        m_sinceLast.start();
    }

private:
    QElapsedTimer m_sinceLast;
    qint64 m_longest = 0;
    qint64 m_atWork = 0;
    qint64 m_longestAtWork = 0;
    int m_beats = 0;
};

class tst_Flood : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAppStaysLively_data();
    void anAppStaysLively();

private:
    static int payloadRole(const QAbstractItemModel &model)
    {
        return model.roleNames().key("payload"_ba);
    }
};

void tst_Flood::anAppStaysLively_data()
{
    QTest::addColumn<bool>("baseProfileOnly");
    QTest::addColumn<bool>("inspected");
    QTest::newRow("extended profile") << false << false;
    if (qEnvironmentVariableIsSet("DISPATCH_FLOOD_EVENTS"))
        return;
    QTest::newRow("base profile") << true << false;
#ifdef HAS_INSPECTOR
    QTest::newRow("inspected") << false << true;
#endif
}

void tst_Flood::anAppStaysLively()
{
    QFETCH(const bool, baseProfileOnly);
    QFETCH(const bool, inspected);
    const int wished = qEnvironmentVariableIntValue("DISPATCH_FLOOD_EVENTS");
    const int count = wished > 0 ? wished : 2 * PerSecond;

    DispatchServer server;
    auto settings = server.settings();
    settings.messagesPerSecond = 0;
    settings.bytesPerSecond = 0;
    settings.heartbeatInterval = 3'600'000; // which the emitter does not answer
    settings.maxWriteQueueBytes = 512 * 1024 * 1024; // on a machine that has other things to do
    server.setSettings(settings);
    QVERIFY2(server.listen(), qPrintable(server.errorString()));
    QQuickView window;
    window.engine()->addImportPath(QStringLiteral(DISPATCH_QML_IMPORT));
    window.setSource(QUrl::fromLocalFile(QStringLiteral(FLOOD_QML)));
    QVERIFY(window.rootObject());
    QObject *app = window.rootObject();
    auto *client = app->property("client").value<QObject *>();
    client->setProperty("url", server.url());
    client->setProperty("baseProfileOnly", baseProfileOnly);
    app->setProperty("inspected", inspected);
    client->setProperty("active", true);
    window.show();
    QTRY_VERIFY(!client->property("clientId").toString().isEmpty());

    const auto heard = [app] { return app->property("heard").toInt(); };
    // As an app waits: QTest would sleep in between.
    const auto hears = [&](int most) {
        QEventLoop loop;
        QTimer watch;
        connect(&watch, &QTimer::timeout, &loop, [&] {
            if (heard() >= most)
                loop.quit();
        });
        watch.start(20);
        QTimer::singleShot(60'000 + most / 2, &loop, &QEventLoop::quit);
        loop.exec();
        return heard() >= most;
    };
    Emitter emitter(server.port(), count);
    emitter.start();
    QVERIFY2(hears(count / 5), qPrintable(u"only %1 came"_s.arg(heard())));
    // All is warm, and what has a bound is full.
    const double before = megabytesInUse();
    const int heardBefore = heard();
    QElapsedTimer clock;
    clock.start();
    Pulse pulse;
    connect(app, SIGNAL(ticked()), &pulse, SLOT(beat()));
    QVERIFY2(hears(count), qPrintable(u"only %1 came"_s.arg(heard())));
    const double seconds = double(clock.elapsed()) / 1'000;
    const double after = megabytesInUse();
    qInfo().noquote()
        << u"%1 events, %2 a second; %3 ticks, the longest wait for one %4 ms, the most work between two %5 ms; %6 MB before, %7 MB after"_s
               .arg(count)
               .arg(int((count - heardBefore) / seconds))
               .arg(pulse.beats())
               .arg(pulse.longest(), 0, 'f', 1)
               .arg(pulse.longestAtWork(), 0, 'f', 1)
               .arg(before, 0, 'f', 1)
               .arg(after, 0, 'f', 1);
    QVERIFY(pulse.beats() > 0);
    QCOMPARE(heard(), count);
    QCOMPARE(app->property("last").toInt(), count - 1);
    auto *messages =
        qobject_cast<QAbstractItemModel *>(app->property("messages").value<QObject *>());
    QVERIFY(messages);
    QTRY_COMPARE(
        messages->data(messages->index(messages->rowCount() - 1, 0), payloadRole(*messages))
            .toMap()
            .value(u"number"_s)
            .toInt(),
        count - 1);
    QCOMPARE(messages->rowCount(), Limit);
    QCOMPARE(app->property("view").value<QQuickItem *>()->property("count").toInt(), Limit);
    QVERIFY2(after - before < MostMegabytes, "what came stayed in memory");
    if (inspected) {
        const auto *inspector = app->property("inspector").value<QObject *>();
        QVERIFY(inspector);
        QVERIFY(inspector->property("heardMessages").toInt() > count);
        QTRY_COMPARE(inspector->property("frames").value<QObject *>()->property("count").toInt(),
                     Limit);
    }
    server.close();
    emitter.wait();
}

int main(int argc, char *argv[])
{
    QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
    QGuiApplication application(argc, argv);
    tst_Flood test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_flood.moc"
