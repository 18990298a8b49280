// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsstrings_p.h"
#include "jsvalues_p.h"

#include <QtQml/qjsengine.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using Dispatch::JsValues;

class JsValuesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesWhatJsonParseGives_data();
    void givesWhatJsonParseGives();
    void whatIsNoJsonIsUndefined_data();
    void whatIsNoJsonIsUndefined();
    void keysThatLookLikeShapesAreKeptApart();
    void arraysOfOtherSizesAreKeptApart();
    void keysCantBecomePrograms();
    void prototypesStayAsTheyAre();
    void moreShapesThanAreRememberedAreFine();
    void textsThatComeAgainStayWhatTheyAre_data();
    void textsThatComeAgainStayWhatTheyAre();
    void moreTextsThanAreRememberedAreFine();
    void copiesOfATextStayWhatTheyAre();
    void nestingIsBounded();

private:
    QString described(const QJSValue &value) { return m_describe.call({value}).toString(); }

    QJSEngine m_engine;
    Dispatch::JsStrings m_strings{&m_engine};
    // Types and prototypes, which JSON.stringify can't tell.
    QJSValue m_describe = m_engine.evaluate(uR"((function describe(value) {
        if (value === null || typeof value !== "object")
            return typeof value + ":" + (Object.is(value, -0) ? "-0" : String(value));
        const isPlain = Object.getPrototypeOf(value) === (Array.isArray(value) ? Array : Object).prototype;
        const members = Object.keys(value).map(key => JSON.stringify(key) + "=" + describe(value[key]));
        return (Array.isArray(value) ? "array" : "object") + (isPlain ? "" : "!") + "{" + members.join(";") + "}";
    }))"_s);
};

void JsValuesTest::givesWhatJsonParseGives_data()
{
    QTest::addColumn<QByteArray>("json");
    const QByteArrayList texts{
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.0",
        "0.1",
        "1e300",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9007199254740993",
        "9223372036854775807",
        "18446744073709551615",
        "123456789012345678901234567890",
        R"("")",
        R"("text")",
        R"("gr\u00fc\u00dfe \ud83d\ude00 \" \\ \n")",
        "\"\xc3\xbc\"",
        R"("\ud800")",
        R"({"a":1,"b":"two","c":[3,null,false],"d":{"e":{}}})",
        R"([1,[2,[3,{"a":[]}]]])",
        R"({"a":1,"a":2})",
        R"({"b":1,"a":2,"b":3})",
        R"({"2":1,"1":2,"a":3})",
        R"({"":1,"constructor":2,"toString":3,"hasOwnProperty":4,"length":5})",
        R"({"__proto__":{"polluted":1},"a":2})",
        R"({"a":{"__proto__":null}})",
        R"({"\u0000":1,"\"":2,"\\":3,"\u2028":4,"a b":5,"a,b":6,"{":7,"}":8})",
        R"({"a":{"b":{"c":[{"d":1},{"d":2}]},"x":1},"y":[{"a":{"b":1}}]})",
        R"({"a":[],"b":[1],"c":[1,"2",null,true],"d":[1,2,3,4,5],"e":[[]],"f":[{}],"g":6})",
        R"({"\"":[1,2],"__proto__":3,"a":[4,{"b":[5]}]})",
        R"({"a":1,"b":[{"a":2,"b":[{"a":3},{"a":4}]},{"a":5,"b":[]}],"c":6})",
        " [ 1 , { \"a\" : 2 } ] ",
        '[' + QByteArray("1,").repeated(200) + "2]",
        '[' + QByteArray(R"({"x":1,"y":[2]},)").repeated(100) + "{}]",
    };
    for (const QByteArray &text : texts)
        QTest::newRow(text.left(60).constData()) << text;
}

void JsValuesTest::givesWhatJsonParseGives()
{
    QFETCH(QByteArray, json);
    JsValues values(&m_engine, m_strings);
    const QJSValue parse = m_engine.evaluate(u"JSON.parse"_s);
    const QString expected = described(parse.call({QString::fromUtf8(json)}));
    // Again and again: the way there changes when a shape is known.
    for (int i = 0; i < 6; ++i)
        QCOMPARE(described(values.fromJson(json)), expected);
    QByteArray padded = json;
    padded.reserve(json.size() + 256);
    QCOMPARE(described(values.fromJson(padded)), expected);
}

void JsValuesTest::whatIsNoJsonIsUndefined_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "nope", "{", "[1,]", "{\"a\":}", "1 2", "\"open", "'a'"})
        QTest::newRow(text) << QByteArray(text);
}

void JsValuesTest::whatIsNoJsonIsUndefined()
{
    QFETCH(QByteArray, text);
    JsValues values(&m_engine, m_strings);
    QVERIFY(values.fromJson(text).isUndefined());
}

void JsValuesTest::keysThatLookLikeShapesAreKeptApart()
{
    JsValues values(&m_engine, m_strings);
    const QByteArray two = R"({"a":1,"b":2})";
    for (int i = 0; i < 6; ++i)
        values.fromJson(two);
    QCOMPARE(described(values.fromJson(R"({"a,b":1})")), u"object{\"a,b\"=number:1}"_s);
    QCOMPARE(described(values.fromJson(R"({"ab":1})")), u"object{\"ab\"=number:1}"_s);
    QCOMPARE(described(values.fromJson(R"({"a":{"b":2}})")),
             u"object{\"a\"=object{\"b\"=number:2}}"_s);
    QCOMPARE(described(values.fromJson(R"({"a":[1],"b":{}})")),
             u"object{\"a\"=array{\"0\"=number:1};\"b\"=object{}}"_s);
}

void JsValuesTest::arraysOfOtherSizesAreKeptApart()
{
    JsValues values(&m_engine, m_strings);
    const QJSValue parse = m_engine.evaluate(u"JSON.parse"_s);
    const QStringList texts{u"{\"a\":[],\"b\":[1,2]}"_s,    u"{\"a\":[1],\"b\":[2]}"_s,
                            u"{\"a\":[1,2],\"b\":[]}"_s,    u"{\"a\":1,\"b\":[2,[3]]}"_s,
                            u"{\"a\":[1,2,3,4],\"b\":5}"_s, u"{\"a\":[1,2,3,4,5]}"_s,
                            u"{\"a\":{\"b\":[1]}}"_s,       u"{\"a\":{\"b\":[1]},\"c\":[2]}"_s};
    for (int i = 0; i < 6; ++i) {
        for (const QString &text : texts)
            QCOMPARE(described(values.fromJson(text.toUtf8())), described(parse.call({text})));
    }
}

void JsValuesTest::keysCantBecomePrograms()
{
    JsValues values(&m_engine, m_strings);
    const QByteArray json = R"({"\":(globalThis.hacked=1),\"x":2})";
    for (int i = 0; i < 6; ++i)
        QVERIFY(values.fromJson(json).isObject());
    QVERIFY(m_engine.globalObject().property(u"hacked"_s).isUndefined());
}

void JsValuesTest::prototypesStayAsTheyAre()
{
    JsValues values(&m_engine, m_strings);
    for (int i = 0; i < 6; ++i) {
        const QJSValue value = values.fromJson(
            R"({"a":{"__proto__":{"polluted":1}},"constructor":{"prototype":{"polluted":1}}})");
        QVERIFY(value.property(u"a"_s).hasOwnProperty(u"__proto__"_s));
        QVERIFY(value.property(u"a"_s).property(u"polluted"_s).isUndefined());
    }
    QVERIFY(m_engine.evaluate(u"({}).polluted"_s).isUndefined());
}

void JsValuesTest::moreShapesThanAreRememberedAreFine()
{
    JsValues values(&m_engine, m_strings);
    for (int i = 0; i < 2000; ++i) {
        const QString key = u"key%1"_s.arg(i / 4);
        const QJSValue value =
            values.fromJson(u"{\"%1\":%2,\"list\":[{\"%1\":1}]}"_s.arg(key).arg(i).toUtf8());
        QCOMPARE(value.property(key).toInt(), i);
        QCOMPARE(value.property(u"list"_s).property(0).property(key).toInt(), 1);
    }
}

void JsValuesTest::textsThatComeAgainStayWhatTheyAre_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("short") << u"Ann"_s;
    QTest::newRow("a null character") << u"a"_s + QChar(0) + u"b"_s;
    QTest::newRow("two bytes a character") << QString(u'\u00e4').repeated(20);
    QTest::newRow("a surrogate pair") << u"\U0001f600"_s;
    QTest::newRow("as long as is remembered")
        << u"x"_s.repeated(qsizetype(Dispatch::JsStrings::LongestText));
    QTest::newRow("longer") << u"x"_s.repeated(qsizetype(Dispatch::JsStrings::LongestText) + 1);
}

void JsValuesTest::textsThatComeAgainStayWhatTheyAre()
{
    QFETCH(QString, text);
    const std::string utf8 = text.toStdString();
    for (int i = 0; i < 4; ++i) {
        const QJSValue string = m_strings.of(utf8);
        QVERIFY(string.isString());
        QCOMPARE(string.toString(), text);
    }
}

void JsValuesTest::moreTextsThanAreRememberedAreFine()
{
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 2000; ++i) {
            const QString text = u"text %1"_s.arg(i);
            QCOMPARE(m_strings.of(text.toStdString()).toString(), text);
            QCOMPARE(m_strings.of("Ann").toString(), u"Ann"_s);
        }
    }
}

void JsValuesTest::copiesOfATextStayWhatTheyAre()
{
    QStringList texts{QString(), u""_s};
    for (int i = 0; i < 200; ++i)
        texts.append(u"text %1"_s.arg(i));
    for (int round = 0; round < 3; ++round) {
        for (const QString &text : std::as_const(texts)) {
            QCOMPARE(m_strings.ofCopy(text).toString(), text);
            QCOMPARE(m_strings.ofCopy(text).toString(), text);
        }
    }
    // What is changed is no copy any more.
    QString text = u"before"_s;
    m_strings.ofCopy(text);
    text[0] = u'B';
    QCOMPARE(m_strings.ofCopy(text).toString(), u"Before"_s);
}

void JsValuesTest::nestingIsBounded()
{
    JsValues values(&m_engine, m_strings);
    const QByteArray deep = QByteArray("[").repeated(1000) + QByteArray("]").repeated(1000);
    QVERIFY(values.fromJson(deep).isArray());
    QVERIFY(
        values.fromJson(QByteArray(R"({"a":)").repeated(300) + "1" + QByteArray("}").repeated(300))
            .isObject());
}

QTEST_GUILESS_MAIN(JsValuesTest)

#include "tst_jsvalues.moc"
