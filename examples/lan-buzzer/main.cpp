// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "examplerunner.h"

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    ExampleRunner runner(argc, argv,
                         {u"Buzzer"_s,
                          u"Who is first? A contest for a local network, by phone or by program."_s,
                          u"buzzer"_s,
                          {},
                          {u"Host"_s}},
                         u"LanBuzzer"_s);
    return runner.run({{u"networkAddress"_s, networkAddress()}});
}
