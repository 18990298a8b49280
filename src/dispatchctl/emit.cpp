// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"
#include "readtoend_p.h"
#include "room_p.h"

#include "limits_p.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qtimer.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

struct EmitWish {
    QString eventName;
    QJsonValue payload = QJsonValue::Undefined;
    std::optional<QStringList> recipients; ///< nothing: the shard
    qint64 count = 1;
    Milliseconds interval{1'000};
    bool isBackEnd = false;
};

class Emit : public Command {
public:
    Emit(const Settings &settings, const EmitWish &wish, Console &console)
        : Command(console)
        , m_settings(settings)
        , m_wish(wish)
        , m_client(makeClient(settings))
        , m_echo(*m_client)
    {
    }

    void start() override;

private:
    void emitNext();
    void confirm();
    void confirmed(double roundTripMs);

    const Settings m_settings;
    const EmitWish m_wish;
    std::unique_ptr<DispatchClient> m_client;
    Echo m_echo;
    QTimer m_pace;
    qint64 m_emitted = 0;
};

void Emit::start()
{
    connect(m_client.get(), &DispatchClient::errorOccurred, this,
            [this](const DispatchError &error) { fail(failureOf(error, m_settings.url)); });
    connect(&m_echo, &Echo::returned, this, &Emit::confirmed);
    connect(&m_pace, &QTimer::timeout, this, &Emit::emitNext);
    m_pace.setTimerType(Qt::PreciseTimer);
    // It waits for the connection; what can't be sent is refused before there is one.
    emitNext();
    if (isFinished())
        return;
    join(*m_client, m_settings).then(this, [this](const DispatchConnectionInfo &info) {
        console().note(m_wish.isBackEnd ? u"As a back end of %1."_s.arg(nameOf(m_settings))
                                        : u"In %1."_s.arg(nameOf(info, m_settings)));
        if (m_emitted == m_wish.count)
            confirm();
        else
            m_pace.start(m_wish.interval);
    });
}

void Emit::emitNext()
{
    if (m_wish.recipients)
        m_client->emitEvent(m_wish.eventName, m_wish.payload, *m_wish.recipients);
    else
        m_client->emitEvent(m_wish.eventName, m_wish.payload);
    if (isFinished())
        return;
    if (++m_emitted == m_wish.count && m_pace.isActive()) {
        m_pace.stop();
        confirm();
    }
}

/// What was handed to a socket may still be refused.
void Emit::confirm()
{
    m_echo.send();
    QTimer::singleShot(m_settings.timeout, this, [this] {
        fail({ExitCode::TimedOut,
              u"The server did not confirm in time; the event may have arrived."_s});
    });
}

void Emit::confirmed(double roundTripMs)
{
    if (isFinished())
        return;
    const QString what = m_emitted == 1 ? u"1 event"_s : u"%1 events"_s.arg(m_emitted);
    console().note(u"%1 sent; the last round trip took %2 ms."_s.arg(
        what, QString::number(roundTripMs, 'f', 1)));
    console().record({{u"sent"_s, m_emitted}, {u"roundTripMs"_s, roundTripMs}});
    finish();
}

QByteArray readStdin(OptionReader &read)
{
    QFile in;
    if (!in.open(stdin, QIODevice::ReadOnly))
        read.complain(u"The payload can't be read from stdin."_s);
    const QByteArray payload = readToEnd(in, qint64(Limits::MessageBytes));
    if (payload.size() > qsizetype(Limits::MessageBytes))
        read.complain(
            u"The payload has more than %1 bytes: a message may not."_s.arg(Limits::MessageBytes));
    return payload;
}

QJsonValue readPayload(OptionReader &read)
{
    if (read.positional().size() < 2)
        return QJsonValue::Undefined;
    const QString argument = read.positional()[1];
    const QByteArray given = argument == "-"_L1 ? readStdin(read) : argument.toUtf8();
    if (read.isSet(u"text"_s))
        return QString::fromUtf8(given);
    // Qt reads no single values.
    QJsonParseError error;
    const QJsonArray list = QJsonDocument::fromJson('[' + given + ']', &error).array();
    if (error.error != QJsonParseError::NoError)
        read.complain(u"The payload is no JSON: %1, at byte %2. Give --text for plain text."_s.arg(
            error.errorString(), QString::number(std::max(error.offset - 1, 0))));
    else if (list.size() != 1)
        read.complain(u"The payload is not one JSON value. Give --text for plain text."_s);
    return list.first();
}

std::unique_ptr<Command> makeEmit(const Settings &given, OptionReader &read, Console &console)
{
    EmitWish wish;
    wish.eventName = read.positional().first();
    wish.payload = readPayload(read);
    if (read.isSet(u"to"_s))
        wish.recipients = read.texts(u"to"_s);
    wish.count = read.number(u"count"_s, 1, 1'000'000'000).value_or(1);
    wish.interval = read.duration(u"interval"_s, Milliseconds(1), Day).value_or(wish.interval);

    Settings settings = given;
    wish.isBackEnd = read.isSet(u"back-end"_s);
    if (wish.isBackEnd) {
        if (settings.projectToken.isEmpty())
            read.complain(u"--back-end needs a project token: give --project-token-file."_s);
        settings.token = QString::fromUtf8(settings.projectToken);
    }
    return std::make_unique<Emit>(settings, wish, console);
}

} // namespace

CommandInfo emitCommand()
{
    return {
        .name = u"emit"_s,
        .arguments = u"EVENT [PAYLOAD|-]"_s,
        .minArguments = 1,
        .maxArguments = 2,
        .summary = u"Emit an event"_s,
        .description =
            u"Joins a shard, emits an event to all of it or to some, waits until the server has "
            "taken it, and leaves. PAYLOAD is JSON, {} if there is none; - reads it from stdin."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::Shard
            | SharedOption::Token | SharedOption::ProjectToken | SharedOption::Output,
        .options =
            {{u"text"_s, {}, u"PAYLOAD is plain text, which becomes a JSON string"_s},
             {u"to"_s, u"ID"_s,
              u"Emit to this client or user alone, in any shard of the project; can be repeated"_s},
             {u"count"_s, u"N"_s, u"Emit it N times"_s},
             {u"interval"_s, u"TIME"_s, u"Between two of them. Default: 1s"_s},
             {u"back-end"_s,
              {},
              u"Emit as a back end, with the project token: to all shards of the project, or to "
              "that of --shard"_s}},
        .make = makeEmit,
    };
}

} // namespace Dispatch::Ctl
