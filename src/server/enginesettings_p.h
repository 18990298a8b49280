// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"
#include "enginechoice_p.h"

namespace Dispatch {

/// The engine that \a settings ask for.
Engine::EngineChoice engineChoice(const DispatchServerSettings &settings);

/// What can't be used of that, as DispatchServerSettings::problems() says it. A server that has
/// such a problem must not listen: it would be alone, and nobody would know.
QMap<QString, QString> engineProblems(const DispatchServerSettings &settings);

} // namespace Dispatch
