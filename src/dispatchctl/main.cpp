// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "application_p.h"
#include "output_p.h"

#include <QtCore/qcoreapplication.h>

int main(int argc, char *argv[])
{
    Dispatch::Ctl::fillStandardStreams();
    QCoreApplication application(argc, argv);
    return Dispatch::Ctl::run(QCoreApplication::arguments(),
                              QProcessEnvironment::systemEnvironment(),
                              QStringLiteral(DISPATCH_VERSION));
}
