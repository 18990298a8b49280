// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "frame_p.h"

#include "dispatchclient.h"
#include "eventnames_p.h"
#include "utf8_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsondocument.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Inspection {

namespace {

constexpr std::string_view PlatformPrefix = "@@KOJI_DISPATCH/";
constexpr qsizetype ShortId = 8;
constexpr int LongestKey = 16;

/// \a id, which may be one that nobody can read to its end.
QString brief(std::string_view id)
{
    return DispatchClient::displayText(toQString(id), ShortId + 1);
}

void setName(Frame &frame, std::string_view eventName)
{
    frame.kind = Frame::Kind::Event;
    if (eventName.starts_with(PlatformPrefix)) {
        frame.kind = eventName == EventName::Error ? Frame::Kind::Refusal : Frame::Kind::Platform;
        frame.isRoutine = eventName == EventName::Ack;
        eventName.remove_prefix(PlatformPrefix.size());
    }
    frame.name = DispatchClient::displayText(toQString(eventName));
}

/// The text under \a key of a \a payload.
QString textIn(std::string_view payload, QLatin1StringView key)
{
    const QByteArray json(payload.data(), qsizetype(payload.size()));
    return DispatchClient::displayText(QJsonDocument::fromJson(json).object()[key].toString());
}

/// What an event of the platform is about, if that can be said in a word; else nothing.
QStringList subjectOf(std::string_view eventName, std::string_view payload)
{
    QString subject;
    if (eventName == EventName::Error)
        subject = textIn(payload, "code"_L1);
    else if (eventName == EventName::State || eventName == EventName::SetState)
        subject = DispatchClient::displayText(textIn(payload, "key"_L1), LongestKey);
    // A whole state is about no key.
    return subject.isEmpty() ? QStringList() : QStringList{subject};
}

Frame unreadable(const char *why)
{
    Frame frame;
    frame.kind = Frame::Kind::Unreadable;
    frame.name = QLatin1StringView(why);
    return frame;
}

} // namespace

QString Frame::summary() const
{
    const QString at = QDateTime::fromMSecsSinceEpoch(time).toString(u"hh:mm:ss.zzz"_s);
    const QLatin1StringView arrow = direction == Direction::Sent ? "->"_L1
        : direction == Direction::Heard                          ? "<-"_L1
                                                                 : "--"_L1;
    QString line = u"%1 %2 %3"_s.arg(at, arrow, name);
    if (!note.isEmpty())
        line += u", "_s + note;
    if (bytes > 0)
        line += u", %1 B"_s.arg(bytes);
    return line;
}

Frame FrameReader::read(const WireEvent &event)
{
    Frame frame;
    switch (event.kind) {
    case WireEvent::Opening:
        frame = {.direction = Frame::Direction::Sent, .name = u"open"_s};
        break;
    case WireEvent::Opened:
        frame = {.direction = Frame::Direction::Heard,
                 .name = u"opened"_s,
                 .note = event.text.isEmpty() ? u"base profile"_s : event.text};
        break;
    case WireEvent::Sent:
        frame = readSent(event.text);
        break;
    case WireEvent::Heard:
        frame = readHeard(event.text);
        break;
    case WireEvent::Ping:
        frame = {.kind = Frame::Kind::Control,
                 .direction = Frame::Direction::Sent,
                 .name = u"ping"_s,
                 .isRoutine = true};
        break;
    case WireEvent::Pong:
        frame = {.kind = Frame::Kind::Control,
                 .direction = Frame::Direction::Heard,
                 .name = u"pong"_s,
                 .isRoutine = true};
        break;
    case WireEvent::Left:
        frame = {.direction = Frame::Direction::Sent, .name = u"close"_s};
        break;
    case WireEvent::Ended:
        frame = {.name = u"ended"_s};
        break;
    }
    frame.time = event.at.wall.count();
    frame.text = shown(event.text);
    return frame;
}

Frame FrameReader::readSent(const QString &text)
{
    const std::string_view utf8 = m_utf8.assign(text);
    const auto read = m_sent.parse(utf8, Profile::Extended);
    const auto *message = std::get_if<ClientMessage>(&read);
    Frame frame = message ? Frame() : unreadable("no message");
    if (message) {
        setName(frame, message->eventName);
        QStringList notes = subjectOf(message->eventName, message->payload);
        if (message->emit > 0)
            notes += u"emit %1"_s.arg(message->emit);
        if (message->recipients)
            notes += u"to %1"_s.arg(message->recipients->size());
        if (!message->request.empty())
            notes += u"request"_s;
        if (!message->reply.empty())
            notes += u"reply"_s;
        frame.note = notes.join(u", "_s);
    }
    frame.direction = Frame::Direction::Sent;
    frame.bytes = qsizetype(utf8.size());
    return frame;
}

Frame FrameReader::readHeard(const QString &text)
{
    const std::string_view utf8 = m_utf8.assign(text);
    const auto message = m_heard.parse(utf8);
    Frame frame = message ? Frame() : unreadable("no message");
    if (message) {
        setName(frame, message->eventName);
        const EventDetails &details = message->details;
        QStringList notes = subjectOf(message->eventName, message->payload);
        if (details.seq > 0)
            notes += u"seq %1"_s.arg(details.seq);
        if (!details.from.empty())
            notes += u"from %1"_s.arg(brief(details.from));
        if (!details.request.empty())
            notes += u"request"_s;
        if (!details.reply.empty())
            notes += u"reply"_s;
        frame.note = notes.join(u", "_s);
    }
    frame.direction = Frame::Direction::Heard;
    frame.bytes = qsizetype(utf8.size());
    return frame;
}

/// First cut, for a text can be very long; what is a secret shows without its end, too.
QString FrameReader::shown(const QString &text) const
{
    const QString kept = text.size() > m_maxLength ? text.first(m_maxLength) + u'…' : text;
    return DispatchClient::displayText(m_mask.masked(kept), m_maxLength);
}

} // namespace Dispatch::Inspection
