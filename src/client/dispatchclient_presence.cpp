// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "threadcheck_p.h"

bool DispatchClient::isConnectedClientsStale() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->isPresenceStale();
}

DispatchUsersModel *DispatchClient::users() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->usersModel();
}

bool DispatchClient::Private::isPresenceStale()
{
    refreshPresence();
    return m_presenceStale;
}

DispatchClientsModel *DispatchClient::Private::clientsModel()
{
    if (!model) {
        model = new DispatchClientsModel(q);
        model->update(m_announcedClients);
        model->setStale(m_shownStale);
    }
    return model;
}

DispatchUsersModel *DispatchClient::Private::usersModel()
{
    if (!m_users) {
        m_users = new DispatchUsersModel(q);
        m_users->update(m_announcedClients);
        m_users->setStale(m_shownStale);
    }
    return m_users;
}

/// The connection was lost; the list stays until another one comes.
void DispatchClient::Private::presenceLost()
{
    refreshPresence();
    m_presenceStale = true;
    presenceChanged();
}

/// The fact is told at once; people are shown it when it lasts.
void DispatchClient::Private::announceStaleness()
{
    if (!q || m_announcedStale == m_presenceStale)
        return;
    m_announcedStale = m_presenceStale;
    if (m_announcedStale) {
        m_staleTimer->start(lossGrace);
    } else {
        m_staleTimer->stop();
        showStaleness();
    }
    notify(&DispatchClient::connectedClientsStaleChanged);
}

void DispatchClient::Private::showStaleness()
{
    if (!q || m_shownStale == m_announcedStale)
        return;
    m_shownStale = m_announcedStale;
    if (model)
        model->setStale(m_shownStale);
    if (m_users)
        m_users->setStale(m_shownStale);
}
