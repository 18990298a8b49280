// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// benchmark_qmlreceiver <file.qml> <url>: runs one of the QML receivers.

#include "cpu.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qurl.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlcontext.h>
#include <QtQml/qqmlengine.h>

/// The measuring, as QML sees it.
class Bench : public QObject {
    Q_OBJECT
    Q_PROPERTY(QUrl url MEMBER m_url CONSTANT)

public:
    explicit Bench(const QUrl &url)
        : m_url(url)
    {
    }
    Q_INVOKABLE void start() { m_cpu.start(); }
    /// The handler counts for itself, as in JavaScript; a call here would cost more than its work.
    Q_INVOKABLE void end(double events, double sum)
    {
        m_cpu.print(events, sum);
        QCoreApplication::quit();
    }

private:
    QUrl m_url;
    Cpu m_cpu;
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3) {
        std::fputs("usage: benchmark_qmlreceiver <file.qml> <url>\n", stderr);
        return 2;
    }
    Bench bench{QUrl(arguments[2])};
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(QML_IMPORT_PATH));
    engine.rootContext()->setContextProperty(QStringLiteral("bench"), &bench);
    QQmlComponent component(&engine, QUrl::fromLocalFile(arguments[1]));
    const std::unique_ptr<QObject> receiver(component.create());
    if (!receiver) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(component.errorString()));
        return 1;
    }
    return QCoreApplication::exec();
}

#include "qmlreceiver.moc"
