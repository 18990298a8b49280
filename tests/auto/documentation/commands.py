# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""The commands of the shell samples, and what the programs themselves say of their options."""

import functools
import re
import shlex
import subprocess
from pathlib import Path

SEPARATORS = {";", "|", "||", "&", "&&", "(", ")"}
PROGRAMS = ("dispatchctl", "dispatchd")


def _words(line):
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.commenters = "#"
    return list(lexer)


def commands(text, programs=PROGRAMS):
    """The words of each command that runs one of `programs`, from the program's name on."""
    found = []
    for line in text.replace("\\\n", " ").split("\n"):
        command = []
        for word in [*_words(line.removeprefix("$ ")), ";"]:
            if word in SEPARATORS:
                found += [command[i:] for i, each in enumerate(command[:4])
                          if Path(each).name in programs][:1]
                command = []
            else:
                command.append(word)
    return [[Path(command[0]).name, *command[1:]] for command in found]


@functools.cache
def help_of(program, *command):
    """What `program` says when it is asked what `command` takes."""
    return subprocess.run([program, *command, "--help"], capture_output=True, text=True, timeout=30,
                          check=True).stdout


def unknown_options(command, program):
    """The options of `command` that `program` does not know; the command itself, if it is that."""
    words = command[1:]
    subcommand = []
    if command[0] == "dispatchctl" and words and not words[0].startswith("-"):
        subcommand = words[:2] if words[0] == "token" else words[:1]
    try:
        known = set(re.findall(r"--[a-z][a-z-]*", help_of(program, *subcommand)))
    except subprocess.CalledProcessError:
        return subcommand
    options = [word.split("=")[0] for word in words if word.startswith("--")]
    return [option for option in options if option not in known and option != "--help"]
