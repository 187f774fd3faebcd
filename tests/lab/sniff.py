#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sniff.py FILE SELF -- COMMAND...

Runs a command and meanwhile watches the wire of this namespace with a packet socket of its own,
so that what the program says can be held against what was there. Finds probes by the clear text
of their payload. FILE gets one JSON object: `port_unreachable` counts ICMP 3/3 that left with
SELF as source; `fragmentable` counts headers of probes without DF; `walks` has, by
"through/DEPTH" and "to/DEPTH", how many probes left, how many came home, how often a second
time, and the exact median RTT in ms by the kernel's stamps.
"""
import json
import os
import select
import socket
import statistics
import struct
import subprocess
import sys
import time

SO_TIMESTAMPNS = 35
MAGIC = b'thrupath'


class Sniffer:
    def __init__(self, own):
        self.own = socket.inet_aton(own)
        self.left, self.name, self.rtt, self.again = {}, {}, {}, {}
        self.unreachable = self.fragmentable = self.packets = 0

    def headers_without_df(self, ip):
        count = 0
        while len(ip) >= 20 and ip[0] >> 4 == 4:
            count += not ip[6] & 0x40
            if ip[9] != 4:
                break
            ip = ip[20:]
        return count

    def take(self, ip, when):
        self.packets += 1
        is_out = ip[12:16] == self.own
        if is_out and ip[9] == 1 and ip[20:22] == b'\x03\x03':
            self.unreachable += 1
        at = ip.find(MAGIC)
        if at < 0 or len(ip) < at + 24:
            return
        key = ip[at + 8:at + 24]
        if is_out:
            self.left.setdefault(key, when)
            # Walks that are sent once more are no part of what is counted: WALK_BRACKET, or its bounce.
            self.name[key] = '%s/%d' % ('bracket' if key[5] in (21, 23) else
                                        'through' if ip[9] == 4 else 'to', key[4])
            self.fragmentable += self.headers_without_df(ip)
        elif key in self.left and key not in self.rtt:
            self.rtt[key] = when - self.left[key]
        elif key in self.rtt:
            self.again[key] = self.again.get(key, 0) + 1

    def summary(self):
        walks = {}
        for key in self.left:
            walk = walks.setdefault(self.name[key], {'left': 0, 'home': [], 'again': 0})
            walk['left'] += 1
            walk['again'] += self.again.get(key, 0)
            if key in self.rtt:
                walk['home'].append(self.rtt[key] / 1e6)
        for walk in walks.values():
            walk['home'].sort()
            walk['median_ms'] = statistics.median(walk['home']) if walk['home'] else None
        return {'port_unreachable': self.unreachable, 'fragmentable': self.fragmentable,
                'packets': self.packets, 'walks': walks}


def watch(sniffer, child):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
    process = None
    while process is None or process.poll() is None:
        if process is None:
            process = subprocess.Popen(child)
        # Seldom and in bulk: a wake for each packet would disturb what is measured.
        time.sleep(.1)
        while select.select([sock], [], [], 0)[0]:
            data, extra, _, source = sock.recvmsg(2048, 64)
            # A bridge shows each packet at its port as well: the first sight counts.
            if source[1] == 0x800 and len(data) >= 28 and extra:
                sec, nsec = struct.unpack('qq', extra[0][2][:16])
                sniffer.take(data, sec * 10**9 + nsec)
    return process.returncode


def main():
    sniffer = Sniffer(sys.argv[2])
    status = watch(sniffer, sys.argv[4:])
    with open(sys.argv[1], 'w', encoding='ascii') as file:
        json.dump(sniffer.summary(), file)
    os._exit(status & 127 if status >= 0 else 128 - status)


main()
