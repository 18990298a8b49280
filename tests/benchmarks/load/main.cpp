// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "scenarios.h"

#include <cstdio>
#include <map>
#include <sys/resource.h>

using namespace Load;

int main(int argc, char **argv)
{
    const std::map<std::string, void (*)(const Arguments &)> scenarios{
        {"saturate", saturate}, {"idle", idle}, {"steady", steady}, {"replay", replay}};
    const auto scenario = scenarios.find(argc > 1 ? argv[1] : "");
    if (scenario == scenarios.end()) {
        std::fputs("usage: benchmark_load saturate|idle|steady|replay --name value...\n", stderr);
        return 2;
    }
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    try {
        scenario->second(Arguments(argc, argv, 2));
    } catch (const std::exception &error) {
        std::fprintf(stderr, "benchmark_load %s: %s\n", argv[1], error.what());
        return 1;
    }
    return 0;
}
