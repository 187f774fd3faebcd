# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes that a screen of 80x24 sends to the terminal, a round, once it stands: JSON by name.
   screen_bytes.py THRUPATH DESTINATION"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

SETTLE, MEASURED = 8.0, 12.0


def bytes_per_round(argv):
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execvp(argv[0], argv)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    begin, count = time.monotonic(), 0
    while (now := time.monotonic() - begin) < SETTLE + MEASURED:
        if select.select([master], [], [], 0.1)[0]:
            data = os.read(master, 65536)
            count += len(data) if now >= SETTLE else 0
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    return count / MEASURED


program, destination = sys.argv[1:]
print(json.dumps({
    "thrupath, mtr's columns": bytes_per_round([program, "-n", "-i", "1", "--no-through", "-o",
                                                "LSNABWV", destination]),
    "thrupath": bytes_per_round([program, "-n", "-i", "1", destination]),
    "mtr": bytes_per_round(["mtr", "-n", "-i", "1", destination]),
}))
