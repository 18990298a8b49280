// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsanswer_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

void JsAnswer::fulfil(const QJSValue &text)
{
    if (m_promise.future().isFinished())
        return;
    if (text.isString())
        m_promise.addResult(text.toString());
    else
        m_promise.setException(DispatchError(DispatchError::TokenUnavailable,
                                             u"it gave something that is no text"_s, true));
    m_promise.finish();
}

void JsAnswer::fail(const QJSValue &reason)
{
    if (m_promise.future().isFinished())
        return;
    const bool isSaid = !reason.isUndefined() && !reason.isNull();
    m_promise.setException(
        DispatchError(DispatchError::TokenUnavailable,
                      isSaid ? reason.toString() : u"it was rejected without a reason"_s, true));
    m_promise.finish();
}

} // namespace Dispatch
