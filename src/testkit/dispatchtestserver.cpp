// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtestserver.h"

#include "eventnames_p.h"
#include "frames_p.h"
#include "hub_p.h"
#include "jsontext_p.h"
#include "peer_p.h"
#include "replay_p.h"
#include "text_p.h"

#include <QtCore/qdebug.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>

#include <algorithm>
#include <atomic>
#include <utility>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using namespace Dispatch::TestKit;

namespace {

/// Nobody's: names below .test lead nowhere (RFC 2606).
QUrl ownUrl()
{
    static std::atomic<int> last = 0;
    return QUrl(u"wss://server-%1.dispatch.test"_s.arg(++last));
}

/// The refusal that is called \a code; null, with a warning, if there is none.
const RefusalInfo *refusalOf(const QString &code)
{
    const RefusalInfo *found = findRefusal(code.toStdString());
    if (!found)
        qWarning().noquote() << u"'%1' is no code of a refusal: docs/protocol.md has them."_s.arg(
            code);
    return found;
}

} // namespace

class Q_DECL_HIDDEN DispatchTestServer::Private final : public Witness {
public:
    explicit Private(DispatchTestServer *server)
        : q(server)
        , hub(this)
    {
    }

    void setUrl(const QUrl &newUrl)
    {
        url = newUrl;
        setEnvironmentAt(url, hub.sharedNetwork());
    }

    template<typename T>
    void change(T &setting, T value)
    {
        if (std::exchange(setting, value) != value)
            Q_EMIT q->settingsChanged();
    }

    /// In an event of its own, as all that tests may react to.
    template<typename Signal>
    void tell(Signal signal)
    {
        hub.clock().soon([server = QPointer(q), signal] {
            if (server)
                signal(*server);
        });
    }

    void clientJoined(const Member &client) override
    {
        tell([id = QString::fromStdString(client.clientId)](DispatchTestServer &server) {
            Q_EMIT server.clientJoined(id);
            Q_EMIT server.connectionsChanged();
        });
    }
    void clientAway(const Member &) override
    {
        tell([](DispatchTestServer &server) { Q_EMIT server.connectionsChanged(); });
    }
    void clientLeft(const Member &client) override
    {
        tell([id = QString::fromStdString(client.clientId)](DispatchTestServer &server) {
            Q_EMIT server.clientLeft(id);
            Q_EMIT server.connectionsChanged();
        });
    }
    void clientEmitted(const Member &client, const ClientMessage &message) override
    {
        QJsonValue recipients;
        if (message.recipients) {
            QJsonArray ids;
            for (const std::string &id : *message.recipients)
                ids.append(QString::fromStdString(id));
            recipients = ids;
        }
        tell([id = QString::fromStdString(client.clientId),
              name = QString::fromStdString(message.eventName),
              payload = jsonValue(message.payload), recipients](DispatchTestServer &server) {
            Q_EMIT server.eventEmitted(id, name, payload, recipients);
        });
    }

    void clientChangedState(const Member &client, const StateWish &wish) override
    {
        tell([id = QString::fromStdString(client.clientId), key = QString::fromStdString(wish.key),
              value = wish.value.empty() ? QJsonValue(QJsonValue::Undefined)
                                         : jsonValue(wish.value)](DispatchTestServer &server) {
            Q_EMIT server.stateChanged(id, key, value);
        });
    }

    /// Scripts refusals of what has that event's name.
    bool refuse(std::string eventName, const QString &code, int times, int retryAfter);

    DispatchTestServer *const q;
    Hub hub;
    QUrl url;
    std::vector<std::unique_ptr<Replay>> replays;
    std::unique_ptr<Frames> frames; ///< if it drives animations
};

DispatchTestServer::DispatchTestServer(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
    d->setUrl(ownUrl());
}

DispatchTestServer::~DispatchTestServer()
{
    // They are in its rooms.
    qDeleteAll(findChildren<DispatchTestPerson *>(Qt::FindDirectChildrenOnly));
}

QUrl DispatchTestServer::url() const
{
    return d->url;
}

void DispatchTestServer::setUrl(const QUrl &url)
{
    if (d->url == url)
        return;
    // Another one may stand there since.
    if (environmentAt(d->url) == d->hub.sharedNetwork())
        setEnvironmentAt(d->url, {});
    d->setUrl(url);
    Q_EMIT urlChanged();
}

void DispatchTestServer::advance(std::chrono::milliseconds time)
{
    d->hub.clock().advance(std::max(time, std::chrono::milliseconds(0)));
    // What begins now has not run since the last frame.
    if (d->frames)
        d->frames->advance();
    settle();
}

void DispatchTestServer::settle()
{
    d->hub.clock().settle();
}

std::chrono::milliseconds DispatchTestServer::elapsed() const
{
    return d->hub.clock().elapsed();
}

bool DispatchTestServer::drivesAnimations() const
{
    return d->frames != nullptr;
}

void DispatchTestServer::setDrivesAnimations(bool drive)
{
    if (drivesAnimations() == drive)
        return;
    if (drive)
        d->frames = std::make_unique<Frames>(d->hub.clock());
    else
        d->frames.reset();
    Q_EMIT drivesAnimationsChanged();
}

bool DispatchTestServer::isOffline() const
{
    return d->hub.network().isOffline();
}

void DispatchTestServer::setOffline(bool offline)
{
    if (isOffline() == offline)
        return;
    d->hub.network().setOffline(offline);
    Q_EMIT offlineChanged();
    settle();
}

bool DispatchTestServer::isSilent() const
{
    return d->hub.network().isSilent();
}

void DispatchTestServer::setSilent(bool silent)
{
    if (isSilent() == silent)
        return;
    d->hub.network().setSilent(silent);
    Q_EMIT silentChanged();
    settle();
}

int DispatchTestServer::latency() const
{
    return int(d->hub.network().latency().count());
}

void DispatchTestServer::setLatency(int ms)
{
    ms = std::max(ms, 0);
    if (latency() == ms)
        return;
    d->hub.network().setLatency(Milliseconds(ms));
    Q_EMIT latencyChanged();
}

double DispatchTestServer::jitter() const
{
    return d->hub.network().jitter();
}

void DispatchTestServer::setJitter(double share)
{
    constexpr double Most = 0.999'999;
    share = std::clamp(share, 0.0, Most);
    if (jitter() == share)
        return;
    d->hub.network().setJitter(share);
    Q_EMIT jitterChanged();
}

void DispatchTestServer::drop()
{
    d->hub.network().cut();
    settle();
}

int DispatchTestServer::sessionWindow() const
{
    return int(d->hub.settings().sessionWindow.count());
}

void DispatchTestServer::setSessionWindow(int ms)
{
    d->change(d->hub.settings().sessionWindow, Milliseconds(std::max(ms, 0)));
}

int DispatchTestServer::maxReplayEvents() const
{
    return d->hub.settings().maxReplayEvents;
}

void DispatchTestServer::setMaxReplayEvents(int events)
{
    d->change(d->hub.settings().maxReplayEvents, std::max(events, 0));
}

int DispatchTestServer::maxHistory() const
{
    return d->hub.settings().maxHistory;
}

void DispatchTestServer::setMaxHistory(int events)
{
    d->change(d->hub.settings().maxHistory, std::max(events, 0));
}

bool DispatchTestServer::isBaseProfileOnly() const
{
    return d->hub.settings().baseProfileOnly;
}

void DispatchTestServer::setBaseProfileOnly(bool only)
{
    d->change(d->hub.settings().baseProfileOnly, only);
}

int DispatchTestServer::maxStateKeys() const
{
    return int(d->hub.settings().state.keys);
}

void DispatchTestServer::setMaxStateKeys(int keys)
{
    d->change(d->hub.settings().state.keys, std::size_t(std::max(keys, 0)));
}

void DispatchTestServer::setMessageRate(int perSecond, int burst)
{
    d->hub.settings().messagesPerSecond = std::max(perSecond, 0);
    d->hub.settings().messageBurst = std::max(burst, 1);
}

void DispatchTestServer::setUserOfToken(const QString &token, const QString &userId)
{
    d->hub.setUserOfToken(token, userId);
}

void DispatchTestServer::forgetSessions()
{
    d->hub.forgetSessions();
    settle();
}

bool DispatchTestServer::refuseJoins(const QString &code, int times)
{
    const RefusalInfo *refusal = refusalOf(code);
    if (refusal && refusal->httpStatus == 0) {
        qWarning().noquote() << u"'%1' refuses no join: it has no HTTP status."_s.arg(code);
        return false;
    }
    if (refusal)
        d->hub.refuseJoins(refusal->refusal, times);
    return refusal != nullptr;
}

bool DispatchTestServer::refuseEvents(const QString &eventName, const QString &code, int times,
                                      int retryAfter)
{
    return d->refuse(eventName.toStdString(), code, times, retryAfter);
}

bool DispatchTestServer::refuseStateChanges(const QString &code, int times, int retryAfter)
{
    return d->refuse(std::string(EventName::SetState), code, times, retryAfter);
}

bool DispatchTestServer::Private::refuse(std::string eventName, const QString &code, int times,
                                         int retryAfter)
{
    const RefusalInfo *refusal = refusalOf(code);
    if (!refusal)
        return false;
    ScriptedRefusal scripted{refusal->refusal, std::nullopt, std::move(eventName)};
    if (retryAfter >= 0)
        scripted.retryAfter = Milliseconds(retryAfter);
    hub.refuseMessages(scripted, times);
    return true;
}

bool DispatchTestServer::kick(const QString &clientIdOrUserId, const QString &code)
{
    const RefusalInfo *refusal = refusalOf(code);
    const bool isFound = refusal && d->hub.kick(clientIdOrUserId.toStdString(), refusal->refusal);
    settle();
    return isFound;
}

void DispatchTestServer::drain(int retryAfter)
{
    d->hub.drain(Milliseconds(std::max(retryAfter, 0)));
    settle();
}

DispatchTestPerson *DispatchTestServer::join(const QString &name, const QJsonObject &userInfo,
                                             const QString &shardName)
{
    QJsonObject info = userInfo;
    info.insert(u"name"_s, name);
    return new DispatchTestPerson(d->hub, info, shardName, this);
}

void DispatchTestServer::emitEvent(const QString &eventName, const QJsonValue &payload)
{
    Room *room = d->hub.home();
    if (!room) {
        qWarning("There is no room to emit an event to: no client has joined.");
        return;
    }
    const std::string name = Text::jsonString(eventName.toStdString());
    const std::string text = jsonText(payload);
    d->hub.emitEvent({name, text, 0, {}}, room);
}

bool DispatchTestServer::replay(const QByteArray &recording)
{
    auto read = readRecording(recording);
    if (const auto *why = std::get_if<QString>(&read)) {
        qWarning().noquote() << "This is no recording:" << *why;
        return false;
    }
    auto &[steps, isCutOff] = std::get<Recording>(read);
    if (isCutOff)
        qWarning("The last line of the recording is cut off: it is left out.");
    const std::size_t place = d->replays.size();
    d->replays.push_back(
        std::make_unique<Replay>(this, d->hub.clock(), std::move(steps), [this, place] {
            d->replays[place].reset();
            Q_EMIT replayed();
        }));
    return true;
}

bool DispatchTestServer::replay(const QUrl &file)
{
    QFile source(file.scheme() == "qrc"_L1 ? u':' + file.path() : file.toLocalFile());
    if (source.open(QIODevice::ReadOnly))
        return replay(source.readAll());
    qWarning().noquote() << file.toDisplayString() << "can't be read:" << source.errorString();
    return false;
}

int DispatchTestServer::connections() const
{
    const auto peers = d->hub.peers();
    return int(std::ranges::count_if(peers, [](const auto &peer) { return !peer->isAway(); }));
}
