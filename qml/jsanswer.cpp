// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsanswer_p.h"

#include <utility>

namespace Dispatch {

void JsAnswer::end(Taker &taker, const QJSValue &value)
{
    const Taker first = std::exchange(taker, nullptr);
    m_onValue = nullptr;
    m_onFailure = nullptr;
    if (first)
        first(value);
}

} // namespace Dispatch
