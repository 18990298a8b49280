// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

/// Sets the environment for a program without a display, with nothing that needs a graphics card.
/// To be called before there is an application.
void goHeadless();

/// The same for one that shows nothing at all, as for --help.
void showNothing();
