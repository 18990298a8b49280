// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "options_p.h"

#include <QtCore/qcommandlineparser.h>

#include <optional>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

constexpr int MaximumThreads = 64;

struct Parser {
    QCommandLineOption address{u"address"_s, u"Listen on this IP address."_s, u"ip"_s,
                               u"127.0.0.1"_s};
    QCommandLineOption port{u"port"_s,
                            u"Listen on this port; 0 takes a free one. The default is 8090."_s,
                            u"number"_s, u"8090"_s};
    QCommandLineOption secretFile{
        u"secret-file"_s,
        u"Accept tokens (JWT, HS256) signed with the secret in this file, at least 32 bytes. "
        "Without it each token is refused."_s,
        u"path"_s};
    QCommandLineOption threads{u"threads"_s, u"Serve connections with so many threads."_s,
                               u"number"_s, u"1"_s};
    QCommandLineOption help{{u"h"_s, u"help"_s}, u"Show this help."_s};
    QCommandLineOption version{{u"v"_s, u"version"_s}, u"Show the version."_s};
    QCommandLineParser line;

    Parser()
    {
        line.setApplicationDescription(
            u"Serves rooms for Dispatch clients until SIGTERM, SIGINT or SIGHUP."_s);
        line.addOptions({address, port, secretFile, threads, help, version});
    }
};

EarlyExit bad(const QString &message)
{
    return {ExitCode::BadOptions,
            u"dispatchd: %1\nTry 'dispatchd --help' for the options."_s.arg(message)};
}

std::optional<int> toInt(const QString &text, int minimum, int maximum)
{
    bool ok = false;
    const int number = text.toInt(&ok);
    if (!ok || number < minimum || number > maximum)
        return std::nullopt;
    return number;
}

} // namespace

std::variant<Options, EarlyExit> parseOptions(const QStringList &arguments, const QString &version)
{
    Parser parser;
    const bool parsed = parser.line.parse(arguments);
    if (!parsed)
        return bad(parser.line.errorText());
    if (parser.line.isSet(parser.help))
        return EarlyExit{ExitCode::Clean, parser.line.helpText().trimmed()};
    if (parser.line.isSet(parser.version))
        return EarlyExit{ExitCode::Clean, u"dispatchd %1"_s.arg(version)};
    if (const QStringList rest = parser.line.positionalArguments(); !rest.isEmpty())
        return bad(u"unexpected argument '%1'."_s.arg(rest.first()));

    Options options;
    const QString address = parser.line.value(parser.address);
    if (!options.address.setAddress(address))
        return bad(
            u"--address must be an IP address such as 127.0.0.1, 0.0.0.0 or ::, not '%1'."_s.arg(
                address));
    const auto port = toInt(parser.line.value(parser.port), 0, 65535);
    if (!port)
        return bad(u"--port must be a number from 0 to 65535, not '%1'."_s.arg(
            parser.line.value(parser.port)));
    options.port = quint16(*port);
    const auto threads = toInt(parser.line.value(parser.threads), 1, MaximumThreads);
    if (!threads)
        return bad(u"--threads must be a number from 1 to %1, not '%2'."_s.arg(
            QString::number(MaximumThreads), parser.line.value(parser.threads)));
    options.threads = *threads;
    options.secretFile = parser.line.value(parser.secretFile);
    if (parser.line.isSet(parser.secretFile) && options.secretFile.isEmpty())
        return bad(u"--secret-file needs the path of a file."_s);
    return options;
}

} // namespace Dispatch
