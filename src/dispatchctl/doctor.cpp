// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"
#include "diagnosis_p.h"
#include "serverprobe_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qnetworkproxy.h>
#include <QtNetwork/qsslsocket.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

/// One question. If one that all after it depend on fails, these are not asked.
struct Check {
    QString subject;
    std::function<void(const ServerProbe::Report &)> ask;
    enum Kind { Alone, Needed, NeedsServer } kind = Alone;
};

QString wordFor(Finding::Verdict verdict, bool isJson)
{
    switch (verdict) {
    case Finding::Ok:
        return u"ok"_s;
    case Finding::Warning:
        return u"warning"_s;
    case Finding::Failed:
        return isJson ? u"failed"_s : u"FAILED"_s;
    case Finding::Skipped:
        break;
    }
    return u"skipped"_s;
}

/// A question that is answered at once.
auto known(const Finding &finding)
{
    return [finding](const ServerProbe::Report &report) { report(finding); };
}

class Doctor : public Command {
public:
    Doctor(const Settings &settings, const QList<Check> &localChecks, Console &console)
        : Command(console)
        , m_settings(settings)
        , m_probe(settings)
        , m_checks(localChecks + serverChecks())
    {
        m_deadline.setSingleShot(true);
        connect(&m_deadline, &QTimer::timeout, this, [this] {
            take(m_current,
                 {Finding::Failed, u"no answer within "_s + formatDuration(m_settings.timeout),
                  u"Is there a firewall? If the way is only slow, give a longer --timeout."_s});
        });
    }

    void start() override { next(); }

private:
    QList<Check> serverChecks();
    Check onServer(const QString &subject, void (ServerProbe::*ask)(const ServerProbe::Report &),
                   Check::Kind kind);
    void next();
    void take(qsizetype number, const Finding &finding);
    void show(const QString &subject, const Finding &finding);

    const Settings m_settings;
    ServerProbe m_probe;
    const QList<Check> m_checks;
    qsizetype m_current = -1;
    bool m_isAsking = false;
    bool m_isBroken = false; ///< the way to the server
    int m_failed = 0;
    QTimer m_deadline;
};

Check Doctor::onServer(const QString &subject,
                       void (ServerProbe::*ask)(const ServerProbe::Report &), Check::Kind kind)
{
    return {subject, [this, ask](const ServerProbe::Report &report) { (m_probe.*ask)(report); },
            kind};
}

QList<Check> Doctor::serverChecks()
{
    QList<Check> checks{
        {u"address"_s, known(judgeUrl(m_settings.url))},
        onServer(u"name"_s, &ServerProbe::lookUpName, Check::Needed),
        onServer(u"TCP"_s, &ServerProbe::connectByTcp, Check::Needed),
    };
    if (m_settings.url.scheme() == "wss"_L1)
        checks += onServer(u"TLS"_s, &ServerProbe::shakeHands, Check::Needed);
    return checks
        + QList<Check>{
            onServer(u"HTTP"_s, &ServerProbe::askForInfo, Check::NeedsServer),
            onServer(u"clock"_s, &ServerProbe::compareClocks, Check::NeedsServer),
            onServer(u"join"_s, &ServerProbe::joinShard, Check::Needed),
            onServer(u"event"_s, &ServerProbe::echo, Check::NeedsServer),
        };
}

void Doctor::next()
{
    if (isFinished())
        return;
    if (++m_current == m_checks.size()) {
        console().note(m_failed == 0 ? u"Nothing failed."_s : u"Failed: %1."_s.arg(m_failed));
        return finish(m_failed == 0 ? ExitCode::Fine : ExitCode::Failed);
    }
    m_isAsking = true;
    const Check &check = m_checks[m_current];
    if (check.kind != Check::Alone && m_isBroken)
        return take(m_current, {Finding::Skipped, u"because of what failed"_s});
    m_deadline.start(m_settings.timeout);
    check.ask([this, number = m_current](const Finding &finding) { take(number, finding); });
}

void Doctor::take(qsizetype number, const Finding &finding)
{
    // A question that was given up may still be answered, and another one twice.
    if (number != m_current || !std::exchange(m_isAsking, false) || isFinished())
        return;
    m_deadline.stop();
    const Check &check = m_checks[m_current];
    if (finding.verdict == Finding::Failed) {
        ++m_failed;
        m_isBroken = m_isBroken || check.kind == Check::Needed;
    }
    show(check.subject, finding);
    QMetaObject::invokeMethod(
        this, [this] { next(); }, Qt::QueuedConnection);
}

void Doctor::show(const QString &subject, const Finding &finding)
{
    console().print(u"%1 %2 %3"_s.arg(wordFor(finding.verdict, false).leftJustified(8),
                                      subject.leftJustified(11), finding.detail));
    if (!finding.advice.isEmpty())
        console().print(QString(21, u' ') + u"> "_s + finding.advice);
    QJsonObject record{{u"check"_s, subject},
                       {u"verdict"_s, wordFor(finding.verdict, true)},
                       {u"detail"_s, finding.detail}};
    if (!finding.advice.isEmpty())
        record.insert(u"advice"_s, finding.advice);
    console().record(record);
}

/// Where an installation, and a build, of which this program is a part have the QML module.
QStringList ownImportPaths()
{
    const QString folder = QCoreApplication::applicationDirPath();
    return {folder + u"/../"_s + QStringLiteral(DISPATCH_QML_DIR), folder + u"/../qml"_s};
}

QList<Check> localChecks(const QUrl &url)
{
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const TlsBackend tls{QSslSocket::supportsSsl(), QSslSocket::activeBackend(),
                         QSslSocket::sslLibraryVersionString()};
    return {
        {u"versions"_s,
         known({Finding::Ok,
                u"dispatchctl %1, Qt %2 (built with %3)"_s.arg(QStringLiteral(DISPATCH_VERSION),
                                                               QString::fromLatin1(qVersion()),
                                                               QStringLiteral(QT_VERSION_STR))})},
        {u"TLS backend"_s, known(judgeTlsBackend(tls, url.scheme() == "wss"_L1))},
        {u"QML module"_s,
         known(judgeQmlModule(findQmlModule(qmlImportPaths(environment), ownImportPaths())))},
        {u"proxies"_s,
         known(judgeProxies(environment, QNetworkProxyFactory::usesSystemConfiguration()))},
    };
}

std::unique_ptr<Command> makeDoctor(const Settings &settings, OptionReader &, Console &console)
{
    return std::make_unique<Doctor>(settings, localChecks(settings.url), console);
}

} // namespace

CommandInfo doctorCommand()
{
    return {
        .name = u"doctor"_s,
        .summary = u"Find out why something does not work"_s,
        .description =
            u"Looks at this machine (versions, TLS, QML module, proxies), at the way to the server "
            "(name, TCP, TLS) and at the server (HTTP, clock, joining, an event there and back). "
            "Each line says ok, warning, FAILED or skipped, and what to do. Ends with 1 if "
            "anything failed. It joins a shard of its own, unless --shard or a token is given."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::Shard
            | SharedOption::Token | SharedOption::Output,
        .make = makeDoctor,
    };
}

} // namespace Dispatch::Ctl
