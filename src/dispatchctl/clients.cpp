// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "apiclient_p.h"
#include "commandtable_p.h"
#include "printable_p.h"
#include "texttable_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr qsizetype ShownInfo = 60;

class Clients : public Command {
public:
    Clients(const Settings &settings, const QString &shardName, Console &console)
        : Command(console)
        , m_shardName(shardName)
        , m_api(settings)
    {
    }

    void start() override { ask({}); }

private:
    void ask(const QString &after);
    void take(const QJsonObject &page);
    void show();

    const QString m_shardName;
    ApiClient m_api;
    QList<QStringList> m_rows;
};

void Clients::ask(const QString &after)
{
    ApiRequest request{.path = {u"shards"_s, m_shardName, u"clients"_s}};
    request.query.addQueryItem(u"limit"_s, u"1000"_s);
    if (!after.isEmpty())
        request.query.addQueryItem(u"after"_s, QString::fromLatin1(QUrl::toPercentEncoding(after)));
    m_api.send(request, [this](const ApiClient::Answer &answer) {
        if (const auto *failure = std::get_if<Failure>(&answer))
            return fail(*failure);
        take(std::get<QJsonObject>(answer));
    });
}

void Clients::take(const QJsonObject &page)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const QJsonValue &entry : page["clients"_L1].toArray()) {
        console().record(entry.toObject());
        m_rows.append({entry["clientId"_L1].toString(), entry["userId"_L1].toString(u"-"_s),
                       formatRelative(entry["connectedSince"_L1].toInteger(), now),
                       formatRelative(entry["lastPing"_L1].toInteger(), now),
                       shortened(compactJson(entry["userInfo"_L1]), ShownInfo)});
    }
    const QString next = page["next"_L1].toString();
    if (!next.isEmpty() && !isFinished())
        return ask(next);
    show();
}

void Clients::show()
{
    console().print(formatTable(
        {{u"CLIENT"_s}, {u"USER"_s}, {u"CONNECTED"_s}, {u"LAST HEARD"_s}, {u"INFO"_s}}, m_rows));
    console().note(u"Clients: %1."_s.arg(m_rows.size()));
    finish();
}

std::unique_ptr<Command> makeClients(const Settings &settings, OptionReader &read, Console &console)
{
    const QStringList shards = read.texts(u"shard"_s) + read.positional();
    if (shards.size() != 1 || shards.first().isEmpty())
        read.complain(u"Name one shard: give --shard."_s);
    readShardName(read); // complains
    if (settings.projectToken.isEmpty())
        read.complain(u"A project token is needed: give --project-token-file."_s);
    return std::make_unique<Clients>(settings, shards.value(0), console);
}

} // namespace

CommandInfo clientsCommand()
{
    return {
        .name = u"clients"_s,
        .arguments = u"[SHARD]"_s,
        .maxArguments = 1,
        .summary = u"List the clients in a shard"_s,
        .description = u"Lists who is in the shard that --shard or SHARD names. What clients say "
                       u"of themselves is cut to 60 "
                       "characters; --json has all of it."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::ProjectToken
            | SharedOption::Output,
        .options = {{u"shard"_s, u"NAME"_s, u"The shard"_s}},
        .make = makeClients,
    };
}

} // namespace Dispatch::Ctl
