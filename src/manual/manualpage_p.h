// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Manual {

/// A term, as "--port number", and what there is to say of it.
struct Entry {
    QString term = {};
    QString text = {};
};

struct Section {
    QString title = {};
    QStringList paragraphs = {};
    QList<Entry> entries = {};
    bool isSub = false; ///< a part of the section before it
};

/// A page of the manual, as man(1) shows it.
struct Page {
    QString name = {};
    int section = 1;
    QString summary = {}; ///< for the line "name - summary"
    QString version = {};
    QStringList synopsis = {}; ///< one line each
    QList<Section> sections = {};
    QStringList seeAlso = {}; ///< as "dispatchd(8)"
};

/// The file name: "dispatchd.8".
QString fileName(const Page &page);
/// \a page in the macros of man(7).
QString toRoff(const Page &page);

} // namespace Dispatch::Manual
