// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace Dispatch {

/// Where in a file an entry names its file, "file:line:column". It does not count for whether two
/// entries say the same.
struct EntryLocation {
    QString text{};

    bool operator==(const EntryLocation &) const { return true; }
};

/// A table [[keys]] of a configuration file; each property is a key in it. What they mean is said
/// by DispatchTokenKey.
class KeyEntry {
    Q_GADGET
    Q_PROPERTY(QString algorithm MEMBER algorithm)
    Q_PROPERTY(QString file MEMBER file)
    Q_PROPERTY(QString kid MEMBER kid)
    Q_PROPERTY(QStringList projects MEMBER projects)
    Q_PROPERTY(QString audience MEMBER audience)
    Q_PROPERTY(QString issuer MEMBER issuer)

public:
    QString algorithm;
    QString file;
    QString kid;
    QStringList projects;
    QString audience;
    QString issuer;
    EntryLocation location;

    bool operator==(const KeyEntry &) const = default;
};

/// A table [[project_tokens]] of a configuration file.
class ProjectTokenEntry {
    Q_GADGET
    Q_PROPERTY(QString project MEMBER project)
    Q_PROPERTY(QString file MEMBER file)

public:
    QString project;
    QString file;
    EntryLocation location;

    bool operator==(const ProjectTokenEntry &) const = default;
};

} // namespace Dispatch
