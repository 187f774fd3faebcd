# SPDX-License-Identifier: GPL-3.0-or-later
"""Who speaks the helper's language (src/net/helper_wire.h) himself, as any user may."""
import ctypes
import ipaddress
import os
import random
import select
import signal
import socket
import struct
import subprocess
import time

VERSION = 10
HELLO, WALK, PROBE, ASK, READY, REFUSED, PACKET, UNSENT, GAP, COUNTS, MOVE = range(2, 13)
UDP, ECHO, TCP = range(3)
WALK_TO, WALK_BOUNCE = 5, 22
NO_SLOT = 1500


def address(text):
    if text is None:
        return bytes(17)
    ip = ipaddress.ip_address(text)
    return bytes([ip.version]) + ip.packed.ljust(16, b'\0')


class Refused(Exception):
    pass


class Asker:
    """A helper of that user, greeted; `count` of each record that came, `packets` of those."""

    def __init__(self, helper, source, user=0, **hello):
        self.port = None
        self.packets, self.unsent, self.counts, self.refused = [], {}, None, None
        self.seq = random.getrandbits(32)
        self.source = source
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.pair = ours

        def become():
            if user:
                os.setgroups([])
                os.setresgid(user, user, user)
                os.setresuid(user, user, user)
            os.dup2(its.fileno(), 3)
        self.process = subprocess.Popen([helper], preexec_fn=become, pass_fds=(3,),  # noqa: S603
                                        stdin=subprocess.DEVNULL, env={})
        its.close()
        self.echo_id = hello.get('echo_id', random.getrandbits(16))
        home = address(source) + address(hello.get('other')) + address(hello.get('also'))
        ours.send(bytes([HELLO, VERSION]) + hello.get('key', os.urandom(16)) + home + struct.pack(
            '>IHBHHHHIIII', 0, self.echo_id, hello.get('carrier', ECHO), hello.get('to_port', 0),
            hello.get('source_port', 0), hello.get('other_port', 0), hello.get('packet_bytes', 200),
            hello.get('mark', 0), hello.get('rate', 1000), hello.get('capture_rate', 2000),
            hello.get('gather_us', 0)))
        self.hear(until=lambda: self.port or self.refused, seconds=10)
        if not self.port:
            self.end()
            raise Refused(self.refused or 'it ended')

    def hear(self, until=lambda: False, seconds=0.0):
        """Takes what comes until that holds, or for so long."""
        end = time.monotonic() + seconds
        while not until():
            left = max(0, end - time.monotonic())
            if not select.select([self.pair], [], [], left)[0]:
                return
            message = self.pair.recv(65536)
            if not message:
                return
            self.take(message)

    def take(self, message):
        at = 0
        while at < len(message):
            tag = message[at]
            at += 1
            if tag == READY:
                self.port = struct.unpack_from('>H', message, at + 1)[0]
                at += 3
            elif tag == REFUSED:
                size = message[at + 1]
                self.refused = message[at + 2:at + 2 + size].decode('ascii', 'replace')
                at += 2 + size
            elif tag == PACKET:
                size = struct.unpack_from('>H', message, at + 12)[0]
                self.packets.append(message[at + 14:at + 14 + size])
                at += 14 + size
            elif tag == UNSENT:
                seq, number = struct.unpack_from('>II', message, at)
                self.unsent[seq] = number
                at += 8
            elif tag == COUNTS:
                self.counts = struct.unpack_from('>QQQ', message, at)
                at += 24
            elif tag != GAP:
                raise AssertionError('tag %d' % tag)

    def walk(self, slot, legs, kind=WALK_TO, towards=None):
        """Legs are (source, destination, TTL)."""
        way = address(towards) + address(None) if kind == WALK_BOUNCE else b''
        return struct.pack('>BHBBBBB', WALK, slot, kind, len(legs), len(legs), 32, 16) + way + \
            b''.join(address(src) + address(dst) + bytes([ttl, 0]) for src, dst, ttl in legs)

    def probe(self, slot, size=64, carrier=ECHO, sport=None, dport=0):
        self.seq = (self.seq + 1) & 0xffffffff
        return struct.pack('>BHIHHHBBB', PROBE, slot, self.seq, size,
                           self.echo_id if sport is None else sport, dport, 0, 0, carrier)

    def send(self, *records, patient=True):
        try:
            self.pair.send(b''.join(records), 0 if patient else socket.MSG_DONTWAIT)
            return True
        except BlockingIOError:
            return False

    def tell(self, legs, count=1, kind=WALK_TO, towards=None, **probe):
        """So many probes of that walk, and what became of them: the errno of those unsent."""
        before = set(self.unsent)
        self.send(self.walk(0, legs, kind, towards), *(self.probe(0, **probe) for _ in range(count)))
        last = self.probe(NO_SLOT)  # which is always told of
        self.send(last)
        self.hear(until=lambda: self.seq in self.unsent, seconds=5)
        return [number for seq, number in self.unsent.items()
                if seq not in before and seq != self.seq]

    def ring_bytes(self):
        """Of the capture, as the process maps it."""
        with open('/proc/%d/maps' % self.process.pid, encoding='ascii') as file:
            spans = [line.split()[0].split('-') for line in file if 'socket:' in line]
        return sum(int(end, 16) - int(start, 16) for start, end in spans)

    def end(self):
        self.pair.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def unshare(flags):
    """In a namespace of this process's own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
