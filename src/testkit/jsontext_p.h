// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonvalue.h>

#include <string>
#include <string_view>

namespace Dispatch::TestKit {

/// \a value as JSON text; an undefined one as "{}".
std::string jsonText(const QJsonValue &value);
QJsonValue jsonValue(std::string_view text);

} // namespace Dispatch::TestKit
