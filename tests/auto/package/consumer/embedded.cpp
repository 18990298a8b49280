// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>
#include <DispatchServer>

#include <QCoreApplication>
#include <QTimer>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QTimer::singleShot(20'000, &app, [] { QCoreApplication::exit(2); });

    DispatchServer server;
    if (!server.listen())
        return 1;

    DispatchClient client;
    client.setUrl(server.url());
    client.on("greeting", &app, [](const QJsonObject &payload) {
        QCoreApplication::exit(payload["text"].toString() == "hello" ? 0 : 3);
    });
    client.connectToServer().then(&app, [&client](const DispatchConnectionInfo &) {
        client.emitEvent("greeting", QJsonObject{{"text", "hello"}});
    });
    return app.exec();
}
