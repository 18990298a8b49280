// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "text_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtTest/qtest.h>

using namespace Dispatch;

class TestText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lengthIsThatOfJavaScript_data();
    void lengthIsThatOfJavaScript();
    void jsonStringsAreReadByOthers_data() { lengthIsThatOfJavaScript_data(); }
    void jsonStringsAreReadByOthers();
    void percentEncodingGoesBothWays_data() { lengthIsThatOfJavaScript_data(); }
    void percentEncodingGoesBothWays();
    void controlCharactersAreFound_data();
    void controlCharactersAreFound();
    void plusIsASpaceInQueriesOnly();
    void partsAreFoundWhateverTheirCase_data();
    void partsAreFoundWhateverTheirCase();
    void codePointsAreTakenOneByOne_data() { lengthIsThatOfJavaScript_data(); }
    void codePointsAreTakenOneByOne();
    void brokenUtf8IsTakenByteByByte();
};

void TestText::lengthIsThatOfJavaScript_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("ascii") << QStringLiteral("plain + text");
    QTest::newRow("escapes") << QStringLiteral("\"\\/\b\f\n\r\t\x01 %41+&=");
    QTest::newRow("two bytes") << QStringLiteral("äöü");
    QTest::newRow("three bytes") << QStringLiteral("漢字€");
    QTest::newRow("surrogate pairs") << QStringLiteral("😀👩‍👩‍👧");
}

void TestText::lengthIsThatOfJavaScript()
{
    QFETCH(QString, text);
    QCOMPARE(Text::utf16Length(text.toStdString()), std::size_t(text.size()));
}

void TestText::jsonStringsAreReadByOthers()
{
    QFETCH(QString, text);
    const std::string json = "[" + Text::jsonString(text.toStdString()) + "]";
    QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(json)).array().at(0).toString(),
             text);
}

void TestText::percentEncodingGoesBothWays()
{
    QFETCH(QString, text);
    const std::string encoded = Text::percentEncoded(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(encoded), text.toUtf8().toPercentEncoding());
    QCOMPARE(QString::fromStdString(Text::percentDecoded(encoded, true)), text);
}

void TestText::controlCharactersAreFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("found");
    QTest::newRow("none") << QStringLiteral("a b é À \u00a0 漢") << false;
    QTest::newRow("null") << QString(QChar(0)) << true;
    QTest::newRow("line feed") << QStringLiteral("a\n") << true;
    QTest::newRow("delete") << QStringLiteral("a\x7f") << true;
    QTest::newRow("C1 first") << QStringLiteral("\u0080") << true;
    QTest::newRow("C1 last") << QStringLiteral("\u009f") << true;
}

void TestText::controlCharactersAreFound()
{
    QFETCH(QString, text);
    QFETCH(bool, found);
    QCOMPARE(Text::hasControlCharacter(text.toStdString()), found);
}

void TestText::plusIsASpaceInQueriesOnly()
{
    QCOMPARE(Text::percentDecoded("a+b%2B", true), std::string("a b+"));
    QCOMPARE(Text::percentDecoded("a+b%2B", false), std::string("a+b+"));
    QCOMPARE(Text::percentDecoded("%", false), std::string("%"));
    QCOMPARE(Text::percentDecoded("%4", false), std::string("%4"));
    QCOMPARE(Text::percentDecoded("%4x%41", false), std::string("%4xA"));
}

void TestText::partsAreFoundWhateverTheirCase_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<bool>("found");
    QTest::newRow("nothing") << QString() << true;
    QTest::newRow("all") << QStringLiteral("Café Zum Hirsch") << true;
    QTest::newRow("another case") << QStringLiteral("ZUM h") << true;
    QTest::newRow("the end") << QStringLiteral("hirsch") << true;
    QTest::newRow("beyond ASCII") << QStringLiteral("fé") << true;
    QTest::newRow("another case beyond ASCII") << QStringLiteral("FÉ") << false;
    QTest::newRow("something else") << QStringLiteral("zum f") << false;
    QTest::newRow("longer") << QStringLiteral("Café Zum Hirsche") << false;
}

void TestText::partsAreFoundWhateverTheirCase()
{
    QFETCH(QString, part);
    QFETCH(bool, found);
    QCOMPARE(Text::containsFolded("Café Zum Hirsch", part.toStdString()), found);
}

void TestText::codePointsAreTakenOneByOne()
{
    QFETCH(QString, text);
    const std::string utf8 = text.toStdString();
    std::string_view rest = utf8;
    QList<uint> taken;
    while (!rest.empty())
        taken.append(Text::takeCodePoint(rest));
    QCOMPARE(taken, text.toUcs4());
}

void TestText::brokenUtf8IsTakenByteByByte()
{
    for (const char *broken :
         {"\xff", "\x80", "\xc3", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80"}) {
        const std::string text = std::string(broken) + "a";
        std::string_view rest = text;
        QCOMPARE(Text::takeCodePoint(rest), Text::InvalidCodePoint);
        QCOMPARE(rest.size(), text.size() - 1);
    }
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
