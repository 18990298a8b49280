// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatcherror.h"

#include <algorithm>
#include <limits>

DispatchError::DispatchError() = default;

DispatchError::DispatchError(Code code, const QString &message, bool retryable,
                             const QString &reason,
                             std::optional<std::chrono::milliseconds> retryAfter)
    : m_code(code)
    , m_retryable(retryable)
    , m_message(message)
    , m_reason(reason)
    , m_retryAfter(retryAfter)
    , m_what(message.toUtf8())
{
}

DispatchError::~DispatchError() = default;

bool DispatchError::operator==(const DispatchError &other) const
{
    return m_code == other.m_code && m_retryable == other.m_retryable
        && m_message == other.m_message && m_reason == other.m_reason
        && m_retryAfter == other.m_retryAfter;
}

int DispatchError::retryAfterMs() const
{
    using Ms = std::chrono::milliseconds;
    constexpr Ms Longest(std::numeric_limits<int>::max());
    return int(std::min(m_retryAfter.value_or(Ms(-1)), Longest).count());
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
