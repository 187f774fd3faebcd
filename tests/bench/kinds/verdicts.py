#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the findings of whole runs in virtual time against what is wrong in random networks.

    verdicts.py PROGRAM [--seeds N] [--first N] [--only WORD] [--jobs N] [--hours N]
                [--write FILE] [--bad] [--tap]

--hours: of each kind of healthy network so many path-hours. --bad tells each wrong run, to be
repeated with --only and --first. --write: the tables as Markdown. --tap: for the harness.
"""
import argparse
import concurrent.futures
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(__file__))
import healthy  # noqa: E402
import kinds_loss  # noqa: E402
import kinds_time  # noqa: E402
from net import LOSS  # noqa: E402

INNOCENTS_MOST, DIRECTION_MOST, HOLDS_LEAST, WIDTH_MOST = 0.01, 0.005, 0.97, 2


def seconds(report, text):
    def read(when):
        return datetime.datetime.fromisoformat(when.replace("Z", "+00:00"))
    return (read(text) - read(report["start"])).total_seconds()


def run(program, case, seed):
    with tempfile.NamedTemporaryFile("w", suffix=".scn") as file:
        file.write(case.text + "run 60s trace D\n")
        file.flush()
        command = [program, "--simulate", file.name, "--seed", str(seed), "-j", "-n", "-c",
                   str(case.rounds), "-i", str(case.interval), *case.args]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False, env=dict(os.environ, LC_ALL="C.UTF-8"))
    if done.returncode not in (0, 1):
        raise SystemExit("%s\n%s\n%s" % (command, case.text, done.stderr))
    report = json.loads(done.stdout)["report"]["thrupath"]
    report["outages_s"] = [
        {"begin_s": seconds(report, o["begin"]), "length_s": o["seconds"]}
        for o in report["outages"]]
    return report


def place(finding):
    evidence, hops = finding["evidence"], finding["hops"] or [0]
    if "low_hop" in evidence:
        return int(evidence["low_hop"]), int(evidence["high_hop"])
    if finding["id"] == "path-loss":
        return 1, hops[0]
    if len(hops) == 2 and finding["id"] != "asymmetric-path":
        return min(hops[0] + 1, hops[1]), hops[1]
    return hops[0], hops[0]


def is_of(finding, claim):
    ids, low, high = claim
    first, last = place(finding)
    return finding["id"] in ids and first <= high and last >= low


class Score:
    def __init__(self, name, text, least=1):
        self.name, self.text, self.least = name, text, least
        self.runs = self.innocents = self.warned = self.right = self.denied = self.failed = 0
        self.sets = self.held = self.turned = self.alarms = self.warnings = self.infos = 0
        self.widths, self.hours, self.bad = [], 0.0, []

    def note(self, seed, what):
        self.bad.append("seed %d: %s" % (seed, what))

    def take(self, seed, case, report):
        found = report["findings"]
        false = [f for f in found if f["severity"] != "info" and
                 not any(is_of(f, claim) for claim in case.need + case.may)]
        missed = [claim for claim in case.need if not any(is_of(f, claim) for f in found)]
        denied = [f for f in found if any(is_of(f, claim) for claim in case.never)]
        self.runs += 1
        self.hours += case.hours
        self.innocents += any(f["severity"] == "alarm" for f in false)
        self.warned += any(f["severity"] == "warning" for f in false)
        self.alarms += sum(f["episodes"] for f in false if f["severity"] == "alarm")
        self.warnings += sum(f["episodes"] for f in false if f["severity"] == "warning")
        self.infos += any(f["severity"] == "info" and f["episodes"] > 2 for f in found)
        self.right += not missed
        self.denied += bool(denied)
        for f in false + denied:
            self.note(seed, "false: %s%s %s [%s x%d %.0f s] %s" % (
                f["severity"], "" if f["active"] else " (over)", f["id"],
                ",".join(map(str, f["hops"])), f["episodes"], f["held_s"], f["text"]))
        for claim in missed:
            self.note(seed, "missed: %s at %d to %d" % ("/".join(claim[0]), claim[1], claim[2]))
        self.take_sets(case, found)
        if case.direction:
            self.turned += self.is_turned(seed, case, found)
        if case.check:
            args = (found, report) if case.check.__code__.co_argcount == 2 else (found,)
            wrong = case.check(*args)
            self.failed += bool(wrong)
            for what in wrong:
                self.note(seed, "fails: %s" % (what if isinstance(what, str) else
                                               json.dumps(what)))

    def take_sets(self, case, found):
        for claim in case.need:
            if "link-loss" not in claim[0]:
                continue
            told = [f for f in found if f["id"] in LOSS]
            for f in sorted(told, key=lambda f: -f["held_s"])[:1]:
                first, last = place(f)
                self.sets += 1
                self.held += any(is_of(f, c) for c in case.need + case.may)
                self.widths.append(last - first + 1)

    def is_turned(self, seed, case, found):
        words = {"out": "on the return path", "back": "on the forward path"}[case.direction]
        turned = [f for f in found if f["id"] == "link-loss" and words in f["text"]]
        for f in turned:
            self.note(seed, "direction: " + f["text"])
        return bool(turned)

    def width(self):
        return statistics.median(self.widths) if self.widths else 0

    def faults(self):
        """What is not as it should be; a single run is forgiven, where chance has a say."""
        def is_more(count, share, of):
            return count > max(1, share * of)
        faults = []
        if is_more(self.innocents, INNOCENTS_MOST, self.runs):
            faults.append("innocents")
        if self.right + 1 < self.least * self.runs:
            faults.append("missed")
        if is_more(self.turned, DIRECTION_MOST, self.runs):
            faults.append("direction")
        if is_more(self.sets - self.held, 1 - HOLDS_LEAST, self.sets):
            faults.append("sets")
        if self.width() > WIDTH_MOST:
            faults.append("width")
        if is_more(self.denied, INNOCENTS_MOST, self.runs):
            faults.append("all-clear")
        if is_more(self.warned, INNOCENTS_MOST * 5, self.runs):
            faults.append("warnings")
        if is_more(self.failed, INNOCENTS_MOST * 5, self.runs):
            faults.append("other")
        return faults


def judge(args, name, make, count, least=1):
    score = Score(name, make.__doc__, least)
    seeds = range(args.first, args.first + count)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        cases = [make(seed) for seed in seeds]
        for seed, case, report in zip(seeds, cases, pool.map(
                lambda pair: run(args.program, pair[1], pair[0]), zip(seeds, cases))):
            score.take(seed, case, report)
    return score


KIND_HEAD = ("kind", "what is wrong", "runs", "right", "innocents", "false warnings", "all-clears",
             "sets hold", "median width", "direction wrong", "else wrong")
HOUR_HEAD = ("network", "path-hours", "false alarms", "false warnings", "flapping infos")


def kind_row(number, score):
    return (str(number), score.text, str(score.runs), str(score.right), str(score.innocents),
            str(score.warned), str(score.denied), "%d/%d" % (score.held, score.sets)
            if score.sets else "-", "%g" % score.width() if score.sets else "-",
            str(score.turned), str(score.failed))


def hour_row(score):
    return (score.text, "%g" % score.hours, str(score.alarms), str(score.warnings),
            str(score.infos))


def table(head, rows):
    return "\n".join(["| " + " | ".join(row) + " |" for row in
                      [head, ["---"] * len(head)] + rows]) + "\n"


INTRO = """# How sure the findings are

Written by `./dev bench verdicts`: networks at random, in each of which one known thing is
wrong, run whole in virtual time, and what the program said held against what was built in.

A run is *right* when the trouble was named, at a place that holds it; an *innocent* is any other
alarm in the run. *All-clears* are runs that call sound what is not. A *set* is the range of links
of the finding of loss that lasted longest. Kinds without loss are right when there is no alarm.
`verdicts.py --bad --only NAME` repeats any of them.

"""


def show(score, row, args):
    faults = score.faults()
    if args.tap:
        print("%sok - %s: %d runs, %d right, %d with innocents, %d with warnings%s" % (
            "not " if faults else "", score.name, score.runs, score.right, score.innocents,
            score.warned, ": " + ", ".join(faults) if faults else ""))
        for line in score.bad if faults else ():
            print("# " + line)
    else:
        print("%-22s %s%s" % (score.name, "  ".join(row[2:]),
                              "   <- " + ", ".join(faults) if faults else ""))
        for line in score.bad if args.bad else ():
            print("      " + line)
    sys.stdout.flush()
    return not faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--hours", type=int, default=0)
    parser.add_argument("--write")
    parser.add_argument("--bad", action="store_true")
    parser.add_argument("--tap", action="store_true")
    args = parser.parse_args()
    is_ok, rows, hours, count = True, [], [], 0
    for number, make, least in sorted(kinds_loss.KINDS + kinds_time.KINDS, key=lambda k: k[0]):
        if args.only in make.__name__:
            score = judge(args, make.__name__, make, args.seeds, least)
            rows.append(kind_row(number, score))
            is_ok = show(score, rows[-1], args) and is_ok
            count += 1
    for make in healthy.NETWORKS:
        if args.hours and args.only in make.__name__:
            score = judge(args, make.__name__, make, args.hours)
            hours.append(hour_row(score))
            is_ok = show(score, ("", "") + hours[-1][1:], args) and is_ok
            count += 1
    if args.tap:
        print("1..%d" % count)
    if args.write:
        with open(args.write, "w", encoding="utf8") as file:
            file.write(INTRO + table(KIND_HEAD, rows) +
                       ("\n## Nothing is wrong\n\n" + table(HOUR_HEAD, hours) if hours else ""))
    return 0 if is_ok else 1


if __name__ == "__main__":
    sys.exit(main())
