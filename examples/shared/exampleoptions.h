// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qcommandlineoption.h>
#include <QtCore/qhash.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>
#include <QtCore/qvariant.h>

#include <optional>
#include <variant>

/// Where the embedded server listens.
struct HostAddress {
    QString listen; ///< the address to listen on
    QString invite; ///< the address to tell others; empty if they can't reach us
    quint16 port = 0;
};

/// An example as its command line knows it.
struct Example {
    QString title; ///< of its windows
    QString description; ///< a sentence that --help begins with
    QString project; ///< that it uses on a server
    QString room; ///< that it joins; empty: the one that the server chooses
    /// Who has a window if the command line names nobody, and no other machine is in it.
    QStringList people{QStringLiteral("Ann"), QStringLiteral("Ben")};
};

/// What the command line of an example asks for.
struct ExampleOptions {
    QString name; ///< empty: ask for it
    QString room;
    QString project;
    QUrl url; ///< empty: an embedded server
    HostAddress host;
    QHash<QString, QString> own; ///< the program's own options that were given, by name

    /// The options, or text to print: help, or what is wrong.
    struct Message {
        QString text;
        bool isError = false;
    };
    /// \a own: what only this program has.
    static std::variant<ExampleOptions, Message> parse(const QStringList &arguments,
                                                       const Example &example,
                                                       const QList<QCommandLineOption> &own = {});

    /// What the Main.qml of an example is told of them.
    QVariantMap properties() const;

    /// Whether \a option is given; for what must be known before there is an application.
    static bool has(const char *option, int argc, char *argv[]);
    /// Makes "--name Ann" one argument: Qt's plugin for X11 takes a --name that stands alone for
    /// its own, and away. To be called before there is an application.
    static void keepName(int &argc, char *argv[]);
};

/// The first address of this machine that others in the network may reach; "127.0.0.1" if there is
/// none.
QString networkAddress();

/// What to call whoever runs the program.
QString userName();

/// Reads "", "8080", "192.168.1.5" or "192.168.1.5:8080"; nothing if it is none of these.
std::optional<HostAddress> parseHost(const QString &text);
