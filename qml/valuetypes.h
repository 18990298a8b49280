// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclientsmodel.h"
#include "dispatchemitoptions.h"
#include "dispatcherror.h"
#include "dispatchpendingeventsmodel.h"
#include "dispatchtypes.h"
#include "dispatchusersmodel.h"

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

class ErrorEnums : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(DispatchError)
    QML_EXTENDED_NAMESPACE(DispatchError)
    QML_UNCREATABLE("It has only the codes of errors")
};

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

class QueuePolicyEnums : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(DispatchQueuePolicy)
    QML_EXTENDED_NAMESPACE(DispatchQueuePolicy)
    QML_UNCREATABLE("It has only names; set DispatchClient.queue")
};

struct RequestPolicyForeign {
    Q_GADGET
    QML_FOREIGN(DispatchRequestPolicy)
    QML_VALUE_TYPE(dispatchRequestPolicy)
};

class EmitOptionsEnums : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(DispatchEmitOptions)
    QML_EXTENDED_NAMESPACE(DispatchEmitOptions)
    QML_UNCREATABLE("It has only names; emitEvent() takes a plain object")
};

struct IncomingLimitsForeign {
    Q_GADGET
    QML_FOREIGN(DispatchIncomingLimits)
    QML_VALUE_TYPE(dispatchIncomingLimits)
};

struct ClientsModelForeign {
    Q_GADGET
    QML_FOREIGN(DispatchClientsModel)
    QML_NAMED_ELEMENT(DispatchClientsModel)
    QML_UNCREATABLE("It comes from DispatchClient.clients")
};

struct UsersModelForeign {
    Q_GADGET
    QML_FOREIGN(DispatchUsersModel)
    QML_NAMED_ELEMENT(DispatchUsersModel)
    QML_UNCREATABLE("It comes from DispatchClient.users")
};

struct PendingEventsModelForeign {
    Q_GADGET
    QML_FOREIGN(DispatchPendingEventsModel)
    QML_NAMED_ELEMENT(DispatchPendingEventsModel)
    QML_UNCREATABLE("It comes from DispatchClient.pendingEvents")
};

} // namespace Dispatch
