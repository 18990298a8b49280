// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "output_p.h"
#include "stay_p.h"

#include "recorder_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

class Record : public Stay {
public:
    struct Wish {
        QString path; ///< empty: stdout
        qint64 maxBytes = UsualRecording;
    };

    Record(const Settings &settings, const Bounds &bounds, const Wish &wish, Console &console)
        : Stay(settings, bounds, u"Recording"_s, console)
        , m_wish(wish)
        , m_recorder(client())
    {
    }

protected:
    void prepare() override;
    void arrived(const DispatchConnectionInfo &info, bool isBack) override;
    void end() override;

private:
    void begin();
    void write(const QByteArray &line);
    void failToWrite(ExitCode code);
    void take(const QByteArray &line, bool isEvent);

    const Wish m_wish;
    Recorder m_recorder;
    Output m_file;
    qint64 m_events = 0;
};

void Record::prepare()
{
    m_recorder.setMaxBytes(m_wish.maxBytes);
    connect(&m_recorder, &Recorder::written, this, &Record::take);
    connect(&m_recorder, &Recorder::filled, this, [this] {
        fail({ExitCode::Failed,
              u"The recording ends here: it has no room for more than %1 bytes. --max-bytes gives "
              "it more."_s.arg(m_wish.maxBytes)});
    });
}

void Record::arrived(const DispatchConnectionInfo &info, bool isBack)
{
    // Not before: a recording of yesterday is worth more than none of today.
    if (!isBack)
        begin();
    else if (!info.recovered)
        console().note(u"What was emitted meanwhile is missing."_s);
}

void Record::begin()
{
    if (!m_wish.path.isEmpty() && !m_file.open(m_wish.path))
        return failToWrite(ExitCode::BadUsage);
    write(recordingHead());
    m_recorder.start();
}

void Record::write(const QByteArray &line)
{
    if (m_wish.path.isEmpty())
        console().answer(QString::fromUtf8(line.chopped(1)));
    else if (!m_file.write(line))
        failToWrite(ExitCode::Failed);
}

void Record::failToWrite(ExitCode code)
{
    fail({code, u"'%1' can't be written: %2."_s.arg(m_wish.path, m_file.reason())});
}

void Record::take(const QByteArray &line, bool isEvent)
{
    // What was on its way when it ended.
    if (isFinished())
        return;
    write(line);
    if (!isEvent || isFinished())
        return;
    ++m_events;
    count();
}

void Record::end()
{
    if (isFinished())
        return;
    if (!m_file.close())
        return failToWrite(ExitCode::Failed);
    console().note(u"Events: %1, people: %2, bytes: %3."_s.arg(m_events)
                       .arg(m_recorder.people())
                       .arg(m_recorder.bytes()));
    if (m_recorder.unreadable() > 0)
        console().note(
            u"Events are left out whose payload can't be read: %1."_s.arg(m_recorder.unreadable()));
    console().record({{u"type"_s, u"recorded"_s},
                      {u"events"_s, m_events},
                      {u"people"_s, m_recorder.people()},
                      {u"bytes"_s, m_recorder.bytes()},
                      {u"unreadable"_s, m_recorder.unreadable()}});
    finish();
}

std::unique_ptr<Command> makeRecord(const Settings &settings, OptionReader &read, Console &console)
{
    Record::Wish wish;
    wish.path = read.positional().value(0);
    if (wish.path == "-"_L1)
        wish.path.clear();
    if (wish.path.isEmpty() && console.isJson())
        read.complain(u"--json needs a FILE: stdout has the recording, which is JSON itself."_s);
    wish.maxBytes = read.number(u"max-bytes"_s, 1'000, LongestRecording).value_or(wish.maxBytes);
    return std::make_unique<Record>(settings, readStay(read), wish, console);
}

} // namespace

CommandInfo recordCommand()
{
    return {
        .name = u"record"_s,
        .arguments = u"[FILE|-]"_s,
        .maxArguments = 1,
        .summary = u"Record what goes on in a shard"_s,
        .description =
            u"Joins a shard and writes down who is there, comes, changes and goes, and what they "
            "emit, each with its time: into FILE, whose content it replaces, or to stdout. Each "
            "line is out when it is written. 'replay' plays it, and so does the test kit. Comes "
            "back when the connection is lost, and says so. Ends with 0 on Ctrl-C. A recording "
            "has payloads, user infos and user ids as they came: think of whose they are."_s,
        .shared = StaySettings,
        .options = stayOptions()
            + QList<OptionInfo>{{u"max-bytes"_s, u"N"_s,
                                 u"End with 1 when the recording would get longer, of 67108864 at "
                                 "most. Default: 16777216"_s}},
        .make = makeRecord,
    };
}

} // namespace Dispatch::Ctl
