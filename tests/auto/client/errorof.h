// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <DispatchError>

#include <QtCore/qfuture.h>

/// The code of the error that \a future ends with.
template<typename T>
DispatchError::Code errorOf(QFuture<T> future)
{
    try {
        future.result();
    } catch (const DispatchError &error) {
        return error.code();
    }
    return DispatchError::NoError;
}
