// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "manualwriter_p.h"

#include <QtCore/qsavefile.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace Dispatch::Manual {

bool writeFile(const QString &path, const QString &text)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit())
        return true;
    std::fprintf(stderr, "%s could not be written: %s\n", qUtf8Printable(path),
                 qUtf8Printable(file.errorString()));
    return false;
}

bool write(const QString &folder, const QList<Page> &pages, const CompletedProgram &program)
{
    bool allWritten = writeFile(folder + u'/' + program.name + u".bash"_s, toBash(program));
    for (const Page &page : pages)
        allWritten = writeFile(folder + u'/' + fileName(page), toRoff(page)) && allWritten;
    return allWritten;
}

} // namespace Dispatch::Manual
