// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "headless.h"

#include <QtCore/qtemporarydir.h>

namespace {

void setDefault(const char *variable, const char *value)
{
    if (!qEnvironmentVariableIsSet(variable))
        qputenv(variable, value);
}

} // namespace

void goHeadless()
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    setDefault("QT_SCALE_FACTOR", "2");
    // Where nobody has logged in Qt would make one, and say so.
    static const QTemporaryDir runtimeFolder;
    setDefault("XDG_RUNTIME_DIR", qUtf8Printable(runtimeFolder.path()));
}

void showNothing()
{
    setDefault("QT_QPA_PLATFORM", "offscreen");
}
