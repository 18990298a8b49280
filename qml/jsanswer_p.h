// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qpromise.h>
#include <QtQml/qjsvalue.h>

#include <functional>
#include <memory>

namespace Dispatch {

/// What JavaScript gives later. Only the first answer counts; when JavaScript can give none any
/// more, what waits for it is destroyed uncalled.
class JsAnswer : public QObject {
    Q_OBJECT

public:
    using Taker = std::function<void(const QJSValue &)>;

    JsAnswer(Taker onValue, Taker onFailure)
        : m_onValue(std::move(onValue))
        , m_onFailure(std::move(onFailure))
    {
    }

    Q_INVOKABLE void fulfil(const QJSValue &value) { end(m_onValue, value); }
    Q_INVOKABLE void fail(const QJSValue &reason) { end(m_onFailure, reason); }

private:
    void end(Taker &taker, const QJSValue &value);

    Taker m_onValue;
    Taker m_onFailure;
};

/// A promise for a JsAnswer to keep; it is cancelled when nobody can.
template<typename T>
std::shared_ptr<QPromise<T>> startPromise()
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    return promise;
}

} // namespace Dispatch
