# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real program over its demo network in a pseudo terminal."""
import json
import os
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile

from ptysession import Session, leave_faults_to_the_program

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from taptests import Skip, run_tests  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])


def demo(rows=24, columns=80, **how):
    return Session([PROGRAM, "--demo"], rows, columns, **how)


def test_the_table_shows_every_hop_with_numbers():
    s = demo(24, 100)
    s.wait(rb"lon22")
    s.wait(rb"round [1-9]")
    s.key(b"\x0c")
    seen = s.wait(rb"(?s)mwh01.*lon22.*quit")
    assert b"at most" in seen and b"Through%" in seen, seen
    s.key(b"q")
    assert s.end() == (0, True)


def test_keys_pause_resume_reset_and_help():
    s = demo()
    s.wait(rb"round [1-9]")
    s.key(b"p")
    s.wait(rb"paused")
    s.key(b" \x0c")
    assert b"paused" not in s.wait(rb"quit")
    s.wait(rb"round|[0-9]")
    s.key(b"r\x0c")
    s.wait(rb"quit")
    s.key(b"?")
    s.wait(rb"quit the program")
    s.key(b"?")
    s.wait(rb"lon22|Through%")
    s.key(b"q")
    assert s.end() == (0, True)


def test_a_replay_goes_at_its_own_pace_and_pauses():
    with tempfile.TemporaryDirectory() as where:
        file = os.path.join(where, "run.pcapng")
        subprocess.run([PROGRAM, "--demo", "-r", "-c", "30", "-i", "0.05", "--record", file],
                       stdout=subprocess.DEVNULL, check=True)
        s = Session([PROGRAM, "--replay", file, "-n"], 24, 100)
        s.wait(rb"round [1-9]")
        s.key(b"p")
        s.wait(rb"paused")
        s.key(b" \x0c")
        assert b"paused" not in s.wait(rb"quit")
        s.wait(rb"done")
        s.key(b"\x0c")
        assert b"10.0.78.3" in s.wait(rb"(?s)10\.0\.1\.2.*quit")
        s.key(b"q")
        assert s.end() == (0, True)


def report_of(*words):
    done = subprocess.run([PROGRAM, "-j", *words], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["report"]["thrupath"]


def test_a_replay_has_the_findings_and_names_of_the_run_whatever_else_ran():
    with tempfile.TemporaryDirectory() as where:
        file = os.path.join(where, "run.pcapng")
        for beside in (), ("--metrics", os.path.join(where, "m.prom"), "--on-finding", "true"):
            run = report_of("--demo", "washington", "-c", "60", "-i", "0.05", "--record", file, *beside)
            again = report_of("--replay", file)
            slow = [one for one in run["findings"] if one["id"] == "too-slow-for-place"]
            assert again["findings"] == run["findings"]
            assert slow and slow[0]["first"] < slow[0]["last"], slow
            assert [hop["name"] for hop in again["hops"]] == [hop["name"] for hop in run["hops"]]


def test_a_recorded_run_that_changes_replays_to_the_same_numbers():
    """Another size, other To probes, another destination; the last numbers are those of the replay."""
    with tempfile.TemporaryDirectory() as where:
        s = Session([PROGRAM, "--demo", "clean", "--record", "run.pcapng", "-i", "0.05"], 24, 100,
                    cwd=where)
        s.wait(rb"round [1-9]")
        s.key(b"s\x15600\r")
        s.wait(rb"Probe size changed")
        s.key(b"\x0c")
        s.wait(rb"600 of")
        for key, says in ((b"t", rb"are TCP now"), (b"u", rb"are UDP now")):
            s.key(key + b"\x0c")
            s.wait(says)
        s.key(b"D\x1510.0.34.3\r\x0c")
        s.wait(rb"4 hops")
        s.key(b"c\x1512\r")
        s.wait(rb"done")
        s.key(b"S\x15live.json\r")
        s.wait(rb"Report written")
        s.key(b"q")
        assert s.end() == (0, True)
        with open(os.path.join(where, "live.json"), encoding="utf-8") as file:
            live = json.load(file)["report"]["thrupath"]
        done = subprocess.run([PROGRAM, "--replay", os.path.join(where, "run.pcapng"), "-j", "-n"],
                              capture_output=True, check=True)
        told = json.loads(done.stdout)["report"]["thrupath"]
        assert live["destination"] == told["destination"] == "10.0.34.3", told["destination"]
        assert live["probe_bytes"] == told["probe_bytes"] == 600, told["probe_bytes"]
        assert live["rounds"] == told["rounds"] == 12, told["rounds"]
        assert all(hop["to"]["received"] > 0 for hop in live["hops"]), live["hops"]
        for mine, other in zip(live["hops"], told["hops"], strict=True):
            assert mine["through"] == other["through"] and mine["to"] == other["to"], (mine, other)


def test_a_whole_session_of_keys():
    """Every view, columns, the editor, a note, a report: and the terminal is as it was."""
    with tempfile.TemporaryDirectory() as where:
        s = demo(30, 120, cwd=where)
        s.wait(rb"round [1-9]")
        for key, shown in ((b"2", rb"decapsulates"), (b"3", rb"least"), (b"4", rb"Forward path"),
                           (b"5", rb"now"), (b"6", rb"one flow"), (b"7", rb"\[7 findings\]"),
                           (b"8", rb"started: "), (b"1", rb"Through%")):
            s.key(key + b"\x0c")
            s.wait(shown)
        s.key(b"o\x1b[3~Lb\r\x0c")
        s.wait(rb"(?s)To%.*best")
        s.key(b"AAlice\r")
        s.wait(rb"Note added")
        s.key(b"8\x0c")
        s.wait(rb"note: Alice")
        s.key(b"1EjdA\x0c")
        s.wait(rb"probing the edited path")
        s.key(b"\x0c")
        s.wait(rb"explicit path, 7 hops")
        s.key(b"Ei300.1.1.1\r\x0c")
        s.wait(rb"not an address")
        s.key(b"A\x0c")
        s.wait(rb"is not an address")
        s.key(b"u\x1b")
        s.wait(rb"quit")
        s.key(b"S\x15report.txt\r")
        s.wait(rb"Report written")
        s.key(b"S\x15report.txt\r")
        s.wait(rb"already exists")
        s.key(b"S\x15report.json\r")
        s.wait(rb"Report written")
        s.key(b"S\x15missing/report.txt\r")
        s.wait(rb"cannot write missing/report.txt")
        s.resize(3, 10)
        s.wait(rb"\d")
        s.resize(60, 200)
        s.wait(rb"decapsulates")
        s.key(b"D10.0.45.3\r\x0c")
        s.wait(rb"discovered path, 5 hops")
        s.key(b"D224.0.0.1\r")
        s.wait(rb"multicast")
        s.key(b"F")
        s.wait(rb"frozen")
        s.key(b"Fq")
        assert s.end() == (0, True)
        assert sorted(os.listdir(where)) == ["report.json", "report.txt"]
        with open(os.path.join(where, "report.txt")) as report:
            text = report.read()
        assert "note at" in text and "Alice" in text, text
        with open(os.path.join(where, "report.json")) as report:
            assert json.load(report)["report"]["thrupath"]["hops"][1]["address"] == "10.0.23.3"


def test_ten_by_three_and_back():
    s = demo()
    s.wait(rb"round [1-9]")
    s.resize(3, 10)
    s.wait(rb"\d")
    s.resize(40, 120)
    s.wait(rb"(?s)thrupath 0\..*quit")
    s.key(b"q")
    assert s.end() == (0, True)


def test_it_starts_at_ten_by_three():
    s = demo(3, 10)
    s.wait(rb"(?s)\x1b\[\?1049h.*\d")
    s.key(b"q")
    status, is_same = s.end()
    assert is_same and status in (0, 1), status     # 1: no answer had come yet


def read_until(s, count):
    """Reads until so many bytes have come: a moment that is the same on any machine."""
    while len(s.seen) < count and select.select([s.master], [], [], 10)[0]:
        s.seen += os.read(s.master, 64)


def test_signals_at_any_moment_leave_the_terminal_as_it_was():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        for count in (1, 20, 60, 400, 1000, 2500, 4000):
            s = demo()
            read_until(s, count)
            os.kill(s.pid, number)
            status, is_same = s.end()
            assert is_same, "signal %d after %d bytes: modes differ" % (number, count)
            allowed = (0, 1) if number == signal.SIGINT else ()
            assert status in (128 + number, -number) + allowed, (number, count, status)
            if b"\x1b[?1049h" in s.seen:
                assert b"\x1b[?1049l" in s.seen, (number, count, s.seen)


def test_the_report_stays_on_the_terminal_however_the_screen_ends():
    for number in (None, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        s = Session([PROGRAM, "--demo", "--report-on-exit", "--mtr", "-n"], 24, 80)
        s.wait(rb"round [1-9]")
        if number is None:
            s.key(b"q")
        else:
            os.kill(s.pid, number)
        assert s.end() == (0 if number is None else 128 + number, True), number
        after = s.seen.split(b"\x1b[?1049l")[-1]
        assert b"\nHOST: " in after and b"  1.|-- 10.0." in after and b"Command" not in after, after


def end_by(number):
    """The screen, ended by that signal: its status, whether modes are as before, what came last."""
    s = demo()
    s.wait(rb"round [1-9]")
    os.kill(s.pid, number)
    before = s.seen
    status, is_same = s.end()
    return status, is_same, before + s.seen


def test_every_signal_that_can_be_caught_leaves_the_terminal_in_order():
    """What was measured stays where the program itself is whole; a fault of its own takes that along."""
    leave_faults_to_the_program()
    for name in ("INT QUIT TERM HUP USR1 USR2 ALRM VTALRM PROF XCPU ABRT SEGV BUS FPE ILL SYS TRAP"
                 ).split():
        number = signal.Signals["SIG" + name]
        is_fault = name in "ABRT SEGV BUS FPE ILL SYS TRAP".split()
        status, is_same, seen = end_by(number)
        assert is_same, "SIG%s: modes differ" % name
        assert status == (-number if is_fault else 0 if name == "INT" else 128 + number), (name, status)
        left = seen.rsplit(b"\x1b[?1049l", 1)
        assert len(left) == 2, "SIG%s: the alternate screen is not left" % name
        modes = re.findall(rb"\x1b\[\?([0-9;]*(?:1000|25)[0-9;]*)([hl])", seen)
        last = {}
        for words, how in modes:
            for word in words.split(b";"):
                last[word] = how
        assert last.get(b"1000", b"l") == b"l", "SIG%s: the mouse is still reported" % name
        assert last.get(b"25", b"h") == b"h", "SIG%s: no cursor" % name
        assert (b"HOST: " in left[1]) == (not is_fault and name != "INT"), (name, left[1][-200:])


def test_what_was_measured_is_reported_when_memory_runs_out():
    """By a limit that is set while it runs: keys then want more than there is."""
    with open(PROGRAM, "rb") as file:
        if b"__asan_init" in file.read():
            raise Skip("a sanitizer has its own memory")
    s = demo(50, 200)
    s.wait(rb"round [1-9]")
    with open("/proc/%d/statm" % s.pid, encoding="ascii") as file:
        pages = int(file.read().split()[0])
    size = (pages + 16) * os.sysconf("SC_PAGE_SIZE")
    resource.prlimit(s.pid, resource.RLIMIT_AS, (size, size))
    for _ in range(400):
        try:
            s.key(b"2345678123456781" * 8)
            s.resize(40 + _ % 60, 150 + _ % 100)
        except OSError:
            break
        if select.select([s.master], [], [], 0.02)[0]:
            s.seen += os.read(s.master, 65536)
        if b"out of memory" in s.seen:
            break
    if b"out of memory" not in s.seen:
        s.key(b"\x1bq")
        s.end()
        raise Skip("it does with what it has")
    before = s.seen
    status, is_same = s.end()
    left = (before + s.seen).rsplit(b"\x1b[?1049l", 1)
    assert status == 3 and is_same, status
    assert len(left) == 2 and b"HOST: " in left[1], left[-1][-300:]


def test_a_signal_before_the_screen_leaves_the_terminal_as_it_was():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        s = demo()
        os.kill(s.pid, number)
        assert s.end()[1]


run_tests(globals())
