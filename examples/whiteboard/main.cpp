// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "examplerunner.h"

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    ExampleRunner runner(argc, argv,
                         {u"Whiteboard"_s, u"A whiteboard that several draw on at once."_s,
                          u"whiteboard"_s, u"Board"_s},
                         u"Whiteboard"_s);
    return runner.run();
}
