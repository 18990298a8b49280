// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtQml/qjsvalue.h>
#include <QtQml/qqmlpropertymap.h>

namespace Dispatch {

class QmlSharedState;

/// The values of a shared state as properties, each with a notification of its own. A property
/// stays when its key is gone, so that what is bound to it hears of it when it comes back.
///
/// QML sees them through a Proxy: a key can be any text, the name of a property of a QObject can't.
/// So their names have a mark in front, which the Proxy adds.
class StateValues : public QQmlPropertyMap {
    Q_OBJECT

public:
    explicit StateValues(QmlSharedState *state);

    void put(const QString &key, const QJsonValue &value);
    void drop(const QString &key);
    /// What QML sees; undefined without an engine.
    QJSValue proxy();

    // For the Proxy, which must not hold the state itself: it lives as long as that does.
    Q_INVOKABLE void assign(const QString &key, const QJSValue &value);
    Q_INVOKABLE void take(const QString &key);
    Q_INVOKABLE bool isKey(const QString &key) const;
    Q_INVOKABLE QStringList allKeys() const;

private:
    QmlSharedState *const m_state;
    QJSValue m_proxy;
};

} // namespace Dispatch
