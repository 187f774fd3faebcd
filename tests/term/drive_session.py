# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole sessions of keys over a demo network, judged by what stands on the screen."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

from vtsession import VtSession

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from taptests import Skip, run_tests  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
VTSCREEN = os.path.abspath(sys.argv[2])
NETWORK = """seed 3
prober A 10.0.1.1
router R1 10.0.1.3 name ae24-0.icr03.mwh01.example.net
router R2 10.0.2.3 name be-7-0.ibr02.cys04.example.net
router X 10.0.5.3 name be-9-0.ibr02.slc01.example.net
router D 10.0.3.3 name be-3-0.ibr02.lon22.example.net
link A-R1 delay 1ms
link R1-R2 delay 2ms
link R2-D delay 3ms loss 5%
link R1-X delay 3ms
link X-R2 delay 3ms
run 60s trace D every 200ms
"""


class Place:
    """A directory with a network in it, and a program that runs there."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory()
        os.chmod(self.dir.name, 0o777)  # as root the program goes on as nobody

    def __enter__(self):
        self.path("net.scn", NETWORK)
        return self

    def __exit__(self, *why):
        self.dir.cleanup()

    def path(self, name, text=None):
        path = os.path.join(self.dir.name, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def start(self, rows=60, columns=200, options=(), env=(), **how):
        before = dict(os.environ)
        os.environ.update({"LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": self.dir.name, **dict(env)})
        for name in ("NO_COLOR", "COLORTERM", "THRUPATH_OPTIONS"):
            if name not in dict(env):
                os.environ.pop(name, None)
        session = VtSession(VTSCREEN, [PROGRAM, "--demo", *options, self.path("net.scn")], rows,
                            columns, cwd=self.dir.name, **how)
        os.environ.clear()
        os.environ.update(before)
        return session

    def begin(self):
        session = self.start(24, 120)
        session.see(r"round [1-9]")
        return session


def leave(session):
    session.key(b"q")
    assert session.end() == (0, True)


def test_a_whole_session_from_discovery_to_the_end():
    with Place() as place:
        s = place.start(is_job=True)
        s.see(r"discovered path, 3 hops")
        s.see(r"round [1-9]")
        for key, shown in ((b"2", r"decapsulates +yes"), (b"3", r"least"), (b"4", r"Forward path"),
                           (b"5", r"now"), (b"6", r"one flow"), (b"7", r"\[7 findings\]"),
                           (b"8", r"started: "), (b"1", r"Through%")):
            s.key(key)
            s.see(shown)
        # The way by X takes the place of the link R1-R2, and is taken back.
        s.key(b"Eji10.0.5.3\r")
        s.see(r"(?s)10\.0\.1\.3.*10\.0\.5\.3.*10\.0\.2\.3.*10\.0\.3\.3")
        s.see(r"4 hops, the longest probe takes \d+ of 1500 bytes")
        s.key(b"A")
        s.see(r"explicit path, 4 hops", but=r"Edit the path")
        s.see(r"be-9-0\.ibr02\.slc01")
        s.key(b"EjjdA")
        s.see(r"explicit path, 3 hops", but=r"Edit the path")
        s.key(b"S\x15all.txt\r")
        s.see(r"Report written")
        s.key(b"S\x15last.json\t5\r")
        s.see(r"Report written")
        s.key(b"S\x15never.txt\t90\r")
        s.see(r"minutes is 1 to 60, not '90'")
        s.key(b"1")
        s.resize(3, 10)
        s.see(r"^> 10\.0\.3\.3\n  #  Host\n +1")
        s.resize(60, 200)
        s.see(r"(?s)explicit path, 3 hops.*be-3-0\.ibr02\.lon22.*quit")
        s.key(b"\x1a")
        s.wait(rb"\x1b\[\?1049l[^$]*\x1b\[\?1049h")
        s.see(r"(?s)explicit path, 3 hops.*quit")
        leave(s)
        assert sorted(os.listdir(place.dir.name)) == ["all.txt", "last.json", "net.scn"]
        with open(place.path("last.json"), encoding="utf-8") as file:
            report = json.load(file)["report"]["thrupath"]
        assert len(report["hops"]) == 3, report["hops"]
        assert any("counts cover" in note for note in report["notes"]), report["notes"]


def test_what_mtr_changes_by_key_is_changed_and_said():
    with Place() as place:
        s = place.begin()
        s.key(b"u")
        s.see(r"To probes are UDP now")
        s.see(r"3 hops, .*To by udp")
        s.key(b"t")
        s.see(r"To probes are TCP now")
        s.see(r"To by tcp")
        s.key(b"t")
        s.see(r"To probes are echo requests now", but=r"To by")
        s.key(b"s900\r")
        s.see(r"900 of 1500 bytes")
        s.key(b"s9000\r")
        s.see(r"--psize takes a whole number from 28 to 1984")
        s.key(b"Q16\r")
        s.see(r", TOS 16")
        s.key(b"m2\r")
        s.see(r"discovered path, 2 hops")
        s.key(b"m30\r")
        s.see(r"discovered path, 3 hops")
        s.key(b"f2\r")
        s.see(r"TTL range changed")
        # Rounds begin when the path is found and scanned.
        s.see(r"(?s)round [1-9].*discovered path, 3 hops.*\?\?\?", but=r"testing hops")
        s.key(b"b")
        s.see(r"No bit pattern: ")
        s.key(b"w")
        s.see(r"(?s)hops, all, .*Added probes over other paths")
        s.key(b"c2\r")
        s.see(r"round \d+/2 ")
        s.see(r"done")
        s.key(b"c0\r")
        s.see(r"Running until stopped", but=r"done")
        s.key(b"e")
        s.see(r"No MPLS labels")
        leave(s)


def test_names_addresses_and_fields_are_those_that_were_asked_for():
    with Place() as place:
        s = place.start(24, 120, options=("-b", "-o", "LS NW"))
        s.see(r"ae24-0\.icr03\.mwh01\.example\.net \(10\.0\.1\.3\)")
        s.see(r"round [3-9]")
        for name in ("all.txt", "all.md"):
            s.key(b"S\x15" + name.encode() + b"\r")
            s.see(r"Report written")
        leave(s)
        with open(place.path("all.txt"), encoding="utf-8") as file:
            text = file.read()
        assert re.search(r"Loss% +Snt +Last +Wrst *\n", text), text
        assert re.search(r"1\.\|-- ae24-0\.icr03\.mwh01\.example\.net \(10\.0\.1\.3\) ", text), text
        with open(place.path("all.md"), encoding="utf-8") as file:
            assert "mwh01.example.net (10.0.1.3) |" in file.read()


def test_a_path_is_edited_while_it_is_being_looked_for():
    """Nobody at the end answers, so that it is looked for long enough."""
    with Place() as place:
        place.path("net.scn", NETWORK.replace("D 10.0.3.3", "D 10.0.3.3 icmp no echo no"))
        s = place.start(24, 100)
        s.see(r"discovering: ")
        s.key(b"E\x1bOHddddddddi10.0.1.3\r")
        s.see(r"1 hop, ")
        assert "discovering" not in s.see(r"10\.0\.1\.3")
        s.key(b"A")
        s.see(r"explicit path, 1 hop,", but=r"Edit the path")
        s.see(r"round [5-9]")
        leave(s)


def test_names_are_asked_for_while_the_screen_goes_on():
    """Nobody in the demo's network knows names; the resolver waits, the rounds do not."""
    with Place() as place:
        s = place.begin()
        s.key(b"Dlocalhost\r")
        s.see(r"uses another interface")
        s.key(b"Dno-such-host.invalid\r")
        text = s.see(r"Resolving no-such-host\.invalid|cannot resolve no-such-host")
        if "Resolving" in text:
            before = int(re.search(r"round (\d+)", text).group(1))
            s.see(r"round (%s) " % "|".join(str(before + i) for i in range(5, 30)))
            s.key(b"\x1b")
            s.see(r"Lookup cancelled")
        s.key(b"D10.0.2.3\r")
        s.see(r"discovered path, 2 hops")
        leave(s)


def test_what_was_measured_before_a_name_was_found_stays_in_reach():
    """0xa000203 is 10.0.2.3 to whoever looks names up, and no address to us."""
    with Place() as place:
        s = place.begin()
        s.key(b"D0xa000203\r")
        s.see(r"discovered path, 2 hops")
        s.key(b"V")
        s.see(r"before the reset")
        leave(s)


def test_keys_of_the_configuration_file_work_and_the_help_names_them():
    with Place() as place:
        os.mkdir(place.path("thrupath"))
        place.path("thrupath/config", "no-dns\nbind X=quit # mine\nbind q=none\nbind ^T=log\n")
        s = place.start(40, 120)
        s.see(r"round [1-9]")
        s.see(r"X quit")
        s.key(b"?")
        s.see(r"(?m)^X +quit the program")
        s.key(b"?q\x14")
        s.see(r"\[8 log\]")
        s.key(b"X")
        assert s.end() == (0, True)
        place.path("thrupath/config", "no-dns\nbind X=leave\n")
        done = subprocess.run([PROGRAM, "--demo"], capture_output=True, text=True, check=False,
                              env={**os.environ, "XDG_CONFIG_HOME": place.dir.name})
        assert done.returncode == 2 and "config, line 2: no key has a function 'leave'" in \
            done.stderr and done.stderr.count("\n") == 1, done


def fronts(session):
    return {run[0] for row in session.looks() for run in row}


def test_colours_are_as_many_as_the_terminal_says_or_none():
    with Place() as place:
        for env, options, wanted in (((), (), r"\d+$"), ((("NO_COLOR", "1"),), (), r"$^"),
                                     ((), ("--theme", "mono"), r"$^")):
            s = place.start(24, 120, options, env)
            s.see(r"round [1-9]")
            colours = fronts(s) - {"-"}
            assert bool(colours) == (wanted != r"$^"), colours
            assert not any(colour.startswith("#") for colour in colours), colours
            leave(s)


def test_true_colours_where_terminfo_has_them():
    if subprocess.run(["infocmp", "xterm-direct"], capture_output=True, check=False).returncode:
        raise Skip("terminfo has no xterm-direct (ncurses-term)")
    with Place() as place:
        s = place.start(24, 120, env=(("COLORTERM", "truecolor"),))
        s.see(r"round [1-9]")
        # As libvterm 0.1.4 reads the empty field of ISO 8613-6, its colours are others.
        assert b"38:2::138:145:153m" in s.seen, s.seen[-500:]
        assert any(colour.startswith("#") for colour in fronts(s))
        leave(s)


def test_every_end_leaves_the_terminal_as_it_was():
    with Place() as place:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            s = place.start(24, 80)
            s.see(r"round [1-9]")
            os.kill(s.pid, number)
            status, is_same = s.end()
            assert is_same and status == (0 if number == signal.SIGINT else 128 + number), status


run_tests(globals())
