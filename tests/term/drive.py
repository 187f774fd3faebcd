# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the screens over a made-up run in a pseudo terminal."""
import os
import re
import signal
import sys

from ptysession import Session, leave_faults_to_the_program

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from taptests import run_tests  # noqa: E402

DEMO = sys.argv[1]


def session(rows, columns, **how):
    return Session([DEMO, "8"], rows, columns, **how)


def assert_restored(s):
    """Neither the alternate screen nor the mouse is left on."""
    for mode in (rb"1049", rb"1000"):
        told = re.findall(rb"\x1b\[\?(?:[0-9]+;)*" + mode + rb"(?:;[0-9]+)*([hl])", s.seen)
        assert told and told[-1] == b"l", (mode, s.seen[-400:])


def test_q_leaves_the_terminal_as_it_was():
    s = session(24, 80)
    s.wait(rb"\x1b\[\?1049h")
    s.key(b"q")
    assert s.end() == (0, True)
    assert b"\x1b[?1049l" in s.seen, s.seen


def test_signals_leave_the_terminal_as_it_was():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
                   signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGXCPU):
        s = session(24, 80)
        s.wait(rb"quit")
        os.kill(s.pid, number)
        assert s.end() == (128 + number, True), number
        assert_restored(s)


def test_a_program_that_dies_of_a_fault_gives_the_terminal_back():
    leave_faults_to_the_program()
    for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP):
        s = session(24, 80)
        s.wait(rb"quit")
        os.kill(s.pid, number)
        assert s.end() == (-number, True), number
        assert_restored(s)


def test_control_c_is_an_interrupt():
    s = session(24, 80)
    s.wait(rb"quit")
    s.key(b"\x03")
    assert s.end() == (128 + signal.SIGINT, True)


def test_keys_work_flow_control_keys_too():
    s = session(24, 80)
    s.wait(rb"quit")
    s.key(b"\x13")
    s.wait(rb"paused")
    s.key(b"\x11\x0c")
    assert b"paused" not in s.wait(rb"quit")
    s.key(b"?")
    s.wait(rb"quit the program")
    s.key(b"q")
    s.wait(rb"quit")
    s.key(b"d")
    s.wait(rb"wrst")
    s.key(b"\x1b[B\x1bOB\x0c")
    s.wait(rb"quit")
    s.key(b"q")
    assert s.end() == (0, True)


def test_ten_by_three_and_back():
    s = session(24, 80)
    s.wait(rb"quit")
    s.resize(3, 10)
    s.wait(rb"> 10.0.3")
    s.resize(1, 3)
    s.wait(rb"la")
    s.resize(40, 120)
    s.wait(rb"thrupath 0\.1\.0")
    s.key(b"q")
    assert s.end() == (0, True)


def test_stop_and_continue_draw_again():
    s = session(24, 80, is_job=True)
    s.wait(rb"quit")
    s.key(b"\x1a")
    s.wait(rb"\x1b\[\?1049l[^$]*\x1b\[\?1049h[^$]*quit")
    s.key(b"q")
    assert s.end() == (0, True)


def test_an_unknown_terminal_is_one_line_and_no_mess():
    s = session(24, 80, term="no-such-terminal")
    assert s.end() == (3, True)
    assert b"no-such-terminal" in s.seen and s.seen.count(b"\n") == 1, s.seen


run_tests(globals())
