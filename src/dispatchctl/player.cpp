// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "player_p.h"

#include "refusal_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

bool isCode(const QString &code, Refusal refusal)
{
    const std::string_view slug = info(refusal).slug;
    return code == QLatin1StringView(slug.data(), qsizetype(slug.size()));
}

/// Whether \a error, of no event, is of a user info.
bool isOfUserInfo(const DispatchError &error)
{
    if (error.reason().isEmpty()) // the client's own objection
        return error.code() == DispatchError::InvalidPayload
            || error.code() == DispatchError::MessageTooBig;
    return isCode(error.reason(), Refusal::BadUserInfo)
        || isCode(error.reason(), Refusal::UserInfoTooBig);
}

} // namespace

Player::Player(const Settings &settings, int seats)
    : m_settings(settings)
    , m_client(makeClient(settings))
    , m_echo(*m_client)
{
    DispatchClient *client = m_client.get();
    // What was recorded kept to the rates of a server; played faster it waits.
    client->setQueuePolicy({});
    client->setMaxConnectionsPerShard(seats);
    connect(client, &DispatchClient::connected, this, [this](const DispatchConnectionInfo &info) {
        if (!std::exchange(m_hasJoined, true))
            Q_EMIT joined(info.shardName);
        confirm();
    });
    connect(client, &DispatchClient::errorOccurred, this, &Player::erred);
    connect(client, &DispatchClient::failed, this, [this](const DispatchError &error) {
        Q_EMIT failed(failureOf(error, m_settings.url));
    });
    const auto miss = [this](const QString &, const QJsonValue &, const DispatchError &error) {
        Q_EMIT missed(error);
    };
    connect(client, &DispatchClient::eventDropped, this, miss);
    connect(client, &DispatchClient::eventUncertain, this, miss);
    connect(&m_echo, &Echo::returned, this, &Player::go);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        Q_EMIT failed({ExitCode::TimedOut,
                       u"The server did not confirm in time; the last events may have arrived."_s});
    });
}

void Player::join(const QJsonObject &userInfo)
{
    m_client->setUserInfo(userInfo);
    Ctl::join(*m_client, m_settings);
}

void Player::emitEvent(const QString &eventName, const QJsonValue &payload)
{
    m_isEmitting = true;
    const auto status = m_client->emitEvent(eventName, payload);
    m_isEmitting = false;
    if (status == DispatchClient::Refused)
        Q_EMIT missed(m_client->lastError());
}

void Player::leave()
{
    m_isLeaving = true;
    m_patience.start(m_settings.timeout);
    if (m_client->state() == DispatchClient::Connected)
        confirm();
}

/// What was handed to a socket may still be refused.
void Player::confirm()
{
    if (m_isLeaving)
        m_echo.send();
}

void Player::erred(const DispatchError &error)
{
    if (m_isEmitting || m_client->state() == DispatchClient::Failed)
        return; // missed() or failed() is next
    const bool isInfo = isOfUserInfo(error);
    if (isInfo)
        Q_EMIT infoRefused(error);
    if (isInfo || m_hasJoined)
        Q_EMIT troubled(error);
    else
        Q_EMIT failed(failureOf(error, m_settings.url));
}

void Player::go()
{
    m_patience.stop();
    m_client->disconnectFromServer();
    Q_EMIT left();
}

} // namespace Dispatch::Ctl
