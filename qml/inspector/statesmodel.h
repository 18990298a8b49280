// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient.h"
#include "logmodel_p.h"

#include <QtQml/qqml.h>

namespace Dispatch {

/// A change of a client's state, or an error beside one.
struct StateChange {
    qint64 time = 0; ///< ms since the epoch
    DispatchClient::State state = DispatchClient::Disconnected; ///< from then on
    bool isChange = true; ///< of the state; else only an error is told
    DispatchError error = {}; ///< the reason, if it is one
    QString detail = {}; ///< what else there is to say
};

/// What became of the client of a DispatchInspector, and why, the latest at the end.
class InspectorStates : public Inspection::LogModel<StateChange> {
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    QML_NAMED_ELEMENT(InspectorStates)
    QML_UNCREATABLE("It comes from DispatchInspector.states")

public:
    enum Role {
        TimeRole = Qt::UserRole + 1,
        StateRole,
        StateNameRole,
        ChangedRole,
        CodeRole,
        CodeNameRole,
        MessageRole,
        ReasonRole,
        RetryableRole,
        DetailRole,
        SummaryRole,
    };
    Q_ENUM(Role)

    static constexpr int DefaultLimit = 200;

    explicit InspectorStates(QObject *parent = nullptr);

    int count() const { return rowCount(); }
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// The client, which is \a state, told of \a error: the reason for its last change, if that has
    /// none and is news still; else it has a row of its own.
    void explain(qint64 time, DispatchClient::State state, const DispatchError &error);
    QString text() const;

Q_SIGNALS:
    void countChanged();
};

} // namespace Dispatch
