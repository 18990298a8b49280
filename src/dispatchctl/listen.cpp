// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "printable_p.h"
#include "stay_p.h"

#include <QtCore/qdatetime.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

class Listen : public Stay {
public:
    /// Hears all events unless some are named.
    Listen(const Settings &settings, const Bounds &bounds, const QStringList &events,
           Console &console)
        : Stay(settings, bounds, u"Listening"_s, console)
        , m_events(events)
    {
    }

protected:
    void prepare() override;

private:
    void show(const QString &name, const QJsonValue &payload, double latencyMs);

    const QStringList m_events;
};

void Listen::prepare()
{
    if (m_events.isEmpty()) {
        connect(
            &client(), &DispatchClient::eventReceived, this,
            [this](const QString &name, const QJsonValue &payload,
                   const DispatchEventMetadata &about) { show(name, payload, about.latencyMs); });
    }
    for (const QString &name : m_events) {
        client().on(name, this, [this](const DispatchEvent &event) {
            show(event.name(), event.payload(), event.metadata().latencyMs);
        });
    }
}

void Listen::show(const QString &name, const QJsonValue &payload, double latencyMs)
{
    // What was on its way when the last one was shown.
    if (isFinished())
        return;
    const bool isReadable = !payload.isUndefined();
    const QDateTime now = QDateTime::currentDateTimeUtc();
    console().print(
        u"%1  %2 ms  %3  %4"_s.arg(now.toLocalTime().toString(u"HH:mm:ss.zzz"_s),
                                   QString::number(latencyMs, 'f', 1).rightJustified(5), name,
                                   isReadable ? compactJson(payload) : u"(unreadable)"_s));
    QJsonObject record{{u"type"_s, u"event"_s},
                       {u"time"_s, now.toString(Qt::ISODateWithMs)},
                       {u"eventName"_s, name},
                       {u"latencyMs"_s, latencyMs},
                       {u"payload"_s, isReadable ? payload : QJsonValue()}};
    if (!isReadable)
        record.insert(u"unreadable"_s, true);
    console().record(record);
    count();
}

std::unique_ptr<Command> makeListen(const Settings &settings, OptionReader &read, Console &console)
{
    QStringList events = read.positional();
    events.removeDuplicates();
    return std::make_unique<Listen>(settings, readStay(read), events, console);
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
        .shared = StaySettings,
        .options = stayOptions(),
        .make = makeListen,
    };
}

} // namespace Dispatch::Ctl
