// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>
#include <DispatchServer>

#include <QCoreApplication>
#include <QDebug>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    DispatchServer server; // in this process; or run dispatchd anywhere
    server.listen();

    DispatchClient client;
    client.setUrl(server.url());
    client.setProjectId("demo-chat");
    client.setUserInfo({{"name", "Ann"}});

    client.on("message", &app, [&](const QJsonObject &message, const DispatchEventMetadata &about) {
        qInfo().noquote() << message["author"].toString() + ":" << message["body"].toString()
                          << "after" << about.latencyMs << "ms";
        QCoreApplication::quit();
    });
    QObject::connect(&client, &DispatchClient::connectedClientsChanged, &app,
                     [](const auto &clients) { qInfo() << clients.size() << "here"; });
    QObject::connect(&client, &DispatchClient::errorOccurred, &app,
                     [](const DispatchError &error) { qWarning() << error.message(); });

    client.connectToServer().then(&app, [&](const DispatchConnectionInfo &info) {
        qInfo() << "joined" << info.shardName;
        client.emitEvent("message", QJsonObject{{"author", "Ann"}, {"body", "Hello!"}});
    });
    return app.exec();
}
