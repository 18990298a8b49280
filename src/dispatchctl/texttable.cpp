// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "texttable_p.h"

#include "printable_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

/// In code points; a terminal may draw some of them wider.
qsizetype widthOf(const QString &text)
{
    return std::ranges::count_if(text, [](QChar unit) { return !unit.isLowSurrogate(); });
}

QString formatRow(const QStringList &cells, const QList<Column> &columns,
                  const QList<qsizetype> &widths)
{
    QString line;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const QString padding(widths[i] - widthOf(cells[i]), u' ');
        const bool isRight = columns[i].alignment == Qt::AlignRight;
        line += (i > 0 ? u"  "_s : QString()) + (isRight ? padding + cells[i] : cells[i] + padding);
    }
    while (line.endsWith(u' '))
        line.chop(1);
    return line;
}

} // namespace

QStringList formatTable(const QList<Column> &columns, const QList<QStringList> &rows)
{
    QList<QStringList> all{{}};
    for (const Column &column : columns)
        all.first() += column.title;
    for (const QStringList &row : rows) {
        all += QStringList();
        for (qsizetype i = 0; i < columns.size(); ++i)
            all.last() += printable(row.value(i));
    }
    QList<qsizetype> widths(columns.size(), 0);
    for (const QStringList &row : std::as_const(all)) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(row[i]));
    }
    QStringList lines;
    for (const QStringList &row : std::as_const(all))
        lines += formatRow(row, columns, widths);
    return lines;
}

} // namespace Dispatch::Ctl
