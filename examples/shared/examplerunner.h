// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "exampleoptions.h"

#include <QtCore/qvariant.h>
#include <QtGui/qguiapplication.h>

#include <cstdio>
#include <optional>

QT_FORWARD_DECLARE_CLASS(QQmlApplicationEngine)

/// All that the main() of an example in QML does beside its topic: the command line, fonts and
/// style, windows for Ann and Ben, and the demonstration without a display (--headless).
class ExampleRunner {
public:
    /// \a module has the Main.qml of the example, an ExampleApp, and its Demo.qml, a DemoScript.
    ExampleRunner(int &argc, char **argv, const Example &example, const QString &module,
                  const QList<QCommandLineOption> &own = {});

    /// Those that were given; nothing if the program is over, as after --help.
    const std::optional<ExampleOptions> &options() const { return m_options; }

    bool isHeadless() const;

    /// Loads Main.qml with \a properties, opens windows or plays Demo.qml, and runs until it ends;
    /// gives the exit status.
    int run(const QVariantMap &properties = {});

    /// The first part of run(), for who goes on otherwise: loads Main.qml, and tells how others can
    /// join. Gives the ExampleApp; nothing, having said why, if there is none.
    QObject *load(QQmlApplicationEngine &engine, const QVariantMap &properties = {}) const;

private:
    void openWindows(QObject *app) const;

    const Example m_example;
    const QString m_module;
    QGuiApplication m_application;
    std::optional<ExampleOptions> m_options;
    int m_status = 0; ///< unless there are options
};

/// Prints a line, at once.
void print(std::FILE *stream, const QString &line);
