// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "health_p.h"

#include "text_p.h"

namespace Dispatch {

std::vector<LoopHealth> stuckAmong(std::vector<LoopHealth> loops, milliseconds timeout)
{
    std::erase_if(loops, [timeout](const LoopHealth &loop) { return loop.silence < timeout; });
    return loops;
}

std::string healthReport(const std::vector<LoopHealth> &stuck)
{
    if (stuck.empty())
        return R"({"status":"ok"})";
    std::string list;
    for (const LoopHealth &loop : stuck) {
        const auto ms = std::chrono::duration_cast<milliseconds>(loop.silence).count();
        list.append(list.empty() ? "" : ",").append("{\"name\":");
        Text::appendJsonString(list, loop.name);
        list.append(",\"silentMs\":").append(std::to_string(ms)).append("}");
    }
    return R"({"status":"stuck","stuck":[)" + list + "]}";
}

} // namespace Dispatch
