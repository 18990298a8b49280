// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "servers.h"

#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <csignal>

#include <sys/prctl.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int Guard = 30'000; // ms; only for what never comes

/// The port behind \a words in a line of \a text; 0 if there is none.
int portBehind(const QByteArray &words, const QByteArray &text)
{
    const qsizetype begin = text.indexOf(words);
    const qsizetype end = text.indexOf('\n', begin);
    if (begin < 0 || end < 0)
        return 0;
    return QUrl(QString::fromUtf8(text.mid(begin + words.size(), end - begin - words.size())))
        .port();
}

/// Short enough for a run: who can't come back in 2 s has lost the seat, and a server that gives no
/// sign for 4 s is dead.
const QStringList Times{u"--session-window=2000"_s, u"--presence-interval=20"_s,
                        u"--drain-time=1000"_s};
const QStringList Impatience{u"--heartbeat-interval=200"_s, u"--heartbeat-timeout=300"_s};
const QStringList TimesOfTheEngine{u"--engine-timeout=1000"_s, u"--engine-lease=4000"_s,
                                   u"--engine-emit-timeout=5000"_s};

} // namespace

ServerProcess::ServerProcess(QStringList launcher, QString address, QStringList options,
                             QString log)
    : m_launcher(std::move(launcher))
    , m_options(std::move(options))
    , m_log(std::move(log))
{
    m_place.address = std::move(address);
    m_process.setStandardErrorFile(m_log, QIODevice::Append);
    // It is not left behind by a test that crashes.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

ServerProcess::~ServerProcess()
{
    if (isRunning())
        send(SIGCONT);
    m_process.kill();
    m_process.waitForFinished(Guard);
}

bool ServerProcess::start()
{
    QStringList command = m_launcher;
    command += qEnvironmentVariable("DISPATCH_FAULT_DISPATCHD", QString::fromUtf8(DISPATCHD));
    command += {u"--port=0"_s, u"--operators-port=0"_s, u"--address="_s + m_place.address,
                u"--operators-address="_s + m_place.address};
    command += m_options;
    m_process.start(command.takeFirst(), command);
    m_place.port = m_place.operatorsPort = 0;
    QByteArray said;
    const bool listens = QTest::qWaitFor(
        [&] {
            said += m_process.readAllStandardOutput();
            m_place.port = portBehind("Listening on ", said);
            m_place.operatorsPort = portBehind("Operators: ", said);
            return m_place.operatorsPort > 0 || !isRunning();
        },
        Guard);
    if (!listens || m_place.port <= 0) {
        qWarning("dispatchd does not start: %s", log().constData());
        return false;
    }
    ++m_starts;
    return true;
}

void ServerProcess::send(int signal) const
{
    ::kill(pid_t(m_process.processId()), signal);
}

bool ServerProcess::ended()
{
    return QTest::qWaitFor([this] { return !isRunning(); }, Guard);
}

QByteArray ServerProcess::log() const
{
    QFile file(m_log);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Servers::Servers(const Options &options)
    : m_options(options)
{
    if (!options.redisAddress.isEmpty())
        m_redis.listenOn(options.redisAddress);
}

Servers::~Servers() = default;

QStringList Servers::optionsFor(bool isLast) const
{
    QStringList options = Times;
    if (m_options.areImpatient)
        options += Impatience;
    if (isLast && !m_options.launcher.isEmpty())
        options += {u"--insecure"_s, u"--operators-insecure"_s,
                    u"--unlimited-addresses="_s + m_options.redisAddress};
    if (!m_options.haveEngine)
        return options;
    if (m_options.redisAddress.isEmpty())
        options += u"--engine=redis+unix://"_s + QString::fromStdString(m_redis.socketPath());
    else
        options += u"--engine=redis://%1:%2"_s.arg(m_options.redisAddress, m_redis.port());
    return options + TimesOfTheEngine;
}

bool Servers::start()
{
    if (m_options.haveEngine && !m_redis.start())
        return false;
    QList<HaProxy::Server> places;
    for (int i = 0; i < m_options.count; ++i) {
        const bool isLast = i == m_options.count - 1;
        m_servers.push_back(std::make_unique<ServerProcess>(
            isLast ? m_options.launcher : QStringList(),
            isLast ? m_options.address : u"127.0.0.1"_s, optionsFor(isLast),
            m_folder.filePath(u"dispatchd-%1.log"_s.arg(i))));
        if (!m_servers.back()->start())
            return false;
        places += m_servers.back()->place();
    }
    return m_proxy.start(places);
}

bool Servers::startAgain(int number)
{
    ServerProcess &server = *m_servers[std::size_t(number)];
    return server.start() && m_proxy.move(number, server.place());
}

QByteArray Servers::logs() const
{
    QByteArray all;
    for (std::size_t i = 0; i < m_servers.size(); ++i) {
        const QList<QByteArray> lines = m_servers[i]->log().split('\n');
        for (const QByteArray &line : lines) {
            if (!line.isEmpty())
                all += "server " + QByteArray::number(int(i)) + ": " + line + '\n';
        }
    }
    return all;
}

} // namespace Dispatch::Faults
