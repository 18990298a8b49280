// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qiodevice.h>

namespace Dispatch::Ctl {

/// All of \a device, and one byte more than \a most at most: whoever gets so much knows that there
/// is too much. A pipe gives what there is at a time, which need not be all.
inline QByteArray readToEnd(QIODevice &device, qint64 most)
{
    QByteArray all;
    while (all.size() <= most) {
        const QByteArray part = device.read(most + 1 - all.size());
        if (part.isEmpty())
            break;
        all += part;
    }
    return all;
}

} // namespace Dispatch::Ctl
