// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenverifier.h"

/// Takes "<projectId>/backend" for a back end, and "<projectId>/<user>" for a user.
class PlainVerifier : public DispatchTokenVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const override
    {
        DispatchTokenVerdict verdict;
        const QString name = nameIn(token, projectId);
        if (name != Backend)
            verdict.userId = name;
        return verdict;
    }

    DispatchTokenVerdict verifyBackend(const QByteArray &token,
                                       const QString &projectId) const override
    {
        DispatchTokenVerdict verdict;
        const QString name = nameIn(token, projectId);
        if (name == Backend)
            verdict.userId = name;
        else
            verdict.fault =
                name.isEmpty() ? DispatchTokenVerdict::Invalid : DispatchTokenVerdict::WrongRole;
        return verdict;
    }

private:
    static QString nameIn(const QByteArray &token, const QString &projectId)
    {
        const QString text = QString::fromUtf8(token);
        const QString prefix = projectId + QLatin1Char('/');
        return text.startsWith(prefix) ? text.sliced(prefix.size()) : QString();
    }

    inline static const QString Backend = QStringLiteral("backend");
};
