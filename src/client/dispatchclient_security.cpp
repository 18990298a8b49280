// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclientlog_p.h"
#include "displaytext_p.h"
#include "tlssettings_p.h"
#include "utf8_p.h"

using namespace Dispatch;

bool DispatchClient::allowInsecure() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->wish.allowInsecure;
}

void DispatchClient::setAllowInsecure(bool allow)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setWish(&Private::Wish::allowInsecure, allow, &DispatchClient::allowInsecureChanged);
}

QUrl DispatchClient::caFile() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->wish.caFile;
}

void DispatchClient::setCaFile(const QUrl &file)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setWish(&Private::Wish::caFile, file, &DispatchClient::caFileChanged);
}

QSslConfiguration DispatchClient::sslConfiguration() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->sslConfiguration.value_or(QSslConfiguration::defaultConfiguration());
}

void DispatchClient::setSslConfiguration(const QSslConfiguration &configuration)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->sslConfiguration = verifying(configuration);
}

QNetworkProxy DispatchClient::proxy() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->proxy;
}

void DispatchClient::setProxy(const QNetworkProxy &proxy)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (d->proxy == proxy)
        return;
    d->proxy = proxy;
    d->notify(&DispatchClient::proxyChanged);
}

DispatchIncomingLimits DispatchClient::incomingLimits() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->incomingLimits;
}

void DispatchClient::setIncomingLimits(const DispatchIncomingLimits &limits)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setIncomingLimits(limits);
}

/// \a text, which came from elsewhere, as an error can have it: fit to be shown, and without the
/// tokens that it may repeat.
QString DispatchClient::Private::displayed(const QString &text) const
{
    constexpr qsizetype Longest = 1'000;
    // First shown, then searched: a token is not hidden by what can't be seen. Then cut, for half
    // a token is not found.
    const QString whole = displayText(text, text.size());
    return displayText(withoutSecrets(whole, secrets()), Longest);
}

/// What no one is shown, wherever it turns up.
QStringList DispatchClient::Private::secrets() const
{
    QStringList known{wish.authorization, m_joinedWish.authorization, m_token, m_tokens.token()};
    if (const auto offer = m_stream.offer())
        known += toQString(offer->secret);
    return known;
}

void DispatchClient::Private::setIncomingLimits(const DispatchIncomingLimits &limits)
{
    const DispatchIncomingLimits wished = usable(q, limits, incomingLimits);
    if (incomingLimits == wished)
        return;
    incomingLimits = wished;
    m_inbox.setTurnBudget(Milliseconds(wished.maxTurnTime));
    notify(&DispatchClient::incomingLimitsChanged);
}
