// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "demo/conversation.h"
#include "examplerunner.h"
#include "windows.h"

#include <QtQml/qqmlapplicationengine.h>

using namespace Qt::StringLiterals;

namespace {

void open(QObject *app, const QString &name, bool joinsAtOnce)
{
    QMetaObject::invokeMethod(app, "openFor", Q_ARG(QString, name), Q_ARG(bool, joinsAtOnce),
                              Q_ARG(QString, QString()));
}

} // namespace

int main(int argc, char *argv[])
{
    ExampleRunner runner(
        argc, argv, {u"Chat"_s, u"A chat over Dispatch."_s, u"chat"_s, u"Lobby"_s}, u"ChatQml"_s,
        {QCommandLineOption(u"demo"_s, u"Open two windows, of Ann and of Ben, in one room."_s)});
    if (!runner.options())
        return runner.run();

    const ExampleOptions &options = *runner.options();
    QQmlApplicationEngine engine;
    QObject *app = runner.load(engine);
    if (!app)
        return 1;
    if (runner.isHeadless()) {
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
