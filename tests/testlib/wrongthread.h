// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qmetaobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qstring.h>

#include <functional>
#include <map>

using Call = std::function<void(QObject *)>;

/// A call of an object that is a T.
template<typename T>
Call on(std::function<void(T *)> call)
{
    return [call](QObject *object) { call(static_cast<T *>(object)); };
}

/// The calls that can be made by name of what \a type itself has: "read url", "write url",
/// "call close()".
std::map<QString, Call> callsByName(const QMetaObject &type);

/// What ended the program when \a call of \a object was made on a thread named "another"; empty if
/// it returned. To go on, that thread is held where it would have ended the program.
QString fatalMessageOf(const Call &call, QObject *object);
