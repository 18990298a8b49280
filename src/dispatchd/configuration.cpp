// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "configuration_p.h"

#include "configfile_p.h"

#include <QtCore/qfileinfo.h>
#include <QtNetwork/qhostaddress.h>

#include <algorithm>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

void apply(const ConfigurationLayer &layer, LoadedConfiguration &loaded)
{
    loaded.problems += layer.problems;
    loaded.warnings += layer.warnings;
    for (const Assignment &assignment : layer.assignments) {
        const QString problem = assignment.option->problemWith(assignment.value);
        if (problem.isEmpty()) {
            loaded.configuration.setValue(*assignment.option, assignment.value);
            continue;
        }
        const QString where =
            assignment.location.isEmpty() ? QString() : assignment.location + u": "_s;
        loaded.problems += where + assignment.name + u' ' + problem;
    }
}

/// What no option alone is wrong about.
void checkTogether(LoadedConfiguration &loaded)
{
    const DaemonSettings &daemon = loaded.configuration.daemon;
    if (daemon.tlsCertificateFile.isEmpty() != daemon.tlsKeyFile.isEmpty())
        loaded.problems += u"A certificate and its key belong together: give tls.certificate_file "
                           "and tls.key_file, or none of them."_s;
    if (const QString problem = insecurityOf(QHostAddress(daemon.address), daemon);
        !problem.isEmpty())
        loaded.problems += problem;
    const QMap<QString, QString> problems = loaded.configuration.server.problems();
    for (const Option &option : allOptions()) {
        const QString name = QString::fromLatin1(option.property.name());
        if (option.holder == Option::Holder::Server && problems.contains(name))
            loaded.problems += option.path() + u' ' + problems[name];
    }
    if (const QString problem = exposureOf(daemon); !problem.isEmpty())
        loaded.problems += problem;
}

} // namespace

QVariant Configuration::value(const Option &option) const
{
    return option.holder == Option::Holder::Daemon ? option.property.readOnGadget(&daemon)
                                                   : option.property.readOnGadget(&server);
}

void Configuration::setValue(const Option &option, const QVariant &value)
{
    if (option.holder == Option::Holder::Daemon)
        option.property.writeOnGadget(&daemon, value);
    else
        option.property.writeOnGadget(&server, value);
}

ConfigurationLayer readEnvironment(const QMap<QString, QString> &environment)
{
    ConfigurationLayer layer;
    QStringList known;
    for (const Option &option : allOptions())
        known += option.variable;
    for (const auto &[name, text] : environment.asKeyValueRange()) {
        if (!name.startsWith("DISPATCHD_"_L1) || name == "DISPATCHD_CONFIG"_L1)
            continue;
        const qsizetype index = known.indexOf(name);
        if (index < 0) {
            // Others, such as Kubernetes for its services, set variables of such names, too.
            layer.warnings +=
                u"The variable %1 is none of the configuration; it is ignored."_s.arg(name);
            continue;
        }
        const Option &option = allOptions()[index];
        const auto value = option.fromText(text);
        if (const auto *problem = std::get_if<OptionProblem>(&value))
            layer.problems += name + u' ' + problem->text;
        else
            layer.assignments.append({&option, std::get<QVariant>(value), name, {}});
    }
    return layer;
}

LoadedConfiguration loadConfiguration(const ConfigurationSources &sources)
{
    LoadedConfiguration loaded;
    loaded.file = sources.file;
    if (loaded.file.isEmpty() && !sources.defaultFile.isEmpty()
        && QFileInfo::exists(sources.defaultFile))
        loaded.file = sources.defaultFile;
    if (!loaded.file.isEmpty()) {
        const ConfigurationLayer file = readConfigFile(loaded.file);
        apply(file, loaded);
        loaded.configuration.keys = file.keys;
        loaded.configuration.projectTokens = file.projectTokens;
    }
    apply(readEnvironment(sources.environment), loaded);
    apply(sources.flags, loaded);
    if (loaded.problems.isEmpty())
        checkTogether(loaded);
    return loaded;
}

QString insecurityOf(const QHostAddress &address, const DaemonSettings &daemon)
{
    if (address.isLoopback() || daemon.insecure || !daemon.tlsCertificateFile.isEmpty())
        return {};
    return u"Listening on %1 without TLS lets whoever is on the way read and change all that is "
           "sent. Give it a certificate and a key (tls.certificate_file, tls.key_file), listen on "
           "127.0.0.1 behind a proxy that speaks TLS, or say --insecure (insecure = true in a "
           "file, "
           "DISPATCHD_INSECURE=true in the environment)."_s.arg(address.toString());
}

QString exposureOf(const DaemonSettings &daemon)
{
    const QString &address = daemon.operatorsAddress;
    if (address.isEmpty() || QHostAddress(address).isLoopback() || daemon.operatorsInsecure)
        return {};
    return u"Whoever reaches %1 would see all that operators see. Serve them on 127.0.0.1, or say "
           "--operators-insecure (operators.insecure = true in a file, "
           "DISPATCHD_OPERATORS_INSECURE=true in the environment)."_s.arg(address);
}

QStringList needRestart(const Configuration &before, const Configuration &after)
{
    QStringList names;
    for (const Option &option : allOptions()) {
        if (option.row.reload == Reload::AtRestart && before.value(option) != after.value(option))
            names += option.path();
    }
    if (before.daemon.tlsCertificateFile.isEmpty() != after.daemon.tlsCertificateFile.isEmpty())
        names += u"tls"_s;
    return names;
}

} // namespace Dispatch
