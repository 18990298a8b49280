// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtestrecorder.h"

#include "environment_p.h"
#include "recording_p.h"

#include <QtCore/qdebug.h>
#include <QtCore/qhash.h>
#include <QtCore/qpointer.h>
#include <QtCore/qsavefile.h>

#include <algorithm>
#include <utility>

using namespace Dispatch;
using namespace Dispatch::TestKit;

class DispatchTestRecorder::Private {
public:
    explicit Private(DispatchTestRecorder *recorder)
        : q(recorder)
    {
    }

    void begin();
    void look(const QList<DispatchConnectedClient> &clients);
    void hear(const QString &eventName, const QJsonValue &payload,
              const DispatchEventMetadata &about);
    void write(RecordedStep step);
    Instant now() const;
    /// The name that \a clientId has in the recording.
    QString nameOf(const QString &clientId);

    DispatchTestRecorder *const q;
    QPointer<DispatchClient> client;
    QByteArray text;
    int maxBytes = 16 * 1024 * 1024;
    bool isFull = false;
    Instant start{};
    QHash<QString, QString> names; ///< by client id
    QHash<QString, DispatchConnectedClient> present; ///< without the client itself
};

void DispatchTestRecorder::Private::begin()
{
    text = recordingHead();
    names.clear();
    present.clear();
    if (std::exchange(isFull, false))
        Q_EMIT q->fullChanged();
    if (!client)
        return;
    start = now();
    connect(client, &DispatchClient::connectedClientsChanged, q,
            [this](const auto &clients) { look(clients); });
    connect(client, &DispatchClient::eventReceived, q,
            [this](const QString &eventName, const QJsonValue &payload,
                   const DispatchEventMetadata &about) { hear(eventName, payload, about); });
    look(client->connectedClients());
}

void DispatchTestRecorder::Private::look(const QList<DispatchConnectedClient> &clients)
{
    QHash<QString, DispatchConnectedClient> gone = std::exchange(present, {});
    for (const DispatchConnectedClient &there : clients) {
        if (there.isSelf)
            continue;
        present.insert(there.clientId, there);
        const auto before = gone.constFind(there.clientId);
        RecordedStep step{.what = RecordedStep::Joins,
                          .person = nameOf(there.clientId),
                          .userId = there.userId,
                          .value = there.userInfo};
        if (before != gone.constEnd()) {
            const bool isSame =
                before->userInfo == there.userInfo && before->userId == there.userId;
            gone.erase(before);
            if (isSame)
                continue;
            step.what = RecordedStep::Changes;
        }
        write(step);
    }
    for (const DispatchConnectedClient &left : std::as_const(gone))
        write({.what = RecordedStep::Leaves, .person = nameOf(left.clientId)});
}

void DispatchTestRecorder::Private::hear(const QString &eventName, const QJsonValue &payload,
                                         const DispatchEventMetadata &about)
{
    if (about.own)
        return;
    write({.what = RecordedStep::Emits,
           .person = about.senderId.isEmpty() ? QString() : nameOf(about.senderId),
           .eventName = eventName,
           .value = payload});
}

void DispatchTestRecorder::Private::write(RecordedStep step)
{
    step.at = std::chrono::duration_cast<Milliseconds>(now() - start);
    const QByteArray line = recordedLine(step);
    if (isFull || line.size() + text.size() > maxBytes) {
        if (!std::exchange(isFull, true))
            Q_EMIT q->fullChanged();
        return;
    }
    text += line;
}

Instant DispatchTestRecorder::Private::now() const
{
    if (const auto environment = environmentAt(client->url()))
        return environment->now().steady;
    return std::chrono::steady_clock::now().time_since_epoch();
}

QString DispatchTestRecorder::Private::nameOf(const QString &clientId)
{
    QString &name = names[clientId];
    if (name.isEmpty())
        name = QString::number(names.size());
    return name;
}

DispatchTestRecorder::DispatchTestRecorder(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
    d->begin();
}

DispatchTestRecorder::~DispatchTestRecorder() = default;

DispatchClient *DispatchTestRecorder::client() const
{
    return d->client;
}

void DispatchTestRecorder::setClient(DispatchClient *client)
{
    if (d->client == client)
        return;
    if (d->client)
        d->client->disconnect(this);
    d->client = client;
    if (client)
        d->begin();
    Q_EMIT clientChanged();
}

int DispatchTestRecorder::maxBytes() const
{
    return d->maxBytes;
}

void DispatchTestRecorder::setMaxBytes(int bytes)
{
    if (std::exchange(d->maxBytes, std::max(bytes, 0)) != d->maxBytes)
        Q_EMIT maxBytesChanged();
}

bool DispatchTestRecorder::isFull() const
{
    return d->isFull;
}

QByteArray DispatchTestRecorder::recording() const
{
    return d->text;
}

bool DispatchTestRecorder::save(const QUrl &file) const
{
    QSaveFile target(file.toLocalFile());
    if (target.open(QIODevice::WriteOnly) && target.write(d->text) == d->text.size()
        && target.commit())
        return true;
    qWarning().noquote() << file.toDisplayString() << "can't be written:" << target.errorString();
    return false;
}
