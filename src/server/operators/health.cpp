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

Readiness readiness(bool takesJoins, bool hasRoom, const std::optional<Engine::Figures> &engine)
{
    if (!takesJoins)
        return Readiness::Draining;
    if (engine && !engine->wasReached)
        return Readiness::EngineUnreached;
    if (engine && engine->isFenced)
        return Readiness::EngineFenced;
    return hasRoom ? Readiness::Ready : Readiness::Full;
}

std::string readinessReport(Readiness readiness)
{
    switch (readiness) {
    case Readiness::Ready:
        return R"({"status":"ready"})";
    case Readiness::Draining:
        return R"({"status":"draining"})";
    case Readiness::Full:
        return R"({"status":"full"})";
    case Readiness::EngineUnreached:
        return R"({"status":"engine_unreached","reason":"The engine has not answered yet."})";
    case Readiness::EngineFenced:
        return R"({"status":"engine_fenced","reason":"The engine did not answer for so long that )"
               R"(other servers may have given the seats of this one away."})";
    }
    return {};
}

} // namespace Dispatch
