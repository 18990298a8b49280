// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wish_p.h"

#include "bareaddress_p.h"
#include "connectparameters_p.h"
#include "limits_p.h"
#include "text_p.h"

#include <QtNetwork/qhostaddress.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

bool isLoopback(const QString &host)
{
    // Other names may lead anywhere, also those below .localhost, where a name server is asked.
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

QString displayUrl(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

namespace {

/// Why \a url, which is no ws:// or wss:// address, is none.
QString whyNoAddress(const QUrl &url)
{
    if (url.isEmpty())
        return u"There is no url to connect to: set url. A DispatchServer has one while it listens "
               "(active), and none when it is stopped."_s;
    if (const auto address = bareAddress(url))
        return u"'%1' does not begin with ws:// or wss://: set url, as to ws://%1."_s.arg(*address);
    // What may be secret can be told from the rest only behind a host.
    if (url.host().isEmpty())
        return u"url is no ws:// or wss:// address: set it, as to ws://127.0.0.1:8090."_s;
    return u"'%1' is no ws:// or wss:// address: set url."_s.arg(displayUrl(url));
}

} // namespace

DispatchError checkServerUrl(const QUrl &url, bool allowInsecure)
{
    const bool isPlain = url.scheme() == "ws"_L1;
    if (!url.isValid() || url.host().isEmpty() || (!isPlain && url.scheme() != "wss"_L1))
        return {DispatchError::InvalidUrl, whyNoAddress(url)};
    if (isPlain && !allowInsecure && !isLoopback(url.host()))
        return {
            DispatchError::InsecureUrl,
            u"'%1' is not encrypted: use wss://, or set allowInsecure if all who are on the way "
            "may read and change what is sent."_s.arg(displayUrl(url))};
    return {};
}

DispatchError checkWish(const Wish &wish)
{
    const auto invalid = [](const QString &message) {
        return DispatchError(DispatchError::InvalidParameters, message);
    };
    if (const DispatchError error = checkServerUrl(wish.url, wish.allowInsecure))
        return error;
    if (!wish.projectId.isEmpty() && !isValidProjectId(wish.projectId.toStdString()))
        return invalid(u"projectId has 1 to 128 of the characters A-Z a-z 0-9 . _ ~ and -."_s);
    if (!wish.shardName.isEmpty() && !isValidShardName(wish.shardName.toStdString()))
        return invalid(u"shardName has at most 128 bytes and no control characters."_s);
    if (wish.maxConnectionsPerShard < 1
        || wish.maxConnectionsPerShard > Limits::MaximumConnectionsPerShard)
        return invalid(u"maxConnectionsPerShard is a number from 1 to %1."_s.arg(
            Limits::MaximumConnectionsPerShard));
    if (Text::hasControlCharacter(wish.authorization.toStdString()))
        return invalid(u"authorization has a control character."_s);
    return {};
}

QUrl joinUrl(const Wish &wish, int history)
{
    ConnectParameters parameters;
    parameters.projectId = wish.projectId.toStdString();
    parameters.shardName = wish.shardName.toStdString();
    parameters.maxConnectionsPerShard = wish.maxConnectionsPerShard;
    parameters.history = history;

    QUrl url = wish.url;
    // QWebSocket would send a request line without a path.
    if (url.path().isEmpty())
        url.setPath(u"/"_s);
    url.setFragment({});
    QString query = url.query(QUrl::FullyEncoded);
    if (!query.isEmpty())
        query += u'&';
    url.setQuery(query + QString::fromStdString(toQuery(parameters)), QUrl::StrictMode);
    return url;
}

} // namespace Dispatch
