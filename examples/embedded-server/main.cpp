// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A server inside of a program, and two clients that play ping-pong over it.
//
//     embedded-server [--address <ip>] [--port <number>]

#include <DispatchClient>
#include <DispatchServer>

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qtextstream.h>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream out(stdout);
    QTextStream errors(stderr);

    QCommandLineParser line;
    line.setApplicationDescription(u"Two clients play ping-pong over a server of their own."_s);
    line.addHelpOption();
    line.addOptions(
        {{u"address"_s, u"Listen on this IP address."_s, u"ip"_s, u"127.0.0.1"_s},
         {u"port"_s, u"Listen on this port; 0 takes a free one."_s, u"number"_s, u"0"_s}});
    line.process(application); // ends the program after --help and unknown options
    const QHostAddress address(line.value(u"address"_s));
    bool isPort = false;
    const quint16 port = line.value(u"port"_s).toUShort(&isPort);
    if (address.isNull() || !isPort || !line.positionalArguments().isEmpty()) {
        errors << "Give an IP address and a port from 0 to 65535, nothing else. Try --help."
               << Qt::endl;
        return 2;
    }

    DispatchServer server;
    if (!server.listen(address, port)) {
        errors << server.errorString() << Qt::endl;
        return 1;
    }
    out << "Listening at " << server.url().toString() << Qt::endl;

    DispatchClient ann;
    DispatchClient ben;
    for (DispatchClient *client : {&ann, &ben}) {
        client->setUrl(server.url());
        client->setAllowInsecure(true); // --address may be one of the local network
        client->setShardName(u"table-tennis"_s);
    }
    ben.on(u"ping"_s, &ben, [&](const QJsonObject &ball) {
        ben.emitEvent(u"pong"_s, QJsonObject{{u"hits"_s, ball["hits"_L1].toInt() + 1}});
    });
    ann.on(u"pong"_s, &ann, [&](const QJsonObject &ball, const DispatchEventMetadata &metadata) {
        const int hits = ball["hits"_L1].toInt();
        out << hits << " hits, " << metadata.latencyMs << " ms" << Qt::endl;
        if (hits == 10)
            return application.quit();
        ann.emitEvent(u"ping"_s, QJsonObject{{u"hits"_s, hits + 1}});
    });
    ben.connectToServer().then(&ann, [&](const DispatchConnectionInfo &info) {
        out << "Ben is at the " << info.shardName << Qt::endl;
        ann.emitEvent(u"ping"_s, QJsonObject{{u"hits"_s, 1}}); // queued until Ann is there, too
        ann.connectToServer();
    });
    return application.exec();
}
