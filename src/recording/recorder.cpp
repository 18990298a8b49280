// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "recorder_p.h"

#include "dispatchclient.h"
#include "environment_p.h"

#include <QtCore/qpointer.h>

namespace Dispatch {

namespace {

Instant timeOf(const DispatchClient &client)
{
    if (const auto environment = environmentAt(client.url()))
        return environment->now().steady;
    return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace

Recorder::Recorder(DispatchClient &client, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_bytes(recordingHead().size())
{
}

void Recorder::start()
{
    m_start = timeOf(m_client);
    connect(&m_client, &DispatchClient::connectedClientsChanged, this, &Recorder::look);
    connect(&m_client, &DispatchClient::eventReceived, this, &Recorder::hear);
    look();
}

void Recorder::look()
{
    // Whoever reads a line may end this.
    const QPointer guard(this);
    for (const RecordedStep &step : m_observer.look(m_client.connectedClients(), elapsed())) {
        write(step);
        if (!guard)
            return;
    }
}

void Recorder::hear(const QString &eventName, const QJsonValue &payload,
                    const DispatchEventMetadata &about)
{
    if (about.own)
        return;
    // Without its payload it would be another event.
    if (payload.isUndefined())
        ++m_unreadable;
    else
        write(m_observer.hear(eventName, payload, about, elapsed()));
}

void Recorder::write(const RecordedStep &step)
{
    if (m_isFull)
        return;
    const QByteArray line = recordedLine(step);
    if (m_bytes + line.size() > m_maxBytes) {
        m_isFull = true;
        QObject::disconnect(&m_client, nullptr, this, nullptr);
        Q_EMIT filled();
        return;
    }
    m_bytes += line.size();
    Q_EMIT written(line, step.what == RecordedStep::Emits);
}

Milliseconds Recorder::elapsed() const
{
    return std::chrono::duration_cast<Milliseconds>(timeOf(m_client) - m_start);
}

} // namespace Dispatch
