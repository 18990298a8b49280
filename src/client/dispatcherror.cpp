// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatcherror.h"

DispatchError::DispatchError() = default;

DispatchError::DispatchError(Code code, const QString &message, bool retryable,
                             const QString &reason)
    : m_code(code)
    , m_retryable(retryable)
    , m_message(message)
    , m_reason(reason)
    , m_what(message.toUtf8())
{
}

DispatchError::~DispatchError() = default;

bool DispatchError::operator==(const DispatchError &other) const
{
    return m_code == other.m_code && m_retryable == other.m_retryable
        && m_message == other.m_message && m_reason == other.m_reason;
}

void DispatchError::raise() const
{
    throw *this;
}

DispatchError *DispatchError::clone() const
{
    return new DispatchError(*this);
}

const char *DispatchError::what() const noexcept
{
    return m_what.constData();
}
