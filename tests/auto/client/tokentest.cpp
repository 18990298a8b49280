// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokentest.h"

using namespace Qt::StringLiterals;

QFuture<QString> TokenTest::ready(const QString &token)
{
    return QtFuture::makeReadyFuture(QString(token));
}

QByteArray TokenTest::header(int connection) const
{
    return m_server->peers().at(connection)->header("Authorization");
}

QStringList TokenTest::identities() const
{
    QStringList tokens;
    for (const QJsonObject &message : m_server->last()->messages()) {
        if (message["eventName"_L1] == "@@KOJI_DISPATCH/IDENTIFY"_L1)
            tokens.append(message["payload"_L1]["token"_L1].toString());
    }
    return tokens;
}

void TokenTest::sendError(const QString &code)
{
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, code},
                                            {u"message"_s, u"Get a new one."_s},
                                            {u"closing"_s, false},
                                            {u"retry"_s, false}});
}
