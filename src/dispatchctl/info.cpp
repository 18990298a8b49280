// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"
#include "room_p.h"
#include "texttable_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

class Info : public Command {
public:
    Info(const Settings &settings, Console &console)
        : Command(console)
        , m_settings(settings)
        , m_client(makeClient(settings))
    {
    }

    void start() override
    {
        m_client->info()
            .then(this, [this](const QList<DispatchShardInfo> &shards) { show(shards); })
            .onFailed(this, [this](const DispatchError &error) {
                fail(failureOf(error, m_settings.url));
            });
    }

private:
    void show(const QList<DispatchShardInfo> &shards);

    const Settings m_settings;
    std::unique_ptr<DispatchClient> m_client;
};

void Info::show(const QList<DispatchShardInfo> &shards)
{
    QList<QStringList> rows;
    qint64 clients = 0;
    for (const DispatchShardInfo &shard : shards) {
        rows.append({shard.shardName, QString::number(shard.numConnectedClients)});
        clients += shard.numConnectedClients;
        console().record({{u"shardName"_s, shard.shardName},
                          {u"numConnectedClients"_s, shard.numConnectedClients}});
    }
    if (!shards.isEmpty())
        console().print(formatTable({{u"SHARD"_s}, {u"CLIENTS"_s, Qt::AlignRight}}, rows));
    console().note(u"Shards: %1, clients: %2."_s.arg(shards.size()).arg(clients));
    finish();
}

std::unique_ptr<Command> makeInfo(const Settings &settings, OptionReader &, Console &console)
{
    return std::make_unique<Info>(settings, console);
}

} // namespace

CommandInfo infoCommand()
{
    return {
        .name = u"info"_s,
        .summary = u"List the shards of a project"_s,
        .description = u"Lists the shards of a project that somebody is in, and how many clients "
                       "each has."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::Output,
        .make = makeInfo,
    };
}

} // namespace Dispatch::Ctl
