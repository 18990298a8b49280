// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "messagetext_p.h"

#include <QtTest/qtest.h>

using Dispatch::MessageText;
using namespace Qt::StringLiterals;

class tst_MessageText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isUtf8_data();
    void isUtf8();
    void leavesNothingOfTheTextBefore();
    void givesTheMemoryOfLongTextsBack();
};

void tst_MessageText::isUtf8_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << u""_s;
    QTest::newRow("ASCII") << u"{\"eventName\":\"x\"}"_s;
    QTest::newRow("two bytes") << u"é"_s.repeated(100);
    QTest::newRow("three bytes") << u"漢"_s.repeated(100);
    QTest::newRow("four bytes") << u"😀"_s.repeated(100);
    QTest::newRow("zero") << u"a\0b"_s;
    QTest::newRow("byte order mark") << u"\ufeffx"_s;
    QTest::newRow("long") << u"漢"_s.repeated(qsizetype(MessageText::LongestKept));
}

void tst_MessageText::isUtf8()
{
    QFETCH(QString, text);
    MessageText message;
    QCOMPARE(QByteArray::fromStdString(std::string(message.assign(text))), text.toUtf8());
}

void tst_MessageText::leavesNothingOfTheTextBefore()
{
    MessageText message;
    QCOMPARE(message.assign(u"{\"eventName\":\"long\"}"_s), "{\"eventName\":\"long\"}");
    QCOMPARE(message.assign(QString(QChar(0xD83D))).size(), std::size_t(3));
    QCOMPARE(message.assign(QString(QChar(0xDE00))).size(), std::size_t(3));
    QCOMPARE(message.assign(u"{}"_s), "{}");
}

void tst_MessageText::givesTheMemoryOfLongTextsBack()
{
    MessageText message;
    message.assign(QString(1'000'000, u'x'));
    message.assign(u"short"_s);
    QVERIFY(message.capacity() < MessageText::LongestKept);
}

QTEST_APPLESS_MAIN(tst_MessageText)
#include "tst_messagetext.moc"
