// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmlclient.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "jsengine_p.h"
#include "jsfuture_p.h"
#include "jsoptions_p.h"
#include "jsundo_p.h"

#include <QtQml/qjsengine.h>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace Dispatch {

QJSValue QmlClient::request(const QString &eventName, const QJSValue &payload,
                            const QJSValue &options)
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    const JsPromise promise = js->makePromise();
    const auto emission = read(eventName, payload, {});
    const auto given = toRequestOptions(options);
    for (const auto *error :
         {std::get_if<DispatchError>(&emission), std::get_if<DispatchError>(&given)}) {
        if (error)
            return rejected(promise, *error);
    }
    settle(
        promise, this, js,
        [&] {
            return DispatchClient::request(eventName, std::get<Emission>(emission).payload,
                                           std::get<DispatchRequestOptions>(given));
        },
        [](JsEngine &in, const DispatchEvent &reply) {
            QJSValue object = in.engine()->newObject();
            object.setProperty(u"payload"_s, in.payloadOf(reply));
            object.setProperty(u"metadata"_s, in.metadataOf(reply, in.metadataMaker(reply.name())));
            return object;
        });
    return promise.promise;
}

QJSValue QmlClient::onRequest(const QString &eventName, const QJSValue &handler, QObject *context)
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js || !isHandler(handler, u"onRequest"_s))
        return {};
    const auto subscription =
        answerRequests(eventName, context ? context : this,
                       [this, js = QPointer(js),
                        caller = js->caller(handler, eventName)](const DispatchEvent &event) {
                           return js ? askHandler(caller, js->argumentsOf(event), event.name())
                                     : QFuture<QJsonValue>();
                       });
    return js->makeUndo(new JsUndo(subscription));
}

/// What \a handler, which may delete the client, answers; cancelled if that is nothing.
QFuture<QJsonValue> QmlClient::askHandler(const QJSValue &handler, const QJSValueList &arguments,
                                          const QString &eventName)
{
    const auto promise = startPromise<QJsonValue>();
    const QFuture<QJsonValue> answer = promise->future();
    const QPointer<QmlClient> self(this);
    const auto onFailure = [self, eventName](const QJSValue &reason) {
        if (self)
            self->warnOf(reason, eventName);
    };
    JsEngine::of(this)->ask(
        handler, arguments,
        [self, promise, eventName](const QJSValue &value) {
            if (!self)
                return;
            const auto emission = self->read(eventName, value, {});
            if (const auto *error = std::get_if<DispatchError>(&emission))
                promise->setException(*error);
            else
                promise->addResult(std::get<Emission>(emission).payload);
            promise->finish();
        },
        onFailure);
    return answer;
}

} // namespace Dispatch
