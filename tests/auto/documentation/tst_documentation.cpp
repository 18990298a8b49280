// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "closecode_p.h"
#include "refusal_p.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString Top = QStringLiteral(SOURCE_DIR "/");

QString textOf(const QString &path)
{
    QFile file(Top + path);
    if (!file.open(QIODevice::ReadOnly))
        qWarning("%s can't be read", qPrintable(file.fileName()));
    return QString::fromUtf8(file.readAll());
}

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString yesOrNo(bool value)
{
    return value ? u"yes"_s : u"no"_s;
}

/// The rows of the first table below \a heading in \a page, without the two lines of its head.
QStringList tableBelow(const QString &heading, const QString &page)
{
    QStringList rows;
    const QStringList lines = textOf(page).split(u'\n');
    for (qsizetype i = lines.indexOf(heading) + 1; i > 0 && i < lines.size(); ++i) {
        if (lines[i].startsWith(u'|') && (!rows.isEmpty() || lines[i].contains(u" code |"_s)))
            rows += lines[i];
        else if (!rows.isEmpty())
            break;
    }
    return rows.mid(2);
}

/// The cells of each row of docs/security.md: threat, answer, limit, tests.
QList<QStringList> threats()
{
    QList<QStringList> rows;
    for (const QString &line : textOf(u"docs/security.md"_s).split(u'\n')) {
        if (!line.startsWith(u"| "_s) || line.startsWith(u"| threat"_s))
            continue;
        QStringList cells;
        for (const QString &cell : line.split(u'|').mid(1, 4))
            cells += cell.trimmed();
        rows += cells;
    }
    return rows;
}

} // namespace

class tst_Documentation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusalsAreDocumentedAsTheyAre()
    {
        QStringList expected;
        for (const Dispatch::RefusalInfo &row : Dispatch::refusals()) {
            expected += u"| `%1` | %2 | %3 | %4 | %5 |"_s.arg(
                toQString(row.slug), row.httpStatus ? QString::number(row.httpStatus) : u"-"_s,
                row.closeCode ? QString::number(int(*row.closeCode)) : u"-"_s, yesOrNo(row.retry),
                toQString(row.sentence));
        }
        QCOMPARE(tableBelow(u"## Refusals"_s, u"docs/protocol.md"_s), expected);
    }

    void closeCodesAreDocumentedAsTheyAre()
    {
        QStringList expected;
        for (const Dispatch::CloseCodeInfo &row : Dispatch::closeCodes()) {
            expected += u"| %1 | %2 | %3 |"_s.arg(QString::number(int(row.code)),
                                                  yesOrNo(row.retry), toQString(row.meaning));
        }
        QCOMPARE(tableBelow(u"## Close codes"_s, u"docs/protocol.md"_s), expected);
    }

    void operatorsAreToldOfEachCloseCode()
    {
        QStringList expected;
        for (const Dispatch::CloseCodeInfo &row : Dispatch::closeCodes())
            expected += u"| %1 | %2"_s.arg(QString::number(int(row.code)), toQString(row.meaning));
        QStringList told;
        for (const QString &row :
             tableBelow(u"## What close codes say"_s, u"docs/operations.md"_s)) {
            told += row.section(u" | "_s, 0, 1);
            QVERIFY2(row.count(u" | "_s) == 2, qPrintable(row));
        }
        QCOMPARE(told, expected);
    }

    void threatsAreAnsweredByTests()
    {
        const QList<QStringList> rows = threats();
        QVERIFY2(rows.size() > 30, "the page was not understood");
        for (const QStringList &row : rows) {
            const QStringList names = row.last().split(u", "_s);
            for (const QString &name : names) {
                const QString file = u"tests/auto/"_s + name.section(u"::"_s, 0, 0) + u".cpp"_s;
                QVERIFY2(QFileInfo::exists(Top + file), qPrintable(name + u" is not there"_s));
                const QString function = u"void %1()"_s.arg(name.section(u"::"_s, 1));
                QVERIFY2(textOf(file).contains(function), qPrintable(name + u" is not there"_s));
            }
        }
    }

    void settingsThatThreatsNameAreThere()
    {
        const QString options = textOf(u"src/dispatchd/optiontable.cpp"_s);
        static const QRegularExpression key(u"`([a-z]+(?:_[a-z]+)*)`"_s);
        int keys = 0;
        for (const QStringList &row : threats()) {
            auto match = key.globalMatch(row[2]);
            for (; match.hasNext(); ++keys) {
                QString property;
                for (const QString &word : match.next().captured(1).split(u'_'))
                    property += property.isEmpty() ? word : word[0].toUpper() + word.sliced(1);
                QVERIFY2(options.contains(u'"' + property + u'"'), qPrintable(property));
            }
        }
        QVERIFY2(keys > 20, "the page was not understood");
    }

    void settingsOfTheClientThatThreatsNameAreThere()
    {
        const QString headers =
            textOf(u"src/client/dispatchclient.h"_s) + textOf(u"src/client/dispatchtypes.h"_s);
        static const QRegularExpression setting(u"`([a-z]+[A-Z][A-Za-z]*)`"_s);
        int settings = 0;
        for (const QStringList &row : threats()) {
            auto match = setting.globalMatch(row[2]);
            for (; match.hasNext(); ++settings) {
                const QString name = match.next().captured(1);
                QVERIFY2(headers.contains(u' ' + name + u" = "_s)
                             || headers.contains(u' ' + name + u"() const;"_s),
                         qPrintable(name));
            }
        }
        QVERIFY2(settings > 5, "the page was not understood");
    }

    void samplesOfThePageOnCppAreTested()
    {
        for (const auto &[file, name] : {std::pair(u"tst_typed.cpp"_s, u"converter"_s),
                                         std::pair(u"tst_coroutines.cpp"_s, u"co_await"_s)}) {
            const QString text = textOf(u"tests/auto/client/"_s + file);
            const QString tested = text.section(u"//! [%1]\n"_s.arg(name), 1, 1);
            QVERIFY2(!tested.isEmpty(), qPrintable(name));
            QVERIFY2(textOf(u"docs/cpp.md"_s).contains(tested), qPrintable(name));
        }
    }

    void filesThatTheMapNamesAreThere()
    {
        static const QRegularExpression path(u"`((?:src|qml|examples|tests|cmake)/[^`\\s*]*)`"_s);
        int paths = 0;
        auto match = path.globalMatch(textOf(u"docs/architecture.md"_s));
        for (; match.hasNext(); ++paths) {
            const QString target = match.next().captured(1);
            QVERIFY2(QFileInfo::exists(Top + target), qPrintable(target + u" is not there"_s));
        }
        QVERIFY2(paths > 10, "the map was not understood");
    }
};

QTEST_GUILESS_MAIN(tst_Documentation)
#include "tst_documentation.moc"
