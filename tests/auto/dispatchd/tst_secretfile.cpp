// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "secretfile_p.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_SecretFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whiteSpaceAroundTheSecretIsNoPartOfIt();
    void refusesWhatIsNoSecret_data();
    void refusesWhatIsNoSecret();
    void howLongASecretIsCanBeUpToOthers();
    void refusesAFileThatIsNotThere();
    void warnsOfAFileThatEverybodyCanRead();

private:
    QString write(const QByteArray &content);

    QTemporaryDir m_folder;
};

QString tst_SecretFile::write(const QByteArray &content)
{
    QFile file(m_folder.filePath(u"secret"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        return {};
    return file.fileName();
}

void tst_SecretFile::whiteSpaceAroundTheSecretIsNoPartOfIt()
{
    const QByteArray secret(32, 's');
    const SecretFile file = readSecretFile(write(' ' + secret + "\r\n"));
    QCOMPARE(file.error, QString());
    QCOMPARE(file.secret, secret);
}

void tst_SecretFile::refusesWhatIsNoSecret_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("named");

    QTest::newRow("empty") << QByteArray() << u"empty"_s;
    QTest::newRow("white space") << QByteArray(40, '\n') << u"empty"_s;
    QTest::newRow("31 bytes") << QByteArray(31, 's') << u"31"_s;
    QTest::newRow("31 bytes and white space") << QByteArray(31, 's') + "\n\n" << u"31"_s;
    QTest::newRow("huge") << QByteArray(100'000, 's') << u"65536"_s;
}

void tst_SecretFile::refusesWhatIsNoSecret()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, named);
    const SecretFile file = readSecretFile(write(content));
    QVERIFY2(file.error.contains(named), qPrintable(file.error));
    QCOMPARE(file.secret, QByteArray());
}

void tst_SecretFile::howLongASecretIsCanBeUpToOthers()
{
    QCOMPARE(readSecretFile(write("short\n"), u"password"_s, 1).secret, QByteArray("short"));
    QVERIFY(readSecretFile(write("\n"), u"password"_s, 1).error.contains(u"empty"_s));
}

void tst_SecretFile::refusesAFileThatIsNotThere()
{
    const QString path = m_folder.filePath(u"none"_s);
    QVERIFY(readSecretFile(path).error.contains(path));
    QVERIFY(!readSecretFile(m_folder.path()).error.isEmpty());
}

void tst_SecretFile::warnsOfAFileThatEverybodyCanRead()
{
    const QString path = write(QByteArray(32, 's'));
    const auto owner = QFile::ReadOwner | QFile::WriteOwner;
    QVERIFY(QFile::setPermissions(path, owner | QFile::ReadGroup));
    QCOMPARE(permissionWarning(path, u"secret"_s), QString());
    QVERIFY(QFile::setPermissions(path, owner | QFile::ReadOther));
    const QString warning = permissionWarning(path, u"secret"_s);
    QVERIFY2(warning.contains(path) && warning.contains(u"chmod o-rwx"_s), qPrintable(warning));
}

QTEST_GUILESS_MAIN(tst_SecretFile)
#include "tst_secretfile.moc"
