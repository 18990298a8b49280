// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <DispatchError>

#include <QtCore/qfuture.h>

/// The error that \a future ends with.
template<typename T>
DispatchError thrownBy(QFuture<T> future)
{
    try {
        future.result();
    } catch (const DispatchError &error) {
        return error;
    }
    return {};
}

/// Its code.
template<typename T>
DispatchError::Code errorOf(const QFuture<T> &future)
{
    return thrownBy(future).code();
}
