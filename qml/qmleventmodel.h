// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcheventmodel.h"
#include "qmlclient.h"

#include <QtQml/qqmlparserstatus.h>

namespace Dispatch {

/// DispatchEventModel as QML sees it: inside a DispatchClient it needs no \c client.
class QmlEventModel : public DispatchEventModel, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(DispatchClient *client READ client WRITE giveClient NOTIFY clientChanged)
    QML_NAMED_ELEMENT(DispatchEventModel)

public:
    explicit QmlEventModel(QObject *parent = nullptr);

    void classBegin() override { }
    void componentComplete() override;

    void giveClient(DispatchClient *client);

private:
    bool m_clientGiven = false;
};

} // namespace Dispatch
