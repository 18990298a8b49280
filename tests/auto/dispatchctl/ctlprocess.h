// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>
#include <QtTest/qtest.h>

#include <csignal>

using namespace Qt::StringLiterals;

/// A dispatchctl that was started, and what it said.
class CtlProcess {
public:
    /// Only guards: nothing waits for it to pass.
    static constexpr int DeadlineMs = 30'000;

    struct Surroundings {
        QUrl url = {}; ///< DISPATCH_URL
        QByteArray input = {}; ///< what there is on stdin
        QStringList variables = {}; ///< "NAME=value"
    };

    void start(const QStringList &arguments, const Surroundings &surroundings)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : environment.keys()) {
            if (name.startsWith("DISPATCH_"_L1))
                environment.remove(name);
        }
        if (!surroundings.url.isEmpty())
            environment.insert(u"DISPATCH_URL"_s, surroundings.url.toString());
        for (const QString &variable : surroundings.variables)
            environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(DISPATCHCTL), arguments);
        process.write(surroundings.input);
        process.closeWriteChannel();
    }

    /// Waits until stderr has \a text.
    bool notes(const QByteArray &text)
    {
        return QTest::qWaitFor([&] { return errors().contains(text); }, DeadlineMs);
    }

    /// Waits until stdout has \a text.
    bool prints(const QByteArray &text)
    {
        return QTest::qWaitFor([&] { return output().contains(text); }, DeadlineMs);
    }

    /// Waits for its end, while the event loop of the test goes on.
    bool ends()
    {
        return QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, DeadlineMs)
            && process.exitStatus() == QProcess::NormalExit;
    }

    void send(int signal) const { ::kill(pid_t(process.processId()), signal); }

    const QByteArray &output() { return m_output += process.readAllStandardOutput(); }
    const QByteArray &errors() { return m_errors += process.readAllStandardError(); }

    /// The lines of stdout as JSON; one that is none is an empty object.
    QList<QJsonObject> records()
    {
        QList<QJsonObject> all;
        for (const QByteArray &line : output().trimmed().split('\n'))
            all += QJsonDocument::fromJson(line).object();
        return all;
    }

    ~CtlProcess()
    {
        process.kill();
        process.waitForFinished();
    }

    QProcess process;

private:
    QByteArray m_output;
    QByteArray m_errors;
};

/// What a dispatchctl said that has ended.
struct CtlResult {
    int code = -1; ///< -1: it did not end by itself
    QByteArray output = {};
    QByteArray errors = {};
    QList<QJsonObject> records = {};
};

inline CtlResult runCtl(const QStringList &arguments,
                        const CtlProcess::Surroundings &surroundings = {})
{
    CtlProcess ctl;
    ctl.start(arguments, surroundings);
    if (!ctl.ends())
        return {-1, ctl.output(), ctl.errors(), {}};
    return {ctl.process.exitCode(), ctl.output(), ctl.errors(), ctl.records()};
}
