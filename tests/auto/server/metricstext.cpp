// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "metricstext.h"

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

double toNumber(const QString &text, bool *ok)
{
    *ok = true;
    if (text == u"+Inf"_s)
        return std::numeric_limits<double>::infinity();
    return text.toDouble(ok);
}

} // namespace

MetricsText::MetricsText(const QByteArray &text)
{
    if (!text.endsWith('\n'))
        complain(u"the last line does not end"_s);
    for (const QString &line : QString::fromUtf8(text.chopped(1)).split(u'\n')) {
        ++m_line;
        readLine(line);
    }
    for (const Family &family : m_families) {
        if (family.samples.isEmpty())
            complain(family.name + u" has no sample"_s);
        if (family.type == u"histogram"_s)
            checkHistogram(family);
    }
}

double MetricsText::value(const QString &name, const Labels &labels) const
{
    for (const Family &family : m_families) {
        for (const Sample &sample : family.samples) {
            if (sample.name == name && sample.labels == labels)
                return sample.value;
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

void MetricsText::complain(const QString &what)
{
    m_problems += u"line %1: %2"_s.arg(m_line).arg(what);
}

void MetricsText::readLine(const QString &line)
{
    if (line.startsWith(u"# HELP "_s))
        readHelp(line.mid(7));
    else if (line.startsWith(u"# TYPE "_s))
        readType(line.mid(7));
    else
        readSample(line);
}

void MetricsText::readHelp(const QString &rest)
{
    static const QRegularExpression form(u"^([a-z_:][a-z0-9_:]*) (\\S.*\\S)$"_s);
    const auto match = form.match(rest);
    if (!match.hasMatch())
        return complain(u"no help: "_s + rest);
    const QString name = match.captured(1);
    if (std::ranges::any_of(m_families, [&](const Family &one) { return one.name == name; }))
        complain(name + u" comes twice"_s);
    m_families.append({name, {}, match.captured(2), {}});
}

void MetricsText::readType(const QString &rest)
{
    const QString name = rest.section(u' ', 0, 0);
    const QString type = rest.section(u' ', 1);
    if (m_families.isEmpty() || m_families.last().name != name || !m_families.last().type.isEmpty())
        return complain(u"a type without its help: "_s + rest);
    if (!QStringList{u"counter"_s, u"gauge"_s, u"histogram"_s}.contains(type))
        complain(u"no type: "_s + type);
    if ((type == u"counter"_s) != name.endsWith(u"_total"_s))
        complain(u"counters, and they alone, end in _total: "_s + name);
    m_families.last().type = type;
}

void MetricsText::readSample(const QString &line)
{
    static const QRegularExpression form(
        u"^([a-z_:][a-z0-9_:]*)(?:\\{((?:[a-z_][a-z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\",?)+)\\})? (\\S+)$"_s);
    static const QRegularExpression label(
        u"([a-z_][a-z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\\"n])*)\""_s);
    const auto match = form.match(line);
    bool ok = match.hasMatch();
    Sample sample{match.captured(1), {}, ok ? toNumber(match.captured(3), &ok) : 0};
    if (!ok)
        return complain(u"no sample: "_s + line);
    for (auto it = label.globalMatch(match.captured(2)); it.hasNext();) {
        const auto one = it.next();
        if (sample.labels.contains(one.captured(1)))
            complain(u"a label comes twice: "_s + line);
        sample.labels.insert(one.captured(1), one.captured(2));
    }
    static const QRegularExpression suffix(u"_(bucket|sum|count)$"_s);
    QString family = sample.name;
    if (!m_families.isEmpty() && m_families.last().type == u"histogram"_s)
        family.remove(suffix);
    if (m_families.isEmpty() || m_families.last().name != family
        || m_families.last().type.isEmpty())
        return complain(u"a sample outside its metric: "_s + line);
    if (std::isnan(sample.value) || (m_families.last().type == u"counter"_s && sample.value < 0))
        complain(u"no value: "_s + line);
    if (!std::isnan(value(sample.name, sample.labels)))
        complain(u"a sample comes twice: "_s + line);
    m_families.last().samples.append(sample);
}

void MetricsText::checkHistogram(const Family &family)
{
    double bound = -1;
    double count = 0;
    for (const Sample &sample : family.samples) {
        if (sample.name != family.name + u"_bucket"_s)
            continue;
        bool ok = false;
        const double next = toNumber(sample.labels.value(u"le"_s), &ok);
        if (!ok || next <= bound || sample.value < count)
            complain(family.name + u" does not rise"_s);
        bound = next;
        count = sample.value;
    }
    if (!std::isinf(bound))
        complain(family.name + u" has no last bucket"_s);
    if (value(family.name + u"_count"_s) != count)
        complain(family.name + u" counts otherwise than its buckets"_s);
    if (std::isnan(value(family.name + u"_sum"_s)))
        complain(family.name + u" has no sum"_s);
}

QStringList MetricsText::manualRows() const
{
    QStringList rows;
    for (const Family &family : m_families) {
        QStringList labels = family.samples.first().labels.keys();
        labels.removeAll(u"le"_s);
        rows += u"| `%1` | %2 | %3 | %4 |"_s
                    .arg(family.name, family.type, labels.join(u", "_s), family.help)
                    .replace(u"|  |"_s, u"| |"_s);
    }
    return rows;
}

QStringList metricsInManual(const QString &file)
{
    QFile page(file);
    if (!page.open(QIODevice::ReadOnly))
        return {};
    QStringList rows = QString::fromUtf8(page.readAll()).split(u'\n');
    rows.removeIf([](const QString &line) {
        return !line.startsWith(u"| `dispatch_"_s) && !line.startsWith(u"| `process_"_s);
    });
    return rows;
}
