// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// loader <import path> <file.qml>: shows the file and waits until it has proven itself. A window
// has when what is typed into its text field arrives in its list; anything else says 'passed'.

#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QTimer>
#include <QUrl>

namespace {

QObject *childWith(const QObject *root, const char *property)
{
    for (QObject *child : root->findChildren<QObject *>()) {
        if (child->property(property).isValid())
            return child;
    }
    return nullptr;
}

bool hasPassed(QObject *root)
{
    const QVariant passed = root->property("passed");
    if (passed.isValid())
        return passed.toBool();

    const QObject *client = childWith(root, "currentShardName");
    QObject *field = childWith(root, "placeholderText");
    const QObject *list = childWith(root, "delegate");
    if (!client || !field || !list || client->property("currentShardName").toString().isEmpty())
        return false;
    if (!field->property("typed").toBool()) {
        field->setProperty("typed", true);
        field->setProperty("text", "Hello!");
        QMetaObject::invokeMethod(field, "accepted");
    }
    return list->property("count").toInt() == 1;
}

} // namespace

int main(int argc, char *argv[])
{
    QGuiApplication app(argc, argv);
    QTimer::singleShot(20'000, &app, [] { QCoreApplication::exit(2); });

    QQmlApplicationEngine engine;
    engine.addImportPath(app.arguments().value(1));
    QObject::connect(&engine, &QQmlEngine::warnings, &app, [] { QCoreApplication::exit(3); });
    engine.load(QUrl::fromLocalFile(app.arguments().value(2)));
    if (engine.rootObjects().isEmpty())
        return 1;

    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &app, [&engine] {
        if (hasPassed(engine.rootObjects().constFirst()))
            QCoreApplication::exit(0);
    });
    poll.start(20);
    return app.exec();
}
