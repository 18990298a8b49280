// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "chatroom.h"
#include "chatwindow.h"
#include "exampleoptions.h"

#include <DispatchServer>
#include <QtWidgets/qapplication.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

constexpr int HeadlessLimit = 20'000;

const Example Chat{u"Chat"_s, u"A chat over Dispatch."_s, u"chat"_s, u"Lobby"_s};

const QList<QCommandLineOption> OwnOptions = {
    {u"say"_s, u"Say <text> on joining."_s, u"text"_s},
    {u"headless-screenshot"_s,
     u"Show nothing; as soon as somebody else has said something, leave a picture of the window in "
     "<file> and end."_s,
     u"file"_s},
};

int fail(const QString &message)
{
    std::fputs(qUtf8Printable(message + u'\n'), stderr);
    return 1;
}

/// Ends the application with a picture once somebody has answered; without one after a while.
void watch(ChatRoom &room, ChatWindow &window, const QString &file)
{
    QObject::connect(&room, &ChatRoom::received, &window, [&window, file] {
        // The view lays out what it was told of in the next turn of the event loop.
        QTimer::singleShot(0, &window, [&window, file] {
            QApplication::exit(
                window.grab().save(file) ? 0 : fail(u"Can't write the picture to %1."_s.arg(file)));
        });
    });
    QTimer::singleShot(HeadlessLimit, &window, [] {
        QApplication::exit(fail(u"Nobody else said anything within 20 s."_s));
    });
}

} // namespace

int main(int argc, char *argv[])
{
    if (ExampleOptions::has("--headless-screenshot", argc, argv)
        || ExampleOptions::has("--help", argc, argv))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    ExampleOptions::keepName(argc, argv);
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"chat-widgets"_s);
    const auto parsed = ExampleOptions::parse(QApplication::arguments(), Chat, OwnOptions);
    if (const auto *message = std::get_if<ExampleOptions::Message>(&parsed)) {
        std::fputs(qUtf8Printable(message->text + u'\n'), message->isError ? stderr : stdout);
        return message->isError ? 2 : 0;
    }
    const ExampleOptions options = std::get<ExampleOptions>(parsed);

    DispatchServer server;
    if (options.url.isEmpty()
        && !server.listen(QHostAddress(options.host.listen), options.host.port))
        return fail(server.errorString());
    if (options.url.isEmpty() && !options.host.invite.isEmpty()) {
        std::printf("Others can join with: chat-widgets --url ws://%s:%d\n",
                    qUtf8Printable(options.host.invite), server.port());
        std::fflush(stdout);
    }

    ChatRoom room;
    room.client()->setUrl(options.url.isEmpty() ? server.url() : options.url);
    room.client()->setProjectId(options.project);
    // For --host in a local network; a server on the Internet has wss://.
    room.client()->setAllowInsecure(true);
    ChatWindow window(&room);
    if (options.own.contains(u"headless-screenshot"_s))
        watch(room, window, options.own.value(u"headless-screenshot"_s));
    room.join(options.name.isEmpty() ? userName() : options.name, options.room);
    if (options.own.contains(u"say"_s))
        room.send(options.own.value(u"say"_s));
    window.show();
    return QApplication::exec();
}
