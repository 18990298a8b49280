// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "demo/conversation.h"
#include "exampleoptions.h"
#include "headless.h"
#include "windows.h"

#include <QtGui/qguiapplication.h>
#include <QtQml/qqmlapplicationengine.h>
#include <QtQuickControls2/qquickstyle.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

void print(std::FILE *stream, const QString &text)
{
    std::fputs(qUtf8Printable(text + u'\n'), stream);
    std::fflush(stream);
}

void open(QObject *app, const QString &name, bool joinsAtOnce)
{
    QMetaObject::invokeMethod(app, "openFor", Q_ARG(QString, name), Q_ARG(bool, joinsAtOnce),
                              Q_ARG(QString, QString()));
}

const Example Chat{u"Chat"_s, u"A chat over Dispatch."_s, u"chat"_s, u"Lobby"_s};

const QList<QCommandLineOption> OwnOptions = {
    {u"demo"_s, u"Open two windows, of Ann and of Ben, in one room."_s},
    {u"headless"_s,
     u"Show nothing: drive Ann and Ben through a conversation, print it, and tell by the exit "
     "status whether all was seen."_s},
    {u"screenshots"_s, u"Where --headless leaves pictures of the windows."_s, u"folder"_s},
};

} // namespace

int main(int argc, char *argv[])
{
    if (ExampleOptions::has("--headless", argc, argv))
        goHeadless();
    else if (ExampleOptions::has("--help", argc, argv))
        showNothing();
    QQuickStyle::setStyle(u"Basic"_s);
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(u"chat-qml"_s);
    QGuiApplication::setApplicationDisplayName(Chat.title);
    preferColourEmoji();

    const auto parsed = ExampleOptions::parse(QGuiApplication::arguments(), Chat, OwnOptions);
    if (const auto *message = std::get_if<ExampleOptions::Message>(&parsed)) {
        print(message->isError ? stderr : stdout, message->text);
        return message->isError ? 2 : 0;
    }
    const ExampleOptions options = std::get<ExampleOptions>(parsed);

    QQmlApplicationEngine engine;
    engine.addImportPath(u"" DISPATCH_QML_PATH ""_s);
    engine.addImportPath(u":/qt/qml"_s);
    engine.setInitialProperties(options.properties());
    engine.load(QUrl(u"qrc:/qt/qml/ChatQml/Main.qml"_s));
    if (engine.rootObjects().isEmpty())
        return 1;
    QObject *app = engine.rootObjects().constFirst();
    if (const QString failure = app->property("failure").toString(); !failure.isEmpty()) {
        print(stderr, failure);
        return 1;
    }
    if (const QString invitation = app->property("invitation").toString(); !invitation.isEmpty())
        print(stdout, u"Others can join with: chat-qml --url %1"_s.arg(invitation));

    if (options.own.contains(u"headless"_s)) {
        Conversation conversation(app, options.own.value(u"screenshots"_s));
        QObject::connect(&engine, &QQmlEngine::warnings, &conversation,
                         [&](const QList<QQmlError> &warnings) {
                             conversation.fail(warnings.constFirst().toString());
                         });
        conversation.start();
        return QGuiApplication::exec();
    }
    if (options.own.contains(u"demo"_s)) {
        open(app, u"Ann"_s, true);
        open(app, u"Ben"_s, true);
        placeSideBySide();
    } else {
        open(app, options.name, !options.name.isEmpty());
    }
    return QGuiApplication::exec();
}
