// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "exampleoptions.h"

#include <QtCore/qvariant.h>
#include <QtGui/qguiapplication.h>

#include <optional>

/// All that the main() of an example in QML does beside its topic: the command line, fonts and
/// style, windows for Ann and Ben, and the demonstration without a display (--headless).
class ExampleRunner {
public:
    /// \a module has the Main.qml of the example, an ExampleApp, and its Demo.qml, a DemoScript.
    ExampleRunner(int &argc, char **argv, const Example &example, const QString &module,
                  const QList<QCommandLineOption> &own = {});

    /// Those that were given; nothing if the program is over, as after --help.
    const std::optional<ExampleOptions> &options() const { return m_options; }

    /// Loads Main.qml with \a properties, and runs until it ends; gives the exit status.
    int run(const QVariantMap &properties = {});

private:
    void openWindows(QObject *app) const;
    bool isHeadless() const;

    const Example m_example;
    const QString m_module;
    QGuiApplication m_application;
    std::optional<ExampleOptions> m_options;
    int m_status = 0; ///< unless there are options
};
