// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "exampleoptions.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qregularexpression.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qnetworkinterface.h>

#include <algorithm>
#include <string>
#include <string_view>

using namespace Qt::StringLiterals;
using namespace std::string_view_literals;

namespace {

const QString EveryAddress = u"0.0.0.0"_s;

/// --host may stand alone, which QCommandLineParser does not know of.
QStringList completed(const QStringList &arguments)
{
    QStringList result;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const bool hasValue = i + 1 < arguments.size() && !arguments[i + 1].startsWith(u'-');
        result.append(arguments[i] == "--host"_L1 && !hasValue ? u"--host="_s + EveryAddress
                                                               : arguments[i]);
    }
    return result;
}

} // namespace

QString networkAddress()
{
    const auto addresses = QNetworkInterface::allAddresses();
    const auto found = std::ranges::find_if(addresses, [](const QHostAddress &address) {
        return address.protocol() == QAbstractSocket::IPv4Protocol && address.isGlobal();
    });
    return found == addresses.end() ? u"127.0.0.1"_s : found->toString();
}

QString userName()
{
    const QString name = qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME"));
    return name.isEmpty() ? u"Guest"_s : name;
}

std::optional<HostAddress> parseHost(const QString &text)
{
    static const QRegularExpression form(u"^(?<address>[0-9.]*\\.[0-9.]*)?(:?(?<port>[0-9]+))?$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    bool isPort = true;
    const QString portText = match.captured(u"port");
    const quint16 port = portText.isEmpty() ? quint16(0) : portText.toUShort(&isPort);
    const QString address = match.captured(u"address");
    const QHostAddress parsed(address.isEmpty() ? EveryAddress : address);
    if (!isPort || parsed.isNull())
        return std::nullopt;
    const bool isEvery = parsed == QHostAddress::AnyIPv4;
    return HostAddress{parsed.toString(), isEvery ? networkAddress() : parsed.toString(), port};
}

std::variant<ExampleOptions, ExampleOptions::Message>
ExampleOptions::parse(const QStringList &arguments, const Example &example,
                      const QList<QCommandLineOption> &own)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(example.description
                                     + u" Hosts its own server unless --url names another."_s);
    const QCommandLineOption help = parser.addHelpOption();
    parser.addOptions({
        {u"name"_s, u"Join as <name>, at once."_s, u"name"_s},
        {u"room"_s,
         u"The room to join; by default %1."_s.arg(
             example.room.isEmpty() ? u"the one that the server chooses"_s : example.room),
         u"room"_s, example.room},
        {u"project"_s, u"The server's project to use; %1 by default."_s.arg(example.project),
         u"project"_s, example.project},
        {u"url"_s, u"Use the server at <url>, as in ws://192.168.1.5:8080."_s, u"url"_s},
        {u"host"_s,
         u"Let others in the network join our server: on every address and a free port, or on "
         "[address][:port]."_s,
         u"address"_s},
    });
    parser.addOptions(own);
    if (!parser.parse(completed(arguments)))
        return Message{parser.errorText() + u"\nTry --help."_s, true};
    if (parser.isSet(help))
        return Message{parser.helpText(), false};

    ExampleOptions options;
    options.name = parser.value(u"name"_s);
    options.room = parser.value(u"room"_s);
    options.project = parser.value(u"project"_s);
    for (const QCommandLineOption &option : own) {
        const QString name = option.names().constFirst();
        if (parser.isSet(option))
            options.own.insert(name, option.valueName().isEmpty() ? name : parser.value(option));
    }
    options.host.listen = u"127.0.0.1"_s;
    if (parser.isSet(u"url"_s)) {
        options.url = QUrl(parser.value(u"url"_s), QUrl::StrictMode);
        const bool isSocket = options.url.scheme() == "ws"_L1 || options.url.scheme() == "wss"_L1;
        if (!isSocket || options.url.host().isEmpty())
            return Message{u"--url needs an address as in ws://192.168.1.5:8080."_s, true};
        if (parser.isSet(u"host"_s))
            return Message{u"Give --url to join a server or --host to be one, not both."_s, true};
    }
    if (parser.isSet(u"host"_s)) {
        const auto host = parseHost(parser.value(u"host"_s));
        if (!host)
            return Message{u"--host needs an IP address of this machine and a port, as in "
                           "192.168.1.5:8080, or one of both."_s,
                           true};
        options.host = *host;
    }
    return options;
}

QVariantMap ExampleOptions::properties() const
{
    return {{u"url"_s, url.toString()},   {u"listenAddress"_s, host.listen},
            {u"listenPort"_s, host.port}, {u"publicAddress"_s, host.invite},
            {u"project"_s, project},      {u"roomName"_s, room}};
}

bool ExampleOptions::has(const char *option, int argc, char *argv[])
{
    return std::any_of(argv, argv + argc, [option](const char *argument) {
        const std::string_view text(argument);
        const std::string_view name(option);
        return text.starts_with(name) && (text.size() == name.size() || text[name.size()] == '=');
    });
}

void ExampleOptions::keepName(int &argc, char *argv[])
{
    static std::string joined; // an application looks at its arguments as long as it lives
    for (int i = 1; i + 1 < argc; ++i) {
        if (argv[i] != "--name"sv)
            continue;
        joined = "--name=" + std::string(argv[i + 1]);
        argv[i] = joined.data();
        std::copy(argv + i + 2, argv + argc, argv + i + 1);
        argv[--argc] = nullptr;
        return;
    }
}
