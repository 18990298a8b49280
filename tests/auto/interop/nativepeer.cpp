// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A native client for the tests in JavaScript: joins, says on stdout that it did, and answers each
// event "question" with an event "answer". The event "goodbye" ends it.
//     interop_nativepeer <url> <projectId> <shardName>

#include "dispatchclient.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsonobject.h>

#include <cstdio>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 4) {
        std::fputs("usage: interop_nativepeer <url> <projectId> <shardName>\n", stderr);
        return 2;
    }

    DispatchClient client;
    client.setUrl(QUrl(arguments[1]));
    client.setProjectId(arguments[2]);
    client.setShardName(arguments[3]);
    client.setUserInfo({{u"name"_s, u"native"_s}});
    const auto answering = client.on(u"question"_s, &client, [&client](const QJsonObject &payload) {
        client.emitEvent(u"answer"_s, QJsonObject{{u"to"_s, payload[u"text"_s]}});
    });
    const auto leaving =
        client.on(u"goodbye"_s, &client, [&client] { client.disconnectFromServer(); });
    QObject::connect(&client, &DispatchClient::disconnected, &application, &QCoreApplication::quit);
    QObject::connect(&client, &DispatchClient::connected, &client,
                     [](const DispatchConnectionInfo &info) {
                         std::printf("%s\n", qUtf8Printable(info.clientId));
                         std::fflush(stdout);
                     });
    QObject::connect(&client, &DispatchClient::failed, &client, [](const DispatchError &error) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(error.message()));
        QCoreApplication::exit(1);
    });
    client.setActive(true);
    return QCoreApplication::exec();
}
