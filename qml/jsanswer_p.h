// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"

#include <QtCore/qfuture.h>
#include <QtCore/qobject.h>
#include <QtCore/qpromise.h>
#include <QtQml/qjsvalue.h>

namespace Dispatch {

/// A text that JavaScript gives later, as a future. Only the first answer counts; when JavaScript
/// can give none any more, the future is cancelled.
class JsAnswer : public QObject {
    Q_OBJECT

public:
    JsAnswer() { m_promise.start(); }

    QFuture<QString> future() { return m_promise.future(); }

    Q_INVOKABLE void fulfil(const QJSValue &text);
    Q_INVOKABLE void fail(const QJSValue &reason);

private:
    QPromise<QString> m_promise;
};

} // namespace Dispatch
