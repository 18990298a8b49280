// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "histogram_p.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace Dispatch {

/// Writes metrics as Prometheus reads them (text format 0.0.4). Pure.
class MetricsWriter {
public:
    static constexpr std::string_view ContentType = "text/plain; version=0.0.4; charset=utf-8";

    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// A metric without labels.
    void counter(std::string_view name, std::string_view help, std::int64_t value);
    void counter(std::string_view name, std::string_view help, double value);
    void gauge(std::string_view name, std::string_view help, std::int64_t value);
    void gauge(std::string_view name, std::string_view help, double value);
    void histogram(std::string_view name, std::string_view help, const Histogram &times);

    /// Begins a metric with labels, of which samples follow. \a type is that of Prometheus.
    void begin(std::string_view name, std::string_view type, std::string_view help);
    void sample(Labels labels, std::int64_t value);
    void sample(Labels labels, double value);

    std::string take() { return std::move(m_out); }

private:
    void append(std::string_view suffix, Labels labels, std::string_view value);

    std::string m_out;
    std::string_view m_name;
};

} // namespace Dispatch
