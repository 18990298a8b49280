// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "environment_p.h"

#include "dispatchclientlog_p.h"
#include "wish_p.h"

#include <QtCore/qmutex.h>
#include <QtCore/qthread.h>

#include <map>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

struct Registry {
    QMutex mutex;
    std::map<QUrl, std::weak_ptr<Environment>> environments;
};

Registry &registry()
{
    static Registry theOne;
    return theOne;
}

/// The port is named, for the usual one means the same as none.
QUrl placeOf(const QUrl &url)
{
    QUrl place = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery
                              | QUrl::RemoveFragment);
    if (place.scheme() == "ws"_L1)
        place.setPort(place.port(80));
    else if (place.scheme() == "wss"_L1)
        place.setPort(place.port(443));
    return place;
}

} // namespace

void setEnvironmentAt(const QUrl &url, const std::weak_ptr<Environment> &environment)
{
    const QMutexLocker locker(&registry().mutex);
    auto &environments = registry().environments;
    std::erase_if(environments, [](const auto &entry) { return entry.second.expired(); });
    environments.insert_or_assign(placeOf(url), environment);
}

std::shared_ptr<Environment> environmentAt(const QUrl &url)
{
    const QMutexLocker locker(&registry().mutex);
    const auto &environments = registry().environments;
    if (environments.empty())
        return nullptr;
    const auto found = environments.find(placeOf(url));
    std::shared_ptr<Environment> environment =
        found != environments.end() ? found->second.lock() : nullptr;
    if (environment && environment->thread() != QThread::currentThread()) {
        qCWarning(lcClient).noquote()
            << "What stands in for" << displayUrl(url)
            << "lives on another thread: make clients on the thread of their test server";
        return nullptr;
    }
    return environment;
}

} // namespace Dispatch
