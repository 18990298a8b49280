// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "deletionguard_p.h"

#include <QtCore/qfuture.h>
#include <QtCore/qfuturewatcher.h>
#include <QtCore/qstring.h>

#include <functional>

namespace Dispatch {

using TokenProvider = std::function<QFuture<QString>()>;

/// A question to a token provider. What the provider does, the answer comes once, later, and not
/// after drop() or the end of this.
class TokenQuestion {
public:
    /// Either a token, or why there is none.
    struct Answer {
        QString token = {};
        QString failure = {};
    };

    explicit TokenQuestion(DeletionGuard::Pointer guard);
    ~TokenQuestion();
    Q_DISABLE_COPY_MOVE(TokenQuestion)

    /// Drops the last question. The provider may destroy this.
    void ask(const TokenProvider &provider, std::function<void(const Answer &)> told);
    void drop();

private:
    const DeletionGuard::Pointer m_guard;
    QFutureWatcher<QString> *m_watcher = nullptr;
};

} // namespace Dispatch
