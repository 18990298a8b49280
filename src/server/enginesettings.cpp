// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginesettings_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

// So often a lease is renewed in its time.
constexpr int BeatsOfALease = 7;

QString nameOf(Engine::ChoiceProblem::Of of)
{
    switch (of) {
    case Engine::ChoiceProblem::Of::Store:
        return u"engine"_s;
    case Engine::ChoiceProblem::Of::KeyPrefix:
        return u"engineKeyPrefix"_s;
    case Engine::ChoiceProblem::Of::CaFile:
        return u"engineCaFile"_s;
    }
    return {};
}

} // namespace

Engine::EngineChoice engineChoice(const DispatchServerSettings &settings)
{
    Engine::EngineChoice choice;
    choice.store = settings.engine.toStdString();
    choice.password = settings.enginePassword.toStdString();
    choice.keyPrefix = settings.engineKeyPrefix.toStdString();
    choice.caFile = settings.engineCaFile.toStdString();
    Engine::Limits &limits = choice.limits;
    limits.callTime = milliseconds(std::max(settings.engineTimeout, 1));
    limits.lease = milliseconds(std::max(settings.engineLease, BeatsOfALease));
    limits.beat = limits.lease / BeatsOfALease;
    // What a lease is for must not expire before it.
    limits.retention = std::max(limits.retention, 2 * limits.lease);
    limits.sessionLife = std::max(limits.sessionLife, 2 * limits.lease);
    limits.logEvents = static_cast<std::size_t>(std::max(settings.maxReplayEvents, 1));
    limits.logBytes = static_cast<std::size_t>(std::max(settings.maxReplayBytes, 1));
    return choice;
}

QMap<QString, QString> engineProblems(const DispatchServerSettings &settings)
{
    QMap<QString, QString> problems;
    const Engine::EngineChoice choice = engineChoice(settings);
    const auto made = Engine::makeStore(choice);
    if (const auto *problem = std::get_if<Engine::ChoiceProblem>(&made))
        problems.insert(nameOf(problem->of), QString::fromStdString(problem->text));
    if (choice.limits.lease < 2 * choice.limits.callTime)
        problems.insert(u"engineLease"_s,
                        u"must be twice the time for an answer at least, %1 ms: else a slow "
                        "engine is one that is away."_s.arg(2 * choice.limits.callTime.count()));
    return problems;
}

} // namespace Dispatch
