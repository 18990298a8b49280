// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchsharedstate.h"
#include "qmlclient.h"

#include <QtCore/qvariant.h>
#include <QtQml/qjsvalue.h>
#include <QtQml/qqmlparserstatus.h>

namespace Dispatch {

class StateValues;

/// DispatchSharedState for QML: its values can be bound to, one by one, and promises say what
/// becomes of changes. Inside a DispatchClient it needs no \c client.
class QmlSharedState : public DispatchSharedState, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(Dispatch::QmlClient *client READ qmlClient WRITE setQmlClient NOTIFY clientChanged)
    // As a QVariant: tools don't know what is in it.
    Q_PROPERTY(QVariant values READ values NOTIFY valuesChanged)
    QML_NAMED_ELEMENT(DispatchSharedState)

public:
    explicit QmlSharedState(QObject *parent = nullptr);
    ~QmlSharedState() override;

    void classBegin() override;
    void componentComplete() override;

    QmlClient *qmlClient() const;
    void setQmlClient(QmlClient *client);
    /// What is under each key, whatever text that is: a property by its name, with a notification
    /// of its own; undefined if nothing is. To assign to one is to set the key, without options; to
    /// delete one is to remove it. Object.keys() gives the keys that are there.
    QVariant values() const;

    /// What is under \a key; undefined if nothing is. No binding follows it: values does.
    Q_INVOKABLE QJSValue value(const QString &key) const;
    Q_INVOKABLE bool contains(const QString &key) const;
    Q_INVOKABLE QStringList keys() const;
    Q_INVOKABLE QString ownerId(const QString &key) const;
    /// A DispatchEventMetadata: who changed \a key last. For tools it is anything, as they don't
    /// know the type of its sequence.
    Q_INVOKABLE QVariant metadata(const QString &key) const;
    /// Sets \a key to \a value, which can be all that JSON can carry. \a options may have ttl (ms),
    /// owned, ifSequence and coalesced, see DispatchStateOptions. Gives a promise of {sequence}.
    Q_INVOKABLE QJSValue set(const QString &key, const QJSValue &value,
                             const QJSValue &options = {});
    /// Removes \a key. As set().
    Q_INVOKABLE QJSValue remove(const QString &key, const QJSValue &options = {});

Q_SIGNALS:
    /// There is another map, as keys came and went too often for one.
    void valuesChanged();

private:
    QJSValue change(const QString &key, const QJSValue *value, const QJSValue &options);
    void show(const QString &key, const QJsonValue &value);

    StateValues *m_values = nullptr;
    bool m_clientGiven = false;
};

} // namespace Dispatch
