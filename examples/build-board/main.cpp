// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backend.h"
#include "examplerunner.h"

#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qrandom.h>
#include <QtNetwork/qhostaddress.h>

using namespace Qt::StringLiterals;

namespace {

/// A token that nobody can guess, good as long as this program runs. A server that is there to stay
/// has one of its operator's: dispatchd --help tells of project tokens.
QByteArray newToken()
{
    QByteArray bytes(32, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return bytes.toHex();
}

/// Lets who has \a token publish in \a project, and newcomers see what was published before.
bool listen(DispatchServer &server, const ExampleOptions &options, const QByteArray &token)
{
    server.setTokenVerifier(DispatchTokenVerifier::fromKeys({}, {{options.project, token}}));
    DispatchServerSettings settings;
    settings.maxHistory = 500;
    server.setSettings(settings);
    return server.listen(QHostAddress(options.host.listen), options.host.port);
}

} // namespace

int main(int argc, char *argv[])
{
    ExampleRunner runner(argc, argv,
                         {u"Build board"_s,
                          u"A screen that shows what a back end publishes."_s,
                          u"builds"_s,
                          u"board"_s,
                          {u"Wall"_s}},
                         u"BuildBoard"_s);
    if (!runner.options())
        return runner.run();

    const ExampleOptions &options = *runner.options();
    DispatchServer server;
    QUrl url = options.url;
    QByteArray token;
    if (url.isEmpty()) {
        token = newToken();
        if (!listen(server, options, token)) {
            print(stderr, server.errorString());
            return 1;
        }
        url = server.url();
        const QString host = options.host.invite.isEmpty() ? url.host() : options.host.invite;
        print(stdout,
              u"A back end publishes with:\n  export DISPATCH_TOKEN=%1\n  publish.py --url "
              "http://%2:%3 unit-tests passed"_s.arg(QString::fromLatin1(token), host)
                  .arg(server.port()));
        if (!options.host.invite.isEmpty())
            print(stdout,
                  u"Others look on with: build-board --url ws://%1:%2"_s.arg(host).arg(
                      server.port()));
    }
    BackEnd backEnd(url, options.project, options.room, token);
    return runner.run(
        {{u"url"_s, url.toString()}, {u"backEnd"_s, QVariant::fromValue<QObject *>(&backEnd)}});
}
