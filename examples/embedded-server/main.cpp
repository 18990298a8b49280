// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A server inside of a program, and two clients that play ping-pong over it.

#include <DispatchClient>
#include <DispatchServer>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qtextstream.h>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream out(stdout);

    DispatchServer server;
    if (!server.listen()) // on 127.0.0.1 and a free port
        qFatal("%s", qUtf8Printable(server.errorString()));
    out << "Listening at " << server.url().toString() << Qt::endl;

    DispatchClient ann;
    DispatchClient ben;
    for (DispatchClient *client : {&ann, &ben}) {
        client->setUrl(server.url());
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
