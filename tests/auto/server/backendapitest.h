// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <DispatchServer>

#include <QtCore/qhash.h>
#include <QtCore/qjsonobject.h>
#include <QtNetwork/qnetworkaccessmanager.h>

#include <functional>
#include <memory>

/// A server that is asked by HTTP, as back ends do.
class BackendApiTest : public QObject {
    Q_OBJECT

protected:
    struct Answer {
        int status = 0;
        QJsonObject body;
        QHash<QByteArray, QByteArray> headers;
        QByteArray text;

        QString code() const { return body[QLatin1StringView("code")].toString(); }
    };
    using Headers = QList<std::pair<QByteArray, QByteArray>>;

    Answer ask(const char *method, const QString &path, const QByteArray &body = {},
               const Headers &headers = {}, const QByteArray &token = "p/backend");
    void configure(const std::function<void(DispatchServerSettings &)> &change);
    /// The query of a client in a shard of the project.
    static QString client(const QString &more);
    int statusOfJoin(const QByteArray &query);

    std::unique_ptr<DispatchServer> m_server;
    QNetworkAccessManager m_network;

private Q_SLOTS:
    void init();
};
