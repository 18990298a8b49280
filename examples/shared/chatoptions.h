// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qcommandlineoption.h>
#include <QtCore/qhash.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <optional>
#include <variant>

/// Where the embedded server listens.
struct HostAddress {
    QString listen; ///< the address to listen on
    QString invite; ///< the address to tell others; empty if they can't reach us
    quint16 port = 0;
};

/// What the command lines of both chats ask for.
struct ChatOptions {
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
    static std::variant<ChatOptions, Message> parse(const QStringList &arguments,
                                                    const QList<QCommandLineOption> &own);

    /// Whether \a option is given; for what must be known before there is an application.
    static bool has(const char *option, int argc, char *argv[]);
};

/// Reads "", "8080", "192.168.1.5" or "192.168.1.5:8080"; nothing if it is none of these.
std::optional<HostAddress> parseHost(const QString &text);
