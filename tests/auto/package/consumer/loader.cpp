// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// loader <import path> <file.qml>: shows the file and waits until it has proven itself. Windows have
// when what is typed into a text field of the first one is seen in each; anything else says 'passed'.

#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QTimer>
#include <QUrl>
#include <QWindow>

#include <algorithm>

namespace {

QObject *childWith(const QObject *root, const char *property)
{
    for (QObject *child : root->findChildren<QObject *>()) {
        if (child->property(property).isValid())
            return child;
    }
    return nullptr;
}

QList<QObject *> visibleWindows()
{
    QList<QObject *> windows;
    for (QWindow *window : QGuiApplication::topLevelWindows()) {
        if (window->isVisible())
            windows += window;
    }
    return windows;
}

/// Whether its client sees all who are to hear what is said.
bool hasJoined(const QObject *window)
{
    const QObject *client = childWith(window, "currentShardName");
    const QObject *people = client ? client->property("clients").value<QObject *>() : nullptr;
    return people && people->property("count").toInt() == int(visibleWindows().size());
}

/// Whether one line was said in it: it is in its list, or in its text.
bool shows(const QObject *window)
{
    if (const QObject *list = childWith(window, "delegate"))
        return list->property("count").toInt() == 1;
    const QObject *log = childWith(window, "textDocument");
    return log && log->property("text").toString() == "Hello!";
}

bool hasPassed(QObject *root)
{
    const QVariant passed = root->property("passed");
    if (passed.isValid())
        return passed.toBool();

    const QList<QObject *> windows = visibleWindows();
    if (windows.isEmpty() || !std::all_of(windows.cbegin(), windows.cend(), hasJoined))
        return false;
    QObject *field = childWith(windows.constFirst(), "displayText"); // of what is one line
    if (field && !field->property("typed").toBool()) {
        field->setProperty("typed", true);
        field->setProperty("text", "Hello!");
        QMetaObject::invokeMethod(field, "accepted");
    }
    return std::all_of(windows.cbegin(), windows.cend(), shows);
}

} // namespace

int main(int argc, char *argv[])
{
    int ownArguments = 1; // what is shown has none
    QGuiApplication app(ownArguments, argv);
    if (argc != 3)
        return 1;
    QTimer::singleShot(20'000, &app, [] { QCoreApplication::exit(2); });

    QQmlApplicationEngine engine;
    engine.addImportPath(QString::fromLocal8Bit(argv[1]));
    QObject::connect(&engine, &QQmlEngine::warnings, &app, [] { QCoreApplication::exit(3); });
    engine.load(QUrl::fromLocalFile(QString::fromLocal8Bit(argv[2])));
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
