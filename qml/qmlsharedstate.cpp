// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmlsharedstate.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "jsengine_p.h"
#include "jsfuture_p.h"
#include "jsoptions_p.h"
#include "jspayload_p.h"
#include "outerclient_p.h"
#include "statevalues_p.h"

#include <QtQml/qjsengine.h>

#include <optional>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// Properties that are there for keys which may be gone; then there is another map.
constexpr qsizetype MostProperties = 4'096;

} // namespace

QmlSharedState::QmlSharedState(QObject *parent)
    : DispatchSharedState(parent)
    , m_values(new StateValues(this))
{
    connect(this, &DispatchSharedState::valueChanged, this,
            [this](const QString &key, const QJsonValue &value) { show(key, value); });
}

QmlSharedState::~QmlSharedState() = default;

void QmlSharedState::classBegin() { }

void QmlSharedState::componentComplete()
{
    if (!m_clientGiven)
        setClient(outerClient<QmlClient>(this, "shows nothing"_L1));
}

QmlClient *QmlSharedState::qmlClient() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return qobject_cast<QmlClient *>(client());
}

void QmlSharedState::setQmlClient(QmlClient *client)
{
    requireThreadOf(this, Q_FUNC_INFO);
    m_clientGiven = true;
    setClient(client);
}

QVariant QmlSharedState::values() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return QVariant::fromValue(m_values->proxy());
}

void QmlSharedState::show(const QString &key, const QJsonValue &value)
{
    if (m_values->count() >= MostProperties + count()) {
        StateValues *const before = std::exchange(m_values, new StateValues(this));
        for (const QString &other : keys())
            m_values->put(other, DispatchSharedState::value(other));
        before->deleteLater();
        return Q_EMIT valuesChanged();
    }
    if (value.isUndefined())
        m_values->drop(key);
    else
        m_values->put(key, value);
}

QJSValue QmlSharedState::value(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    QJSEngine *engine = qjsEngine(this);
    return engine ? engine->toScriptValue(DispatchSharedState::value(key)) : QJSValue();
}

bool QmlSharedState::contains(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return DispatchSharedState::contains(key);
}

QStringList QmlSharedState::keys() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return DispatchSharedState::keys();
}

QString QmlSharedState::ownerId(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return DispatchSharedState::ownerId(key);
}

QVariant QmlSharedState::metadata(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return QVariant::fromValue(DispatchSharedState::metadata(key));
}

QJSValue QmlSharedState::set(const QString &key, const QJSValue &value, const QJSValue &options)
{
    requireThreadOf(this, Q_FUNC_INFO);
    return change(key, &value, options);
}

QJSValue QmlSharedState::remove(const QString &key, const QJSValue &options)
{
    requireThreadOf(this, Q_FUNC_INFO);
    return change(key, nullptr, options);
}

QJSValue QmlSharedState::change(const QString &key, const QJSValue *value, const QJSValue &options)
{
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    const JsPromise promise = js->makePromise();
    const auto refused = [&](const DispatchError &reason) {
        promise.reject.call({js->makeError(reason)});
        Q_EMIT changeFailed(key, reason);
        return promise.promise;
    };
    const auto read = toStateOptions(options);
    if (const auto *error = std::get_if<DispatchError>(&read))
        return refused(*error);
    std::optional<QJsonValue> json;
    if (value) {
        auto readable = toJsonValue(*js, *value, u"The value of '%1'"_s.arg(key));
        if (const auto *error = std::get_if<DispatchError>(&readable))
            return refused(*error);
        json = std::get<QJsonValue>(std::move(readable));
    }
    settle(
        promise, this, js,
        [&] {
            const auto &wished = std::get<DispatchStateOptions>(read);
            return json ? DispatchSharedState::set(key, *json, wished)
                        : DispatchSharedState::remove(key, wished);
        },
        [](JsEngine &in, const auto &result) { return toJs(in.engine(), result); });
    return promise.promise;
}

} // namespace Dispatch
