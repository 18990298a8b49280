// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "secrettext_p.h"

#include "readtoend_p.h"

#include <QtCore/qfile.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

// Keys and tokens have a few kilobytes; what has more is another file.
constexpr qint64 MaximumBytes = 64 * 1024;

} // namespace

SecretText readSecretText(const QString &path)
{
    QFile file(path);
    const bool isStdin = path == "-"_L1;
    const bool isOpen =
        isStdin ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    const QByteArray content = isOpen ? readToEnd(file, MaximumBytes) : QByteArray();
    const QString name = isStdin ? u"stdin"_s : u"'%1'"_s.arg(path);
    if (file.error() != QFile::NoError)
        return {{}, u"%1 can't be read: %2."_s.arg(name, file.errorString())};
    if (content.size() > MaximumBytes)
        return {{},
                u"%1 has more than %2 bytes: name the right file."_s.arg(name).arg(MaximumBytes)};
    if (content.trimmed().isEmpty())
        return {{}, u"%1 is empty."_s.arg(name)};
    return {content.trimmed(), {}};
}

} // namespace Dispatch::Ctl
