// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>
#include <QtQml/qqmlregistration.h>

/// Runs publish.py, which could as well run on another machine: all that it knows is the address of
/// the server and the token of the project.
class BackEnd : public QObject {
    Q_OBJECT
    Q_PROPERTY(bool available READ isAvailable CONSTANT)
    Q_PROPERTY(bool running READ isRunning NOTIFY runningChanged)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorStringChanged)
    QML_ELEMENT
    QML_UNCREATABLE("main() makes it")

public:
    /// Without a \a token the server is somebody else's, and can't be published to.
    BackEnd(const QUrl &server, const QString &project, const QString &room,
            const QByteArray &token, QObject *parent = nullptr);
    ~BackEnd() override;

    bool isAvailable() const;
    bool isRunning() const;
    QString errorString() const;

    /// Publishes a made-up build that takes so long.
    Q_INVOKABLE void play(double seconds);

Q_SIGNALS:
    void runningChanged();
    void errorStringChanged();

private:
    void start(const QStringList &arguments);
    void setError(const QString &error);

    const QUrl m_server;
    const QString m_project;
    const QString m_room;
    const QByteArray m_token;
    QString m_error;
    QProcess m_process;
};
