// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "finding_p.h"
#include "room_p.h"

#include <QtNetwork/qnetworkaccessmanager.h>

#include <functional>

namespace Dispatch::Ctl {

/// Asks the network and the server the questions of doctor, one after the other.
class ServerProbe : public QObject {
    Q_OBJECT

public:
    using Report = std::function<void(const Finding &)>;

    explicit ServerProbe(const Settings &settings);

    // Each calls its report when it knows, maybe never; more than one call is to be ignored.
    void lookUpName(const Report &report);
    void connectByTcp(const Report &report);
    void shakeHands(const Report &report);
    void askForInfo(const Report &report);
    void compareClocks(const Report &report); ///< after askForInfo()
    void joinShard(const Report &report);
    void echo(const Report &report); ///< after joinShard()

private:
    const Settings m_settings;
    QNetworkAccessManager m_network;
    std::unique_ptr<DispatchClient> m_client;
    std::unique_ptr<Echo> m_echo;
    std::optional<qint64> m_serverSecond;
    qint64 m_askedAt = 0;
    qint64 m_answeredAt = 0;
};

} // namespace Dispatch::Ctl
