// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "sleeperprocess.h"

#include "historyline.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <csignal>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

SleeperProcess::SleeperProcess(const QUrl &url, const QString &shard, int scale, int pace)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &SleeperProcess::read);
    m_process.start(QStringLiteral(SLEEPER),
                    {url.toString(), shard, QString::number(scale), QString::number(pace)});
}

SleeperProcess::~SleeperProcess()
{
    m_process.kill();
    m_process.waitForFinished();
}

void SleeperProcess::stop()
{
    ::kill(pid_t(m_process.processId()), SIGSTOP);
}

bool SleeperProcess::isStopped() const
{
    QFile stat(u"/proc/%1/stat"_s.arg(m_process.processId()));
    if (!stat.open(QFile::ReadOnly))
        return false;
    const QByteArray fields = stat.readAll();
    return fields.sliced(fields.lastIndexOf(')') + 1).startsWith(" T");
}

void SleeperProcess::goOn()
{
    ::kill(pid_t(m_process.processId()), SIGCONT);
}

void SleeperProcess::emitFence(int round)
{
    m_process.write("fence " + QByteArray::number(round) + '\n');
}

void SleeperProcess::ask()
{
    m_process.write("present\n");
}

int SleeperProcess::heardOf(const std::string &emitter) const
{
    return int(std::ranges::count_if(m_history.entries, [&emitter](const AnyEntry &entry) {
        const auto *received = std::get_if<Entry::Received>(&entry);
        return received && received->id.emitter == emitter;
    }));
}

void SleeperProcess::read()
{
    while (m_process.canReadLine()) {
        const QByteArray line = m_process.readLine();
        if (const auto entry = entryOf(line)) {
            m_history.entries.push_back(*entry);
            continue;
        }
        const QJsonObject answer = QJsonDocument::fromJson(line).object();
        m_isIdle = answer["idle"_L1].toBool();
        m_history.present.clear();
        for (const QJsonValue &name : answer["present"_L1].toArray())
            m_history.present.push_back(name.toString().toStdString());
    }
}

} // namespace Dispatch::Faults
