// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "manualpage_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Manual {

namespace {

/// \a text as it is, whatever it contains. Options keep their dashes when they are copied.
QString escaped(const QString &text)
{
    QString out;
    for (const QChar c : text) {
        if (c == u'\\')
            out += "\\e"_L1;
        else if (c == u'-')
            out += "\\-"_L1;
        else if (c == u'\'')
            out += "\\(aq"_L1;
        else
            out += c;
    }
    // At the start of a line this would be a request.
    return out.startsWith(u'.') ? u"\\&"_s + out : out;
}

QString macro(const QString &name, const QString &argument)
{
    return u".%1 \"%2\"\n"_s.arg(name, escaped(argument).replace(u'"', "\\(dq"_L1));
}

QString paragraph(const QString &text)
{
    return ".PP\n"_L1 + escaped(text) + u'\n';
}

QString toRoff(const Section &section)
{
    QString out =
        section.isSub ? macro(u"SS"_s, section.title) : macro(u"SH"_s, section.title.toUpper());
    for (const QString &text : section.paragraphs)
        out += paragraph(text);
    for (const Entry &entry : section.entries)
        out += ".TP\n"_L1 + macro(u"B"_s, entry.term) + escaped(entry.text) + u'\n';
    return out;
}

} // namespace

QString fileName(const Page &page)
{
    return u"%1.%2"_s.arg(page.name).arg(page.section);
}

QString toRoff(const Page &page)
{
    QString out = u".TH \"%1\" \"%2\" \"\" \"Dispatch %3\" \"Dispatch\"\n"_s.arg(
        escaped(page.name.toUpper()), QString::number(page.section), escaped(page.version));
    out += ".SH NAME\n"_L1 + escaped(page.name) + " \\- "_L1 + escaped(page.summary) + u'\n';
    if (!page.synopsis.isEmpty())
        out += ".SH SYNOPSIS\n"_L1;
    for (const QString &line : page.synopsis)
        out += macro(u"B"_s, line) + ".br\n"_L1;
    for (const Section &section : page.sections)
        out += toRoff(section);
    out += ".SH SEE ALSO\n"_L1 + escaped(page.seeAlso.join(u", "_s)) + u'\n';
    return out;
}

} // namespace Dispatch::Manual
