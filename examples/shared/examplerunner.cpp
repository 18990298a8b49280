// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "examplerunner.h"

#include "hands.h"
#include "headless.h"
#include "windows.h"

#include <QtQml/qqmlapplicationengine.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQuickControls2/qquickstyle.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

/// What has to be set before there is an application; gives \a argc.
int &prepared(int &argc, char **argv)
{
    if (ExampleOptions::has("--headless", argc, argv))
        goHeadless();
    else if (ExampleOptions::has("--help", argc, argv))
        showNothing();
    ExampleOptions::keepName(argc, argv);
    QQuickStyle::setStyle(u"Basic"_s);
    return argc;
}

const QList<QCommandLineOption> RunnerOptions = {
    {u"headless"_s,
     u"Show nothing: play the example through with windows off screen, and tell by the exit status "
     "whether all was seen."_s},
    {u"screenshots"_s, u"Where --headless leaves pictures of the windows."_s, u"folder"_s},
};

} // namespace

void print(std::FILE *stream, const QString &line)
{
    std::fprintf(stream, "%s\n", qUtf8Printable(line));
    std::fflush(stream);
}

ExampleRunner::ExampleRunner(int &argc, char **argv, const Example &example, const QString &module,
                             const QList<QCommandLineOption> &own)
    : m_example(example)
    , m_module(module)
    , m_application(prepared(argc, argv), argv)
{
    QGuiApplication::setApplicationDisplayName(example.title);
    preferColourEmoji();
    auto parsed = ExampleOptions::parse(QGuiApplication::arguments(), example, RunnerOptions + own);
    if (const auto *message = std::get_if<ExampleOptions::Message>(&parsed)) {
        print(message->isError ? stderr : stdout, message->text);
        m_status = message->isError ? 2 : 0;
    } else {
        m_options = std::get<ExampleOptions>(parsed);
    }
}

QObject *ExampleRunner::load(QQmlApplicationEngine &engine, const QVariantMap &properties) const
{
    QVariantMap all = m_options->properties();
    all.insert(properties);
    engine.addImportPath(u"" DISPATCH_QML_PATH ""_s);
    engine.addImportPath(u":/qt/qml"_s);
    engine.setInitialProperties(all);
    engine.load(QUrl(u"qrc:/qt/qml/%1/Main.qml"_s.arg(m_module)));
    if (engine.rootObjects().isEmpty())
        return nullptr;
    QObject *app = engine.rootObjects().constFirst();
    if (const QString failure = app->property("failure").toString(); !failure.isEmpty()) {
        print(stderr, failure);
        return nullptr;
    }
    if (const QString invitation = app->property("invitation").toString(); !invitation.isEmpty()) {
        print(stdout,
              u"Others can join with: %1 --url %2"_s.arg(QCoreApplication::applicationName(),
                                                         invitation));
    }
    return app;
}

int ExampleRunner::run(const QVariantMap &properties)
{
    if (!m_options)
        return m_status;
    QQmlApplicationEngine engine;
    QObject *app = load(engine, properties);
    if (!app)
        return 1;
    if (!isHeadless()) {
        openWindows(app);
        return QGuiApplication::exec();
    }

    Hands hands(m_options->own.value(u"screenshots"_s));
    QObject::connect(&engine, &QQmlEngine::warnings, &hands, [](const QList<QQmlError> &warnings) {
        print(stderr, warnings.constFirst().toString());
        QCoreApplication::exit(1);
    });
    QQmlComponent component(&engine, QUrl(u"qrc:/qt/qml/%1/Demo.qml"_s.arg(m_module)));
    const std::unique_ptr<QObject> demo(component.createWithInitialProperties(
        {{u"app"_s, QVariant::fromValue(app)},
         {u"hands"_s, QVariant::fromValue<QObject *>(&hands)}}));
    if (!demo) {
        print(stderr, component.errorString());
        return 1;
    }
    return QGuiApplication::exec();
}

void ExampleRunner::openWindows(QObject *app) const
{
    const bool isAlone = !m_options->name.isEmpty() || !m_options->url.isEmpty()
        || !m_options->host.invite.isEmpty();
    const QStringList names = !isAlone ? m_example.people
        : m_options->name.isEmpty()    ? QStringList{userName()}
                                       : QStringList{m_options->name};
    for (const QString &name : names)
        QMetaObject::invokeMethod(app, "open", Q_ARG(QString, name));
    if (names.size() > 1)
        placeSideBySide();
}

bool ExampleRunner::isHeadless() const
{
    return m_options->own.contains(u"headless"_s);
}
