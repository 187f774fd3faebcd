# SPDX-License-Identifier: GPL-3.0-or-later
"""A real name server on a loopback port, for tests of names and networks."""
import shutil
import socket
import struct
import subprocess
import tempfile
import threading

from taptests import Skip

BOUND = 20


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_until_it_answers(port):
    """One question of our own until somebody answers it; within a bound."""
    question = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + \
        b"\x011\x010\x010\x03127\x07in-addr\x04arpa\x00" + struct.pack("!2H", 12, 1)
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.1)
            sock.connect(("127.0.0.1", port))
            try:
                sock.send(question)
                sock.recv(512)
                return
            except socket.timeout:
                pass
            except ConnectionRefusedError:
                threading.Event().wait(0.05)
    raise AssertionError("the name server does not answer")


class NameServer:
    """dnsmasq on a loopback port, with these records and a copy of Cymru's zone."""
    def __init__(self, records):
        self.program = shutil.which("dnsmasq") or shutil.which("/usr/sbin/dnsmasq")
        if self.program is None:
            raise Skip("no dnsmasq")
        self.port = free_port()
        self.records = records

    def __enter__(self):
        self.config = tempfile.NamedTemporaryFile("w", suffix=".conf")
        self.config.write(
            "no-resolv\nno-hosts\nport=%d\nlisten-address=127.0.0.1\nbind-interfaces\n"
            'txt-record=1.0.0.127.origin.asn.cymru.com,"64500 64501 | 127.0.0.0/8 | ZZ | '
            'test | 2001-01-01"\n'
            'txt-record=AS64500.asn.cymru.com,"64500 | ZZ | test | 2001-01-01 | '
            'EXAMPLE - Nobody, ZZ"\n' % self.port)
        self.config.writelines(line + "\n" for line in self.records)
        self.config.flush()
        self.process = subprocess.Popen([self.program, "-k", "-C", self.config.name, "--pid-file="],
                                        stderr=subprocess.DEVNULL)
        wait_until_it_answers(self.port)
        return self.port

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(BOUND)
        self.config.close()
