// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "metricswriter_p.h"

#include <array>
#include <charconv>

namespace Dispatch {

namespace {

std::string toText(std::int64_t value)
{
    return std::to_string(value);
}

std::string toText(double value)
{
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.begin(), buffer.end(), value).ptr;
    return {buffer.begin(), end};
}

double seconds(std::chrono::nanoseconds time)
{
    return std::chrono::duration<double>(time).count();
}

/// A label is a text: 0.0001 and 1e-04 would be two.
std::string boundText(std::chrono::nanoseconds bound)
{
    std::array<char, 32> buffer;
    const auto end =
        std::to_chars(buffer.begin(), buffer.end(), seconds(bound), std::chars_format::fixed).ptr;
    return {buffer.begin(), end};
}

void appendEscaped(std::string &out, std::string_view text, bool isQuoted)
{
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\' || (c == '"' && isQuoted))
            out.append(1, '\\').append(1, c);
        else
            out += c;
    }
}

} // namespace

void MetricsWriter::counter(std::string_view name, std::string_view help, std::int64_t value)
{
    begin(name, "counter", help);
    sample({}, value);
}

void MetricsWriter::counter(std::string_view name, std::string_view help, double value)
{
    begin(name, "counter", help);
    sample({}, value);
}

void MetricsWriter::gauge(std::string_view name, std::string_view help, std::int64_t value)
{
    begin(name, "gauge", help);
    sample({}, value);
}

void MetricsWriter::gauge(std::string_view name, std::string_view help, double value)
{
    begin(name, "gauge", help);
    sample({}, value);
}

void MetricsWriter::histogram(std::string_view name, std::string_view help, const Histogram &times)
{
    begin(name, "histogram", help);
    std::int64_t count = 0;
    for (std::size_t i = 0; i < Histogram::Bounds.size(); ++i) {
        count += times.inBucket(i);
        append("_bucket", {{"le", boundText(Histogram::Bounds[i])}}, toText(count));
    }
    // The same number twice, though the threads go on counting.
    count += times.inBucket(Histogram::Bounds.size());
    append("_bucket", {{"le", "+Inf"}}, toText(count));
    append("_sum", {}, toText(seconds(times.sum())));
    append("_count", {}, toText(count));
}

void MetricsWriter::begin(std::string_view name, std::string_view type, std::string_view help)
{
    m_name = name;
    m_out.append("# HELP ").append(name).append(" ");
    appendEscaped(m_out, help, false);
    m_out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsWriter::sample(Labels labels, std::int64_t value)
{
    append({}, labels, toText(value));
}

void MetricsWriter::sample(Labels labels, double value)
{
    append({}, labels, toText(value));
}

void MetricsWriter::append(std::string_view suffix, Labels labels, std::string_view value)
{
    m_out.append(m_name).append(suffix);
    char before = '{';
    for (const auto &[label, text] : labels) {
        m_out.append(1, before).append(label).append("=\"");
        appendEscaped(m_out, text, true);
        m_out += '"';
        before = ',';
    }
    if (labels.size() > 0)
        m_out += '}';
    m_out.append(" ").append(value).append("\n");
}

} // namespace Dispatch
