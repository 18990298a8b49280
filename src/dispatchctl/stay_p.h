// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandtable_p.h"
#include "room_p.h"

#include <optional>

namespace Dispatch::Ctl {

/// A command that stays in a room until somebody presses Ctrl-C, time is up, or enough events came.
/// It comes back when the connection is lost, and says so.
class Stay : public Command {
    Q_OBJECT

public:
    /// When it ends by itself.
    struct Bounds {
        std::optional<qint64> count; ///< of events
        std::optional<Milliseconds> time;
    };

    /// Says in \a doing what it does there: "Listening".
    Stay(const Settings &settings, const Bounds &bounds, const QString &doing, Console &console);

    void start() override;
    /// This is how staying ends.
    void interrupt() override { end(); }

protected:
    DispatchClient &client() { return *m_client; }
    /// Before it joins.
    virtual void prepare() = 0;
    /// It is in the room, for the first time or again.
    virtual void arrived(const DispatchConnectionInfo & /*info*/, bool /*isBack*/) { }
    /// It did what it was told.
    virtual void end() { finish(); }
    /// Another event came.
    void count();

private:
    void joined(const DispatchConnectionInfo &info);
    void troubled(const DispatchError &error);
    void timeIsUp();

    const Settings m_settings;
    const Bounds m_bounds;
    const QString m_doing;
    const std::unique_ptr<DispatchClient> m_client;
    bool m_hasJoined = false;
    qint64 m_count = 0;
};

/// The options of Bounds.
QList<OptionInfo> stayOptions();
Stay::Bounds readStay(OptionReader &read);

/// The shared options of who stays in a room.
inline constexpr SharedOptions StaySettings = SharedOption::Server | SharedOption::Project
    | SharedOption::Shard | SharedOption::Token | SharedOption::Output;

} // namespace Dispatch::Ctl
