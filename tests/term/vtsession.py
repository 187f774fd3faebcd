# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a pseudo terminal that is looked at as a person would: what stands on the screen,
not which bytes came. Every wait is for a text, with a bound."""
import os
import re
import select
import subprocess
import time

from ptysession import BOUND, Session


class VtSession(Session):
    def __init__(self, vtscreen, argv, rows, columns, bound=BOUND, **how):
        self.bound = bound
        with_pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.vt = subprocess.Popen([vtscreen], **with_pipes)     # pylint: disable=R1732
        super().__init__(argv, rows, columns, **how)

    def tell(self, words):
        self.vt.stdin.write(words)
        self.vt.stdin.flush()

    def resize(self, rows, columns):
        super().resize(rows, columns)
        self.tell(b"R %d %d\n" % (rows, columns))

    def answer(self, command):
        self.tell(command + b"\n")
        rows = []
        while True:
            row = self.vt.stdout.readline()
            if row in (b"\f\n", b""):
                return rows
            rows.append(row.decode().rstrip("\n"))

    def rows(self):
        return [row.rstrip() for row in self.answer(b"T")]

    def looks(self):
        """Of each row its runs: foreground, background, attributes, text."""
        return [[tuple(look.rstrip(".").split(" ")) + (text,) for look, text in
                 (run.split("\x1f") for run in row.split("\x1e"))] for row in self.answer(b"C")]

    def take(self, bound):
        if not select.select([self.master], [], [], max(bound, 0))[0]:
            return False
        data = os.read(self.master, 65536)
        self.seen += data
        self.tell(b"F %d\n" % len(data) + data)
        return True

    def see(self, marker, but=None):
        """Reads until the expression is found on the screen, and the other one is not."""
        end = time.monotonic() + self.bound
        while True:
            text = "\n".join(self.rows())
            if re.search(marker, text) and not (but and re.search(but, text)):
                return text
            if not self.take(end - time.monotonic()):
                raise AssertionError("no %r on\n%s" % (marker, text))

    def end(self):
        result = super().end()
        self.vt.stdin.close()
        self.vt.stdout.close()
        self.vt.wait()
        return result
