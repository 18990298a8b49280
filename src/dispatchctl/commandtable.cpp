// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

QList<CommandInfo> makeTable()
{
    QList<CommandInfo> table{listenCommand(), emitCommand(),    recordCommand(), replayCommand(),
                             infoCommand(),   clientsCommand(), kickCommand()};
#ifdef DISPATCHCTL_HAS_TOKENS
    table += {tokenMakeCommand(), tokenInspectCommand()};
#endif
    return table += {benchCommand(), doctorCommand()};
}

} // namespace

const QList<CommandInfo> &commandTable()
{
    static const QList<CommandInfo> table = makeTable();
    return table;
}

QList<OptionInfo> sharedOptions(SharedOptions which)
{
    struct Row {
        SharedOption group;
        OptionInfo option;
    };
    static const QList<Row> rows = {
        {SharedOption::Server,
         {u"url"_s, u"URL"_s,
          u"The server, as in wss://rooms.example. Default: ws://127.0.0.1:8090"_s}},
        {SharedOption::Server,
         {u"insecure"_s, {}, u"Allow ws:// to another machine, for a network that you trust"_s}},
        {SharedOption::Project, {u"project"_s, u"ID"_s, u"The project. Default: 'default'"_s}},
        {SharedOption::TokenProject,
         {u"project"_s, u"ID"_s, u"The project that the token is for"_s}},
        {SharedOption::Shard,
         {u"shard"_s, u"NAME"_s, u"The shard. Default: the server chooses one"_s}},
        {SharedOption::Token,
         {u"token"_s, u"TOKEN"_s,
          u"A user's token. Who lists processes can see it: better use one of the next two"_s}},
        {SharedOption::Token, {u"token-file"_s, u"FILE"_s, u"Read the token from a file"_s}},
        {SharedOption::ProjectToken,
         {u"project-token-file"_s, u"FILE"_s, u"Read the token of a back end from a file"_s}},
        {SharedOption::Server,
         {u"ca-file"_s, u"FILE"_s, u"Trust the CAs in this file (PEM), too"_s}},
        {SharedOption::Server,
         {u"timeout"_s, u"TIME"_s, u"How long the server may take to answer. Default: 10s"_s}},
        {SharedOption::Output, {u"json"_s, {}, u"Print JSON, one object a line"_s}},
        {SharedOption::Output, {u"quiet"_s, {}, u"Print the answer and errors, nothing else"_s}},
    };
    QList<OptionInfo> options;
    for (const Row &row : rows) {
        if (which.testFlag(row.group))
            options += row.option;
    }
    return options;
}

} // namespace Dispatch::Ctl
