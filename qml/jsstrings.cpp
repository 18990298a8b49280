// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsstrings_p.h"

#include <QtQml/qjsengine.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace Dispatch {

namespace {

constexpr std::size_t MostTexts = 256;
constexpr std::size_t MostCopies = 64;

} // namespace

JsStrings::JsStrings(QJSEngine *engine)
    : m_engine(engine)
    , m_texts(MostTexts)
    , m_copies(MostCopies)
{
}

QJSValue JsStrings::of(std::string_view text)
{
    const auto decoded = [text] { return QString::fromUtf8(text.data(), qsizetype(text.size())); };
    if (text.size() > LongestText)
        return QJSValue(decoded());
    Text &known = m_texts[std::hash<std::string_view>()(text) % MostTexts];
    if (text == std::string_view(known.bytes.data(), known.size)) {
        known.wasUseful = true;
        if (known.string.isUndefined())
            known.string = m_engine->toScriptValue(decoded());
        return known.string;
    }
    // What comes once, such as a number of its own, does not drive out what comes often.
    if (!std::exchange(known.wasUseful, false)) {
        std::ranges::copy(text, known.bytes.begin());
        known.size = std::uint8_t(text.size());
        known.string = {};
    }
    return QJSValue(decoded());
}

QJSValue JsStrings::ofCopy(const QString &text)
{
    constexpr std::size_t Alignment = alignof(std::max_align_t);
    const auto address = reinterpret_cast<std::uintptr_t>(text.constData());
    Copy &known = m_copies[address / Alignment % MostCopies];
    // The memory of a text that is kept can't be another one's.
    if (known.text.constData() != text.constData() || known.text.size() != text.size()) {
        known = {text, QJSValue()};
        return QJSValue(text);
    }
    if (known.string.isUndefined())
        known.string = m_engine->toScriptValue(text);
    return known.string;
}

} // namespace Dispatch
