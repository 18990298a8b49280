// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

/// Has emoji come in colour, also amid scripts whose own fonts have some in black and white.
void preferColourEmoji();

/// Puts all windows side by side, narrower where the screen is.
void placeSideBySide();
