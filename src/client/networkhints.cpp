// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "networkhints_p.h"

#include <QtCore/qcoreapplication.h>

#include <utility>

namespace Dispatch {

Q_GLOBAL_STATIC(NetworkHints, globalHints)

NetworkHints *NetworkHints::instance()
{
    return globalHints;
}

bool NetworkHints::isBetter(Reachability before, Reachability now)
{
    return now > Reachability::Disconnected && now > before;
}

NetworkHints::NetworkHints()
{
    if (const auto *app = QCoreApplication::instance())
        moveToThread(app->thread());
    // Where the system has nothing to say, there are no hints.
    QMetaObject::invokeMethod(
        this, [this] { load(); }, Qt::QueuedConnection);
}

void NetworkHints::load()
{
    if (!QNetworkInformation::loadDefaultBackend())
        return;
    const auto *information = QNetworkInformation::instance();
    m_reachability = information->reachability();
    connect(information, &QNetworkInformation::reachabilityChanged, this, [this](Reachability now) {
        if (isBetter(std::exchange(m_reachability, now), now))
            Q_EMIT changed();
    });
    connect(information, &QNetworkInformation::transportMediumChanged, this,
            &NetworkHints::changed);
}

} // namespace Dispatch
