# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""Cuts the samples out of the documentation.

    samples.py <top of the tree> <folder> <depfile>   all of them, to be compiled and loaded
    samples.py <top of the tree> <folder> --files <page>   the files that a page names, as they are
    samples.py <top of the tree> <folder> --cmake    what is for CMake, each as a project in a folder

A C++ sample that begins with #include, and a QML one that begins with import, is whole. Others say
in a comment in front of them what they are a part of, as <!-- sample: body -->; see CPP and QML.
Further lines of that comment are code that comes before the sample. All keep their line numbers:
what compilers complain about is found on the page.
"""

import re
import shutil
import sys
from pathlib import Path

import markdown

# What a C++ sample is put into. All have samplecontext.h and its names.
CPP = {
    "file": "{hidden}\n{code}",  # whole, or of the top of a file
    "global": "{hidden}\n{code}",  # what can't stand in a namespace
    "coroutine": "#if __has_include(<QCoroTask>)\n{hidden}\n{code}\n#endif",
    "members": "class Members : public SampleContext {{\npublic:\n{hidden}\n{code}\n}};",
    "body": "struct Body : SampleContext {{ void run(); }};\n"
    "inline void Body::run() {{\n{hidden}\n{code}\n}}",
}

# What a QML sample is put into, in one line, so that line numbers stay.
IMPORTS = ("pragma ComponentBehavior: Bound; import QtQuick; import QtQuick.Controls; import QtQuick.Layouts; "
           "import Dispatch; ")
CLIENT = 'DispatchClient { id: dispatch; projectId: "game"; '
QML = {
    "document": ("", ""),
    "window": (IMPORTS + "ApplicationWindow { id: window; ", "}"),  # beside no client
    "child": (IMPORTS + "ApplicationWindow { id: window; " + CLIENT + "} ", "}"),  # beside one
    "client": (IMPORTS + "ApplicationWindow { id: window; " + CLIENT, "} }"),  # inside one
    "script": (IMPORTS + "ApplicationWindow { id: window; " + CLIENT + "} function sample() { ", "} }"),
}


def kind_of(block):
    """The key of CPP or QML that fits; empty if nobody says it."""
    if block.kind:
        return block.kind
    lines = [line for line in block.text.split("\n") if line and not line.startswith("//")]
    first = lines[0] if lines else ""
    if block.language == "cpp" and first.startswith("#include"):
        return "file"
    if block.language == "qml" and first.startswith(("import ", "pragma ")):
        return "document"
    return ""


def wrappers(block):
    """What a sample of this language can be a part of; nothing if it is neither C++ nor QML."""
    return {"cpp": CPP, "qml": QML}.get(block.language, {})


def unmarked(top):
    """Where samples are of which nobody says what they are a part of."""
    return [block.place for block in markdown.all_blocks(top)
            if wrappers(block) and kind_of(block) not in wrappers(block)]


def cpp_of(blocks):
    """One source of all C++ samples: each is a namespace, which sees those before it on its page."""
    includes, parts = [], []
    earlier = {}
    for block in blocks:
        code = []
        for number, line in enumerate(block.text.split("\n"), block.line):
            if line.startswith("#include"):
                if not line.endswith(".moc\""):
                    includes.append(f'#line {number} "{block.page}"\n{line}')
                line = ""
            code.append(line)
        sees = "".join(f"using namespace {name};\n" for name in earlier.get(block.page, []))
        body = CPP[kind_of(block)].format(
            hidden=block.hidden, code=f'#line {block.line} "{block.page}"\n' + "\n".join(code))
        if kind_of(block) == "global":
            parts.append(body)
            continue
        parts.append(f"namespace {block.name} {{\n{sees}{body}\n}} // namespace\n")
        earlier.setdefault(block.page, []).append(block.name)
    tests = [f"new {block.name}::{name}" for block in blocks
             for name in re.findall(r"^class (tst_\w+)", block.text, re.MULTILINE)]
    parts.append(f"QObjectList sampleTests() {{ return {{{', '.join(tests)}}}; }}")
    return "\n".join(['#include "samplecontext.h"', *includes, *parts, '#include "samples.moc"', ""])


def qml_of(block):
    """A document of the sample, whose lines are where they are on the page."""
    before, after = QML[kind_of(block)]
    hidden = " ".join(block.hidden.split())
    return "\n" * (block.line - 2) + before + hidden + "\n" + block.text + after + "\n"


def write(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_all(top, folder, depfile):
    bad = unmarked(top)
    if bad:
        sys.exit("\n".join(f"{place}: say what this is a part of, as in <!-- sample: body -->"
                           for place in bad))
    blocks = markdown.all_blocks(top)
    shutil.rmtree(folder / "qml", ignore_errors=True)
    for block in blocks:
        if block.language == "qml":
            # Files of one page know each other; other samples are alone.
            place = Path(re.sub(r"\W", "_", block.page), block.file) if block.file else f"{block.name}.qml"
            write(folder / "qml" / place, qml_of(block))
    write(folder / "samples.cpp", cpp_of([block for block in blocks if block.language == "cpp"]))
    top = Path(top)
    inputs = [top / page for page in markdown.pages(top)]
    inputs += sorted({path.parent for path in inputs})  # pages come and go
    inputs += [Path(module.__file__) for module in (markdown, sys.modules[__name__])]
    names = " ".join(str(path).replace(" ", "\\ ") for path in inputs)
    depfile.write_text(f"{folder / 'samples.cpp'}: {names}\n", encoding="utf-8")


def write_files(top, folder, page):
    for block in markdown.blocks(top, page):
        if block.file:
            write(folder / block.file, block.text)


def cmake_of(block):
    """A project around a sample: the targets that it speaks of, and what it presupposes."""
    lines = ["cmake_minimum_required(VERSION 3.22)", "project(sample LANGUAGES CXX)"]
    if not re.search(r"find_package\(Dispatch|FetchContent", block.text):
        lines.append("find_package(Dispatch REQUIRED)")
    if not re.search(r"find_package\(Qt6", block.text):
        lines.append("find_package(Qt6 REQUIRED COMPONENTS Test Quick)")
    made = set(re.findall(r"add_(?:executable|library)\((\w+)", block.text))
    used = set(re.findall(r"target_\w+\((\w+)", block.text))
    lines += [f"add_executable({name} main.cpp)" for name in sorted(used - made)]
    return "\n".join([*lines, block.hidden, block.text])


def write_projects(top, folder):
    for block in markdown.all_blocks(top):
        if block.language == "cmake" and not block.file:
            write(folder / block.name / "CMakeLists.txt", cmake_of(block))
            write(folder / block.name / "main.cpp", "int main() {}\n")


if __name__ == "__main__":
    if sys.argv[3] == "--files":
        write_files(sys.argv[1], Path(sys.argv[2]), sys.argv[4])
    elif sys.argv[3] == "--cmake":
        write_projects(sys.argv[1], Path(sys.argv[2]))
    else:
        write_all(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
