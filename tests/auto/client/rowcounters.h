// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qstringlist.h>

/// Notes each signal of a model that has a view do something.
class RowCounters {
public:
    explicit RowCounters(const QAbstractItemModel *model)
    {
        using Model = QAbstractItemModel;
        const auto note = [this](const char *what) {
            return [this, what](const QModelIndex &, int first, int last) {
                m_signals.append(
                    QStringLiteral("%1 %2-%3").arg(QLatin1StringView(what)).arg(first).arg(last));
            };
        };
        QObject::connect(model, &Model::rowsInserted, &m_context, note("inserted"));
        QObject::connect(model, &Model::rowsRemoved, &m_context, note("removed"));
        QObject::connect(
            model, &Model::rowsMoved, &m_context,
            [this](const QModelIndex &, int first, int last, const QModelIndex &, int to) {
                m_signals.append(QStringLiteral("moved %1-%2 to %3").arg(first).arg(last).arg(to));
            });
        QObject::connect(
            model, &Model::dataChanged, &m_context,
            [this](const QModelIndex &first, const QModelIndex &last, const QList<int> &roles) {
                m_roles = roles;
                m_signals.append(QStringLiteral("changed %1-%2").arg(first.row()).arg(last.row()));
            });
        QObject::connect(model, &Model::layoutChanged, &m_context,
                         [this] { m_signals.append(QStringLiteral("layout")); });
        QObject::connect(model, &Model::modelReset, &m_context,
                         [this] { m_signals.append(QStringLiteral("reset")); });
    }

    /// All that was signalled, as in "inserted 3-3, changed 0-0".
    QString tell() const { return m_signals.join(QStringLiteral(", ")); }
    /// Those of the last change.
    QList<int> roles() const { return m_roles; }
    void clear() { m_signals.clear(); }

private:
    QObject m_context;
    QStringList m_signals;
    QList<int> m_roles;
};
