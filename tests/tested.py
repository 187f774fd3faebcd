#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the numbers of doc/how-tested.md from what a run of the tests left behind: tested.py DIR, the
build directory. What was not run is said to be so."""
import glob
import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PAGE = os.path.join(TOP, "doc", "how-tested.md")
BEGIN, END = "<!-- made by ./dev tested -->\n", "<!-- until here -->\n"
KINDS = (("tests/unit/", "unit tests"), ("tests/sim/", "scenarios in virtual time"),
         ("tests/golden/", "screens and reports held against files"), ("tests/cli/", "command line"),
         ("tests/names/", "names, name servers, databases"), ("tests/term/", "terminal"),
         ("tests/lab/", "kernel namespaces and the helper"), ("tests/fuzz/", "seeds of fuzz targets"),
         ("tests/lint/", "lints"))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def lines_of(*patterns):
    return sum(read(path).count("\n") for pattern in patterns
               for path in glob.glob(os.path.join(TOP, pattern), recursive=True))


def logs(build, below):
    return [read(path) for path in glob.glob(os.path.join(build, below, "**", "*.log"),
                                             recursive=True)]


def results(build, below):
    text = "".join(read(path) for path in glob.glob(os.path.join(build, below, "**", "*.trs"),
                                                    recursive=True))
    return [len(re.findall(r"^:test-result: %s" % kind, text, re.M))
            for kind in ("PASS|XFAIL", "FAIL|ERROR|XPASS", "SKIP")]


def total(texts, pattern):
    return sum(int(number) for text in texts for number in re.findall(pattern, text, re.M))


def replays(target):
    """Each seed is given whole and cut at every byte (tests/fuzz/replay.c)."""
    sizes = [os.path.getsize(path) for path in glob.glob(
        os.path.join(TOP, "tests", "fuzz", "corpus", target, "*"))]
    return len(sizes), sum(min(size, 2048) + 1 for size in sizes)


def numbers(build):
    rows = ["| what | passed | failed | skipped |", "|---|---:|---:|---:|"]
    for below, name in KINDS:
        passed, failed, skipped = results(build, below)
        rows.append("| %s | %s | %d | %d |" % (
            name, passed if passed + failed + skipped else "not run", failed, skipped))
    targets = sorted(os.path.basename(path)[5:-2] for path in glob.glob(
        os.path.join(TOP, "tests", "fuzz", "fuzz_*.c")))
    seeds, given = (sum(column) for column in zip(*map(replays, targets)))
    lab, cli = logs(build, "tests/lab"), logs(build, "tests/cli")
    rows += [
        "", "- %d lines of C in src, %d lines of tests." % (
            lines_of("src/**/*.[ch]"), lines_of("tests/**/*.[ch]", "tests/**/*.py", "tests/**/*.sh")),
        "- %d fuzz targets; %d seeds, cut at every byte: %d inputs in each check." % (
            len(targets), seeds, given),
        "- %d system calls made to fail, one a run." % total(cli, r"^# (\d+) calls failed"),
        "- %d strange packets beside other users' helpers, of which %d bytes were handed over." % (
            total(lab, r"of (\d+) strange packets"), total(lab, r"^# (\d+) bytes of")),
    ]
    return "\n".join(rows) + "\n"


def main():
    page = read(PAGE)
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(head + BEGIN + numbers(sys.argv[1]) + END + tail)


main()
