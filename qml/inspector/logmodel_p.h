// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "boundedlog_p.h"

#include <QtCore/qabstractitemmodel.h>

namespace Dispatch::Inspection {

/// A BoundedLog as a list model: rows come at the end and go at the front.
template<typename Row>
class LogModel : public QAbstractListModel {
public:
    LogModel(std::size_t limit, QObject *parent)
        : QAbstractListModel(parent)
        , m_log(limit)
    {
    }

    BoundedLog<Row> &log() { return m_log; }

    /// Shows what is new.
    void flush()
    {
        if (const int surplus = int(m_log.surplus())) {
            beginRemoveRows({}, 0, surplus - 1);
            m_log.dropSurplus();
            endRemoveRows();
        }
        if (const int added = int(m_log.newsCount())) {
            const int count = rowCount();
            beginInsertRows({}, count, count + added - 1);
            m_log.takeNews();
            endInsertRows();
        }
    }

    void clear()
    {
        beginResetModel();
        m_log.clear();
        endResetModel();
    }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_log.rows().size());
    }

protected:
    /// The row of \a index, or null.
    const Row *rowAt(const QModelIndex &index) const
    {
        return index.isValid() && index.row() < rowCount() ? &m_log.rows()[std::size_t(index.row())]
                                                           : nullptr;
    }

private:
    BoundedLog<Row> m_log;
};

} // namespace Dispatch::Inspection
