// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "displaytext_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

class tst_DisplayText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isFitToBeShown_data();
    void isFitToBeShown();
    void secretsAreBlottedOut_data();
    void secretsAreBlottedOut();
};

void tst_DisplayText::isFitToBeShown_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &text, const QString &shown) {
        QTest::newRow(name) << text << shown;
    };
    const auto same = [](const char *name, const QString &text) {
        QTest::newRow(name) << text << text;
    };
    same("nothing", {});
    same("a sentence", u"A room: 漢字 😀."_s);
    same("markup", u"<b>a</b> & b"_s);
    same("an emoji of several", u"👩‍👩‍👧"_s);
    same("a script that joins letters", u"می‌خواهم"_s);
    same("letters with marks", u"Việt Z\u0323\u0301"_s);
    row("spaces around", u"  a  b "_s, u"a b"_s);
    row("lines", u"a\nb\r\nc\td\u2028e\u2029f\u0085g"_s, u"a b c d e f g"_s);
    row("an escape", u"a\x1b[31mb"_s, u"a [31mb"_s);
    row("what turns text around", u"a\u202Eb\u2066c\u061Cd\u200Fe"_s, u"abcde"_s);
    row("what can't be seen", u"a\u200Bb\uFEFFc\u00ADd"_s, u"abcd"_s);
    row("nothing but that", u"\u202E\u200B"_s, {});
    row("piled up marks", u"a"_s + QString(50, QChar(0x0301)) + u'b',
        u"a"_s + QString(4, QChar(0x0301)) + u'b');
    same("as long as may be", QString(20, u'x'));
    row("a longer one", QString(21, u'x'), QString(19, u'x') + u'…');
    row("a character where it is cut", QString(18, u'x') + u"😀😀"_s, QString(18, u'x') + u'…');
}

void tst_DisplayText::isFitToBeShown()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(Dispatch::displayText(text, 20), shown);
}

void tst_DisplayText::secretsAreBlottedOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &text, const QString &shown) {
        QTest::newRow(name) << text << shown;
    };
    row("none", u"The room is full."_s, u"The room is full."_s);
    row("one", u"Bearer secret.token is not good"_s, u"Bearer *** is not good"_s);
    row("one twice", u"secret.tokensecret.token"_s, u"******"_s);
    row("another", u"it is another-secret"_s, u"it is ***"_s);
    row("what is too short for a token", u"no ann"_s, u"no ann"_s);
}

void tst_DisplayText::secretsAreBlottedOut()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    const QStringList secrets{{}, u"secret.token"_s, u"ann"_s, u"another-secret"_s};
    QCOMPARE(Dispatch::withoutSecrets(text, secrets), shown);
}

QTEST_GUILESS_MAIN(tst_DisplayText)
#include "tst_displaytext.moc"
