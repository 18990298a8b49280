// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "extendedservertest.h"

#include <DispatchEventModel>

#include <memory>

/// Looks at what the model of the events "x" shows.
class EventModelTest : public ExtendedServerTest {
    Q_OBJECT

protected:
    using Model = DispatchEventModel;

    /// A model of "x" of the client.
    std::unique_ptr<Model> makeModel();
    bool joinExtended(const QJsonObject &greeting = ExtendedServerTest::greeting());
    /// "ann" or "me" emitted \a payload as number \a seq.
    void sendFrom(const QString &sender, int seq, const QJsonValue &payload);
    /// As in "a Received, b Sending".
    static QString tell(const Model &model);
    static QVariant at(const Model &model, int row, int role)
    {
        return model.index(row).data(role);
    }
    static qint64 idAt(const Model &model, int row)
    {
        return at(model, row, Model::EventIdRole).toLongLong();
    }
};
