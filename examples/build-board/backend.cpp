// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backend.h"

#include <QtCore/qfile.h>

#include <utility>

using namespace Qt::StringLiterals;

BackEnd::BackEnd(const QUrl &server, const QString &project, const QString &room,
                 const QByteArray &token, QObject *parent)
    : QObject(parent)
    , m_server(server)
    , m_project(project)
    , m_room(room)
    , m_token(token)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::stateChanged, this, &BackEnd::runningChanged);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            setError(tr("Python 3 is needed: python3 can't be started."));
    });
    connect(&m_process, &QProcess::finished, this, [this](int status) {
        if (status != 0)
            setError(QString::fromUtf8(m_process.readAll()).trimmed());
    });
}

BackEnd::~BackEnd()
{
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished();
}

bool BackEnd::isAvailable() const
{
    return !m_token.isEmpty();
}

bool BackEnd::isRunning() const
{
    return m_process.state() != QProcess::NotRunning;
}

QString BackEnd::errorString() const
{
    return m_error;
}

void BackEnd::play(double seconds)
{
    if (isAvailable() && !isRunning())
        start({u"--play"_s, u"--seconds"_s, QString::number(seconds)});
}

void BackEnd::start(const QStringList &arguments)
{
    setError({});
    QUrl http = m_server;
    http.setScheme(m_server.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    // Not on the command line, which others on this machine can read.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPATCH_TOKEN"_s, QString::fromLatin1(m_token));
    m_process.setProcessEnvironment(environment);
    m_process.start(u"python3"_s,
                    QStringList{u"-"_s, u"--url"_s, http.toString(), u"--project"_s, m_project,
                                u"--room"_s, m_room}
                        + arguments);
    QFile script(u":/qt/qml/BuildBoard/publish.py"_s);
    if (script.open(QIODevice::ReadOnly))
        m_process.write(script.readAll());
    m_process.closeWriteChannel();
}

void BackEnd::setError(const QString &error)
{
    if (std::exchange(m_error, error) != error)
        Q_EMIT errorStringChanged();
}
