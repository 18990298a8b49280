# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""A header as Doxygen is to see it: filter.py <header>

Says of a member what its form says, where its comment would say no more: what sets a property, what
tells of its change, what Qt declares. Leaves out what is no one's: Q_PROPERTY, whose accessors have
the comments, \\internal members, what is deleted. Lines stay where they are.
"""

import re
import sys

# What a declaration that has no comment is, by its form.
FORMS = [
    (r"(?:Q_INVOKABLE )?void set([A-Z]\w*)\(", lambda m: f"Sets \\c {m[1][0].lower()}{m[1][1:]}."),
    (r"void (\w+)Changed\(", lambda m: f"\\c {m[1]} has changed."),
    (r"QBindable<.*> bindable([A-Z]\w*)\(\)", lambda m: f"\\c {m[1][0].lower()}{m[1][1:]} to bind to."),
    (r"(?:virtual )?~", lambda m: "Destroys it."),
    (r"explicit \w+\(QObject \*parent", lambda m: "Makes one that \\a parent owns."),
    (r"\w+\(\);", lambda m: "Makes one that is empty."),
    (r"(?:friend )?bool operator==", lambda m: "Whether they are equal."),
    (r"int count\(\) const", lambda m: "The number of rows."),
    (r".*\boverride;", lambda m: "See its base class in Qt."),
]
LEFT_OUT = re.compile(r"\s*(Q_PROPERTY|Q_DECLARE_METATYPE|Q_DISABLE_COPY|friend class)\b|.*= delete;")


def _ends(text):
    """Whether a declaration is complete."""
    return text.count("(") == text.count(")") and text.count("{") == text.count("}") and \
        text.rstrip().split("//")[0].rstrip().endswith((";", "}", ")"))


def _declaration(lines, begin):
    """The line after the declaration that begins at `begin`."""
    end = begin + 1
    while end < len(lines) and not _ends("\n".join(lines[begin:end])):
        end += 1
    return end


def _said_by_form(line):
    for form, say in FORMS:
        match = re.match(form, line.strip())
        if match:
            return say(match)
    return ""


def _comment(lines, begin):
    """The line after the comment that begins at `begin`."""
    end = begin
    while end < len(lines) and re.match(r"\s*///(?!<)", lines[end]):
        end += 1
    return end


def filtered(lines):
    out = list(lines)
    position = 0
    while position < len(lines):
        end = _comment(lines, position)
        if end > position:  # a comment, and what it is about
            after = _declaration(lines, end)
            if "\\internal" in lines[position]:
                out[position:after] = [""] * (after - position)
                end = after
            elif re.match(r"\s*(class|struct|enum|template|#ifdef)\b| {8}", lines[end]):
                end += 1
            else:
                end = after
        elif LEFT_OUT.match(lines[position]):
            end = _declaration(lines, position)
            out[position:end] = [""] * (end - position)
        else:
            said = "" if "///<" in lines[position] else _said_by_form(lines[position])
            if said and re.match(r"    \S", lines[position]):
                end = _declaration(lines, position)
                out[position] = f"    /** {said} */ {lines[position].strip()}"
            else:
                end = position + 1
        position = end
    return out


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as header:
        print("\n".join(filtered(header.read().split("\n"))))
