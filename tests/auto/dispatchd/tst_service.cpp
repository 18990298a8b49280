// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"

#include <DispatchServerSettings>

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qtcpserver.h>

#include <array>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

/// What stands at the other end of sd_notify(3).
class Manager {
public:
    explicit Manager(const QString &path)
        : m_path(path.toUtf8())
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, m_path.constData(), sizeof address.sun_path - 1);
        m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        m_bound = ::bind(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    }
    ~Manager() { ::close(m_socket); }
    Q_DISABLE_COPY_MOVE(Manager)

    bool isBound() const { return m_bound; }

    /// Puts itself into the environment of \a process.
    void manage(QProcess &process, qint64 watchdogUsec = 0) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"NOTIFY_SOCKET"_s, QString::fromUtf8(m_path));
        if (watchdogUsec > 0)
            environment.insert(u"WATCHDOG_USEC"_s, QString::number(watchdogUsec));
        process.setProcessEnvironment(environment);
    }

    /// All that was heard so far.
    QList<QByteArray> heard()
    {
        std::array<char, 1024> buffer{};
        ssize_t size = 0;
        while ((size = ::recv(m_socket, buffer.data(), buffer.size(), 0)) > 0)
            m_heard += QByteArray(buffer.data(), qsizetype(size));
        return m_heard;
    }

private:
    const QByteArray m_path;
    int m_socket = -1;
    bool m_bound = false;
    QList<QByteArray> m_heard;
};

struct Output {
    int code = -1;
    QString text;
};

Output run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(30'000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

} // namespace

/// dispatchd and its service manager.
class tst_Service : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysThatItIsReadyAndThatItStops();
    void doesNotReloadOnceItStops();
    void theServiceWaitsForTheDrain();
    void saysThatItReloads();
    void saysNothingIfItCannotServe();
    void givesSignsOfLife();
    void unitsAreValid();
    void theServiceIsHardened();

private:
    QString unit(const QString &name);

    QTemporaryDir m_folder;
};

void tst_Service::saysThatItIsReadyAndThatItStops()
{
    Manager manager(m_folder.filePath(u"ready"_s));
    QVERIFY(manager.isBound());
    DaemonProcess daemon;
    manager.manage(daemon.process);
    QVERIFY(daemon.start());
    QTRY_COMPARE(manager.heard(), QList<QByteArray>{"READY=1"});
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    // It may take the drain time, the flush timeout and ten seconds.
    QCOMPARE(manager.heard(),
             (QList<QByteArray>{"READY=1", "STOPPING=1\nEXTEND_TIMEOUT_USEC=45000000"}));
}

void tst_Service::doesNotReloadOnceItStops()
{
    Manager manager(m_folder.filePath(u"end"_s));
    DaemonProcess daemon;
    manager.manage(daemon.process);
    QVERIFY(daemon.start({u"--flush-timeout=60000"_s}));
    RawClient deaf(daemon); // who keeps it from ending
    QVERIFY(deaf.hears("CONNECTED_CLIENTS_CHANGED"));
    daemon.send(SIGTERM);
    QVERIFY(daemon.logs("Draining 1 client,"));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("The configuration is not read again"));
    QCOMPARE(manager.heard().size(), 2);
}

void tst_Service::theServiceWaitsForTheDrain()
{
    QFile file(QStringLiteral(PACKAGING "/dispatchd.service.in"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    static const QRegularExpression limit(u"^TimeoutStopSec=(\\d+)$"_s,
                                          QRegularExpression::MultilineOption);
    const auto match = limit.match(QString::fromUtf8(file.readAll()));
    QVERIFY(match.hasMatch());
    const DispatchServerSettings defaults;
    QVERIFY(match.captured(1).toInt() * 1'000 > defaults.drainTime + defaults.flushTimeout);
}

void tst_Service::saysThatItReloads()
{
    Manager manager(m_folder.filePath(u"reload"_s));
    DaemonProcess daemon;
    manager.manage(daemon.process);
    QVERIFY(daemon.start());
    daemon.send(SIGHUP);
    QTRY_COMPARE(manager.heard().size(), 3);
    static const QRegularExpression reloading(u"^RELOADING=1\nMONOTONIC_USEC=[0-9]+$"_s);
    QVERIFY(reloading.match(QString::fromUtf8(manager.heard()[1])).hasMatch());
    QCOMPARE(manager.heard()[2], QByteArray("READY=1"));
}

void tst_Service::saysNothingIfItCannotServe()
{
    Manager manager(m_folder.filePath(u"not"_s));
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    QProcess process;
    manager.manage(process);
    process.start(QString::fromUtf8(DISPATCHD), {u"--port=%1"_s.arg(other.serverPort())});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(manager.heard(), QList<QByteArray>());
}

void tst_Service::givesSignsOfLife()
{
    Manager manager(m_folder.filePath(u"watchdog"_s));
    DaemonProcess daemon;
    manager.manage(daemon.process, 100'000);
    QVERIFY(daemon.start());
    QTRY_VERIFY(manager.heard().count("WATCHDOG=1") >= 2);
}

/// The path of a copy of the unit \a name that starts the program that is tested.
QString tst_Service::unit(const QString &name)
{
    QFile from(QStringLiteral(PACKAGING "/") + name);
    QFile to(m_folder.filePath(QString(name).remove(u".in"_s)));
    if (!from.open(QIODevice::ReadOnly) || !to.open(QIODevice::WriteOnly))
        return {};
    to.write(from.readAll().replace("@DISPATCH_DAEMON_PATH@", DISPATCHD));
    return to.fileName();
}

void tst_Service::unitsAreValid()
{
    const QString analyze = QStandardPaths::findExecutable(u"systemd-analyze"_s);
    if (analyze.isEmpty())
        QSKIP("systemd-analyze is not installed");
    const Output output = run(
        analyze,
        {u"verify"_s, u"--man=no"_s, unit(u"dispatchd.service.in"_s), unit(u"dispatchd.socket"_s)});
    QCOMPARE(output.code, 0);
    QVERIFY2(!output.text.contains(u"dispatchd"_s), qPrintable(output.text));
}

void tst_Service::theServiceIsHardened()
{
    const QString analyze = QStandardPaths::findExecutable(u"systemd-analyze"_s);
    if (analyze.isEmpty())
        QSKIP("systemd-analyze is not installed");
    // The threshold is ten times the exposure: 0 is safe, 49 is still 'OK'.
    const Output output = run(analyze,
                              {u"security"_s, u"--offline=yes"_s, u"--no-pager"_s,
                               u"--threshold=20"_s, unit(u"dispatchd.service.in"_s)});
    static const QRegularExpression level(u"exposure level[^:]*: ([0-9.]+)"_s);
    const auto match = level.match(output.text);
    QVERIFY2(match.hasMatch(), qPrintable(output.text));
    QVERIFY2(match.captured(1).toDouble() <= 2.0, qPrintable(output.text));
    QCOMPARE(output.code, 0);
}

QTEST_GUILESS_MAIN(tst_Service)
#include "tst_service.moc"
