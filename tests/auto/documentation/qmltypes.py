# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""What a module's description (.qmltypes) tells of its types."""

import re
from dataclasses import dataclass, field
from pathlib import Path

# What these have is known from elsewhere.
OF_QT = ("QObject", "QAbstractItemModel", "QAbstractListModel", "QAbstractProxyModel", "QSortFilterProxyModel")


@dataclass
class Type:
    name: str = ""
    prototype: str = ""
    extension: str = ""
    exported: str = ""  # under which name QML knows it
    members: set = field(default_factory=set)  # properties, methods, signals, keys of enums


def _component(text):
    def attribute(key):
        found = re.search(rf'^        {key}: "([^"]*)"', text, re.MULTILINE)
        return found[1] if found else ""

    members = set(re.findall(r'^        (?:Property|Method|Signal) \{\s*name: "(\w+)"', text, re.MULTILINE))
    for values in re.findall(r"values: \[(.*?)\]", text, re.DOTALL):
        members |= set(re.findall(r'"(\w+)"', values))
    exports = re.search(r'exports: \["[\w.]+/(\w+) ', text)
    return Type(attribute("name"), attribute("prototype"), attribute("extension"),
                exports[1] if exports else "", members)


def types(path):
    """The exported types of the description, each with what it inherits from the module's others.
    Signals of changes are left out: each property has one."""
    parts = Path(path).read_text(encoding="utf-8").split("\n    Component {\n")[1:]
    known = {part.name: part for part in map(_component, parts)}
    found = {}
    for each in known.values():
        if not each.exported:
            continue
        members, base = set(), each
        while base and base.name not in OF_QT:
            members |= base.members
            if base.extension in known:
                members |= known[base.extension].members
            base = known.get(base.prototype)
        told = {member for member in members if not member.endswith("Changed")}
        found.setdefault(each.exported, set()).update(told)
    return found
