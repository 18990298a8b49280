// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "threadcheck_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qstring.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

QString describe(const QThread *thread)
{
    if (!thread)
        return u"no thread any more"_s;
    const QString address = u"0x%1"_s.arg(quintptr(thread), 0, 16);
    if (const auto *app = QCoreApplication::instance(); app && app->thread() == thread)
        return u"the main thread (%1)"_s.arg(address);
    const QString name = thread->objectName();
    return name.isEmpty() ? u"thread %1"_s.arg(address)
                          : u"thread \"%1\" (%2)"_s.arg(name, address);
}

} // namespace

void calledOnWrongThread(const QObject *object, const char *function)
{
    qFatal(
        "%s was called on %s, but the object lives on %s. Call it there, as by "
        "QMetaObject::invokeMethod(). What may be called on any thread says so in the reference.",
        function, qPrintable(describe(QThread::currentThread())),
        qPrintable(describe(object->thread())));
}

} // namespace Dispatch
