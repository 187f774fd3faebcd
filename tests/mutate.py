#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev mutate [FILE...]: do the tests notice when the code is wrong?

One small change at a time is made to a copy of the sources: a comparison is flipped, a constant is
shifted, a statement is dropped. What the compiler takes and no test notices is printed: either a
test is missing, or the line is not needed, or the change makes no difference that matters. Which
changes are tried is drawn by the seed.
"""
import argparse
import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import sys
import time

LAYERS = ("infer", "diag", "model", "probe", "pkt")
FLIPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||",
         "||": "&&", "+": "-", "-": "+", "*": "/", "+=": "-=", "-=": "+=", "true": "false",
         "false": "true"}
TOKEN = re.compile(r"""
    (?P<skip>/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])+')
  | (?P<number>(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.]))
  | (?P<word>[A-Za-z_]\w*)
  | (?P<other>\d[\w.]*|->|\+\+|--|<<=?|>>=?|[-+*/%&|^=!<>]=|&&|\|\||.)""", re.X | re.S)
STATEMENT = re.compile(r"^\t+(?!return\b|break\b|continue\b|goto\b|case\b|default\b|else\b|if\b|for\b"
                       r"|while\b|struct\b|enum\b|const\b|static\b|double\b|bool\b|size_t\b|u?int\d*_?t?\b"
                       r"|unsigned\b|ns_t\b|char\b)[\w*(][^{}]*;$")


def changes_of(path):
    """Every change of a file, as (line, what, the new text of the file)."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = []

    def add(start, end, new, what=None):
        line = text.count("\n", 0, start) + 1
        found.append((line, what or f"{new} for {text[start:end]}", text[:start] + new + text[end:]))

    before = ""  # the last token that says something
    for match in TOKEN.finditer(text):
        token, start, end = match.group(), *match.span()
        line_start = text.rfind("\n", 0, start) + 1
        if match.lastgroup == "skip" or token.isspace() or text[line_start] == "#":
            continue
        is_binary = bool(re.match(r"[\w)\]]", before[-1:])) and before not in ("return", "case")
        spaced = text[start - 1] == " " and text[end:end + 1] == " "
        if match.lastgroup == "number":
            add(start, end, str(int(token) + 1) if token.isdigit() else repr(float(token) * 2))
        elif token in FLIPS and (token in ("true", "false") or (is_binary and spaced)):
            add(start, end, FLIPS[token])
        before = token
    offset = 0
    for line in text.splitlines(keepends=True):
        if STATEMENT.match(line.rstrip("\n")):
            start = offset + len(line) - len(line.lstrip("\t"))
            add(start, offset + len(line.rstrip("\n")), ";", "nothing for " + line.strip())
        offset += len(line)
    return found


class Tree:
    """A copy of the sources with a build of its own."""

    def __init__(self, top, where):
        self.where = where
        self.build = os.path.join(where, "build")
        os.makedirs(where, exist_ok=True)
        names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                               cwd=top, check=True, capture_output=True).stdout.split(b"\0")
        for name in filter(None, map(os.fsdecode, names)):
            source, target = os.path.join(top, name), os.path.join(where, name)
            if not os.path.exists(source) or os.path.islink(source):
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(source, "rb") as file:
                now = file.read()
            if not os.path.exists(target) or open(target, "rb").read() != now:
                shutil.copy(source, target)
        self.run(["./dev", "configure-and-make", "build", "CFLAGS=-O1"], 1800)

    def run(self, command, seconds, env=None):
        try:
            return subprocess.run(command, cwd=self.where, timeout=seconds, env=env, check=False,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode
        except subprocess.TimeoutExpired:
            return -1

    def make(self, *targets):
        return self.run(["make", "-s", "-C", "build", *targets], 600) == 0

    def passes(self, test, seconds):
        """None: it does not link."""
        if not self.make(test):
            return None
        env = dict(os.environ, srcdir=self.where, top_builddir=self.build, LC_ALL="C.UTF-8")
        return self.run(["build/" + test], seconds, env) == 0


def tests_of(tree, layer):
    names = subprocess.run(["make", "-s", "-C", "build", "list-tests"], cwd=tree.where, check=True,
                           capture_output=True, text=True).stdout.split()
    return [name for name in names
            if re.match(rf"tests/(unit/{layer}/|sim/)[^.]*$", name) and "netns" not in name]


def judge(tree, tests, path, new):
    """What became of a change: 'killed by TEST', 'survived' or 'no program'."""
    target = os.path.join(tree.where, path)
    with open(target, encoding="utf-8") as file:
        was = file.read()
    try:
        with open(target, "w", encoding="utf-8") as file:
            file.write(new)
        if not tree.make(f"src/lib{path.split('/')[1]}.a"):
            return "no program"
        for test, seconds in tests:
            does_pass = tree.passes(test, 5 * seconds + 10)
            if does_pass is None:
                return "no program"
            if not does_pass:
                return "killed by " + test
        return "survived"
    finally:
        with open(target, "w", encoding="utf-8") as file:
            file.write(was)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="unasked: " + ", ".join(LAYERS))
    parser.add_argument("--count", type=int, default=100, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trees", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--list", action="store_true", help="say what could be tried, and end")
    options = parser.parse_args()
    files = options.files or sorted(
        os.path.join("src", layer, name) for layer in LAYERS
        for name in os.listdir(os.path.join("src", layer)) if name.endswith(".c"))
    drawn = [(path, *change) for path in files for change in changes_of(path)]
    if options.list:
        for path, line, what, _ in drawn:
            print(f"{path}:{line}: {what}")
        return 0
    possible = len(drawn)
    random.Random(options.seed).shuffle(drawn)
    top = os.path.abspath("build-mutate")
    trees = [Tree(os.getcwd(), os.path.join(top, str(i))) for i in range(options.trees)]
    tests = {}
    for layer in sorted({path.split("/")[1] for path in files}):
        timed = []
        for test in tests_of(trees[0], layer):
            trees[0].make(test)
            begun = time.monotonic()
            if not trees[0].passes(test, 600):
                sys.exit(f"mutate: {test} fails as it is")
            timed.append((test, time.monotonic() - begun))
        tests[layer] = sorted(timed, key=lambda pair: ("/unit/" not in pair[0], pair[1]))
    counts = {"killed": 0, "survived": 0, "no": 0}
    print(f"seed {options.seed}, {options.count} of {possible} changes of {len(files)} files", flush=True)
    free = list(trees)

    def attempt(change):
        path, line, what, new = change
        tree = free.pop()
        try:
            return f"{path}:{line}: {what}", judge(tree, tests[path.split("/")[1]], path, new)
        finally:
            free.append(tree)

    with concurrent.futures.ThreadPoolExecutor(len(trees)) as pool:
        for where, outcome in pool.map(attempt, drawn[:options.count]):
            counts[outcome.split()[0]] += 1
            print(f"{outcome}: {where}", flush=True)
    tried = counts["killed"] + counts["survived"]
    print(f"{counts['killed']} of {tried} killed ({100 * counts['killed'] / max(tried, 1):.1f} %), "
          f"{counts['no']} were no program")
    return 0


if __name__ == "__main__":
    sys.exit(main())
