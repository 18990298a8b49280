// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qglobal.h>

namespace Dispatch {

/// Calls \a remove(first, last) for each run of rows below \a count that \a isGone, from behind, so
/// that what is left keeps its place; until remove() says false.
template<typename IsGone, typename Remove>
void removeRuns(qsizetype count, IsGone isGone, Remove remove)
{
    for (qsizetype last = count - 1; last >= 0; --last) {
        if (!isGone(last))
            continue;
        qsizetype first = last;
        while (first > 0 && isGone(first - 1))
            --first;
        if (!remove(int(first), int(last)))
            return;
        last = first;
    }
}

} // namespace Dispatch
