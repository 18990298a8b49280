// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"

bool DispatchClient::isConnectedClientsStale() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->isPresenceStale();
}

/// \a model; if there is none, a new one, which begins with what was announced.
template<typename Model>
Model *DispatchClient::Private::presenceModel(QPointer<Model> &model)
{
    if (!model) {
        model = new Model(q);
        model->update(m_announcedClients);
        model->setStale(m_shownStale);
    }
    return model;
}

DispatchClientsModel *DispatchClient::clients() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->presenceModel(d->clients);
}

DispatchUsersModel *DispatchClient::users() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->presenceModel(d->users);
}

bool DispatchClient::Private::isPresenceStale()
{
    refreshPresence();
    return m_presenceStale;
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
    if (clients)
        clients->setStale(m_shownStale);
    if (users)
        users->setStale(m_shownStale);
}
