#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands one after another in the lab and prints what each cost: user and system
time of all its processes, a probe answered. Called by bench.py inside the prober's
namespace: cpu_child.py THRUPATH ROUNDS HOP,HOP,..."""
import ctypes
import json
import os
import re
import resource
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


def run(command, **variables):
    """Output, and CPU seconds of the command and every process it left behind."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=dict(os.environ, **variables), text=True) as process:
        out = process.stdout.read()
        process.wait()
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return out, cpu


def thrupath(program, rounds, path, helper="none"):
    out, cpu = run([program, "-j", "-n", "-i", "0.05", "-c", str(rounds), "--path", path],
                   THRUPATH_PACKET=helper)
    hops = json.loads(out)["report"]["thrupath"]["hops"]
    answered = sum(h[kind]["received"] for h in hops for kind in ("through", "to"))
    return answered, cpu


def mtr(rounds, path):
    out, cpu = run(["mtr", "-n", "-r", "-o", "R", "-i", "0.05", "-c", str(rounds),
                         path.split(",")[-1]])
    answered = sum(int(m.group(1)) for m in re.finditer(r"\|--\s+\S+\s+(\d+)", out))
    return answered, cpu


def fping(rounds, path):
    out, cpu = run(["fping", "-c", str(rounds), "-p", "50", "-i", "1"] + path.split(","))
    return len(re.findall(r"bytes, ", out)), cpu


def main():
    program, rounds, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    results = {"thrupath": [], "thrupath, helper": [], "mtr": [], "fping": []}
    for _ in range(3):
        results["thrupath"].append(thrupath(program, rounds, path))
        results["thrupath, helper"].append(thrupath(program, rounds, path, program + "-packet"))
        results["mtr"].append(mtr(rounds, path))
        results["fping"].append(fping(rounds, path))
    print(json.dumps(results))


main()
