// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <QtCore/qdiriterator.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// The lines of \a source that show people words that nobody can translate.
QStringList offenders(const QString &source)
{
    static const QRegularExpression shown(
        u"\\b(text|title|label|placeholder(Text)?|Accessible\\.(name|description)|ToolTip\\.text"
        "|set(Text|Title|WindowTitle|PlaceholderText|ToolTip|AccessibleName)|make(Label|Button))"
        "\\s*[:(](.*)"_s);
    static const QRegularExpression marked(u"\\b(qsTr|tr)\\(\"[^\"]*\""_s);
    static const QRegularExpression name(u"\\bmakeLabel\\(u\"[a-z]+\"_s"_s);
    static const QRegularExpression words(u"\"[^\"]*[A-Za-z]{2}[^\"]*\""_s);
    QStringList found;
    int number = 0;
    for (const QString &line : source.split(u'\n')) {
        ++number;
        const auto match = shown.match(QString(line).remove(marked).remove(name));
        if (match.hasMatch() && words.match(match.captured(6)).hasMatch())
            found += u"line %1: %2"_s.arg(QString::number(number), line.trimmed());
    }
    return found;
}

} // namespace

/// What the chats show can be translated.
class tst_Translatable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLintFindsWhatItShould_data();
    void theLintFindsWhatItShould();
    void allWordsThatTheChatsShowAreMarked();
};

void tst_Translatable::theLintFindsWhatItShould_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<int>("found");
    QTest::newRow("words") << u"text: \"Send\""_s << 1;
    QTest::newRow("words, marked") << u"text: qsTr(\"Send\")"_s << 0;
    QTest::newRow("one of two") << u"text: own ? qsTr(\"You\") : \"Somebody\""_s << 1;
    QTest::newRow("both") << u"text: own ? qsTr(\"You\") : qsTr(\"%1 there\").arg(1)"_s << 0;
    QTest::newRow("what is no word") << u"text: a + \": \" + b"_s << 0;
    QTest::newRow("what nobody sees") << u"iconName: \"send\""_s << 0;
    QTest::newRow("for a screen reader") << u"Accessible.name: \"People\""_s << 1;
    QTest::newRow("in C++") << u"button->setText(u\"Send\"_s);"_s << 1;
    QTest::newRow("in C++, marked") << u"button->setText(tr(\"Send\"));"_s << 0;
}

void tst_Translatable::theLintFindsWhatItShould()
{
    QFETCH(QString, source);
    QFETCH(int, found);
    QCOMPARE(offenders(source).size(), found);
}

void tst_Translatable::allWordsThatTheChatsShowAreMarked()
{
    int files = 0;
    QStringList found;
    for (const char *folder : {"chat-qml", "chat-widgets"}) {
        QDirIterator iterator(QStringLiteral(SOURCE_DIR "/examples/") + QLatin1String(folder),
                              {u"*.qml"_s, u"*.cpp"_s}, QDir::Files);
        while (iterator.hasNext()) {
            QFile file(iterator.next());
            QVERIFY2(file.open(QIODevice::ReadOnly), qUtf8Printable(file.fileName()));
            ++files;
            for (const QString &line : offenders(QString::fromUtf8(file.readAll())))
                found += file.fileName() + u", "_s + line;
        }
    }
    QVERIFY(files > 20);
    QVERIFY2(found.isEmpty(), qUtf8Printable(found.join(u'\n')));
}

QTEST_GUILESS_MAIN(tst_Translatable)
#include "tst_translatable.moc"
