// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtestperson.h"
#include "dispatchtestrecorder.h"
#include "dispatchtestserver.h"

#include <QtQml/qqml.h>

namespace Dispatch {

/// import Dispatch.Test: TestServer is a DispatchTestServer.
struct TestServerForeign {
    Q_GADGET
    QML_FOREIGN(DispatchTestServer)
    QML_NAMED_ELEMENT(TestServer)
};

/// import Dispatch.Test: TestRecorder is a DispatchTestRecorder.
struct TestRecorderForeign {
    Q_GADGET
    QML_FOREIGN(DispatchTestRecorder)
    QML_NAMED_ELEMENT(TestRecorder)
};

/// Made by TestServer.join().
struct TestPersonForeign {
    Q_GADGET
    QML_FOREIGN(DispatchTestPerson)
    QML_NAMED_ELEMENT(TestPerson)
    QML_UNCREATABLE("TestServer.join() brings people in")
};

} // namespace Dispatch
