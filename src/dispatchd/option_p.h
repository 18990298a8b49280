// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "optiontable_p.h"

#include <QtCore/qlist.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>

#include <variant>

namespace Dispatch {

/// What a value of an option is made of.
enum class OptionType {
    Flag,
    Number,
    Text,
    List, ///< of texts
};

/// Why a text or a value can't be taken, as the end of a sentence that begins with the name of the
/// option: "must be a number from 1 to 10, not 11."
struct OptionProblem {
    QString text{};
};

/// Something that a user can set, by a flag, in the environment and in a file. It is a property of
/// DaemonSettings or of DispatchServerSettings, together with its row in the table.
struct Option {
    enum class Holder { Daemon, Server };

    Holder holder = Holder::Daemon;
    QMetaProperty property{};
    OptionRow row{};
    OptionType type = OptionType::Text;
    QVariant defaultValue{};
    QString section{}; ///< of the file; empty: the top level
    QString key{}; ///< in that section, as "max_connections"
    QString flag{}; ///< without dashes, as "max-connections"
    QString variable{}; ///< in the environment, as "DISPATCHD_MAX_CONNECTIONS"

    /// The key with its section: "log.format".
    QString path() const;
    /// What a value has to be: "a number from 1 to 10".
    QString expectation() const;
    /// Reads \a text of a flag or a variable.
    std::variant<QVariant, OptionProblem> fromText(const QString &text) const;
    /// Checks a \a value that has the type of the option. Empty: it can be taken.
    QString problemWith(const QVariant &value) const;
};

/// All options, in the order of the table. Properties that have no row there come last.
const QList<Option> &allOptions();

/// The option in \a section that is called \a key in a file, or null.
const Option *findOption(const QString &section, const QString &key);

/// The one of \a candidates that somebody may have meant by \a name; empty if none is near.
QString nearest(const QString &name, const QStringList &candidates);

} // namespace Dispatch
