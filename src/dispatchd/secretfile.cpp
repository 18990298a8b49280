// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "secretfile_p.h"

#include <QtCore/qfile.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

// A secret is a line of text; whoever names a device or a disk image by mistake is told so.
constexpr qint64 MaximumBytes = 64 * 1024;

} // namespace

QString permissionWarning(const QString &path, const QString &what)
{
    if (!QFile::permissions(path).testFlag(QFile::ReadOther))
        return {};
    return u"everybody on this machine can read the %1 file '%2': 'chmod o-rwx' keeps them out."_s
        .arg(what, path);
}

SecretFile readSecretFile(const QString &path, const QString &what, qsizetype leastBytes)
{
    QFile file(path);
    const QByteArray content =
        file.open(QIODevice::ReadOnly) ? file.read(MaximumBytes + 1) : QByteArray();
    if (file.error() != QFile::NoError)
        return {.error =
                    u"cannot read the %1 file '%2': %3."_s.arg(what, path, file.errorString())};
    if (content.size() > MaximumBytes)
        return {.error = u"the %1 file '%2' has more than %3 bytes; is it the right file?"_s.arg(
                    what, path, QString::number(MaximumBytes))};
    const QByteArray secret = content.trimmed();
    if (secret.isEmpty())
        return {.error = u"the %1 file '%2' is empty."_s.arg(what, path)};
    if (secret.size() < leastBytes)
        return {.error =
                    u"the %1 in '%2' has %3 bytes, but at least %4 are needed; "
                    "'openssl rand -hex 32' makes a good secret."_s.arg(
                        what, path, QString::number(secret.size()), QString::number(leastBytes))};
    return {.secret = secret};
}

} // namespace Dispatch
