// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "frame_p.h"
#include "logmodel_p.h"

#include <QtCore/qsortfilterproxymodel.h>
#include <QtQml/qqml.h>

namespace Dispatch {

/// The frames of a DispatchInspector, the latest at the end; those that match.
class InspectorFrames : public QSortFilterProxyModel {
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(QString filter READ filter WRITE setFilter NOTIFY filterChanged)
    Q_PROPERTY(bool routine READ showsRoutine WRITE setRoutine NOTIFY routineChanged)
    QML_NAMED_ELEMENT(InspectorFrames)
    QML_UNCREATABLE("It comes from DispatchInspector.frames")

public:
    enum Role {
        TimeRole = Qt::UserRole + 1,
        DirectionRole,
        KindRole,
        NameRole,
        NoteRole,
        TextRole,
        BytesRole,
        SummaryRole,
    };
    Q_ENUM(Role)
    enum Direction { None, Sent, Heard };
    Q_ENUM(Direction)
    enum Kind { Event, Platform, Refusal, Unreadable, Control, Connection };
    Q_ENUM(Kind)

    static constexpr int DefaultLimit = 500;

    explicit InspectorFrames(QObject *parent = nullptr);
    ~InspectorFrames() override;

    int count() const { return rowCount(); }
    /// What a frame has in it that is shown, in any case of letters; empty: anything.
    QString filter() const { return m_filter; }
    void setFilter(const QString &filter);
    /// Whether pings, their answers and acknowledgements are shown.
    bool showsRoutine() const { return m_routine; }
    void setRoutine(bool shown);

    int limit() const;
    void setLimit(int rows);
    void add(Inspection::Frame frame);
    void flush();
    void clear();
    /// A line for each that is shown, and its text.
    QString text() const;

Q_SIGNALS:
    void countChanged();
    void filterChanged();
    void routineChanged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    class Log;
    Log *const m_log;
    QString m_filter;
    bool m_routine = true;
};

} // namespace Dispatch
