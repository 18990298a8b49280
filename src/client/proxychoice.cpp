// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "proxychoice_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

bool carriesAnyConnection(const QNetworkProxy &proxy)
{
    return proxy.type() == QNetworkProxy::NoProxy
        || proxy.capabilities().testFlag(QNetworkProxy::TunnelingCapability);
}

} // namespace

DispatchError checkProxy(const QNetworkProxy &proxy)
{
    if (carriesAnyConnection(proxy))
        return {};
    return {DispatchError::InvalidParameters,
            u"proxy carries requests alone: give one of the type HttpProxy or Socks5Proxy."_s};
}

QNetworkProxy chooseProxy(const QNetworkProxy &wished, const QUrl &url)
{
    if (wished.type() != QNetworkProxy::DefaultProxy)
        return wished;
    // What is configured for ws:// is what is configured for http://.
    const bool isSecure = url.scheme() == "wss"_L1;
    const QNetworkProxyQuery query(url.host(), url.port(isSecure ? 443 : 80),
                                   isSecure ? u"https"_s : u"http"_s);
    const QList<QNetworkProxy> known = QNetworkProxyFactory::proxyForQuery(query);
    const auto usable = std::ranges::find_if(known, carriesAnyConnection);
    return usable != known.end() ? *usable : QNetworkProxy(QNetworkProxy::NoProxy);
}

} // namespace Dispatch
