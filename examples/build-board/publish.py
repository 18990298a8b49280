#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
"""A back end: publishes the state of builds by HTTP, with nothing but Python's own library.

    export DISPATCH_TOKEN=...          # of the project, as the server's operator hands it out
    publish.py --url http://127.0.0.1:8090 unit-tests failed --note "2 of 412 failed"
    publish.py --url http://127.0.0.1:8090 --play
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

STATES = ("queued", "running", "passed", "failed")
TRIES = 5


def publish(options, build):
    """POST /api/v1/projects/<project>/events; see docs/openapi.yaml."""
    body = {"eventName": "build", "shardName": options.room, "payload": build}
    request = urllib.request.Request(
        f"{options.url}/api/v1/projects/{options.project}/events",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['DISPATCH_TOKEN']}",
            "Content-Type": "application/json",
            # An answer can be lost. With this a second try is not published twice.
            "Idempotency-Key": str(uuid.uuid4()),
        },
    )
    for tries_left in reversed(range(TRIES)):
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except urllib.error.HTTPError as error:
            refusal = json.load(error)  # {code, message, retry...}
            if not refusal["retry"] or not tries_left:
                sys.exit(f"Refused: {refusal['message']}")
            time.sleep(int(error.headers.get("Retry-After", 1)))
        except urllib.error.URLError as error:
            if not tries_left:
                sys.exit(f"Can't reach {options.url}: {error.reason}")
            time.sleep(1)


# What --play publishes: jobs that wait for no other one, how long each takes, and how it ends.
COMMIT = {"branch": "main", "commit": "4f2a9c1", "author": "Ann"}
JOBS = (
    ("linux-gcc", 4, "passed", "GCC 12, Debian 12"),
    ("linux-clang", 5, "passed", "Clang 15, Debian 12"),
    ("windows-msvc", 7, None, "MSVC 2022"),
    ("macos-arm64", 8, None, "Xcode 15"),
    ("unit-tests", 6, "failed", "2 of 412 failed"),
    ("lint", 2, "passed", "clang-tidy, qmllint"),
    ("documentation", 3, "passed", "no warnings"),
    ("packages", None, None, "waits for the tests"),
    ("release", None, None, "waits for the packages"),
)
STEPS = 8


def play(options):
    for job, *_, note in JOBS:
        publish(options, {"job": job, "state": "queued", "note": note, **COMMIT})
    for step in range(STEPS):
        time.sleep(options.seconds / STEPS)
        for job, steps, end, note in JOBS:
            build = {"job": job, "note": note, **COMMIT}
            if steps and step < steps:
                publish(options, {**build, "state": "running", "progress": (step + 1) / (steps + 1)})
            elif steps == step and end:
                publish(options, {**build, "state": end, "seconds": 31 * steps + 7})


def main():
    parser = argparse.ArgumentParser(description="Publish the state of a build.")
    parser.add_argument("job", nargs="?", help="the name of the job")
    parser.add_argument("state", nargs="?", choices=STATES)
    parser.add_argument("--url", default="http://127.0.0.1:8090")
    parser.add_argument("--project", default="builds")
    parser.add_argument("--room", default="board")
    parser.add_argument("--note", default="", help="a line about it")
    parser.add_argument("--play", action="store_true", help="publish a whole build, made up")
    parser.add_argument("--seconds", type=float, default=12, help="how long that takes")
    options = parser.parse_args()
    if not os.environ.get("DISPATCH_TOKEN"):
        parser.error("put the project's token into the environment: DISPATCH_TOKEN")
    if options.play:
        play(options)
    elif options.job and options.state:
        publish(options, {"job": options.job, "state": options.state, "note": options.note})
    else:
        parser.error("give a job and its state, or --play")


if __name__ == "__main__":
    main()
