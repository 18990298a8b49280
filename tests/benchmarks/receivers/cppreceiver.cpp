// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// benchmark_receiver <mode> <url>: a C++ client that hears a replayed stream.

#include "cpu.h"

#include "dispatchclient.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsonobject.h>
#include <QtWebSockets/qwebsocket.h>

#include <functional>
#include <map>

using namespace Qt::StringLiterals;

namespace {

Cpu cpu;

void finish()
{
    cpu.print();
    QCoreApplication::quit();
}

using Subscribe = std::function<DispatchSubscription(DispatchClient &)>;

const std::map<QString, Subscribe> modes{
    {u"variantmap"_s,
     [](DispatchClient &client) {
         return client.on(u"bench"_s, &client, [](const QVariantMap &payload) {
             cpu.count(payload[u"x"_s].toDouble() + double(payload[u"body"_s].toString().size()));
         });
     }},
    {u"jsonobject"_s,
     [](DispatchClient &client) {
         return client.on(u"bench"_s, &client, [](const QJsonObject &payload) {
             cpu.count(payload["x"_L1].toDouble() + double(payload["body"_L1].toString().size()));
         });
     }},
    {u"raw"_s,
     [](DispatchClient &client) {
         return client.on(u"bench"_s, &client, [](const DispatchEvent &event) {
             cpu.count(double(event.rawPayload().size()));
         });
     }},
    {u"unheard"_s, [](DispatchClient &) { return DispatchSubscription(); }},
};

int runClient(const QUrl &url, const Subscribe &subscribe)
{
    DispatchClient client;
    const DispatchSubscription bench = subscribe(client);
    const auto start = client.on(u"start"_s, &client, [] { cpu.start(); });
    const auto end = client.on(u"end"_s, &client, [] { finish(); });
    client.setUrl(url);
    client.setActive(true);
    return QCoreApplication::exec();
}

/// The socket alone: what no client over it can be cheaper than.
int runSocket(const QUrl &url)
{
    QWebSocket socket;
    QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket, [](const QString &text) {
        cpu.count(double(text.size()));
        if (text.startsWith("{\"eventName\":\"start\""_L1))
            cpu.start();
        else if (text.startsWith("{\"eventName\":\"end\""_L1))
            finish();
    });
    QUrl withPath = url;
    withPath.setPath(u"/"_s);
    socket.open(withPath);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3) {
        const QUrl url(arguments[2]);
        if (const auto mode = modes.find(arguments[1]); mode != modes.end())
            return runClient(url, mode->second);
        if (arguments[1] == "qwebsocket"_L1)
            return runSocket(url);
    }
    std::fputs("usage: benchmark_receiver variantmap|jsonobject|raw|unheard|qwebsocket <url>\n",
               stderr);
    return 2;
}
