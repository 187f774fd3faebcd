# SPDX-License-Identifier: GPL-3.0-or-later
"""A session in tmux: the program under a shell with job control. tmux tells in control mode when
the pane has changed, so that nothing is waited for but text."""
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from taptests import run_tests  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
BOUND = 15.0


class Tmux:
    def __init__(self, where, columns, rows):
        self.where = where
        environment = {**os.environ, "PS1": "$ ", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": where}
        environment.pop("TMUX", None)
        self.tmux = subprocess.Popen(    # pylint: disable=R1732
            ["tmux", "-S", os.path.join(where, "socket"), "-f", "/dev/null", "-C", "new-session",
             "-x", str(columns), "-y", str(rows), "sh", "-i"], cwd=where, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.left = b""
        self.block()
        self.command("set-option -g window-size manual")
        self.resize(columns, rows)

    def line(self, end):
        """The next line that tmux says; None: it said none in time."""
        while b"\n" not in self.left:
            if not select.select([self.tmux.stdout], [], [], max(end - time.monotonic(), 0))[0]:
                return None
            data = os.read(self.tmux.stdout.fileno(), 65536)
            if not data:
                return None
            self.left += data
        line, self.left = self.left.split(b"\n", 1)
        return line.decode(errors="replace")

    def block(self):
        """What is said between %begin and %end."""
        end, lines = time.monotonic() + BOUND, None
        while True:
            line = self.line(end)
            assert line is not None, "tmux says nothing"
            if line.startswith("%begin"):
                lines = []
            elif lines is not None and re.match(r"%(end|error) ", line):
                return lines
            elif lines is not None:
                lines.append(line)

    def command(self, words):
        self.tmux.stdin.write(words.encode() + b"\n")
        self.tmux.stdin.flush()
        return self.block()

    def key(self, *keys):
        for key in keys:
            self.command("send-keys " + key)

    def type(self, text):
        self.command("send-keys -l -- '%s'" % text.replace("'", "'\\''"))

    def resize(self, columns, rows):
        self.command("resize-window -x %d -y %d" % (columns, rows))

    def see(self, marker, but=None):
        end = time.monotonic() + BOUND
        while True:
            text = "\n".join(self.command("capture-pane -p"))
            if re.search(marker, text) and not (but and re.search(but, text)):
                return text
            line = ""
            while line is not None and not line.startswith("%output"):
                line = self.line(end)
            assert line is not None, "no %r on\n%s" % (marker, text)

    def close(self):
        self.tmux.stdin.write(b"kill-server\n")
        self.tmux.stdin.close()
        self.tmux.wait()
        self.tmux.stdout.close()


def test_a_session_in_tmux_with_stop_and_resume():
    with tempfile.TemporaryDirectory() as where:
        with closing(Tmux(where, 200, 60)) as t:
            t.see(r"\$\s*\Z")
            t.type("stty -g >before; %s --demo; echo status $?; stty -g >after" % PROGRAM)
            t.key("Enter")
            t.see(r"round [1-9]")
            for key, shown in (("2", r"decapsulates"), ("3", r"least"), ("4", r"Forward path"),
                               ("5", r"now"), ("6", r"one flow"), ("7", r"\[7 findings\]"),
                               ("8", r"started: "), ("1", r"Through%")):
                t.key(key)
                t.see(shown)
            t.key("E", "j", "d", "A")
            t.see(r"explicit path, 7 hops", but=r"Edit the path")
            t.key("S", "C-u")
            t.type("report.txt")
            t.key("Enter")
            t.see(r"Report written")
            t.key("1")
            t.resize(10, 3)
            t.see(r"(?m)^ *\d")
            t.resize(200, 60)
            t.see(r"(?s)explicit path, 7 hops.*quit")
            t.key("C-z")
            t.see(r"(?s)Stopped.*\n\$\s*\Z")
            t.type("echo still $((40 + 2))")
            t.key("Enter")
            t.see(r"(?s)still 42\n\$\s*\Z")
            t.type("fg")
            t.key("Enter")
            t.see(r"(?s)explicit path, 7 hops.*quit")
            t.key("D")
            t.type("10.0.45.3")
            t.key("Enter")
            t.see(r"discovered path, 5 hops")
            t.key("q")
            t.see(r"(?s)still 42\n\$ fg\n.*\n\$\s*\Z")
            t.type("stty -g >after; echo all done")
            t.key("Enter")
            t.see(r"(?m)^(\$ )?all done")
        modes = [open(os.path.join(where, name), encoding="ascii").read()
                 for name in ("before", "after")]
        assert modes[0] == modes[1] and modes[0], modes
        assert os.path.getsize(os.path.join(where, "report.txt")) > 1000


run_tests(globals())
