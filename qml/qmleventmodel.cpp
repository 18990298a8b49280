// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmleventmodel.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "outerclient_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

QmlEventModel::QmlEventModel(QObject *parent)
    : DispatchEventModel(parent)
{
}

void QmlEventModel::componentComplete()
{
    if (!m_clientGiven)
        setClient(outerClient<DispatchClient>(this, "shows nothing"_L1));
}

void QmlEventModel::giveClient(DispatchClient *client)
{
    requireThreadOf(this, Q_FUNC_INFO);
    m_clientGiven = true;
    setClient(client);
}

} // namespace Dispatch
