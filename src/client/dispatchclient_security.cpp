// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"
#include "tlssettings_p.h"

bool DispatchClient::allowInsecure() const
{
    return d->wish.allowInsecure;
}

void DispatchClient::setAllowInsecure(bool allow)
{
    d->setWish(&Private::Wish::allowInsecure, allow, &DispatchClient::allowInsecureChanged);
}

QUrl DispatchClient::caFile() const
{
    return d->wish.caFile;
}

void DispatchClient::setCaFile(const QUrl &file)
{
    d->setWish(&Private::Wish::caFile, file, &DispatchClient::caFileChanged);
}

QSslConfiguration DispatchClient::sslConfiguration() const
{
    return d->sslConfiguration.value_or(QSslConfiguration::defaultConfiguration());
}

void DispatchClient::setSslConfiguration(const QSslConfiguration &configuration)
{
    d->sslConfiguration = Dispatch::verifying(configuration);
}
