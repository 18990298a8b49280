// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Ctl {

/// A column of a table for people.
struct Column {
    QString title;
    Qt::Alignment alignment = Qt::AlignLeft;
};

/// The lines of a table with \a columns and \a rows, each cell printable, columns two spaces apart,
/// without white space at the end of a line.
QStringList formatTable(const QList<Column> &columns, const QList<QStringList> &rows);

} // namespace Dispatch::Ctl
