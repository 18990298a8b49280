// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What the network and the server of a test are set to.

#include "dispatchtestserver_p.h"
#include "policybounds_p.h"

#include "../threadcheck/threadcheck_p.h"

#include <QtCore/qdebug.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using namespace Dispatch::TestKit;

namespace {

void warnOf(const QString &why)
{
    qWarning().noquote() << why;
}

/// Whether \a setting, a number or a time, can be \a wished; warns if it can't, and \a present is
/// kept.
bool isUsable(QLatin1StringView setting, int wished, int present)
{
    const QStringList refused = refuseNonsense(wished, present, {setting});
    for (const QString &why : refused)
        warnOf(why);
    return refused.isEmpty();
}

/// A rate as people say it.
QString rateText(int perSecond, int burst)
{
    return u"%1 a second and %2 at once"_s.arg(QString::number(perSecond), QString::number(burst));
}

} // namespace

int DispatchTestServer::latency() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->hub.network().latency().count());
}

void DispatchTestServer::setLatency(int ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!isUsable("latency"_L1, ms, latency()) || latency() == ms)
        return;
    d->hub.network().setLatency(Milliseconds(ms));
    Q_EMIT latencyChanged();
}

double DispatchTestServer::jitter() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.network().jitter();
}

void DispatchTestServer::setJitter(double share)
{
    requireThreadOf(this, Q_FUNC_INFO);
    // Nor is it what is no number.
    if (!(share >= 0 && share < 1)) {
        return warnOf(nonsense(u"jitter"_s, QString::number(share), u"0 or more, and less than 1"_s,
                               QString::number(jitter())));
    }
    if (jitter() == share)
        return;
    d->hub.network().setJitter(share);
    Q_EMIT jitterChanged();
}

int DispatchTestServer::sessionWindow() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->hub.settings().sessionWindow.count());
}

void DispatchTestServer::setSessionWindow(int ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isUsable("sessionWindow"_L1, ms, sessionWindow()))
        d->change(d->hub.settings().sessionWindow, Milliseconds(ms));
}

int DispatchTestServer::maxReplayEvents() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.settings().maxReplayEvents;
}

void DispatchTestServer::setMaxReplayEvents(int events)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isUsable("maxReplayEvents"_L1, events, maxReplayEvents()))
        d->change(d->hub.settings().maxReplayEvents, events);
}

int DispatchTestServer::maxHistory() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.settings().maxHistory;
}

void DispatchTestServer::setMaxHistory(int events)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isUsable("maxHistory"_L1, events, maxHistory()))
        d->change(d->hub.settings().maxHistory, events);
}

bool DispatchTestServer::isBaseProfileOnly() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub.settings().baseProfileOnly;
}

void DispatchTestServer::setBaseProfileOnly(bool only)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->change(d->hub.settings().baseProfileOnly, only);
}

int DispatchTestServer::maxStateKeys() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->hub.settings().state.keys);
}

void DispatchTestServer::setMaxStateKeys(int keys)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isUsable("maxStateKeys"_L1, keys, maxStateKeys()))
        d->change(d->hub.settings().state.keys, std::size_t(keys));
}

void DispatchTestServer::setMessageRate(int perSecond, int burst)
{
    requireThreadOf(this, Q_FUNC_INFO);
    Settings &settings = d->hub.settings();
    const int leastBurst = perSecond == 0 ? 0 : 1;
    if (perSecond < 0 || burst < leastBurst) {
        return warnOf(nonsense(u"The message rate"_s, rateText(perSecond, burst),
                               u"0 or more a second, and 1 or more at once"_s,
                               rateText(settings.messagesPerSecond, settings.messageBurst)));
    }
    settings.messagesPerSecond = perSecond;
    settings.messageBurst = burst;
}
