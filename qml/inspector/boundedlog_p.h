// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>

namespace Dispatch::Inspection {

/// The latest of many rows. What is added is news, and no row yet: it waits until the news are
/// taken all together, so that who shows the rows has to do with a few changes a second, however
/// much comes. Of news, too, only the latest are kept.
template<typename Row>
class BoundedLog {
public:
    explicit BoundedLog(std::size_t limit)
        : m_limit(limit)
    {
    }

    std::size_t limit() const { return m_limit; }
    /// Rows that are too many by then go with the next news().
    void setLimit(std::size_t limit)
    {
        m_limit = limit;
        cutNews();
    }

    void add(Row row)
    {
        m_news.push_back(std::move(row));
        cutNews();
    }
    /// The latest of the news, which may still be changed; null if there are none.
    Row *latestNews() { return m_news.empty() ? nullptr : &m_news.back(); }

    /// How many rows have to go at the front for the news to have room, and the limit to be kept.
    std::size_t surplus() const
    {
        const std::size_t wanted = m_rows.size() + m_news.size();
        return wanted > m_limit ? std::min(wanted - m_limit, m_rows.size()) : 0;
    }
    void dropSurplus() { m_rows.erase(m_rows.begin(), std::next(m_rows.begin(), long(surplus()))); }
    std::size_t newsCount() const { return m_news.size(); }
    /// Makes rows of the news.
    void takeNews()
    {
        std::ranges::move(m_news, std::back_inserter(m_rows));
        m_news.clear();
    }

    const std::deque<Row> &rows() const { return m_rows; }
    void clear()
    {
        m_rows.clear();
        m_news.clear();
    }

private:
    void cutNews()
    {
        while (m_news.size() > m_limit)
            m_news.pop_front();
    }

    std::size_t m_limit;
    std::deque<Row> m_rows;
    std::deque<Row> m_news;
};

} // namespace Dispatch::Inspection
