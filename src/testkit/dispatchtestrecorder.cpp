// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtestrecorder.h"

#include "../threadcheck/threadcheck_p.h"
#include "recorder_p.h"

#include <QtCore/qdebug.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qpointer.h>
#include <QtCore/qsavefile.h>

#include <algorithm>
#include <utility>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class Q_DECL_HIDDEN DispatchTestRecorder::Private {
public:
    explicit Private(DispatchTestRecorder *itsRecorder)
        : q(itsRecorder)
    {
    }

    void begin();

    DispatchTestRecorder *const q;
    QPointer<DispatchClient> client;
    std::unique_ptr<Recorder> recorder;
    QByteArray text = recordingHead();
    int maxBytes = UsualRecording;
    bool isFull = false;
};

void DispatchTestRecorder::Private::begin()
{
    text = recordingHead();
    recorder = std::make_unique<Recorder>(*client);
    recorder->setMaxBytes(maxBytes);
    connect(recorder.get(), &Recorder::written, q,
            [this](const QByteArray &line) { text += line; });
    connect(recorder.get(), &Recorder::filled, q, [this] {
        isFull = true;
        Q_EMIT q->fullChanged();
    });
    if (std::exchange(isFull, false))
        Q_EMIT q->fullChanged();
    recorder->start();
}

DispatchTestRecorder::DispatchTestRecorder(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
}

DispatchTestRecorder::~DispatchTestRecorder() = default;

DispatchClient *DispatchTestRecorder::client() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->client;
}

void DispatchTestRecorder::setClient(DispatchClient *client)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (d->client == client)
        return;
    d->client = client;
    d->recorder.reset();
    if (client)
        d->begin();
    Q_EMIT clientChanged();
}

int DispatchTestRecorder::maxBytes() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->maxBytes;
}

void DispatchTestRecorder::setMaxBytes(int bytes)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(d->maxBytes, std::max(bytes, 0)) == d->maxBytes)
        return;
    if (d->recorder)
        d->recorder->setMaxBytes(d->maxBytes);
    Q_EMIT maxBytesChanged();
}

bool DispatchTestRecorder::isFull() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->isFull;
}

QByteArray DispatchTestRecorder::recording() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->text;
}

bool DispatchTestRecorder::save(const QUrl &file) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    const QString path = file.toLocalFile();
    const QFileInfo there(path);
    QString fault;
    if (path.isEmpty()) {
        fault = u"it is no file: URL"_s;
    } else if (there.exists() && !there.isFile()) {
        // A QSaveFile takes the place of a device.
        fault = u"it is no file"_s;
    } else {
        QSaveFile target(path);
        if (target.open(QIODevice::WriteOnly) && target.write(d->text) == d->text.size()
            && target.commit())
            return true;
        fault = target.errorString();
    }
    qWarning().noquote() << file.toDisplayString() << "can't be written:" << fault;
    return false;
}
