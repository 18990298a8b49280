// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wrongthread.h"

#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>
#include <QtCore/qvariant.h>

#include <array>
#include <thread>

using namespace Qt::StringLiterals;

namespace {

QString fatalMessage;
QSemaphore hasEnded;

void hold(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    if (type != QtFatalMsg)
        return;
    fatalMessage = message;
    hasEnded.release();
    // Who returns from here aborts.
    QSemaphore().acquire();
}

void invoke(QObject *object, const QMetaMethod &method)
{
    constexpr std::size_t Most = 4;
    std::array<QVariant, Most> values;
    std::array<QGenericArgument, Most> arguments;
    for (int i = 0; i < method.parameterCount(); ++i) {
        QVariant &value = values.at(std::size_t(i));
        value = QVariant(method.parameterMetaType(i));
        arguments.at(std::size_t(i)) =
            QGenericArgument(method.parameterMetaType(i).name(), value.constData());
    }
    method.invoke(object, Qt::DirectConnection, arguments[0], arguments[1], arguments[2],
                  arguments[3]);
}

} // namespace

std::map<QString, Call> callsByName(const QMetaObject &type)
{
    std::map<QString, Call> calls;
    for (int i = type.propertyOffset(); i < type.propertyCount(); ++i) {
        const QMetaProperty property = type.property(i);
        const QString name = QString::fromLatin1(property.name());
        calls[u"read "_s + name] = [property](QObject *object) { property.read(object); };
        if (property.isWritable()) {
            calls[u"write "_s + name] = [property](QObject *object) {
                property.write(object, QVariant(property.metaType()));
            };
        }
    }
    for (int i = type.methodOffset(); i < type.methodCount(); ++i) {
        const QMetaMethod method = type.method(i);
        if (method.methodType() != QMetaMethod::Signal) {
            calls[u"call "_s + QString::fromLatin1(method.methodSignature())] =
                [method](QObject *object) { invoke(object, method); };
        }
    }
    return calls;
}

QString fatalMessageOf(const Call &call, QObject *object)
{
    fatalMessage.clear();
    const auto before = qInstallMessageHandler(hold);
    std::thread([call, object] {
        QThread::currentThread()->setObjectName(u"another"_s);
        call(object);
        hasEnded.release();
    }).detach();
    hasEnded.acquire();
    qInstallMessageHandler(before);
    return fatalMessage;
}
