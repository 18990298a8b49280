// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "credentialentries_p.h"
#include "daemonsettings_p.h"
#include "option_p.h"

#include "dispatchserversettings.h"

#include <QtCore/qmap.h>
#include <QtCore/qstringlist.h>

QT_BEGIN_NAMESPACE
class QHostAddress;
QT_END_NAMESPACE

namespace Dispatch {

/// All that an operator can say, with the defaults for what was not said.
struct Configuration {
    DaemonSettings daemon{};
    DispatchServerSettings server{};
    QList<KeyEntry> keys{};
    QList<ProjectTokenEntry> projectTokens{};

    QVariant value(const Option &option) const;
    void setValue(const Option &option, const QVariant &value);

    bool operator==(const Configuration &) const = default;
};

/// Where a value comes from.
struct Origin {
    QString name{}; ///< as the user knows it: "--port", "DISPATCHD_PORT", "port"
    QString location{}; ///< "file:line:column", or empty

    /// The beginning of a sentence about the value: "file:3:8: port", "--port".
    QString subject() const
    {
        return location.isEmpty() ? name : location + QLatin1String(": ") + name;
    }
    /// What goes before a sentence: "file:3:8: ", "--port: ".
    QString prefix() const { return (location.isEmpty() ? name : location) + QLatin1String(": "); }
};

/// A value for an option, and who says so.
struct Assignment {
    const Option *option = nullptr;
    QVariant value{};
    Origin origin{};
};

/// What one source says, and what is wrong with it, as sentences for people.
struct ConfigurationLayer {
    QList<Assignment> assignments{};
    QList<KeyEntry> keys{}; ///< of a file alone
    QList<ProjectTokenEntry> projectTokens{}; ///< of a file alone
    QStringList problems{};
    QStringList warnings{};
};

/// Where a configuration comes from.
struct ConfigurationSources {
    ConfigurationLayer flags{};
    QMap<QString, QString> environment{};
    QString file{}; ///< that was asked for; empty: the default one if it is there
    QString defaultFile{}; ///< empty: there is none
};

/// A configuration, or what is wrong with it.
struct LoadedConfiguration {
    Configuration configuration{};
    QString file{}; ///< that was read; empty: none
    QMap<QString, Origin> origins{}; ///< of what is no default, by the option's path
    QStringList problems{};
    QStringList warnings{};

    /// Of the option that is called \a path, also if nobody says anything of it.
    Origin originOf(const QString &path) const { return origins.value(path, {path, {}}); }
};

/// What variables called DISPATCHD_... say.
ConfigurationLayer readEnvironment(const QMap<QString, QString> &environment);

/// Flags over environment over file over defaults. Reads the file each time.
LoadedConfiguration loadConfiguration(const ConfigurationSources &sources);

/// Why one of the two can't listen where \a daemon says, because the other one does; empty: they
/// can.
QString collisionOf(const DaemonSettings &daemon);

/// Why a server must not listen on \a address; empty: it may.
QString insecurityOf(const QHostAddress &address, const DaemonSettings &daemon);

/// Why operators must not be served where \a daemon says; empty: they may.
QString exposureOf(const DaemonSettings &daemon);

/// The names of the options that differ and take effect at the next start only.
QStringList needRestart(const Configuration &before, const Configuration &after);

/// \a configuration as a file with a comment for each option, which says the same when it is read.
QString toToml(const Configuration &configuration);

} // namespace Dispatch
