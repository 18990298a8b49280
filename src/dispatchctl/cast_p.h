// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "player_p.h"
#include "recording_p.h"

#include <QtCore/qhash.h>

namespace Dispatch::Ctl {

/// All who play a recording: a client for each person, in one shard, and a back end for what the
/// server emitted.
class Cast : public QObject {
    Q_OBJECT

public:
    /// At most \a size people at a time, those that are about to leave among them; a shard that
    /// they open has \a seats.
    Cast(const Settings &settings, int size, int seats);

    /// Whether \a step can be done now; else changed() tells when to ask again.
    bool canDo(const RecordedStep &step) const;
    void perform(const RecordedStep &step);
    /// Has all leave; isEmpty() some time after.
    void leave();
    bool isEmpty() const { return m_here == 0; }

    qint64 people() const { return m_people; } ///< who came
    qint64 events() const { return m_events; } ///< that were emitted
    qint64 missed() const { return m_missed; } ///< of these, as far as it is known
    qint64 refusedInfos() const { return m_refusedInfos; } ///< what people said of themselves
    /// Why the first of these was not taken.
    const DispatchError &firstMiss() const { return m_firstMiss; }

Q_SIGNALS:
    /// Somebody has come or gone.
    void changed();
    void failed(const Dispatch::Ctl::Failure &failure);
    void troubled(const DispatchError &error);

private:
    int peopleHere() const;
    Player *engage(const Settings &settings);
    void dismiss(Player *player);
    void countMiss(qint64 &misses, const DispatchError &error);
    Player *backEnd();

    Settings m_settings;
    const int m_size;
    const int m_seats;
    QHash<QString, Player *> m_players; ///< by the person; the back end has no name
    int m_here = 0; ///< with those that are about to leave, and the back end
    qint64 m_people = 0;
    qint64 m_events = 0;
    qint64 m_missed = 0;
    qint64 m_refusedInfos = 0;
    DispatchError m_firstMiss;
};

} // namespace Dispatch::Ctl
