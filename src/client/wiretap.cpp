// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wiretap_p.h"

#include "dispatchclient.h"
#include "displaytext_p.h"

namespace Dispatch {

WireTap::WireTap(Source source, DispatchClient *client)
    : QObject(client)
    , m_source(std::move(source))
{
}

WireTap *WireTap::of(const DispatchClient *client)
{
    return client->findChild<WireTap *>(QString(), Qt::FindDirectChildrenOnly);
}

QString WireTap::masked(const QString &text) const
{
    return withoutSecrets(text, m_source.secrets());
}

void WireTap::tell(WireEvent::Kind kind, const QString &text)
{
    const WireEvent event{kind, masked(text), m_source.now()};
    std::erase_if(m_observers, [&event](const std::weak_ptr<WireObserver> &each) {
        const auto observer = each.lock();
        if (observer)
            observer->passed(event);
        return !observer;
    });
}

} // namespace Dispatch
