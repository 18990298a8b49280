// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The module is a part of this program: nothing is loaded from anywhere.

#include <QCoreApplication>
#include <QQmlComponent>
#include <QQmlEngine>

#include <memory>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QQmlEngine engine;
    engine.addImportPath("qrc:/qt/qml");
    QQmlComponent component(&engine);
    component.setData("import Dispatch\n"
                      "DispatchClient { projectId: 'guest'; EventHandler { eventName: 'hit' } }",
                      QUrl());
    const std::unique_ptr<QObject> client(component.create());
    if (!client)
        qWarning("%s", qPrintable(component.errorString()));
    return client && client->property("projectId").toString() == "guest" ? 0 : 1;
}
