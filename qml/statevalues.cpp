// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statevalues_p.h"

#include "jsengine_p.h"
#include "qmlsharedstate.h"

#include <QtQml/qjsengine.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

QString nameOf(const QString &key)
{
    return u'=' + key;
}

} // namespace

StateValues::StateValues(QmlSharedState *state)
    : QQmlPropertyMap(this, state)
    , m_state(state)
{
    QJSEngine::setObjectOwnership(this, QJSEngine::CppOwnership);
}

void StateValues::put(const QString &key, const QJsonValue &value)
{
    insert(nameOf(key), value.toVariant());
}

void StateValues::drop(const QString &key)
{
    clear(nameOf(key));
}

QJSValue StateValues::proxy()
{
    JsEngine *js = m_proxy.isUndefined() ? JsEngine::of(m_state) : nullptr;
    if (js)
        m_proxy = js->makeValues(this);
    return m_proxy;
}

void StateValues::assign(const QString &key, const QJSValue &value)
{
    m_state->set(key, value);
}

void StateValues::take(const QString &key)
{
    m_state->remove(key);
}

bool StateValues::isKey(const QString &key) const
{
    return m_state->contains(key);
}

QStringList StateValues::allKeys() const
{
    return m_state->keys();
}

} // namespace Dispatch
