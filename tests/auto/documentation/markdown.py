# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""The pages of the documentation, and what is in them: blocks of code, headings, links."""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> {0,3})```(?P<info>[^`]*)$")
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
INLINE_CODE = re.compile(r"(`+)(?:(?!\1).)+\1", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block. Its info string is a language and, if it is a file, that file's name."""

    page: str  # as in "docs/guide.md"
    line: int  # of the first line of the code, from 1
    language: str
    file: str
    kind: str  # what a comment in front of it says, as in <!-- sample: body -->
    hidden: str  # the other lines of that comment: code that the reader need not see
    text: str

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def name(self):
        """An identifier, and no one else's."""
        return re.sub(r"\W", "_", f"{self.page.removesuffix('.md')}_{self.line}")


def pages(top):
    """All pages below the folder `top`, relative to it. What happened in the past stays as it was:
    the change log is none."""
    top = Path(top)
    found = [top / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    found += sorted(top.glob("docs/**/*.md")) + sorted(top.glob("examples/**/*.md"))
    return [path.relative_to(top).as_posix() for path in found if path.exists()]


def _mark(lines, fence):
    """Kind and hidden code of the comment that ends right before line `fence`."""
    above = "\n".join(lines[:fence]).rstrip()
    if not above.endswith("-->"):
        return "", ""
    comment = above[above.rfind("<!--") + 4 : -3].strip("\n ")
    first, _, rest = comment.partition("\n")
    kind = re.fullmatch(r"sample: *([a-z]+) *", first)
    return (kind[1], rest) if kind else ("", "")


def blocks(top, page):
    """The fenced blocks of a page, in their order."""
    lines = (Path(top) / page).read_text(encoding="utf-8").split("\n")
    found = []
    begin = None
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if not fence:
            continue
        if begin is None:
            begin, indent, info = number, len(fence["indent"]), fence["info"].split()
            continue
        code = [text[min(indent, len(text) - len(text.lstrip())) :] for text in lines[begin + 1 : number]]
        kind, hidden = _mark(lines, begin)
        found.append(
            Block(page, begin + 2, info[0] if info else "", info[1] if len(info) > 1 else "", kind,
                  hidden, "\n".join(code) + "\n"))
        begin = None
    if begin is not None:
        raise ValueError(f"{page}:{begin + 1}: this block does not end")
    return found


def all_blocks(top):
    return [block for page in pages(top) for block in blocks(top, page)]


def prose(top, page):
    """The page without its code and comments."""
    kept = []
    in_code = False
    for line in (Path(top) / page).read_text(encoding="utf-8").split("\n"):
        if FENCE.match(line):
            in_code = not in_code
        elif not in_code:
            kept.append(line)
    return COMMENT.sub("", "\n".join(kept))


def anchors(top, page):
    """What a link can have behind its #, as forges make it of headings."""
    found = set()
    for title in re.findall(r"^#{1,6} +(.+?) *#*$", prose(top, page), re.MULTILINE):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        number = 0
        while (anchor := slug if not number else f"{slug}-{number}") in found:
            number += 1
        found.add(anchor)
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", prose(top, page)))


def links(top, page):
    """What links and pictures of the page lead to, but for other sites."""
    text = INLINE_CODE.sub("", prose(top, page))
    targets = re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", text)
    targets += re.findall(r"(?:src|href|srcset)=\"([^\"]+)\"", text)
    targets += re.findall(r"^\[[^\]]+\]: +(\S+)", text, re.MULTILINE)
    return [target for target in targets if not re.match(r"[a-z][a-z+.-]*:", target)]


def sections(top, page):
    """Headings, each with the text up to the next one."""
    parts = re.split(r"^#{1,6} +(.+)$", prose(top, page), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def tables(text):
    """Tables, each as the text of its head's first cell and its rows, which are lists of cells."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
        found.append((rows[0][0] or "-", rows[2:]))
    return found
