// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inspector.h"

#include "outerclient_p.h"
#include "policybounds_p.h"

#include <QtQml/qqmlinfo.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

constexpr int DefaultRoundTrips = 120;
/// Ms between two changes of the models. Nobody reads faster, and views have to keep up.
constexpr int FlushInterval = 100;

/// Whether \a property of \a inspector can be \a wished; if not, a warning says so.
bool isPossible(const Inspector *inspector, const char *property, int wished, int least)
{
    const QStringList refused = refuseNonsense(wished, inspector->property(property).toInt(),
                                               {QLatin1StringView(property), least});
    for (const QString &why : refused)
        qmlWarning(inspector).noquote() << why;
    return refused.isEmpty();
}

} // namespace

class Inspector::Ear : public WireObserver {
public:
    explicit Ear(Inspector *inspector)
        : m_inspector(inspector)
    {
    }

    void passed(const WireEvent &event) override { m_inspector->take(event); }

private:
    Inspector *const m_inspector;
};

Inspector::Inspector(QObject *parent)
    : QObject(parent)
    , m_roundTrips(DefaultRoundTrips)
    , m_frames(new InspectorFrames(this))
    , m_states(new InspectorStates(this))
{
    m_flushes.setSingleShot(true);
    m_flushes.setInterval(FlushInterval);
    connect(&m_flushes, &QTimer::timeout, this, &Inspector::flush);
    connect(&m_pings, &QTimer::timeout, this, &Inspector::ping);
}

Inspector::~Inspector() = default;

void Inspector::componentComplete()
{
    if (!m_clientGiven)
        setClient(outerClient<DispatchClient>(this, "shows nothing"_L1));
}

void Inspector::giveClient(DispatchClient *client)
{
    m_clientGiven = true;
    setClient(client);
}

void Inspector::setClient(DispatchClient *client)
{
    if (client && client->thread() != thread()) {
        qmlWarning(this) << "shows nothing: the client lives in another thread";
        client = nullptr;
    }
    if (m_client == client)
        return;
    if (m_client)
        m_client->QObject::disconnect(this);
    m_ear.reset();
    m_isPinged = false;
    m_client = client;
    if (client) {
        clear();
        follow(client);
    }
    Q_EMIT clientChanged();
}

void Inspector::follow(DispatchClient *client)
{
    m_ear = std::make_shared<Ear>(this);
    WireTap::of(client)->add(m_ear);
    connect(client, &DispatchClient::stateChanged, this, &Inspector::noteState);
    connect(client, &DispatchClient::connected, this, &Inspector::noteJoin);
    connect(client, &DispatchClient::disconnected, this, &Inspector::noteError);
    connect(client, &DispatchClient::errorOccurred, this, &Inspector::noteError);
    connect(client, &DispatchClient::latencyChanged, this, &Inspector::measured);
    connect(client, &QObject::destroyed, this, [this] {
        m_ear.reset();
        m_client = nullptr;
        Q_EMIT clientChanged();
    });
    noteState(client->state());
    noteError(client->lastError());
}

void Inspector::setPaused(bool paused)
{
    if (std::exchange(m_paused, paused) != paused)
        Q_EMIT pausedChanged();
}

void Inspector::setPingInterval(int ms)
{
    if (!isPossible(this, "pingInterval", ms, 0) || ms == m_pings.interval())
        return;
    m_pings.setInterval(ms);
    if (ms > 0)
        m_pings.start();
    else
        m_pings.stop();
    Q_EMIT pingIntervalChanged();
}

void Inspector::setMaxFrames(int rows)
{
    if (!isPossible(this, "maxFrames", rows, 1))
        return;
    m_frames->setLimit(rows);
    flushSoon();
    Q_EMIT boundsChanged();
}

void Inspector::setMaxFrameLength(int length)
{
    if (!isPossible(this, "maxFrameLength", length, 1))
        return;
    m_reader.setMaxLength(length);
    Q_EMIT boundsChanged();
}

void Inspector::setMaxStates(int rows)
{
    if (!isPossible(this, "maxStates", rows, 1))
        return;
    m_states->log().setLimit(std::size_t(rows));
    flushSoon();
    Q_EMIT boundsChanged();
}

void Inspector::setMaxRoundTrips(int samples)
{
    if (!isPossible(this, "maxRoundTrips", samples, 1))
        return;
    m_roundTrips.setLimit(samples);
    Q_EMIT boundsChanged();
    Q_EMIT roundTripsChanged();
}

void Inspector::setSecretKeys(const QStringList &keys)
{
    if (secretKeys() == keys)
        return;
    m_reader.mask().setKeys(keys);
    Q_EMIT secretKeysChanged();
}

void Inspector::take(const WireEvent &event)
{
    if (event.kind != WireEvent::Sent && event.kind != WireEvent::Heard)
        m_isPinged = event.kind == WireEvent::Ping;
    if (m_paused)
        return;
    Inspection::Frame frame = m_reader.read(event);
    if (event.kind == WireEvent::Sent || event.kind == WireEvent::Heard) {
        Count &count = event.kind == WireEvent::Sent ? m_sent : m_heard;
        ++count.messages;
        count.bytes += frame.bytes;
    }
    m_frames->add(std::move(frame));
    flushSoon();
}

void Inspector::noteState(DispatchClient::State state)
{
    if (state != DispatchClient::Connected) {
        m_roundTrips.addGap();
        Q_EMIT roundTripsChanged();
    }
    if (m_paused)
        return;
    StateChange change{.time = now(), .state = state};
    if (state == DispatchClient::Waiting)
        change.detail = u"the next attempt comes in %1 ms"_s.arg(m_client->nextRetryIn());
    m_states->log().add(std::move(change));
    flushSoon();
}

/// The state was told before that.
void Inspector::noteJoin(const DispatchConnectionInfo &info)
{
    StateChange *latest = m_states->log().latestNews();
    if (!latest || latest->state != DispatchClient::Connected)
        return;
    latest->detail = u"in %1 as %2, %3 profile%4"_s.arg(
        DispatchClient::displayText(info.shardName), DispatchClient::displayText(info.clientId, 9),
        info.extended ? u"extended"_s : u"base"_s,
        info.recovered ? u", nothing was missed"_s : QString());
}

void Inspector::noteError(const DispatchError &error)
{
    if (m_paused || !error || !m_client)
        return;
    m_states->explain(now(), m_client->state(), error);
    flushSoon();
}

void Inspector::measured()
{
    if (m_paused)
        return;
    m_roundTrips.add(2 * m_client->latency());
    Q_EMIT roundTripsChanged();
}

qint64 Inspector::now() const
{
    return WireTap::of(m_client)->now().wall.count();
}

/// One at a time: the client measures by its latest ping alone.
void Inspector::ping()
{
    if (m_client && !m_isPinged)
        WireTap::of(m_client)->ping();
}

void Inspector::flushSoon()
{
    if (!m_flushes.isActive())
        m_flushes.start();
}

void Inspector::flush()
{
    m_frames->flush();
    m_states->flush();
    Q_EMIT countersChanged();
}

void Inspector::clear()
{
    m_frames->clear();
    m_states->clear();
    m_roundTrips.clear();
    m_sent = {};
    m_heard = {};
    Q_EMIT roundTripsChanged();
    Q_EMIT countersChanged();
}

QString Inspector::masked(const QString &text) const
{
    return m_reader.shown(m_client ? WireTap::of(m_client)->masked(text) : text);
}

QString Inspector::text() const
{
    return u"States\n"_s + m_states->text() + u"\nFrames\n"_s + m_frames->text();
}

} // namespace Dispatch
