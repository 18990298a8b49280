// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "chatoptions.h"
#include "demo/conversation.h"

#include <QtCore/qtemporarydir.h>
#include <QtGui/qfontinfo.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qscreen.h>
#include <QtQml/qqmlapplicationengine.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuickControls2/qquickstyle.h>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

void print(std::FILE *stream, const QString &text)
{
    std::fputs(qUtf8Printable(text + u'\n'), stream);
    std::fflush(stream);
}

void setDefault(const char *variable, const char *value)
{
    if (!qEnvironmentVariableIsSet(variable))
        qputenv(variable, value);
}

/// Without a display, and with nothing that needs a graphics card.
void goHeadless()
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    setDefault("QT_SCALE_FACTOR", "2");
    // Where nobody has logged in Qt would make one, and say so.
    static const QTemporaryDir runtimeFolder;
    setDefault("XDG_RUNTIME_DIR", qUtf8Printable(runtimeFolder.path()));
}

/// Emoji in colour, also amid scripts whose own fonts have some in black and white.
void preferColourEmoji()
{
    QFont font = QGuiApplication::font();
    font.setFamilies({QFontInfo(font).family(), u"Noto Color Emoji"_s, u"Apple Color Emoji"_s,
                      u"Segoe UI Emoji"_s});
    QGuiApplication::setFont(font);
}

QVariantMap properties(const ChatOptions &options)
{
    return {{u"url"_s, options.url.toString()},   {u"listenAddress"_s, options.host.listen},
            {u"listenPort"_s, options.host.port}, {u"publicAddress"_s, options.host.invite},
            {u"project"_s, options.project},      {u"roomName"_s, options.room}};
}

void open(QObject *app, const QString &name, bool joinsAtOnce)
{
    QMetaObject::invokeMethod(app, "open", Q_ARG(QString, name), Q_ARG(bool, joinsAtOnce),
                              Q_ARG(QString, QString()));
}

/// Puts the windows of the demo side by side, narrower where the screen is.
void placeSideBySide()
{
    constexpr int Gap = 20;
    const QWindowList windows = QGuiApplication::topLevelWindows();
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    const int most = (screen.width() - Gap) / int(windows.size()) - Gap;
    int left = screen.left() + Gap;
    for (QWindow *window : windows) {
        window->setWidth(std::clamp(most, window->minimumWidth(), window->width()));
        window->setPosition(left, screen.top() + 3 * Gap);
        left += window->width() + Gap;
    }
}

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
    if (ChatOptions::has("--headless", argc, argv))
        goHeadless();
    else if (ChatOptions::has("--help", argc, argv))
        setDefault("QT_QPA_PLATFORM", "offscreen");
    QQuickStyle::setStyle(u"Basic"_s);
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(u"chat-qml"_s);
    QGuiApplication::setApplicationDisplayName(u"Chat"_s);
    preferColourEmoji();

    const auto parsed = ChatOptions::parse(QGuiApplication::arguments(), OwnOptions);
    if (const auto *message = std::get_if<ChatOptions::Message>(&parsed)) {
        print(message->isError ? stderr : stdout, message->text);
        return message->isError ? 2 : 0;
    }
    const ChatOptions options = std::get<ChatOptions>(parsed);

    QQmlApplicationEngine engine;
    engine.addImportPath(u"" DISPATCH_QML_PATH ""_s);
    engine.addImportPath(u":/qt/qml"_s);
    engine.setInitialProperties(properties(options));
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
