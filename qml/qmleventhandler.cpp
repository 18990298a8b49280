// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmleventhandler.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "jsengine_p.h"
#include "outerclient_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

QmlEventHandler::QmlEventHandler(QObject *parent)
    : QObject(parent)
{
}

QmlEventHandler::~QmlEventHandler()
{
    requireThreadOfDying(this, Q_FUNC_INFO);
    m_subscription.unsubscribe();
}

void QmlEventHandler::classBegin()
{
    m_complete = false;
}

void QmlEventHandler::componentComplete()
{
    m_complete = true;
    if (m_clientGiven)
        subscribeAnew();
    else
        setClient(outerClient<QmlClient>(this, "hears nothing"_L1));
}

QmlClient *QmlEventHandler::client() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_client;
}

void QmlEventHandler::setClient(QmlClient *client)
{
    requireThreadOf(this, Q_FUNC_INFO);
    m_clientGiven = true;
    if (m_client == client)
        return;
    m_client = client;
    subscribeAnew();
    Q_EMIT clientChanged();
}

QString QmlEventHandler::eventName() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_eventName;
}

void QmlEventHandler::setEventName(const QString &eventName)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (m_eventName == eventName)
        return;
    m_eventName = eventName;
    subscribeAnew();
    Q_EMIT eventNameChanged();
}

bool QmlEventHandler::isEnabled() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_enabled;
}

void QmlEventHandler::setEnabled(bool enabled)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (m_enabled == enabled)
        return;
    m_enabled = enabled;
    subscribeAnew();
    Q_EMIT enabledChanged();
}

void QmlEventHandler::subscribeAnew()
{
    m_subscription.unsubscribe();
    m_metadataMaker = {};
    if (m_complete && m_enabled && m_client && !m_eventName.isEmpty()) {
        m_subscription = m_client->subscribe(m_eventName, this,
                                             [this](const DispatchEvent &event) { hear(event); });
    }
}

void QmlEventHandler::hear(const DispatchEvent &event)
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&QmlEventHandler::triggered);
    if (!isSignalConnected(signal))
        return;
    if (!m_js)
        m_js = JsEngine::of(this);
    if (!m_js)
        return;
    if (m_metadataMaker.isUndefined())
        m_metadataMaker = m_js->metadataMaker(m_eventName);
    Q_EMIT triggered(m_js->payloadOf(event), m_js->metadataOf(event, m_metadataMaker));
}

} // namespace Dispatch
