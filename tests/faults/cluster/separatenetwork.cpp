// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "separatenetwork.h"

#include <QtCore/qstandardpaths.h>
#include <QtTest/qtest.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <sched.h>
#include <sys/prctl.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int Guard = 30'000; // ms; only for what never comes

/// Debian has some programs where only root looks.
QString find(const QString &program)
{
    const QString found = QStandardPaths::findExecutable(program);
    return found.isEmpty() ? QStandardPaths::findExecutable(program, {u"/usr/sbin"_s, u"/sbin"_s})
                           : found;
}

bool run(QStringList command)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    const QString text = command.join(u' ');
    process.start(find(command.takeFirst()), command);
    const bool isDone = process.waitForFinished(Guard) && process.exitCode() == 0
        && process.exitStatus() == QProcess::NormalExit;
    if (!isDone)
        qWarning("%s: %s", qPrintable(text), process.readAll().constData());
    return isDone;
}

} // namespace

QString enterOwnNetwork()
{
    for (const auto &program : {u"ip"_s, u"nft"_s, u"nsenter"_s, u"unshare"_s}) {
        if (find(program).isEmpty())
            return program + u" is not installed"_s;
    }
    if (::unshare(CLONE_NEWNET) != 0)
        return u"a network of its own is not allowed (root is): "_s
            + QString::fromLocal8Bit(std::strerror(errno));
    if (!run({u"ip"_s, u"link"_s, u"set"_s, u"lo"_s, u"up"_s}))
        return u"loopback of the own network can't be used"_s;
    return {};
}

SeparateNetwork::~SeparateNetwork()
{
    // The system lets a network linger that nobody is in any more.
    if (m_isLinked)
        run({u"ip"_s, u"link"_s, u"delete"_s, u"near"_s});
    m_holder.kill();
    m_holder.waitForFinished(Guard);
}

bool SeparateNetwork::start()
{
    m_holder.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_holder.start(find(u"unshare"_s),
                   {u"--net"_s, u"sh"_s, u"-c"_s, u"echo there; exec sleep infinity"_s});
    if (!QTest::qWaitFor([this] { return m_holder.canReadLine(); }, Guard))
        return false;
    const QString there = QString::number(m_holder.processId());
    const auto far = [this](const QStringList &command) { return run(launcher() + command); };
    m_isLinked = run({u"ip"_s, u"link"_s, u"add"_s, u"near"_s, u"type"_s, u"veth"_s, u"peer"_s,
                      u"name"_s, u"far"_s, u"netns"_s, there});
    return m_isLinked
        && run({u"ip"_s, u"address"_s, u"add"_s, QLatin1StringView(NearAddress) + u"/24"_s,
                u"dev"_s, u"near"_s})
        && run({u"ip"_s, u"link"_s, u"set"_s, u"near"_s, u"up"_s})
        && far({find(u"ip"_s), u"address"_s, u"add"_s, QLatin1StringView(FarAddress) + u"/24"_s,
                u"dev"_s, u"far"_s})
        && far({find(u"ip"_s), u"link"_s, u"set"_s, u"far"_s, u"up"_s})
        && far({find(u"ip"_s), u"link"_s, u"set"_s, u"lo"_s, u"up"_s});
}

QStringList SeparateNetwork::launcher() const
{
    return {find(u"nsenter"_s), u"--net=/proc/%1/ns/net"_s.arg(m_holder.processId())};
}

bool SeparateNetwork::dropAllFor(const QString &port) const
{
    const QString rules = u"table inet faults {"
                          " chain in { type filter hook input priority 0; tcp sport %1 drop; };"
                          " chain out { type filter hook output priority 0; tcp dport %1 drop; };"
                          " }"_s.arg(port);
    return run(launcher() + QStringList{find(u"nft"_s), rules});
}

bool SeparateNetwork::heal() const
{
    return run(launcher()
               + QStringList{find(u"nft"_s), u"delete"_s, u"table"_s, u"inet"_s, u"faults"_s});
}

} // namespace Dispatch::Faults
