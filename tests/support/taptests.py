# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests in Python that the harness reads as TAP."""
import signal
import subprocess
import sys


class Skip(Exception):
    pass


def run_tests(names):
    """Runs every test_ function of a module's globals; prints TAP and exits."""
    # What was started by nohup, or in the background of a script, would ignore these.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    tests = [(n, f) for n, f in sorted(names.items()) if n.startswith("test_")]
    failed = 0
    print("1..%d" % len(tests))
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Skip as why:
            print("ok %d - %s # SKIP %s" % (number, name, why), flush=True)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed += 1
            print("not ok %d - %s\n# %s" % (number, name, str(error).replace("\n", "\n# ")),
                  flush=True)
    sys.exit(failed > 0)
