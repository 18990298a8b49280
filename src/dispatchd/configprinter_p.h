// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "configuration_p.h"

namespace Dispatch {

/// What an operator has to know of \a option in a file, with its bounds and its default.
QString describeForFile(const Option &option);

/// A table that a file can have any number of times.
struct EntryTable {
    QString name{};
    QString about{}; ///< with each of its keys
};

EntryTable keysTable();
EntryTable projectTokensTable();

} // namespace Dispatch
