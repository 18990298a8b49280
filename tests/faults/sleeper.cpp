// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// A native client in a process of its own, so that it can be stopped as a whole: emits an event
// every so often, and writes its history to stdout.
//     faults_sleeper <url> <shard> <scale> <ms between events>
// What it reads from stdin, a line each:
//     fence <number>    emit no more events, but this fence
//     present           who is there, as {"present": [name...], "idle": bool}
// The end of stdin is its end.

#include "historyline.h"
#include "nativeactor.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

#include <cstdio>
#include <unistd.h>

using namespace Dispatch::Faults;
using namespace Qt::StringLiterals;

namespace {

void say(const QByteArray &line)
{
    std::fwrite(line.constData(), 1, std::size_t(line.size()), stdout);
    std::fflush(stdout);
}

void sayWhoIsThere(const NativeActor &actor)
{
    QJsonArray present;
    for (const std::string &name : actor.present())
        present.append(QString::fromStdString(name));
    const QJsonObject answer{{u"present"_s, present},
                             {u"idle"_s, actor.isConnected() && actor.isIdle()}};
    say(QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n');
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 5) {
        std::fputs("usage: faults_sleeper <url> <shard> <scale> <ms between events>\n", stderr);
        return 2;
    }

    NativeActor actor(u"sleeper"_s, {QUrl(arguments[1]), arguments[2]}, NativeActor::Extended,
                      NativeActor::defaults(arguments[3].toInt()));
    QObject::connect(&actor, &Actor::noted, &actor,
                     [](const AnyEntry &entry) { say(toLine(entry)); });
    QTimer speaking;
    QObject::connect(&speaking, &QTimer::timeout, &actor, [&actor] { actor.emitNext({}); });

    QByteArray input;
    QSocketNotifier commands(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&commands, &QSocketNotifier::activated, &actor, [&] {
        char buffer[256];
        const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
        if (got <= 0)
            return QCoreApplication::quit();
        input.append(buffer, got);
        for (qsizetype end = input.indexOf('\n'); end >= 0; end = input.indexOf('\n')) {
            const QByteArray command = input.left(end);
            input.remove(0, end + 1);
            if (command == "present")
                sayWhoIsThere(actor);
            if (!command.startsWith("fence "))
                continue;
            speaking.stop();
            actor.emitFence(command.sliced(6).toInt());
        }
    });
    actor.start();
    speaking.start(arguments[4].toInt());
    return QCoreApplication::exec();
}
