// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"
#include "printable_p.h"
#include "room_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qtimer.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

class Listen : public Command {
public:
    struct Wish {
        QStringList events; ///< empty: all
        std::optional<qint64> count;
        std::optional<Milliseconds> time;
    };

    Listen(const Settings &settings, const Wish &wish, Console &console)
        : Command(console)
        , m_settings(settings)
        , m_wish(wish)
        , m_client(makeClient(settings))
    {
    }

    void start() override;
    /// This is how listening ends.
    void interrupt() override { finish(); }

private:
    void subscribe();
    void joined(const DispatchConnectionInfo &info);
    void show(const QString &name, const QJsonValue &payload, double latencyMs);
    void troubled(const DispatchError &error);
    void timeIsUp();

    const Settings m_settings;
    const Wish m_wish;
    std::unique_ptr<DispatchClient> m_client;
    bool m_hasJoined = false;
    qint64 m_shown = 0;
};

void Listen::start()
{
    connect(m_client.get(), &DispatchClient::connected, this, &Listen::joined);
    connect(m_client.get(), &DispatchClient::errorOccurred, this, &Listen::troubled);
    connect(m_client.get(), &DispatchClient::failed, this,
            [this](const DispatchError &error) { fail(failureOf(error, m_settings.url)); });
    subscribe();
    if (m_wish.time)
        QTimer::singleShot(*m_wish.time, this, &Listen::timeIsUp);
    join(*m_client, m_settings);
}

void Listen::subscribe()
{
    if (m_wish.events.isEmpty()) {
        connect(
            m_client.get(), &DispatchClient::eventReceived, this,
            [this](const QString &name, const QJsonValue &payload,
                   const DispatchEventMetadata &about) { show(name, payload, about.latencyMs); });
    }
    for (const QString &name : m_wish.events) {
        m_client->on(name, this, [this](const DispatchEvent &event) {
            show(event.name(), event.payload(), event.metadata().latencyMs);
        });
    }
}

void Listen::joined(const DispatchConnectionInfo &info)
{
    const QString back = std::exchange(m_hasJoined, true) ? u"Back in"_s : u"Listening in"_s;
    console().note(u"%1 %2."_s.arg(back, nameOf(info, m_settings)));
    console().record({{u"type"_s, u"connected"_s},
                      {u"clientId"_s, info.clientId},
                      {u"shardName"_s, info.shardName}});
}

void Listen::show(const QString &name, const QJsonValue &payload, double latencyMs)
{
    // What was on its way when the last one was shown.
    if (isFinished())
        return;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    console().print(u"%1  %2 ms  %3  %4"_s.arg(now.toLocalTime().toString(u"HH:mm:ss.zzz"_s),
                                               QString::number(latencyMs, 'f', 1).rightJustified(5),
                                               name, compactJson(payload)));
    console().record({{u"type"_s, u"event"_s},
                      {u"time"_s, now.toString(Qt::ISODateWithMs)},
                      {u"eventName"_s, name},
                      {u"latencyMs"_s, latencyMs},
                      {u"payload"_s, payload}});
    if (++m_shown == m_wish.count)
        finish();
}

void Listen::troubled(const DispatchError &error)
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

void Listen::timeIsUp()
{
    if (!m_wish.count)
        return finish();
    fail({ExitCode::TimedOut,
          u"Only %1 of %2 events came in time."_s.arg(m_shown).arg(*m_wish.count)});
}

std::unique_ptr<Command> makeListen(const Settings &settings, OptionReader &read, Console &console)
{
    Listen::Wish wish;
    wish.events = read.positional();
    wish.events.removeDuplicates();
    wish.count = read.number(u"count"_s, 1, 1'000'000'000);
    wish.time = read.duration(u"for"_s, Milliseconds(1), 20 * Day);
    return std::make_unique<Listen>(settings, wish, console);
}

} // namespace

CommandInfo listenCommand()
{
    return {
        .name = u"listen"_s,
        .arguments = u"[EVENT...]"_s,
        .maxArguments = 1000,
        .summary = u"Print events as they come"_s,
        .description =
            u"Joins a shard and prints each event in it, or those that are named: the time, how "
            u"long "
            "it was on its way, its name, its payload. Comes back when the connection is lost, and "
            "says so; what was emitted meanwhile comes then, unless the server has given up the "
            "session: then it is missing. Ends with 0 on Ctrl-C."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::Shard
            | SharedOption::Token | SharedOption::Output,
        .options = {{u"count"_s, u"N"_s, u"End after N events"_s},
                    {u"for"_s, u"TIME"_s,
                     u"End after that time; with 5 if --count is given and was not reached"_s}},
        .make = makeListen,
    };
}

} // namespace Dispatch::Ctl
