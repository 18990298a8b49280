// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ctlprocess.h"

#include <DispatchClient>
#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>

#include <memory>

/// A server that dispatchctl is tried on: it has the project "game", a secret for tokens and a
/// project token, which are also in files.
class CtlServer {
public:
    const QByteArray secret = QByteArray(32, 's');
    const QByteArray projectToken = QByteArray(40, 'p');

    bool start()
    {
        m_server.setTokenVerifier(DispatchTokenVerifier::fromKeys(
            {{.key = secret}}, {{.projectId = u"game"_s, .token = projectToken}}));
        return m_folder.isValid() && m_server.listen()
            && !write(u"secret"_s, secret + '\n').isEmpty()
            && !write(u"project.token"_s, projectToken + '\n').isEmpty();
    }

    DispatchServer &server() { return m_server; }
    QUrl url() const { return m_server.url(); }
    QString path(const QString &name) const { return m_folder.filePath(name); }

    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
            ? file.fileName()
            : QString();
    }

    CtlProcess::Surroundings surroundings(const QStringList &variables = {}) const
    {
        return {.url = url(), .input = {}, .variables = variables};
    }

    CtlResult run(const QStringList &arguments, const QByteArray &input = {})
    {
        return runCtl(arguments, {.url = url(), .input = input, .variables = {}});
    }

    /// Has a back end publish \a event, which is JSON text and gets to receivers as it is.
    bool publish(const QByteArray &event)
    {
        QUrl api = url();
        api.setScheme(u"http"_s);
        api.setPath(u"/api/v1/projects/game/events"_s);
        QNetworkRequest request(api);
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("Authorization", "Bearer " + projectToken);
        QNetworkAccessManager network;
        const QNetworkReply *reply = network.post(request, event);
        return QTest::qWaitFor([reply] { return reply->isFinished(); }, CtlProcess::DeadlineMs)
            && reply->error() == QNetworkReply::NoError;
    }

    /// A client in \a shard of the project "game".
    std::unique_ptr<DispatchClient> join(const QString &shard)
    {
        auto client = std::make_unique<DispatchClient>();
        client->setUrl(url());
        client->setProjectId(u"game"_s);
        client->setShardName(shard);
        client->setActive(true);
        const bool joined =
            QTest::qWaitFor([&] { return client->state() == DispatchClient::Connected; });
        return joined ? std::move(client) : nullptr;
    }

private:
    QTemporaryDir m_folder;
    DispatchServer m_server;
};

/// What is no token, and must be seen nowhere.
inline const QString HiddenToken = u"hidden-token-of-somebody"_s;

inline bool keepsSecret(const CtlResult &result, const QByteArray &secret = HiddenToken.toUtf8())
{
    return !result.output.contains(secret) && !result.errors.contains(secret);
}
