// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "environment_p.h"

#include "dispatchclientlog_p.h"
#include "wish_p.h"

#include <QtCore/qmutex.h>
#include <QtCore/qthread.h>

#include <map>

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

QUrl placeOf(const QUrl &url)
{
    return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery
                        | QUrl::RemoveFragment);
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
