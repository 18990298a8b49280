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
    notifiers: set = field(default_factory=set)  # signals that say that a property changed


def _component(text):
    def attribute(key):
        found = re.search(rf'^        {key}: "([^"]*)"', text, re.MULTILINE)
        return found[1] if found else ""

    members = set(re.findall(r'^        (?:Property|Method|Signal) \{\s*name: "(\w+)"', text, re.MULTILINE))
    for values in re.findall(r"values: \[(.*?)\]", text, re.DOTALL):
        members |= set(re.findall(r'"(\w+)"', values))
    notifiers = set(re.findall(r'notify: "(\w+)"', text))
    exports = re.search(r'exports: \["[\w.]+/(\w+) ', text)
    return Type(attribute("name"), attribute("prototype"), attribute("extension"),
                exports[1] if exports else "", members, notifiers)


def types(path):
    """The exported types of the description, each with what it inherits from the module's others.
    Signals that say that a property changed are left out."""
    parts = Path(path).read_text(encoding="utf-8").split("\n    Component {\n")[1:]
    known = {part.name: part for part in map(_component, parts)}
    found = {}
    for each in known.values():
        if not each.exported:
            continue
        members, notifiers, base = set(), set(), each
        while base and base.name not in OF_QT:
            for part in filter(None, (base, known.get(base.extension))):
                members |= part.members
                notifiers |= part.notifiers
            base = known.get(base.prototype)
        silent = {signal for signal in notifiers if signal.endswith("Changed")}
        found.setdefault(each.exported, set()).update(members - silent)
    return found
