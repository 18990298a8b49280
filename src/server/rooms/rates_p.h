// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"
#include "tokenbucket_p.h"

namespace Dispatch {

/// How fast clients and projects may be, ready to be counted with.
struct Rates {
    explicit Rates(const DispatchServerSettings &settings)
        : messages(settings.messagesPerSecond, settings.messageBurst)
        , bytes(settings.bytesPerSecond, settings.byteBurst)
        , userInfos(settings.userInfoPerSecond, settings.userInfoBurst)
        , controlFrames(settings.controlFramesPerSecond, settings.controlFrameBurst)
        , fanOut(settings.maxFanOutPerSecond, settings.maxFanOutPerSecond)
    {
    }

    Rate messages;
    Rate bytes;
    Rate userInfos;
    Rate controlFrames;
    Rate fanOut;
};

} // namespace Dispatch
