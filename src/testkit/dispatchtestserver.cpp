// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtestserver_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "eventnames_p.h"
#include "peer_p.h"
#include "text_p.h"
#include "validation_p.h"

#include <QtCore/qdebug.h>
#include <QtCore/qfile.h>

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

DispatchTestServer::DispatchTestServer(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
    d->setUrl(ownUrl());
}

DispatchTestServer::~DispatchTestServer()
{
    requireThreadOfDying(this, Q_FUNC_INFO);
    // They are in its rooms.
    qDeleteAll(findChildren<DispatchTestPerson *>(Qt::FindDirectChildrenOnly));
}

QUrl DispatchTestServer::url() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->url;
}

void DispatchTestServer::setUrl(const QUrl &url)
{
    requireThreadOf(this, Q_FUNC_INFO);
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
    requireThreadOf(this, Q_FUNC_INFO);
    if (time.count() < 0) {
        qWarning().noquote() << u"Time can't be moved on by %1 ms: give 0 or more."_s.arg(
            time.count());
        return;
    }
    d->hub.clock().advance(time);
    // What begins now has not run since the last frame.
    if (d->frames)
        d->frames->advance();
    settle();
}

void DispatchTestServer::settle()
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->hub.clock().settle();
}

std::chrono::milliseconds DispatchTestServer::elapsed() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.clock().elapsed();
}

bool DispatchTestServer::drivesAnimations() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->frames != nullptr;
}

void DispatchTestServer::setDrivesAnimations(bool drive)
{
    requireThreadOf(this, Q_FUNC_INFO);
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
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.network().isOffline();
}

void DispatchTestServer::setOffline(bool offline)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isOffline() == offline)
        return;
    d->hub.network().setOffline(offline);
    Q_EMIT offlineChanged();
    settle();
}

bool DispatchTestServer::isSilent() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.network().isSilent();
}

void DispatchTestServer::setSilent(bool silent)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isSilent() == silent)
        return;
    d->hub.network().setSilent(silent);
    Q_EMIT silentChanged();
    settle();
}

void DispatchTestServer::drop()
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->hub.network().cut();
    settle();
}

void DispatchTestServer::setUserOfToken(const QString &token, const QString &userId)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->hub.setUserOfToken(token, userId);
}

void DispatchTestServer::forgetSessions()
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->hub.forgetSessions();
    settle();
}

bool DispatchTestServer::refuseJoins(const QString &code, int times)
{
    requireThreadOf(this, Q_FUNC_INFO);
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
    requireThreadOf(this, Q_FUNC_INFO);
    return d->refuse(eventName.toStdString(), code, times, retryAfter);
}

bool DispatchTestServer::refuseStateChanges(const QString &code, int times, int retryAfter)
{
    requireThreadOf(this, Q_FUNC_INFO);
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
    requireThreadOf(this, Q_FUNC_INFO);
    const RefusalInfo *refusal = refusalOf(code);
    const bool isFound = refusal && d->hub.kick(clientIdOrUserId.toStdString(), refusal->refusal);
    settle();
    return isFound;
}

void DispatchTestServer::drain(int retryAfter)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->hub.drain(Milliseconds(std::max(retryAfter, 0)));
    settle();
}

DispatchTestPerson *DispatchTestServer::join(const QString &name, const QJsonObject &userInfo,
                                             const QString &shardName)
{
    requireThreadOf(this, Q_FUNC_INFO);
    QJsonObject info = userInfo;
    info.insert(u"name"_s, name);
    return new DispatchTestPerson(d->hub, info, shardName, this);
}

bool DispatchTestServer::emitEvent(const QString &eventName, const QJsonValue &payload)
{
    requireThreadOf(this, Q_FUNC_INFO);
    Room *room = d->hub.home();
    if (!room) {
        qWarning("There is no room to emit an event to: no client has joined.");
        return false;
    }
    const std::string text = jsonText(payload);
    if (!mayEmit(d->hub.parser(), eventName, text))
        return false;
    const std::string name = Text::jsonString(eventName.toStdString());
    d->hub.emitEvent({name, text, 0, {}}, room);
    return true;
}

bool DispatchTestServer::replay(const QByteArray &recording)
{
    requireThreadOf(this, Q_FUNC_INFO);
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
    requireThreadOf(this, Q_FUNC_INFO);
    QFile source(file.scheme() == "qrc"_L1 ? u':' + file.path() : file.toLocalFile());
    if (source.open(QIODevice::ReadOnly))
        return replay(source.readAll());
    qWarning().noquote() << file.toDisplayString() << "can't be read:" << source.errorString();
    return false;
}

int DispatchTestServer::connections() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    const auto peers = d->hub.peers();
    return int(std::ranges::count_if(peers, [](const auto &peer) { return !peer->isAway(); }));
}
