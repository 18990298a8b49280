// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "examplerunner.h"

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    ExampleRunner runner(argc, argv,
                         {u"Poll"_s, u"A poll: everybody votes, and all see the count at once."_s,
                          u"poll"_s, u"Lunch"_s},
                         u"Poll"_s,
                         {QCommandLineOption(u"inspect"_s,
                                             u"Show what the client of each window says and "
                                             "hears: Ctrl+Shift+D."_s)});
    const bool isInspected = runner.options() && runner.options()->own.contains(u"inspect"_s);
    return runner.run({{u"inspected"_s, isInspected}});
}
