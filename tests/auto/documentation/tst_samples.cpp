// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "samplecontext.h"

#include <QtCore/qdiriterator.h>
#include <QtGui/qguiapplication.h>
#include <QtNetwork/qnetworkproxy.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtTest/qtest.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

QString contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

bool isTest(const QString &path)
{
    return contentOf(path).contains("\nTestCase {"_L1);
}

/// What can be loaded: of a folder of files that know each other it is Main.qml. Tests run
/// themselves, elsewhere.
QStringList documents()
{
    QStringList found;
    const QString top = QStringLiteral(SAMPLES "/qml");
    QDirIterator files(top, {u"*.qml"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QFileInfo file(files.next());
        const bool isPart = file.path() != top && QFileInfo::exists(file.path() + u"/Main.qml"_s);
        if ((!isPart || file.fileName() == "Main.qml"_L1) && !isTest(file.filePath()))
            found += file.filePath().sliced(top.size() + 1);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace

/// The samples of the documentation. That this is here says that those in C++ compile; those of
/// them that are tests run after this one.
class tst_Samples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void qmlLoads_data();
    void qmlLoads();
};

void tst_Samples::initTestCase()
{
    // Samples name servers that are not there. Nobody is to ask for them.
    QNetworkProxy::setApplicationProxy({QNetworkProxy::HttpProxy, u"127.0.0.1"_s, 9});
}

void tst_Samples::qmlLoads_data()
{
    QTest::addColumn<QString>("document");
    const QStringList found = documents();
    QVERIFY(found.size() > 0);
    for (const QString &document : found)
        QTest::newRow(qPrintable(document)) << document;
}

void tst_Samples::qmlLoads()
{
    QFETCH(QString, document);
    QTest::failOnWarning(QRegularExpression(u"."_s));
    const QString path = QStringLiteral(SAMPLES "/qml/") + document;
    // Types have no methods in QML. A delegate, which nothing makes here, would not find out.
    static const QRegularExpression callOfType(u"\\bDispatch\\w+\\.[a-z]\\w*\\("_s);
    const QString call = callOfType.match(contentOf(path)).captured();
    QVERIFY2(call.isEmpty(), qPrintable(call));
    QQmlEngine engine;
    engine.addImportPath(QStringLiteral(DISPATCH_QML_IMPORT));
    QQmlComponent component(&engine, QUrl::fromLocalFile(path));
    const std::unique_ptr<QObject> object(component.create());
    QVERIFY2(object, qPrintable(component.errorString()));
}

int main(int argc, char *argv[])
{
    QGuiApplication app(argc, argv);
    tst_Samples samples;
    int failures = QTest::qExec(&samples, argc, argv);
    for (QObject *test : sampleTests()) {
        const std::unique_ptr<QObject> owned(test);
        failures += QTest::qExec(test);
    }
    return failures;
}

#include "tst_samples.moc"
