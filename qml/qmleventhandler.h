// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchsubscription.h"
#include "qmlclient.h"

#include <QtCore/qpointer.h>
#include <QtQml/qjsvalue.h>
#include <QtQml/qqmlparserstatus.h>

namespace Dispatch {

class JsEngine;

/// Hears the events of one name for as long as its component lives. Inside a DispatchClient it
/// needs no \c client.
class QmlEventHandler : public QObject, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(Dispatch::QmlClient *client READ client WRITE setClient NOTIFY clientChanged)
    Q_PROPERTY(QString eventName READ eventName WRITE setEventName NOTIFY eventNameChanged)
    Q_PROPERTY(bool enabled READ isEnabled WRITE setEnabled NOTIFY enabledChanged)
    QML_NAMED_ELEMENT(EventHandler)

public:
    explicit QmlEventHandler(QObject *parent = nullptr);
    ~QmlEventHandler() override;

    void classBegin() override;
    void componentComplete() override;

    QmlClient *client() const;
    void setClient(QmlClient *client);
    QString eventName() const;
    void setEventName(const QString &eventName);
    bool isEnabled() const;
    void setEnabled(bool enabled);

Q_SIGNALS:
    void clientChanged();
    void eventNameChanged();
    void enabledChanged();
    /// An event came; \a metadata is an object with what DispatchEventMetadata has. Both are only
    /// made if somebody is connected to this.
    void triggered(const QJSValue &payload, const QJSValue &metadata);

private:
    void subscribeAnew();
    void hear(const DispatchEvent &event);

    QPointer<QmlClient> m_client;
    QPointer<JsEngine> m_js;
    QString m_eventName;
    QJSValue m_metadataMaker; ///< of the event's name; undefined until it is needed
    DispatchSubscription m_subscription;
    bool m_enabled = true;
    bool m_complete = true; ///< unless a component is making it
    bool m_clientGiven = false;
};

} // namespace Dispatch
