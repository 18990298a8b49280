// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient.h"
#include "dispatchtest_export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>
#include <QtCore/qurl.h>

#include <memory>

/// Writes down what a client sees of the others in its room: who comes, changes and goes, and what
/// they emit, each with its time. DispatchTestServer::replay() plays it to the clients of a test.
/// The client can be one of any server, also in the app itself; what it emits is left out, for in
/// the test the app does that. The shared state is not recorded.
///
/// A recording is text: a JSON object a line, as in
/// {"at":1200,"person":"1","emits":"message","payload":"Hello!"}; it can be written by hand, too.
/// It has payloads, user infos and user ids as they came: think of whose they are before you share
/// it.
///
/// Lives on the thread of its client; a call on another one ends the program.
/// \since 0.1
class DISPATCH_TEST_EXPORT DispatchTestRecorder : public QObject {
    Q_OBJECT
    Q_PROPERTY(DispatchClient *client READ client WRITE setClient NOTIFY clientChanged)
    Q_PROPERTY(int maxBytes READ maxBytes WRITE setMaxBytes NOTIFY maxBytesChanged)
    Q_PROPERTY(bool full READ isFull NOTIFY fullChanged)

public:
    explicit DispatchTestRecorder(QObject *parent = nullptr);
    ~DispatchTestRecorder() override;

    /// Whose view is recorded; a recording begins anew with each one, and with those who are there
    /// by then. Null, the default, records nothing more.
    DispatchClient *client() const;
    void setClient(DispatchClient *client);
    /// How long a recording can get; 16 MiB by default. What would go beyond is left out, and all
    /// behind it.
    int maxBytes() const;
    void setMaxBytes(int bytes);
    /// Whether something was left out for that.
    bool isFull() const;

    /// What was recorded so far.
    QByteArray recording() const;
    /// Writes it to a \a file (a file: URL), in the place of one that is there. False, with a
    /// warning, if that can't be, or if a folder, a device or a pipe is there.
    Q_INVOKABLE bool save(const QUrl &file) const;

Q_SIGNALS:
    void clientChanged();
    void maxBytesChanged();
    void fullChanged();

private:
    class Private;
    const std::unique_ptr<Private> d;
};
