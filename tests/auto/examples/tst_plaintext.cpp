// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <QtCore/qdiriterator.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// From the brace at \a open to the one that closes it.
QString blockAt(const QString &source, qsizetype open)
{
    int depth = 0;
    for (qsizetype i = open; i < source.size(); ++i) {
        if (source[i] == u'{')
            ++depth;
        else if (source[i] == u'}' && --depth == 0)
            return source.mid(open, i - open);
    }
    return source.mid(open);
}

/// The elements of \a source that show text and don't say that it is plain.
QStringList offenders(const QString &source)
{
    static const QRegularExpression element(u"\\b(Text|Label|TextEdit|TextArea)\\s*\\{"_s);
    static const QRegularExpression plain(
        u"\\btextFormat:\\s*(Text|TextEdit|TextArea)\\.PlainText\\b"_s);
    QStringList found;
    for (auto match = element.globalMatch(source); match.hasNext();) {
        const auto at = match.next();
        if (!plain.match(blockAt(source, at.capturedEnd() - 1)).hasMatch()) {
            const auto line = QStringView(source).left(at.capturedStart()).count(u'\n') + 1;
            found.append(u"%1 in line %2"_s.arg(at.captured(1)).arg(line));
        }
    }
    return found;
}

} // namespace

/// Text that others wrote must never be taken for markup: it could fetch what they want.
class tst_PlainText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLintFindsWhatItShould_data();
    void theLintFindsWhatItShould();
    void allTextInQmlIsPlain();
};

void tst_PlainText::theLintFindsWhatItShould_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("a text of any format")
        << u"Item {\n Text { text: x }\n}"_s << QStringList{u"Text in line 2"_s};
    QTest::newRow("a plain text") << u"Text { textFormat: Text.PlainText; text: x }"_s
                                  << QStringList();
    QTest::newRow("a rich text") << u"Text { textFormat: Text.RichText }"_s
                                 << QStringList{u"Text in line 1"_s};
    QTest::newRow("a label beside a plain text")
        << u"Row { Label { text: x } Text { textFormat: Text.PlainText } }"_s
        << QStringList{u"Label in line 1"_s};
    QTest::newRow("a component of another name") << u"ChatText { text: x }"_s << QStringList();
}

void tst_PlainText::theLintFindsWhatItShould()
{
    QFETCH(QString, source);
    QFETCH(QStringList, expected);
    QCOMPARE(offenders(source), expected);
}

void tst_PlainText::allTextInQmlIsPlain()
{
    static const QRegularExpression foreign(u"/(build[^/]*|node_modules|\\.git)/"_s);
    const QString root = QStringLiteral(SOURCE_DIR);
    QStringList found;
    int files = 0;
    QDirIterator iterator(root, {u"*.qml"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (iterator.hasNext()) {
        const QString path = iterator.next();
        if (foreign.match(path.mid(root.size())).hasMatch())
            continue;
        QFile file(path);
        QVERIFY2(file.open(QIODevice::ReadOnly), qUtf8Printable(path));
        ++files;
        for (const QString &offender : offenders(QString::fromUtf8(file.readAll())))
            found.append(u"%1: %2"_s.arg(path.mid(root.size() + 1), offender));
    }
    QVERIFY(files > 20);
    QVERIFY2(found.isEmpty(), qUtf8Printable(found.join(u'\n')));
}

QTEST_APPLESS_MAIN(tst_PlainText)
#include "tst_plaintext.moc"
