// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "failure_p.h"
#include "settings_p.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qurlquery.h>
#include <QtNetwork/qnetworkaccessmanager.h>

#include <functional>
#include <variant>

namespace Dispatch::Ctl {

/// One request to the HTTP API of back ends (docs/openapi.yaml).
struct ApiRequest {
    QByteArray method = QByteArrayLiteral("GET");
    QStringList path; ///< below the project; not encoded yet
    QUrlQuery query = {};
    QJsonObject body = {}; ///< empty: there is none
};

/// Sends requests with the project token of its settings.
class ApiClient {
public:
    using Answer = std::variant<QJsonObject, Failure>;

    explicit ApiClient(const Settings &settings);

    /// Calls \a handler with the answer, once and not before it returns; not after its own end.
    void send(const ApiRequest &request, std::function<void(const Answer &)> handler);

private:
    const Settings m_settings;
    QNetworkAccessManager m_network;
};

/// Where a server that is joined at \a server answers HTTP: its scheme, host and port.
QUrl httpUrl(const QUrl &server);

} // namespace Dispatch::Ctl
