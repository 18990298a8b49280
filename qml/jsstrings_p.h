// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstring.h>
#include <QtQml/qjsvalue.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

class QJSEngine;

namespace Dispatch {

/// Makes JavaScript strings of one engine. What others send repeats itself: names, ids, words that
/// stand for a state. Such a text, if it is short, becomes a string once, and its next events share
/// it, which they can't notice: to make one costs more than to find it, and the garbage collector
/// comes by less often. How many are remembered is bounded.
class JsStrings {
public:
    static constexpr std::size_t LongestText = 40; ///< bytes that are remembered; a UUID has 36

    /// \a engine must outlive this.
    explicit JsStrings(QJSEngine *engine);

    /// The string that \a text, which is UTF-8, is.
    QJSValue of(std::string_view text);
    /// The string that \a text is. What is found again are copies of one QString, however long.
    QJSValue ofCopy(const QString &text);

private:
    struct Text {
        std::array<char, LongestText> bytes{};
        std::uint8_t size = 0;
        bool wasUseful = false; ///< since another one wanted the place
        QJSValue string; ///< undefined until the text came a second time
    };
    struct Copy {
        QString text;
        QJSValue string;
    };

    QJSEngine *const m_engine;
    std::vector<Text> m_texts;
    std::vector<Copy> m_copies;
};

} // namespace Dispatch
