// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclientsmodel.h"
#include "dispatcherror.h"
#include "dispatchtypes.h"

#include <QtQml/qqml.h>

// The client library's types, as QML is told of them. Value types have names in lower case and
// can't be made in QML; where they have enums, these go by the name of the C++ class.
namespace Dispatch {

struct ConnectionInfoForeign {
    Q_GADGET
    QML_FOREIGN(DispatchConnectionInfo)
    QML_VALUE_TYPE(dispatchConnectionInfo)
};

struct ShardInfoForeign {
    Q_GADGET
    QML_FOREIGN(DispatchShardInfo)
    QML_VALUE_TYPE(dispatchShardInfo)
};

struct ConnectedClientForeign {
    Q_GADGET
    QML_FOREIGN(DispatchConnectedClient)
    QML_VALUE_TYPE(dispatchConnectedClient)
};

struct EventMetadataForeign {
    Q_GADGET
    QML_FOREIGN(DispatchEventMetadata)
    QML_VALUE_TYPE(dispatchEventMetadata)
};

struct ErrorForeign {
    Q_GADGET
    QML_FOREIGN(DispatchError)
    QML_VALUE_TYPE(dispatchError)
};

namespace ErrorEnums {
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(DispatchError)
QML_NAMED_ELEMENT(DispatchError)
} // namespace ErrorEnums

struct ReconnectPolicyForeign {
    Q_GADGET
    QML_FOREIGN(DispatchReconnectPolicy)
    QML_VALUE_TYPE(dispatchReconnectPolicy)
};

struct QueuePolicyForeign {
    Q_GADGET
    QML_FOREIGN(DispatchQueuePolicy)
    QML_VALUE_TYPE(dispatchQueuePolicy)
};

namespace QueuePolicyEnums {
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(DispatchQueuePolicy)
QML_NAMED_ELEMENT(DispatchQueuePolicy)
} // namespace QueuePolicyEnums

struct ClientsModelForeign {
    Q_GADGET
    QML_FOREIGN(DispatchClientsModel)
    QML_NAMED_ELEMENT(DispatchClientsModel)
    QML_UNCREATABLE("It comes from DispatchClient.clients")
};

} // namespace Dispatch
