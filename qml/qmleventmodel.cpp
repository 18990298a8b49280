// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmleventmodel.h"

#include <QtQml/qqmlinfo.h>

namespace Dispatch {

QmlEventModel::QmlEventModel(QObject *parent)
    : DispatchEventModel(parent)
{
}

void QmlEventModel::componentComplete()
{
    if (m_clientGiven)
        return;
    if (auto *outer = qobject_cast<DispatchClient *>(parent()))
        setClient(outer);
    else
        qmlWarning(this) << "shows nothing: put it inside a DispatchClient, or set client";
}

void QmlEventModel::giveClient(DispatchClient *client)
{
    m_clientGiven = true;
    setClient(client);
}

} // namespace Dispatch
