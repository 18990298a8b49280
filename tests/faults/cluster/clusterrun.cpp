// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clusterrun.h"

#include "historyline.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qdir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int Guard = 60'000; // ms; only for what never comes
constexpr int Clients = 9;
constexpr int EventsBefore = 60;

} // namespace

ClusterRun::ClusterRun(const Options &options)
    : m_options(options)
    , m_servers(options.servers)
    , m_conversation({.seed = options.seed,
                      .clients = Clients,
                      .shards = options.seed % 3 == 0 ? 0 : 2,
                      .eventsPerSecond = 200,
                      .patience = options.patience,
                      .order = options.order})
{
}

std::vector<std::string> ClusterRun::violations(const Trouble &trouble)
{
    if (!m_servers.start())
        return {"the servers do not start"};
    for (int i = 0; i < Clients; ++i)
        m_conversation.add(m_servers.url());
    if (!QTest::qWaitFor([this] { return m_conversation.haveAllJoined(1); }, Guard))
        return {"not all joined"};
    m_conversation.start();
    if (!goesOn(EventsBefore) || !trouble(*this) || !goesOn(EventsBefore))
        return {"what was to go wrong did not"};
    QSignalSpy finished(&m_conversation, &Conversation::finished);
    m_conversation.rest();
    if (!finished.wait(Guard + int(m_options.patience.count())))
        return {"the clients never came to rest"};
    return m_conversation.violations();
}

bool ClusterRun::isWell(const Trouble &trouble)
{
    const std::vector<std::string> found = violations(trouble);
    qInfo("%s", summary().c_str());
    for (const std::string &violation : found)
        qWarning("%s", violation.c_str());
    if (!found.empty())
        qWarning("%s", describe().c_str());
    return found.empty();
}

bool ClusterRun::goesOn(int events)
{
    const int enough = m_conversation.events() + events;
    return QTest::qWaitFor([&] { return m_conversation.events() >= enough; }, Guard);
}

bool ClusterRun::lasts(Milliseconds time)
{
    const QDeadlineTimer deadline(time);
    return QTest::qWaitFor([&] { return deadline.hasExpired(); }, int(time.count()) + Guard);
}

std::string ClusterRun::summary() const
{
    return "seed " + std::to_string(m_options.seed) + ": " + std::to_string(m_conversation.drops())
        + " lost connections, " + std::to_string(m_conversation.events()) + " events";
}

std::string ClusterRun::describe() const
{
    return summary() + "\n" + m_conversation.describe() + m_servers.logs().toStdString()
        + "histories: " + writeHistories();
}

std::string ClusterRun::writeHistories() const
{
    const QString path = QDir::current().absoluteFilePath(
        u"histories-%1-%2.jsonl"_s.arg(QString::fromUtf8(QTest::currentTestFunction()))
            .arg(m_options.seed));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return "none";
    for (const History &history : m_conversation.histories()) {
        for (const AnyEntry &entry : history.entries)
            file.write(QByteArray::fromStdString(history.client) + ' ' + toLine(entry));
    }
    return path.toStdString();
}

} // namespace Dispatch::Faults
