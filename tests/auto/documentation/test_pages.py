# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""What the documentation shows is so: its samples, its commands, its links.

SOURCE_DIR is the top of the tree; DISPATCHCTL and DISPATCHD are the programs, QMLLINT is that of
Qt, QML_IMPORT where the QML module is, QML_TESTER runs a test in QML, and SAMPLES is what samples.py
wrote.
"""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

import commands
import markdown
import qmltypes
import samples

TOP = Path(os.environ["SOURCE_DIR"])
BLOCKS = markdown.all_blocks(TOP)

# What is tried here, by the compiler or by the test of the package; and what is no code.
LANGUAGES = {"cpp", "qml", "js", "cmake", "sh", "json", "text"}
# What tests of its own hold a page to.
TRIED_ELSEWHERE = {
    "docs/operations.md": {"haproxy", "ini", "nginx", "toml", "yaml"},
    "docs/protocol.md": {"http"},
}


def module_types():
    found = {}
    for description in ("Dispatch/DispatchQml.qmltypes", "Dispatch/Inspector/DispatchInspectorQml.qmltypes",
                        "Dispatch/Test/DispatchTestQml.qmltypes"):
        found.update(qmltypes.types(Path(os.environ["QML_IMPORT"]) / description))
    return found


def of_language(language):
    return [block for block in BLOCKS if block.language == language]


class Pages(unittest.TestCase):
    maxDiff = None

    def test_blocks_are_in_a_language_that_is_tried(self):
        self.assertGreater(len(BLOCKS), 30)
        for block in BLOCKS:
            with self.subTest(block.place):
                self.assertIn(block.language, LANGUAGES | TRIED_ELSEWHERE.get(block.page, set()))

    def test_samples_say_what_they_are_a_part_of(self):
        self.assertEqual(samples.unmarked(TOP), [])

    def test_qml_passes_its_linter(self):
        files = sorted(Path(os.environ["SAMPLES"]).glob("qml/**/*.qml"))
        self.assertTrue(files)
        lint = subprocess.run(
            [os.environ["QMLLINT"], "-I", os.environ["QML_IMPORT"],
             # What wraps samples imports more than each needs; a module of Qt has faults of its own.
             "--unused-imports", "disable", "--import", "info", *map(str, files)],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(lint.returncode, 0, lint.stdout + lint.stderr)

    def test_tests_pass(self):
        tests = [path for path in Path(os.environ["SAMPLES"]).glob("qml/**/*.qml")
                 if "\nTestCase {" in path.read_text(encoding="utf-8")]
        self.assertTrue(tests)
        for path in tests:
            with self.subTest(path.name):
                run = subprocess.run([os.environ["QML_TESTER"], "-input", path],
                                     env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                                     capture_output=True, text=True, timeout=60)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_commands_have_options_that_their_programs_know(self):
        programs = {"dispatchctl": os.environ["DISPATCHCTL"], "dispatchd": os.environ["DISPATCHD"]}
        tried = 0
        for block in of_language("sh"):
            for command in commands.commands(block.text):
                with self.subTest(block.place, command=" ".join(command)):
                    self.assertEqual(commands.unknown_options(command, programs[command[0]]), [])
                tried += 1
        self.assertGreater(tried, 10)

    def test_shell_samples_can_be_parsed(self):
        for block in of_language("sh"):
            with self.subTest(block.place):
                shell = subprocess.run(["bash", "-n"], input=block.text, capture_output=True,
                                       text=True, timeout=30)
                self.assertEqual((shell.returncode, shell.stderr), (0, ""))

    def test_javascript_can_be_parsed(self):
        for block in of_language("js"):
            with self.subTest(block.place):
                is_module = re.search(r"^(import|export) |\bawait ", block.text, re.MULTILINE)
                kind = "module" if is_module else "commonjs"
                node = subprocess.run(["node", f"--input-type={kind}", "--check", "-"],
                                      input=block.text, capture_output=True, text=True, timeout=30)
                self.assertEqual((node.returncode, node.stderr), (0, ""))

    def test_json_is_json(self):
        for block in of_language("json"):
            with self.subTest(block.place):
                decoder = json.JSONDecoder()
                rest = block.text.strip()
                while rest:  # one value, or one after the other
                    _, end = decoder.raw_decode(rest)
                    rest = rest[end:].strip()

    def test_links_lead_somewhere(self):
        seen = 0
        for page in markdown.pages(TOP):
            for link in markdown.links(TOP, page):
                with self.subTest(page, link=link):
                    path, _, anchor = link.partition("#")
                    target = (TOP / page).parent / path if path else TOP / page
                    self.assertTrue(target.exists(), "is not there")
                    if anchor:
                        name = target.resolve().relative_to(TOP.resolve()).as_posix()
                        self.assertIn(anchor, markdown.anchors(TOP, name))
                seen += 1
        self.assertGreater(seen, 30)

    def test_diagrams_are_those_of_their_sources(self):
        def words(picture):
            return sorted(re.findall(r"<(?:title|text)\b[^>]*>(.*?)</", picture))

        sources = list((TOP / "docs/diagrams").glob("*.dot"))
        self.assertTrue(sources)
        for source in sources:
            with self.subTest(source.name):
                drawn = subprocess.run(["dot", "-Tsvg", source], capture_output=True, text=True,
                                       timeout=60, check=True).stdout
                picture = TOP / "docs/images" / f"{source.stem}.svg"
                self.assertEqual(words(picture.read_text(encoding="utf-8")), words(drawn),
                                 "draw it anew: cmake --build build --target diagrams")

    def test_qml_reference_has_what_the_module_has(self):
        types = module_types()
        self.assertGreater(len(types), 15)
        sections = markdown.sections(TOP, "docs/qml.md")
        for name, members in types.items():
            with self.subTest(name):
                text = "".join(text for title, text in sections if name in title.split())
                told = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", text))))
                self.assertEqual(members - told, set(), f"docs/qml.md, '{name}', lacks these")

    def test_qml_reference_has_nothing_else(self):
        types = module_types()
        for title, text in markdown.sections(TOP, "docs/qml.md"):
            members = set().union(*(types.get(word, set()) for word in title.split()))
            for head, rows in markdown.tables(text):
                if not members or head.split()[0] not in ("property", "method", "signal", "member", "code", "key"):
                    continue
                for row in rows:
                    with self.subTest(title, row=row[0]):
                        names = re.findall(r"`(\w+)[^`]*`", row[0])
                        self.assertTrue(names and set(names) <= members)

    def test_classes_say_since_when(self):
        headers = [path for part in ("client", "server", "testkit")
                   for path in (TOP / "src" / part).glob("dispatch*.h") if "_" not in path.stem]
        described = re.compile(r"((?:^///.*\n)+)(?:class|struct) (?:[A-Z_]+_EXPORT )?(Dispatch\w+)[^;{]*\{",
                               re.MULTILINE)
        classes = [match for path in headers
                   for match in described.findall(path.read_text(encoding="utf-8"))]
        self.assertGreater(len(classes), 15)
        for comment, name in classes:
            with self.subTest(name):
                self.assertIn("\\since", comment)


if __name__ == "__main__":
    unittest.main()
