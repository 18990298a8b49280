# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""What one sees in docs/guide.md: guide.py <folder of the chat> <folder of the programs>

The chat is driven from outside, as by somebody who only has it and a terminal.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

CHAT = Path(sys.argv[1])
PROGRAMS = Path(sys.argv[2])
GUARD = 60  # seconds; only for what never comes
ROOM = ["--project", "my-chat", "--shard", "lobby"]


def wait_for(what, condition):
    deadline = time.monotonic() + GUARD
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"This did not come about: {what}")


def start(*command, **options):
    return subprocess.Popen([str(part) for part in command], text=True, cwd=CHAT,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def ask(*command):
    """What dispatchctl prints."""
    return subprocess.run([PROGRAMS / "dispatchctl", *map(str, command)], cwd=CHAT, text=True,
                          stdout=subprocess.PIPE, timeout=GUARD, check=True).stdout.strip()


def start_server(port=0):
    """dispatchd, and the URL that it prints."""
    server = start(PROGRAMS / "dispatchd", "--port", port, "--operators-port", 0,
                   "--secret-file", "secret")
    for line in server.stdout:
        if found := re.search(r"ws://[\d.]+:\d+", line):
            return server, found[0]
    sys.exit("dispatchd does not say where it listens")


def people(url):
    shards = [json.loads(line) for line in
              ask("info", "--url", url, "--project", "my-chat", "--json").splitlines()]
    return sum(shard.get("numConnectedClients", 0) for shard in shards)


def main():
    (CHAT / "secret").write_text(os.urandom(32).hex())
    (CHAT / "secret").chmod(0o600)
    running = []
    try:
        server, url = start_server()
        running.append(server)
        token = ask("token", "make", "--key-file", "secret", "--project", "my-chat",
                    "--subject", "ann")
        ann = start(CHAT / "build/chat", url, "Ann", token)
        ben = start(CHAT / "build/chat", url, "Ben")
        running += [ann, ben]
        wait_for("two are in the room", lambda: people(url) == 2)

        ask("emit", "message", '{"author":"A terminal","body":"Hello!"}', *ROOM, "--url", url)

        server.terminate()
        server.wait(GUARD)
        server, _ = start_server(int(url.rsplit(":", 1)[1]))
        running.append(server)
        wait_for("both have come back", lambda: people(url) == 2)
    finally:
        for process in running:
            process.terminate()
    output = ann.communicate()[0] + ben.communicate()[0]
    if re.search(r"qrc:\S+:\d+", output):
        sys.exit(f"The chat complained:\n{output}")


if __name__ == "__main__":
    main()
