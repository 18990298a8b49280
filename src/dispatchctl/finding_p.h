// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstring.h>

namespace Dispatch::Ctl {

/// What doctor found out about one thing.
struct Finding {
    enum Verdict {
        Ok,
        Warning, ///< it works, but not for everybody or not for long
        Failed,
        Skipped, ///< it can't be known because something before it failed
    };

    Verdict verdict = Ok;
    QString detail = {}; ///< what is the case
    QString advice = {}; ///< what to do about it; empty if there is nothing to do
};

} // namespace Dispatch::Ctl
