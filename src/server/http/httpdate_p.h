// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qdatetime.h>

#include <string>

namespace Dispatch {

/// The value of a Date field (RFC 9110, section 5.6.7), whatever language the machine speaks.
std::string httpDate(const QDateTime &time);

} // namespace Dispatch
