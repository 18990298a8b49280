// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <DispatchClient>
#include <DispatchServer>
#include <DispatchTestRecorder>
#include <DispatchTestServer>
#include <DispatchTokenVerifier>

#if __has_include(<QCoroTask>)
#include <QCoroFuture>
#include <QCoroTask>
#endif
#include <QtCore/QtCore>
#include <QtNetwork/QtNetwork>
#include <QtWidgets/qlistview.h>

/// One of each test that the samples have.
QObjectList sampleTests();

/// Where samples are that are a part of something: an object with a client and a server.
class SampleContext : public QObject {
public:
    using QObject::QObject;

    DispatchClient client;
    DispatchServer server;
};
