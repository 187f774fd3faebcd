#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""flood.py VICTIM HOP RATE FILE

Sends to the victim, at most RATE packets a second, what a stranger could make up who sees which
port the probes use, but knows no key: ICMP errors that quote plausible nested packets, UDP to
that port with a payload that looks right, echo replies, and other people's ICMP. FILE gets how
many of each were sent; it is written once a second, for the lab ends this process with a
signal.
"""
import json
import os
import random
import socket
import struct
import sys
import time


def checksum(data):
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip_header(source, target, protocol, size, ttl=60):
    return struct.pack('>BBHHHBBH4s4s', 0x45, 0, size, random.getrandbits(16), 0x4000, ttl,
                       protocol, 0, socket.inet_aton(source), socket.inet_aton(target))


def icmp(kind, code, rest):
    head = struct.pack('>BBH', kind, code, 0)
    return struct.pack('>BBH', kind, code, checksum(head + rest)) + rest


def payload():
    return b'thrupath' + os.urandom(4) + bytes([random.randint(1, 3), random.randint(0, 1), 0, 0]) \
        + os.urandom(8) + bytes(4)


def nested_quote(victim, hop):
    inner = ip_header(hop, victim, 17, 56)
    return ip_header(victim, hop, 4, 76, 1) + inner + os.urandom(8) + payload()


def make(what, victim, hop, port):
    if what == 'error':
        kind, code = random.choice(((11, 0), (3, 2), (3, 3), (3, 13), (3, 4)))
        return 1, icmp(kind, code, bytes(4) + nested_quote(victim, hop))
    if what == 'return':
        data = payload()
        pseudo = socket.inet_aton(hop) + socket.inet_aton(victim) + \
            struct.pack('>HH', 17, 8 + len(data))
        head = struct.pack('>HHH', port, port, 8 + len(data))
        return 17, head + struct.pack('>H', checksum(pseudo + head + bytes(2) + data)) + data
    if what == 'echo':
        return 1, icmp(0, 0, os.urandom(4) + payload())
    return 1, icmp(0, 0, os.urandom(40))


def learn_port():
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sniffer.settimeout(3)
    while True:
        try:
            data = sniffer.recv(2048)
        except socket.timeout:
            return 33000
        at = data.find(b'thrupath')
        if at >= 8 and data[9] == 4:
            return struct.unpack_from('>H', data, at - 6)[0]


def main():
    victim, hop, rate, report = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
    port = learn_port()
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    kinds = ('error', 'return', 'echo', 'stranger')
    stock = {}
    for what in kinds:
        stock[what] = []
        for _ in range(500):
            protocol, body = make(what, victim, hop, port)
            stock[what].append(ip_header(hop, victim, protocol, 20 + len(body)) + body)
    sent = dict.fromkeys(kinds, 0)
    begin = written = time.monotonic()
    while True:
        for what in kinds * 5:
            sender.sendto(random.choice(stock[what]), (victim, 0))
            sent[what] += 1
        now = time.monotonic()
        if now > written + .5:
            written = now
            with open(report + '.new', 'w', encoding='ascii') as file:
                json.dump({'seconds': now - begin, 'sent': sent}, file)
            os.rename(report + '.new', report)
        time.sleep(max(0, begin + sum(sent.values()) / rate - now))


main()
