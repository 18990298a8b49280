// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "framesmodel.h"
#include "roundtrips_p.h"
#include "statesmodel.h"

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtQml/qqmlparserstatus.h>

#include <memory>

namespace Dispatch {

/// Looks over the shoulder of a DispatchClient: what it says and hears, the states that it goes
/// through and why, and how long the way to its server is. Secrets are left out before anything is
/// kept. All that is kept has a bound, and models change a few times a second at most.
///
/// What the client can say itself is not here: its properties and models have it.
class Inspector : public QObject, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(DispatchClient *client READ client WRITE giveClient NOTIFY clientChanged)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged)
    Q_PROPERTY(int pingInterval READ pingInterval WRITE setPingInterval NOTIFY pingIntervalChanged)
    Q_PROPERTY(int maxFrames READ maxFrames WRITE setMaxFrames NOTIFY boundsChanged)
    Q_PROPERTY(int maxFrameLength READ maxFrameLength WRITE setMaxFrameLength NOTIFY boundsChanged)
    Q_PROPERTY(int maxStates READ maxStates WRITE setMaxStates NOTIFY boundsChanged)
    Q_PROPERTY(int maxRoundTrips READ maxRoundTrips WRITE setMaxRoundTrips NOTIFY boundsChanged)
    Q_PROPERTY(QStringList secretKeys READ secretKeys WRITE setSecretKeys NOTIFY secretKeysChanged)
    Q_PROPERTY(Dispatch::InspectorFrames *frames READ frames CONSTANT)
    Q_PROPERTY(Dispatch::InspectorStates *states READ states CONSTANT)
    Q_PROPERTY(QList<double> roundTrips READ roundTrips NOTIFY roundTripsChanged)
    Q_PROPERTY(double latestRoundTrip READ latestRoundTrip NOTIFY roundTripsChanged)
    Q_PROPERTY(double shortestRoundTrip READ shortestRoundTrip NOTIFY roundTripsChanged)
    Q_PROPERTY(double longestRoundTrip READ longestRoundTrip NOTIFY roundTripsChanged)
    Q_PROPERTY(double meanRoundTrip READ meanRoundTrip NOTIFY roundTripsChanged)
    Q_PROPERTY(double sentMessages READ sentMessages NOTIFY countersChanged)
    Q_PROPERTY(double heardMessages READ heardMessages NOTIFY countersChanged)
    Q_PROPERTY(double sentBytes READ sentBytes NOTIFY countersChanged)
    Q_PROPERTY(double heardBytes READ heardBytes NOTIFY countersChanged)
    QML_NAMED_ELEMENT(DispatchInspector)

public:
    explicit Inspector(QObject *parent = nullptr);
    ~Inspector() override;

    void classBegin() override { }
    void componentComplete() override;

    DispatchClient *client() const { return m_client; }
    void giveClient(DispatchClient *client);
    /// Whether what passes is not looked at.
    bool isPaused() const { return m_paused; }
    void setPaused(bool paused);
    /// Ms between two pings that the client is asked for beside its own; 0, the default: none.
    int pingInterval() const { return m_pings.interval(); }
    void setPingInterval(int ms);

    int maxFrames() const { return m_frames->limit(); }
    void setMaxFrames(int rows);
    int maxFrameLength() const { return m_reader.maxLength(); }
    void setMaxFrameLength(int length);
    int maxStates() const { return int(m_states->log().limit()); }
    void setMaxStates(int rows);
    int maxRoundTrips() const { return int(m_roundTrips.limit()); }
    void setMaxRoundTrips(int samples);
    QStringList secretKeys() const { return m_reader.mask().keys(); }
    void setSecretKeys(const QStringList &keys);

    InspectorFrames *frames() const { return m_frames; }
    InspectorStates *states() const { return m_states; }
    QList<double> roundTrips() const { return m_roundTrips.samples(); }
    double latestRoundTrip() const { return m_roundTrips.latest(); }
    double shortestRoundTrip() const { return m_roundTrips.shortest(); }
    double longestRoundTrip() const { return m_roundTrips.longest(); }
    double meanRoundTrip() const { return m_roundTrips.mean(); }
    double sentMessages() const { return double(m_sent.messages); }
    double heardMessages() const { return double(m_heard.messages); }
    double sentBytes() const { return double(m_sent.bytes); }
    double heardBytes() const { return double(m_heard.bytes); }

    /// Forgets all that was seen.
    Q_INVOKABLE void clear();
    /// \a text as frames are shown: without secrets, in one line, and not too long.
    Q_INVOKABLE QString masked(const QString &text) const;
    /// The states, and the frames that are shown, as text.
    Q_INVOKABLE QString text() const;

Q_SIGNALS:
    void clientChanged();
    void pausedChanged();
    void pingIntervalChanged();
    void boundsChanged();
    void secretKeysChanged();
    void roundTripsChanged();
    void countersChanged();

private:
    class Ear;
    struct Count {
        qint64 messages = 0;
        qint64 bytes = 0;
    };

    void setClient(DispatchClient *client);
    void follow(DispatchClient *client);
    void take(const WireEvent &event);
    void noteState(DispatchClient::State state);
    void noteJoin(const DispatchConnectionInfo &info);
    void noteError(const DispatchError &error);
    void measured();
    qint64 now() const;
    void ping();
    void flushSoon();
    void flush();

    QPointer<DispatchClient> m_client;
    std::shared_ptr<Ear> m_ear; ///< at the client's traffic, while there is one
    Inspection::FrameReader m_reader;
    Inspection::RoundTrips m_roundTrips;
    InspectorFrames *const m_frames;
    InspectorStates *const m_states;
    QTimer m_flushes;
    QTimer m_pings;
    Count m_sent;
    Count m_heard;
    bool m_isPinged = false; ///< and has not answered yet
    bool m_paused = false;
    bool m_clientGiven = false;
};

} // namespace Dispatch
