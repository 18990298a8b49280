// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stay_p.h"

#include <QtCore/qtimer.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

Stay::Stay(const Settings &settings, const Bounds &bounds, const QString &doing, Console &console)
    : Command(console)
    , m_settings(settings)
    , m_bounds(bounds)
    , m_doing(doing)
    , m_client(makeClient(settings))
{
}

void Stay::start()
{
    connect(m_client.get(), &DispatchClient::connected, this, &Stay::joined);
    connect(m_client.get(), &DispatchClient::errorOccurred, this, &Stay::troubled);
    connect(m_client.get(), &DispatchClient::failed, this,
            [this](const DispatchError &error) { fail(failureOf(error, m_settings.url)); });
    prepare();
    if (m_bounds.time)
        QTimer::singleShot(*m_bounds.time, this, &Stay::timeIsUp);
    join(*m_client, m_settings);
}

void Stay::joined(const DispatchConnectionInfo &info)
{
    const bool isBack = std::exchange(m_hasJoined, true);
    console().note(u"%1 in %2."_s.arg(isBack ? u"Back"_s : m_doing, nameOf(info, m_settings)));
    console().record({{u"type"_s, u"connected"_s},
                      {u"clientId"_s, info.clientId},
                      {u"shardName"_s, info.shardName}});
    arrived(info, isBack);
}

void Stay::troubled(const DispatchError &error)
{
    if (m_client->state() == DispatchClient::Failed)
        return; // failed() is next
    // Whoever mistypes an address does not want to wait for a server there.
    if (!m_hasJoined)
        return fail(failureOf(error, m_settings.url));
    const QString message = inOptions(error.message());
    QString line = message;
    if (m_client->state() == DispatchClient::Waiting)
        line += u" Trying again %1."_s.arg(formatDelay(Milliseconds(m_client->nextRetryIn())));
    console().note(line);
    console().record({{u"type"_s, u"trouble"_s},
                      {u"message"_s, message},
                      {u"code"_s, error.reason()},
                      {u"retryInMs"_s, m_client->nextRetryIn()}});
}

void Stay::count()
{
    if (++m_count == m_bounds.count)
        end();
}

void Stay::timeIsUp()
{
    if (!m_bounds.count)
        return end();
    fail({ExitCode::TimedOut,
          u"Only %1 of %2 events came in time."_s.arg(m_count).arg(*m_bounds.count)});
}

QList<OptionInfo> stayOptions()
{
    return {{u"count"_s, u"N"_s, u"End after N events"_s},
            {u"for"_s, u"TIME"_s,
             u"End after that time; with 5 if --count is given and was not reached"_s}};
}

Stay::Bounds readStay(OptionReader &read)
{
    return {.count = read.number(u"count"_s, 1, 1'000'000'000),
            .time = read.duration(u"for"_s, Milliseconds(1), 20 * Day)};
}

} // namespace Dispatch::Ctl
