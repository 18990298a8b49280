// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/quuid.h>

#include <string>

namespace Dispatch {

/// An id for a client, that no other one ever has.
inline std::string newClientId()
{
    return QUuid::createUuid().toByteArray(QUuid::WithoutBraces).toStdString();
}

} // namespace Dispatch
