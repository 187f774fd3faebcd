#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores what --hints says against names that were labelled by hand.

    score.py COMMAND FILE.tsv [--leave-out PARTS] [--codes FILE] [--wrong] [--least NAME=RATE]...

COMMAND reads names and prints the table of `thrupath --hints`. FILE has a header with at least
hostname, operator, loc_kind, lat, lon, if_type, if_speed_mbps, role and router. A place is right
within 100 km; rows of loc_kind unsure count for no place, rows of none must get none.
--leave-out 5 forgets in turn the rows of data/names that are about a fifth of the operators; with
--codes data/names/codes.tsv also, in a third table, the rows of that file that are homemade (not
metro codes) and that of all operators only those of that fifth use.
"""
import argparse
import csv
import math
import os
import subprocess
import sys
import tempfile


def read(path):
    with open(path, encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def ask(command, names, env=None):
    run = subprocess.run(command.split(), input="\n".join(names) + "\n", text=True, check=True,
                         stdout=subprocess.PIPE, env=env)
    lines = run.stdout.split("\n")
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"))) for line in lines[1:] if line]


def distance_km(a, b):
    lat1, lon1, lat2, lon2 = map(math.radians, a + b)
    h = math.sin((lat2 - lat1) / 2) ** 2 + \
        math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def simple(router):
    return router.lower().replace("_", "-")


class Rates:
    def __init__(self, wants_wrong):
        self.count = {}
        self.wants_wrong = wants_wrong

    def add(self, what, is_right, row=None, said=None):
        right, whole = self.count.get(what, (0, 0))
        self.count[what] = (right + bool(is_right), whole + 1)
        if self.wants_wrong and not is_right and row is not None:
            print("wrong %s: %s: %s" % (what, row["hostname"], said))

    def rate(self, what):
        right, whole = self.count.get(what, (0, 0))
        return right / whole if whole else float("nan")

    def place(self, row, got):
        if row["loc_kind"] == "unsure":
            return
        said = "%s %s (%s %s, %s)" % (got["city"], got["country"], got["place_kind"],
                                      got["place_token"], row.get("city", ""))
        has_place = row["loc_kind"] != "none"
        is_right = has_place and got["lat"] and distance_km(
            (float(row["lat"]), float(row["lon"])), (float(got["lat"]), float(got["lon"]))) <= 100
        if got["lat"]:
            self.add("place precision", is_right, row, said)
        if has_place:
            self.add("place recall", is_right, row if not got["lat"] else None, said)

    def score(self, row, got):
        self.place(row, got)
        if row["if_type"]:
            self.add("interface type", got["if_type"] == row["if_type"], row, got["if_type"])
        else:
            self.add("no interface where none is", not got["if_type"], row, got["if_token"])
        if row["if_speed_mbps"]:
            self.add("speed", got["if_speed_mbps"] == row["if_speed_mbps"], row,
                     got["if_speed_mbps"])
        if got["role"] and row["role"]:
            self.add("role precision", got["role"] == row["role"], row,
                     got["role"] + " not " + row["role"])
        if row["role"]:
            self.add("role recall", got["role"] == row["role"],
                     row if not got["role"] else None, "nothing, not " + row["role"])
        note = dict(part.strip().split("=", 1) for part in (row.get("note") or "").split(";")
                    if "=" in part)
        if "other" in note:
            self.add("other party", got["other_party"] == note["other"].lower(), row,
                     got["other_party"] + " not " + note["other"])
        if note.get("rel", "unknown") != "unknown":
            self.add("relation", got["relation"] == note["rel"], row,
                     got["relation"] + " not " + note["rel"])
        if row["router"]:
            self.add("router", simple(got["router"]) == simple(row["router"]), row,
                     got["router"] + " not " + row["router"])

    def show(self, title):
        print(title)
        for what in ("place precision", "place recall", "interface type",
                     "no interface where none is", "speed", "role precision", "role recall",
                     "router", "other party", "relation"):
            right, whole = self.count.get(what, (0, 0))
            if whole == 0:
                continue
            print("  %-27s %4d of %4d  %.3f" % (what, right, whole, self.rate(what)))


def domain_of(name):
    return ".".join(name.lower().rstrip(".").split(".")[-2:])


def codes_of(path):
    """The homemade codes of a table."""
    with open(path, encoding="utf8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.startswith("k\t")]
    return {row[1] for row in rows if row[2] != "metro" and len(row) < 7}


def uses(code, name):
    return code in name.lower()


def own_codes(codes, rows, operators):
    """The codes that only names of these operators hold."""
    inside = [r["hostname"] for r in rows if r["operator"] in operators]
    outside = [r["hostname"] for r in rows if r["operator"] not in operators]
    return {code for code in codes if any(uses(code, name) for name in inside)
            and not any(uses(code, name) for name in outside)}


def ask_without(command, rows, operators, codes=()):
    """The answers for rows, with nothing known of these operators' own codes, nor of `codes`."""
    with tempfile.TemporaryDirectory() as home:
        where = os.path.join(home, "thrupath", "hints.d")
        os.makedirs(where)
        domains = {domain_of(r["hostname"]) for r in rows if r["operator"] in operators}
        with open(os.path.join(where, "forget.tsv"), "w", encoding="ascii") as file:
            for domain in sorted(domains | set(codes)):
                file.write("f\t%s\n" % domain)
        return ask(command, [r["hostname"] for r in rows],
                   dict(os.environ, XDG_CONFIG_HOME=home))


def leave_out(args, rows, codes, title):
    left = Rates(args.wrong)
    operators = sorted({r["operator"] for r in rows})
    for part in range(args.leave_out):
        out = operators[part::args.leave_out]
        some = [r for r in rows if r["operator"] in out]
        for row, got in zip(some, ask_without(args.command, some, out,
                                              own_codes(codes, rows, out))):
            left.score(row, got)
    left.show(title)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("file")
    parser.add_argument("--leave-out", type=int, default=0)
    parser.add_argument("--codes")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--least", action="append", default=[])
    args = parser.parse_args()
    rows = read(args.file)
    rates = Rates(args.wrong)
    answers = ask(args.command, [r["hostname"] for r in rows])
    assert len(answers) == len(rows), (len(answers), len(rows))
    for row, got in zip(rows, answers):
        rates.score(row, got)
    rates.show("%d names of %d operators" % (len(rows), len({r["operator"] for r in rows})))
    if args.leave_out:
        leave_out(args, rows, [], "left out, a part of %d in turn" % args.leave_out)
    if args.leave_out and args.codes:
        leave_out(args, rows, codes_of(args.codes), "the same, and the codes that only they use")
    failed = [least for least in args.least
              if not rates.rate(least.split("=")[0]) >= float(least.split("=")[1])]
    for least in failed:
        print("below what it was: " + least)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
