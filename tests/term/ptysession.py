# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a pseudo terminal. Every wait is for a marker, with a bound."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

BOUND = 30.0


def run_as_job(until_exec):
    """Becomes a shell of sorts: its job may be stopped, and is continued at once."""
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        return
    os.close(until_exec[1])
    while True:
        status = os.waitpid(job, os.WUNTRACED)[1]
        if not os.WIFSTOPPED(status):
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)
        os.kill(job, signal.SIGCONT)


def leave_faults_to_the_program():
    """A sanitizer would make an exit of each of them."""
    os.environ["ASAN_OPTIONS"] = ":".join([os.environ.get("ASAN_OPTIONS", "")] + [
        "handle_%s=0" % name for name in ("segv", "abort", "sigbus", "sigfpe", "sigill", "sigtrap")])


class Session:
    def __init__(self, argv, rows, columns, term="xterm-256color", is_job=False, cwd=None):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        until_exec = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(self.slave, fd)
            os.close(self.master)
            os.environ["TERM"] = term
            if cwd is not None:
                os.chdir(cwd)
            os.environ.pop("LINES", None)
            os.environ.pop("COLUMNS", None)
            if is_job:
                run_as_job(until_exec)
            os.execv(argv[0], argv)
        # The pipe closes by exec: before that a signal would find this interpreter.
        os.close(until_exec[1])
        os.read(until_exec[0], 1)
        os.close(until_exec[0])

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait(self, marker):
        """Reads until the regular expression shows in what came since the last wait."""
        end = time.monotonic() + BOUND
        while not re.search(marker, self.seen):
            left = end - time.monotonic()
            ready = select.select([self.master], [], [], max(left, 0))[0]
            if not ready:
                raise AssertionError("no %r in %r" % (marker, self.seen[-800:]))
            self.seen += os.read(self.master, 65536)
        seen, self.seen = self.seen, b""
        return seen

    def key(self, keys):
        os.write(self.master, keys)

    def end(self):
        """Waits for the end; returns the exit status and whether the modes are as before."""
        end = time.monotonic() + BOUND
        while time.monotonic() < end:
            if select.select([self.master], [], [], 0.02)[0]:
                self.seen += os.read(self.master, 65536)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                same = termios.tcgetattr(self.slave) == self.before
                while select.select([self.master], [], [], 0)[0]:
                    self.seen += os.read(self.master, 65536)
                os.close(self.slave)
                os.close(self.master)
                return os.waitstatus_to_exitcode(status), same
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError("did not end")
