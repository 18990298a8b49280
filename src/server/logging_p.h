// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qloggingcategory.h>

namespace Dispatch {

Q_DECLARE_LOGGING_CATEGORY(lcServer)

} // namespace Dispatch
