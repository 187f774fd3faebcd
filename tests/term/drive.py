# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the demo in a pseudo terminal. Every wait is for a marker, with a bound."""
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

BOUND = 10.0
DEMO = sys.argv[1]


def run_as_job():
    """Becomes a shell of sorts: its job may be stopped, and is continued at once."""
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        return
    while True:
        status = os.waitpid(job, os.WUNTRACED)[1]
        if not os.WIFSTOPPED(status):
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)
        os.kill(job, signal.SIGCONT)


class Session:
    def __init__(self, rows, columns, term="xterm-256color", is_job=False):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns, None)
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(self.slave, fd)
            os.close(self.master)
            os.environ["TERM"] = term
            os.environ.pop("LINES", None)
            os.environ.pop("COLUMNS", None)
            if is_job:
                run_as_job()
            os.execv(DEMO, [DEMO, "8"])

    def resize(self, rows, columns, pid):
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


def test_q_leaves_the_terminal_as_it_was():
    s = Session(24, 80)
    s.wait(rb"\x1b\[\?1049h")
    s.key(b"q")
    assert s.end() == (0, True)
    assert b"\x1b[?1049l" in s.seen, s.seen


def test_signals_leave_the_terminal_as_it_was():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        s = Session(24, 80)
        s.wait(rb"quit")
        os.kill(s.pid, number)
        assert s.end() == (128 + number, True)


def test_control_c_is_an_interrupt():
    s = Session(24, 80)
    s.wait(rb"quit")
    s.key(b"\x03")
    assert s.end() == (128 + signal.SIGINT, True)


def test_keys_work_flow_control_keys_too():
    s = Session(24, 80)
    s.wait(rb"quit")
    s.key(b"\x13")
    s.wait(rb"paused")
    s.key(b"\x11\x0c")
    assert b"paused" not in s.wait(rb"quit")
    s.key(b"?")
    s.wait(rb"leave the program")
    s.key(b"q")
    s.wait(rb"quit")
    s.key(b"d")
    s.wait(rb"ToSnt")
    s.key(b"\x1b[B\x1bOB\x0c")
    s.wait(rb"quit")
    s.key(b"q")
    assert s.end() == (0, True)


def test_ten_by_three_and_back():
    s = Session(24, 80)
    s.wait(rb"quit")
    s.resize(3, 10, s.pid)
    s.wait(rb"> 10.0.3")
    s.resize(1, 3, s.pid)
    s.wait(rb"la")
    s.resize(40, 120, s.pid)
    s.wait(rb"thrupath 0\.1\.0")
    s.key(b"q")
    assert s.end() == (0, True)


def test_stop_and_continue_draw_again():
    s = Session(24, 80, is_job=True)
    s.wait(rb"quit")
    s.key(b"\x1a")
    s.wait(rb"\x1b\[\?1049l[^$]*\x1b\[\?1049h[^$]*quit")
    s.key(b"q")
    assert s.end() == (0, True)


def test_an_unknown_terminal_is_one_line_and_no_mess():
    s = Session(24, 80, term="no-such-terminal")
    assert s.end() == (3, True)
    assert b"no-such-terminal" in s.seen and s.seen.count(b"\n") == 1, s.seen


def main():
    tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_")]
    failed = 0
    print("1..%d" % len(tests))
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, name))
        except AssertionError as error:
            failed += 1
            print("not ok %d - %s" % (number, name))
            print("# %s" % error)
    sys.exit(failed > 0)


main()
