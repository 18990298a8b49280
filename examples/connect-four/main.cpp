// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "examplerunner.h"

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    // No room: the server seats players at tables for two.
    ExampleRunner runner(argc, argv,
                         {u"Connect four"_s, u"A game for two."_s, u"connect-four"_s, {}},
                         u"ConnectFour"_s);
    return runner.run();
}
