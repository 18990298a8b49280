// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qhash.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkaccessmanager.h>

#include <utility>

/// Asks servers by HTTP, as back ends do.
class BackendCall {
public:
    struct Answer {
        int status = 0;
        QJsonObject body;
        QHash<QByteArray, QByteArray> headers;
        QByteArray text;

        QString code() const { return body[QLatin1StringView("code")].toString(); }
    };
    using Headers = QList<std::pair<QByteArray, QByteArray>>;

    /// What \a server answers; \a path is what is behind "projects/".
    Answer ask(QUrl server, const char *method, const QString &path, const QByteArray &body = {},
               const Headers &headers = {}, const QByteArray &token = "p/backend");

private:
    QNetworkAccessManager m_network;
};
