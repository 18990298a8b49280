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
        if (!problem.isEmpty()) {
            loaded.problems += assignment.origin.subject() + u' ' + problem;
            continue;
        }
        loaded.configuration.setValue(*assignment.option, assignment.value);
        loaded.origins.insert(assignment.option->path(), assignment.origin);
    }
}

/// Complains, unless \a problem is empty, at the first of \a paths that somebody has set.
void complain(LoadedConfiguration &loaded, const QStringList &paths, const QString &problem)
{
    if (problem.isEmpty())
        return;
    for (const QString &path : paths) {
        if (loaded.origins.contains(path)) {
            loaded.problems += loaded.origins[path].prefix() + problem;
            return;
        }
    }
    loaded.problems += problem;
}

QString halfTlsOf(const DaemonSettings &daemon)
{
    if (daemon.tlsCertificateFile.isEmpty() == daemon.tlsKeyFile.isEmpty())
        return {};
    return u"A certificate and its key belong together: give tls.certificate_file and "
           "tls.key_file, or none of them."_s;
}

/// What no option alone is wrong about.
void checkTogether(LoadedConfiguration &loaded)
{
    const DaemonSettings &daemon = loaded.configuration.daemon;
    complain(loaded, {u"tls.certificate_file"_s, u"tls.key_file"_s}, halfTlsOf(daemon));
    complain(loaded, {u"address"_s}, insecurityOf(QHostAddress(daemon.address), daemon));
    complain(loaded, {u"operators.address"_s}, exposureOf(daemon));
    complain(loaded, {u"operators.port"_s, u"port"_s}, collisionOf(daemon));
    const QMap<QString, QString> problems = loaded.configuration.server.problems();
    for (const Option &option : allOptions()) {
        const QString name = QString::fromLatin1(option.property.name());
        if (option.holder == Option::Holder::Server && problems.contains(name))
            loaded.problems += loaded.originOf(option.path()).subject() + u' ' + problems[name];
    }
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
    const auto prefix = "DISPATCHD_"_L1;
    ConfigurationLayer layer;
    QStringList known;
    for (const Option &option : allOptions())
        known += option.variable.mid(prefix.size());
    for (const auto &[name, text] : environment.asKeyValueRange()) {
        if (!name.startsWith(prefix) || name == "DISPATCHD_CONFIG"_L1)
            continue;
        const QString key = name.mid(prefix.size());
        const qsizetype index = known.indexOf(key);
        if (index < 0) {
            // Others, such as Kubernetes for its services, set variables of such names, too.
            const QString meant = nearest(key, known);
            layer.warnings +=
                u"The variable %1 is none of the configuration; it is ignored.%2"_s.arg(
                    name, meant.isEmpty() ? QString() : u" Did you mean %1?"_s.arg(prefix + meant));
            continue;
        }
        const Option &option = allOptions()[index];
        const auto value = option.fromText(text);
        if (const auto *problem = std::get_if<OptionProblem>(&value))
            layer.problems += name + u' ' + problem->text;
        else
            layer.assignments.append({&option, std::get<QVariant>(value), {name, {}}});
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

QString collisionOf(const DaemonSettings &daemon)
{
    const QHostAddress clients(daemon.address);
    const QHostAddress operators(daemon.operatorsAddress);
    const auto isAny = [](const QHostAddress &address) {
        return address == QHostAddress(QHostAddress::AnyIPv4)
            || address == QHostAddress(QHostAddress::AnyIPv6);
    };
    const bool isApart = operators.isNull() || daemon.port == 0
        || daemon.port != daemon.operatorsPort
        || (clients != operators && !isAny(clients) && !isAny(operators));
    if (isApart)
        return {};
    return u"Clients and operators can't be served on one port, %1: give operators.port another "
           "one, or 0 for a free one."_s.arg(daemon.port);
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
