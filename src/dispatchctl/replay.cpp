// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "cast_p.h"
#include "commandtable_p.h"
#include "readtoend_p.h"
#include "replayplan_p.h"
#include "timeline_p.h"

#include "limits_p.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

struct ReplayWish {
    ReplayPlan plan = {};
    bool isCutOff = false; ///< whether the recording is
    double speed = 1;
    bool isLoop = false;
    qint64 people = 100;

    /// Those who only watch need seats, too.
    int seats() const
    {
        return std::clamp(2 * plan.mostPeople, Limits::DefaultConnectionsPerShard,
                          Limits::MaximumConnectionsPerShard);
    }
};

Instant now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

class Replay : public Command {
public:
    Replay(const Settings &settings, ReplayWish wish, Console &console)
        : Command(console)
        , m_timeline(std::exchange(wish.plan.steps, {}), wish.speed)
        , m_cast(settings, int(wish.people), wish.seats())
        , m_wish(std::move(wish))
    {
    }

    void start() override;
    void interrupt() override;

private:
    void tellWhatIsLeftOut();
    void goOn();
    void play();
    void ended();
    void end();
    void troubled(const DispatchError &error);

    Timeline m_timeline;
    Cast m_cast;
    const ReplayWish m_wish; ///< without the steps
    QTimer m_timer;
    qint64 m_passes = 0;
    QString m_lastTrouble;
};

void Replay::start()
{
    connect(&m_cast, &Cast::changed, this, &Replay::goOn);
    connect(&m_cast, &Cast::failed, this, &Replay::fail);
    connect(&m_cast, &Cast::troubled, this, &Replay::troubled);
    connect(&m_timer, &QTimer::timeout, this, &Replay::play);
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setSingleShot(true);
    tellWhatIsLeftOut();
    goOn();
}

/// --loop is ended so.
void Replay::interrupt()
{
    if (m_wish.isLoop)
        end();
    else
        Command::interrupt();
}

void Replay::tellWhatIsLeftOut()
{
    const ReplayPlan &plan = m_wish.plan;
    console().record({{u"type"_s, u"leftOut"_s},
                      {u"userIds"_s, plan.userIds},
                      {u"privateEvents"_s, plan.privateEvents},
                      {u"serverEvents"_s, plan.serverEvents},
                      {u"lastLine"_s, m_wish.isCutOff}});
    if (m_wish.isCutOff)
        console().note(u"The last line is left out: it is cut off."_s);
    if (plan.userIds > 0)
        console().note(u"User ids are left out, of %1 people: nobody is a user without a token of "
                       "his."_s.arg(plan.userIds));
    if (plan.privateEvents > 0)
        console().note(u"Events are left out that went to the one who recorded alone: %1."_s.arg(
            plan.privateEvents));
    if (plan.serverEvents > 0)
        console().note(u"Events of the server are left out: %1. With --project-token-file and "
                       "--shard they are emitted as by a back end."_s.arg(plan.serverEvents));
}

/// Somebody came or went: what had to wait for that does not any more.
void Replay::goOn()
{
    if (isFinished())
        return;
    if (m_timeline.isAtEnd() && m_cast.isEmpty())
        return ended();
    m_timeline.goOn(now());
    play();
}

void Replay::play()
{
    while (const RecordedStep *step = m_timeline.due(now())) {
        if (!m_cast.canDo(*step)) {
            m_timeline.pause(now());
            return;
        }
        m_cast.perform(*step);
        if (isFinished())
            return;
        m_timeline.take();
    }
    if (const auto next = m_timeline.nextAt())
        m_timer.start(delayUntil(*next, now()));
    else if (m_timeline.isAtEnd())
        m_cast.leave();
}

/// All of the recording was played, and all have left.
void Replay::ended()
{
    ++m_passes;
    m_timeline.rewind();
    if (!m_wish.isLoop || m_timeline.isAtEnd())
        return end();
    m_timeline.goOn(now());
    m_timer.start(0);
}

void Replay::end()
{
    const qint64 missed = m_cast.missed();
    const qint64 refusedInfos = m_cast.refusedInfos();
    console().record({{u"type"_s, u"replayed"_s},
                      {u"events"_s, m_cast.events()},
                      {u"people"_s, m_cast.people()},
                      {u"passes"_s, m_passes},
                      {u"missed"_s, missed},
                      {u"refusedInfos"_s, refusedInfos}});
    QStringList misses;
    if (missed > 0)
        misses += u"Of %1 events %2 did not arrive, or it is not known."_s.arg(m_cast.events())
                      .arg(missed);
    if (refusedInfos > 0)
        misses += u"User infos were refused: %1."_s.arg(refusedInfos);
    if (!misses.isEmpty()) {
        const DispatchError &first = m_cast.firstMiss();
        misses += u"The first: "_s + asSentence(inOptions(first.message()));
        return fail({ExitCode::Failed, misses.join(u' '), first.reason()});
    }
    console().note(u"Played: events %1, people %2."_s.arg(m_cast.events()).arg(m_cast.people()));
    finish();
}

void Replay::troubled(const DispatchError &error)
{
    const QString message = inOptions(error.message());
    if (std::exchange(m_lastTrouble, message) != message)
        console().note(message);
}

void readFile(ReplayWish &wish, bool hasBackEnd, OptionReader &read)
{
    const QString path = read.positional().first();
    const bool isStdin = path == "-"_L1;
    const QString name = isStdin ? u"stdin"_s : u"'%1'"_s.arg(path);
    QFile file(path);
    const bool isOpen =
        isStdin ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    auto recording = readRecording(isOpen ? readToEnd(file, LongestRecording) : QByteArray());
    if (file.error() != QFile::NoError)
        return read.complain(u"%1 can't be read: %2."_s.arg(name, file.errorString()));
    if (const auto *fault = std::get_if<QString>(&recording))
        return read.complain(u"%1 is no recording: %2."_s.arg(name, *fault));
    auto &[steps, isCutOff] = std::get<Recording>(recording);
    wish.plan = planReplay(std::move(steps), hasBackEnd);
    wish.isCutOff = isCutOff;
    if (wish.plan.mostPeople > wish.people)
        read.complain(u"The recording has %1 people at a time, and --people allows %2."_s.arg(
            QString::number(wish.plan.mostPeople), QString::number(wish.people)));
}

std::unique_ptr<Command> makeReplay(const Settings &settings, OptionReader &read, Console &console)
{
    ReplayWish wish;
    wish.speed = read.decimal(u"speed"_s, 0.01, 1'000).value_or(wish.speed);
    wish.isLoop = read.isSet(u"loop"_s);
    wish.people = read.number(u"people"_s, 1, 1'000).value_or(wish.people);
    // A back end that names no shard reaches all of the project.
    readFile(wish, !settings.projectToken.isEmpty() && !settings.shardName.isEmpty(), read);
    return std::make_unique<Replay>(settings, std::move(wish), console);
}

} // namespace

CommandInfo replayCommand()
{
    return {
        .name = u"replay"_s,
        .arguments = u"FILE|-"_s,
        .minArguments = 1,
        .maxArguments = 1,
        .summary = u"Play a recording into a shard"_s,
        .description =
            u"Plays what 'record' or a test has recorded. For each person a client joins, says "
            "of itself what that person said, emits the same at the same times, and leaves. All "
            "are in one shard. What can't be played is told. Ends when the server has taken all "
            "of it, with 1 if it did not."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::Shard
            | SharedOption::Token | SharedOption::ProjectToken | SharedOption::Output,
        .options = {{u"speed"_s, u"X"_s, u"So many times as fast, from 0.01 to 1000. Default: 1"_s},
                    {u"loop"_s, {}, u"Begin again at the end, until Ctrl-C"_s},
                    {u"people"_s, u"N"_s, u"How many may be there at a time. Default: 100"_s}},
        .make = makeReplay,
    };
}

} // namespace Dispatch::Ctl
