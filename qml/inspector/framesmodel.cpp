// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "framesmodel.h"

#include <QtCore/qdatetime.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

using Inspection::Frame;

static_assert(int(InspectorFrames::Heard) == int(Frame::Direction::Heard));
static_assert(int(InspectorFrames::Connection) == int(Frame::Kind::Connection));

/// All frames.
class InspectorFrames::Log : public Inspection::LogModel<Frame> {
public:
    using LogModel::LogModel;

    const Frame &at(int row) const { return *rowAt(index(row)); }

    QVariant data(const QModelIndex &index, int role) const override
    {
        const Frame *frame = rowAt(index);
        if (!frame)
            return {};
        switch (role) {
        case TimeRole:
            return QDateTime::fromMSecsSinceEpoch(frame->time);
        case DirectionRole:
            return int(frame->direction);
        case KindRole:
            return int(frame->kind);
        case Qt::DisplayRole:
        case NameRole:
            return frame->name;
        case NoteRole:
            return frame->note;
        case TextRole:
            return frame->text;
        case BytesRole:
            return frame->bytes;
        case SummaryRole:
            return frame->summary();
        default:
            return {};
        }
    }

    QHash<int, QByteArray> roleNames() const override
    {
        return {{TimeRole, "time"},   {DirectionRole, "direction"}, {KindRole, "kind"},
                {NameRole, "name"},   {NoteRole, "note"},           {TextRole, "text"},
                {BytesRole, "bytes"}, {SummaryRole, "summary"}};
    }
};

InspectorFrames::InspectorFrames(QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_log(new Log(DefaultLimit, this))
{
    setSourceModel(m_log);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(this, signal, this, &InspectorFrames::countChanged);
    connect(this, &QAbstractItemModel::modelReset, this, &InspectorFrames::countChanged);
}

InspectorFrames::~InspectorFrames() = default;

void InspectorFrames::setFilter(const QString &filter)
{
    if (std::exchange(m_filter, filter) == filter)
        return;
    invalidateRowsFilter();
    Q_EMIT filterChanged();
}

void InspectorFrames::setRoutine(bool shown)
{
    if (std::exchange(m_routine, shown) == shown)
        return;
    invalidateRowsFilter();
    Q_EMIT routineChanged();
}

int InspectorFrames::limit() const
{
    return int(m_log->log().limit());
}

void InspectorFrames::setLimit(int rows)
{
    m_log->log().setLimit(std::size_t(rows));
}

void InspectorFrames::add(Frame frame)
{
    m_log->log().add(std::move(frame));
}

void InspectorFrames::flush()
{
    m_log->flush();
}

void InspectorFrames::clear()
{
    m_log->clear();
}

QString InspectorFrames::text() const
{
    QString all;
    for (int row = 0; row < count(); ++row) {
        const Frame &frame = m_log->at(mapToSource(index(row, 0)).row());
        all += frame.summary() + u'\n';
        if (!frame.text.isEmpty())
            all += u"    "_s + frame.text + u'\n';
    }
    return all;
}

bool InspectorFrames::filterAcceptsRow(int row, const QModelIndex &) const
{
    const Frame &frame = m_log->at(row);
    if (frame.isRoutine && !m_routine)
        return false;
    return m_filter.isEmpty() || frame.name.contains(m_filter, Qt::CaseInsensitive)
        || frame.note.contains(m_filter, Qt::CaseInsensitive)
        || frame.text.contains(m_filter, Qt::CaseInsensitive);
}

} // namespace Dispatch
