# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the fuzz targets: python3 tests/fuzz/make_corpus.py tests/fuzz/corpus.

The packets are built here from the RFCs, not by the program, so they are also a second
opinion. What a fuzzer found is added to the corpus by hand and stays."""
import os
import socket
import struct
import sys

ROOT = sys.argv[1]
SELF, HOP1, HOP2 = "10.0.1.1", "10.0.1.2", "10.0.2.2"
SELF6, HOP6 = "2001:db8:1::1", "2001:db8:1::2"
V19 = ("45000068123440004004125c0a0001010a00010245000054123440004004116f0a0001020a000202"
       "4500004012344000400411830a0002020a0001024500002c1234400040111"
       "28b0a0001020a000101626f6f6d0018df9e000102030405060708090a0b0c0d0e0f")
V20 = "45000040cafe4000010497b90a0001010a0002024500002cbeef4000"
MPLS = "200089c10008010104345101"
INTERFACE = "20001f21001c020f00000007000100000a0002020865746830000000000005dc"


def save(target, name, data):
    os.makedirs(os.path.join(ROOT, target), exist_ok=True)
    with open(os.path.join(ROOT, target, name), "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def cksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(src, dst, proto, payload, ttl=64, ident=0x1234, options=b"", fragment=0x4000):
    head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0,
                       20 + len(options) + len(payload), ident, fragment, ttl, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + options
    return head[:10] + struct.pack("!H", cksum(head)) + head[12:] + payload


def packed(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def ip6(src, dst, proto, payload, limit=64, extensions=b""):
    return (struct.pack("!IHBB", 6 << 28 | 0x12345, len(extensions) + len(payload), proto, limit) +
            packed(src) + packed(dst) + extensions + payload)


def icmp6(src, dst, kind, code, word, payload):
    head = struct.pack("!BBHI", kind, code, 0, word)
    pseudo = packed(src) + packed(dst) + struct.pack("!II", 8 + len(payload), 58)
    return head[:2] + struct.pack("!H", cksum(pseudo + head + payload)) + head[4:] + payload


def udp(src, dst, payload, sport=4000, dport=4001):
    head = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0)
    pseudo = (packed(src) + packed(dst) +
              struct.pack("!BBH", 0, 17, len(head) + len(payload)))
    return head[:6] + struct.pack("!H", cksum(pseudo + head + payload)) + payload


def tcp(src, dst, seq, ack, flags, sport=4001, dport=4002):
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 1024, 0, 0)
    pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!BBH", 0, 6, len(head))
    return head[:16] + struct.pack("!H", cksum(pseudo + head)) + head[18:]


def icmp(kind, code, word, payload):
    head = struct.pack("!BBHI", kind, code, 0, word)
    return head[:2] + struct.pack("!H", cksum(head + payload)) + head[4:] + payload


def token(seq=0x54321, depth=2, kind=0):
    return b"thrupath" + struct.pack("!IBBHQ", seq, depth, kind, 0, 0x0123456789abcdef) + bytes(8)


def probe():
    """A>1, 1>2, 2>1, 1>A: a boomerang of depth 2."""
    packet = ip(HOP1, SELF, 17, udp(HOP1, SELF, token()), ident=4)
    for number, (src, dst) in enumerate(((HOP2, HOP1), (HOP1, HOP2), (SELF, HOP1))):
        packet = ip(src, dst, 4, packet, ident=3 - number)
    return packet


def probe6():
    """A>1, 1>A of IPv6."""
    return ip6(SELF6, HOP6, 41, ip6(HOP6, SELF6, 17, udp(HOP6, SELF6, token(depth=1))))


def gre(packet, six=False):
    return struct.pack("!HH", 0, 0x86dd if six else 0x0800) + packet


def probe_gre():
    """A>1, 1>A by GRE."""
    inner = ip(HOP1, SELF, 17, udp(HOP1, SELF, token(depth=1)), ident=4)
    return ip(SELF, HOP1, 47, gre(inner), ident=3)


def segment(*sids):
    """Compressed SIDs of fcbb:bbbb::/32."""
    return "fcbb:bbbb:" + ":".join(sids) + ("::" if len(sids) < 6 else "")


def probe_srv6(*segments, left=None):
    """One header for all of them; the last one is where it ends."""
    data = udp(SELF6, segments[-1], token(depth=2))
    if len(segments) == 1:
        return ip6(SELF6, segments[0], 17, data)
    head = struct.pack("!BBBBBBH", 17, 2 * len(segments), 4,
                       len(segments) - 1 if left is None else left, len(segments) - 1, 0, 0)
    return ip6(SELF6, segments[0], 43, data,
               extensions=head + b"".join(packed(one) for one in reversed(segments)))


def bounce6():
    """A>A, as it leaves."""
    return ip6(SELF6, SELF6, 17, udp(SELF6, SELF6, token(depth=1, kind=22)), limit=255)


def packets6():
    def error(kind, code, word, quoted):
        return ip6(HOP6, SELF6, 58, icmp6(HOP6, SELF6, kind, code, word, quoted))

    echo = ip6(SELF6, HOP6, 58, icmp6(SELF6, HOP6, 128, 0, 4000 << 16 | 7, token(kind=1)))
    mixed = ip(SELF, HOP1, 41, probe6())
    yield "six-sent", probe6()
    yield "six-sent-echo", echo
    yield "six-sent-mixed", mixed
    yield "six-returned", probe6()[40:]
    yield "six-echo-reply", ip6(HOP6, SELF6, 58, icmp6(HOP6, SELF6, 129, 0, 4000 << 16 | 7,
                                                       token(kind=1)))
    yield "six-exceeded", error(3, 0, 0, echo)
    yield "six-exceeded-mpls", error(3, 0, 16 << 24, probe6().ljust(128, b"\0")[:128] +
                                     bytes.fromhex(MPLS))
    yield "six-too-big", error(2, 0, 1400, probe6())
    yield "six-next-header", error(4, 1, 6, probe6())
    yield "six-port", error(1, 4, 0, probe6()[40:])
    yield "six-bounce", bounce6()
    yield "six-redirect", error(137, 0, 0, bytes(32) + b"\2\1" + bytes(6) + b"\4\x0d" + bytes(6) +
                                bounce6())
    yield "six-redirect-empty", error(137, 0, 0, bytes(32) + b"\4\0" + bytes(6))
    yield "six-extensions", ip6(HOP6, SELF6, 0, probe6()[80:], extensions=(
        b"\x3c\0\1\4\0\0\0\0" b"\x11\0\1\4\0\0\0\0"))
    yield "six-fragment", ip6(HOP6, SELF6, 44, bytes(16), extensions=b"\x11\0\0\x29\0\0\0\7")
    usid = probe_srv6(segment("1", "2", "3", "2", "1", "a"))
    srh = probe_srv6(segment("1"), segment("2"), SELF6)
    yield "six-usid", usid
    yield "six-usid-two", probe_srv6(segment("1", "2", "3", "4", "5", "4"), segment("3", "2", "1"), SELF6)
    yield "six-srh", srh
    yield "six-srh-home", ip6(SELF6, SELF6, 43, srh[88:], extensions=srh[40:43] + b"\0" + srh[44:88])
    yield "six-srh-quoted", error(3, 0, 0, srh)
    yield "six-usid-quoted", error(3, 0, 0, usid)
    yield "six-gre", ip6(SELF6, HOP6, 47, gre(ip6(HOP6, SELF6, 17, udp(HOP6, SELF6, token(depth=1))), True))
    yield "four-quotes-mixed", ip(HOP1, SELF, 1, icmp(3, 2, 0, mixed))


def packets():
    echo = ip(SELF, HOP2, 1, icmp(8, 0, 4000 << 16 | 7, token(kind=1)), ttl=3)
    padded = bytes.fromhex(V20).ljust(128, b"\0")
    yield "sent-boomerang", probe()
    yield "sent-gre", probe_gre()
    yield "exceeded-gre", ip(HOP1, SELF, 1, icmp(11, 0, 0, probe_gre()))
    yield "exceeded-gre-28", ip(HOP1, SELF, 1, icmp(11, 0, 0, probe_gre()[:28]))
    yield "sent-echo", echo
    yield "returned", ip(HOP1, SELF, 17, udp(HOP1, SELF, token()), ttl=60)
    bounce = ip(SELF, SELF, 17, udp(SELF, SELF, token(depth=1, kind=22)), ttl=255)
    yield "bounce-sent", bounce
    yield "bounce-returned", ip(SELF, SELF, 17, udp(SELF, SELF, token(depth=1, kind=22)), ttl=254)
    yield "redirect", ip(HOP1, SELF, 1, icmp(5, 1, 0x0a000101, bounce))
    yield "echo-reply", ip(HOP2, SELF, 1, icmp(0, 0, 4000 << 16 | 7, token(kind=1)))
    yield "exceeded-28", ip(HOP1, SELF, 1, icmp(11, 0, 0, echo[:28]))
    yield "exceeded-whole", ip(HOP1, SELF, 1, icmp(11, 0, 0, echo))
    yield "exceeded-of-nested", ip(HOP1, SELF, 1, icmp(11, 0, 0, probe()[:28]))
    yield "exceeded-mpls", ip(HOP1, SELF, 1, icmp(11, 0, 32 << 16, padded + bytes.fromhex(MPLS)))
    yield "exceeded-interface", ip(HOP1, SELF, 1, icmp(11, 0, 0,
                                                       padded + bytes.fromhex(INTERFACE)))
    yield "unreachable-protocol", ip(HOP2, SELF, 1, icmp(3, 2, 0, probe()[20:120]))
    yield "unreachable-mtu", ip(HOP2, SELF, 1, icmp(3, 4, 1400, probe()[:60]))
    yield "unreachable-port-udp", ip(HOP2, SELF, 1, icmp(3, 3, 0, probe()[60:]))
    yield "options", ip(HOP2, SELF, 1, icmp(0, 0, 4000 << 16 | 7, token()), options=b"\1" * 8)
    yield "fragment", ip(HOP2, SELF, 17, b"rest of it", fragment=0x2000)
    syn = ip(SELF, HOP2, 6, tcp(SELF, HOP2, 0x12345678, 0, 2), ttl=3)
    yield "tcp", ip(HOP2, SELF, 6, bytes(20))
    yield "sent-syn", syn
    for name, flags in (("syn-ack", 0x12), ("reset", 0x14), ("ack", 0x10)):
        yield name, ip(HOP2, SELF, 6, tcp(HOP2, SELF, 99, 0x12345679, flags, 4002, 4001))
    yield "exceeded-syn", ip(HOP1, SELF, 1, icmp(11, 0, 0, syn[:28]))
    yield "link-padding", ip(HOP2, SELF, 1, icmp(0, 0, 4000 << 16 | 7, token())) + bytes(6)


def block(order, kind, body):
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def captures():
    """Files of both kinds in both byte orders, with an option of ours and some of others'."""
    ours = struct.pack("!I", 32473) + b"thrupath" + bytes(range(9))
    packet = ip(HOP2, SELF, 1, icmp(0, 0, 4000 << 16 | 7, token()))
    for name, order in (("big", ">"), ("little", "<")):
        head = struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1)
        body = struct.pack(order + "IIIII", 0, 0x17c5b, 7, len(packet), len(packet)) + packet
        note = option(order, 1, b"hm") + option(order, 19373, ours) + option(order, 0, b"")
        interface = struct.pack(order + "HHI", 101, 0, 0)
        yield name, (block(order, 0x0a0d0d0a, head + note) + block(order, 1, interface) +
                     block(order, 1, interface + option(order, 9, b"\x83") +
                           option(order, 14, struct.pack(order + "q", -3))) +
                     block(order, 6, body + note) + block(order, 0xbad, b"\0" * 8) +
                     block(order, 6, struct.pack(order + "I", 1) + body[4:]) +
                     block(order, 5, bytes(12) + note))
        for unit, magic in (("us", 0xa1b2c3d4), ("ns", 0xa1b23c4d)):
            yield "classic-%s-%s" % (name, unit), (
                struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 65535, 101) +
                struct.pack(order + "IIII", 7, 8, len(packet), len(packet)) + packet)


def addr(text):
    """As recordings and the helper have it: family 1, address 16."""
    return bytes(17) if not text else (
        bytes([6 if ":" in text else 4]) + packed(text).ljust(16, b"\0"))


def hops(path, other):
    """Each with its address of the other family, or none."""
    return b"".join(addr(hop) + addr(other) for hop in path)


def home(own, interface=b"eth0"):
    """This host's own addresses, and by which interface it sends."""
    return b"".join(addr(one) for one in own) + interface.ljust(16, b"\0") + struct.pack("!I", 3)


def facts(path, **other):
    """What a recording says of its session, as src/run/recording.c lays it out."""
    has = dict(walks=0x21, interval=200000000, rate=1000.0, via="", other="", version=13, flags=3,
               carriers=b"\0")
    has.update(other)
    return (struct.pack("!BB", has["version"], has["flags"]) + (b"\1" if has["version"] >= 15 else b"") +
            struct.pack("!QQQQQI", 1, 2, 10 ** 9, 17 * 10 ** 17, 17 * 10 ** 17, 1500) +
            struct.pack("!BBBHHHHBHHBBBB", has["walks"], 0, 0, 0, 1500, 4001, 4000, 1, 0, 4001, 2, 0,
                        1, 30) +
            struct.pack("!QQQQQd", 5, has["interval"], 0, 0, 3, has["rate"]) +
            home((SELF, SELF6, "")) + addr(HOP2) + addr(has["via"]) + addr("") + addr(HOP1) +
            bytes([len(path)]) + hops(path, has["other"]) +
            (has["carriers"][:1] + b"\x20\x10" + has["carriers"][1:].ljust(len(path), b"\0")
             if has["version"] >= 16 else b"") + b"\3dst\4host" +
            (struct.pack("!Bhh", 1, 3889, -7704) if has["version"] >= 14 else b""))


def recordings():
    """Runs of three rounds, to each of whose kinds of event something happens."""
    def note(data):
        return option(">", 19373, struct.pack("!I", 32473) + b"thrupath" + data) + bytes(4)

    def turn(ms, code=1):
        return struct.pack("!BQ", code, 10 ** 9 + ms * 10 ** 6)

    def run(said, *parts):
        head = struct.pack("!IHHq", 0x1a2b3c4d, 1, 0, -1)
        interface = struct.pack("!HHI", 101, 0, 0) + option(">", 9, b"\t") + bytes(4)
        return (block(">", 0x0a0d0d0a, head + note(said)) + block(">", 1, interface) +
                b"".join(parts))

    def told(events):
        return block(">", 5, bytes(12) + note(events))

    def seen(packet, events):
        when = 17 * 10 ** 17 + 10 ** 9 + 10 ** 7
        return block(">", 6, struct.pack("!IQII", 0, when, len(packet), len(packet)) + packet +
                     bytes(-len(packet) % 4) + note(events))

    echo = ip(HOP2, SELF, 1, icmp(0, 0, 4000 << 16 | 7, token()))
    quote = ip(HOP1, SELF, 1, icmp(11, 0, 0, probe()[:60]))
    turns = b"".join(turn(ms) for ms in range(0, 9000, 50))
    others = (struct.pack("!BIH", 2, 5, 90) + b"\3" + struct.pack("!BQQ", 4, 3, 4) + turn(9000, 5) +
              turn(9100, 6) + b"\7" + turn(9200, 8))
    def edit(ms, path, link=0, skipped=0, via=""):
        return turn(ms, 11) + struct.pack("!BBQ", len(path), link, skipped) + addr(via) + hops(path, "")

    edits = (turn(300, 10) + b"\x09\1" + edit(310, (HOP1, HOP2, HOP1), 2, 1, HOP2) + turn(400) +
             turn(405, 13) + turn(407, 16) + turn(410, 12) + struct.pack("!Q", 5 * 10 ** 8) +
             edit(420, (HOP2,)) + turn(1500))
    def anew(ms, said):
        return turn(ms, 17) + struct.pack("!QH", 11 * 10 ** 9, len(said)) + said

    again = anew(500, facts((HOP2,), flags=0)) + turn(600) + anew(1000, facts(())) + turn(1100)
    def move(ms, own, mtu=1400):
        return turn(ms, 18) + home(own) + struct.pack("!H", mtu)

    moves = (b"\x13" + b"eth1".ljust(16, b"\0") + turn(250) + move(300, (HOP2, "", SELF)) + turn(350) +
             move(400, (SELF, SELF6, "")) + turn(450))
    def known(ms, code, about, *texts, said=b""):
        return (turn(ms, code) + addr(about) + said +
                b"".join(bytes([len(text)]) + text for text in texts))

    def named(ms, hop, name):
        return known(ms, 20, hop, name)

    names = (named(20, HOP1, b"ae1.cr1.iad1.example.net") + turn(20) +
             known(30, 21, HOP1, b"10.0.0.0/8", b"US", b"arin", b"", b"N\x1b[1m\xff",
                   said=struct.pack("!I", 64500)) +
             known(30, 22, HOP2, b"Tulsa", b"US", said=struct.pack("!BhhB", 1, 3615, -9599, 58)) +
             named(40, HOP2, b"se1-0-2m.ar1\x1b]0;x\7.fra2\xc3.example.com") + turn(40) +
             named(50, HOP2, b"x" * 255) + named(50, HOP6, b"") + turn(50))
    yield "named", run(facts((HOP1, HOP2), version=14), told(turn(0) + names), seen(echo, turn(500) + others))
    yield "named-late", run(facts((HOP1,), version=14), told(turns + others[:-9] +
                            named(9300, HOP1, b"cr1.lon2.example.org") + turn(9300, 8)))
    yield "bad-place", run(facts((HOP1,), version=14), told(
        known(10, 22, HOP1, b"Tulsa", b"US", said=struct.pack("!BhhB", 1, 9001, 0, 58)) + turn(20)))
    yield "bad-name", run(facts((HOP1,), version=14), told(named(10, "", b"example.net") + turn(20)))
    yield "moved", run(facts((HOP1, HOP2)), told(turn(0) + moves), seen(echo, turn(500) + others))
    yield "moved-early", run(facts(()), told(turn(0) + move(10, (HOP2, "", ""))), seen(echo, turns))
    yield "bad-move", run(facts((HOP1,)), told(turn(0) + move(10, (SELF6, "", ""))))
    yield "anew", run(facts((HOP1, HOP2)), told(turn(0) + turn(250) + again), seen(echo, turn(1200)))
    yield "bad-anew", run(facts((HOP1,)), told(turn(0) + anew(10, facts((HOP1,), interval=0))))
    yield "edited", run(facts((HOP1, HOP2), flags=1), told(turn(0) + turn(250) + edits))
    yield "bad-edit", run(facts((HOP1, HOP2)), told(turn(0) + edit(10, ())))
    yield "path", run(facts((HOP1, HOP2)), seen(echo, turns), seen(quote, others))
    yield "discovery", run(facts(()), told(turns), told(others))
    yield "walks", run(facts((HOP1, HOP2), walks=0x3f, via=HOP1), told(turns + others))
    yield "bridged", run(facts((HOP1,), other=HOP6), told(turns + others))
    yield "six", run(facts((HOP6,)), seen(probe6(), turns))
    yield "fast", run(facts((HOP1,), interval=1, rate=100000.0), told(turns[:90]))
    yield "no-end", run(facts((HOP1,)), seen(probe(), turn(0)))
    yield "backwards", run(facts((HOP1,)), told(turn(9) + turn(8)))
    yield "two-runs", run(facts((HOP1,))) * 2
    yield "bounces", run(facts((HOP1, HOP2), version=15), told(turn(0)), seen(echo, turn(500)))
    yield "carriers", run(facts((HOP1, HOP2), version=16, carriers=b"\0\2\1"), told(turns + others))
    yield "carriers-six", run(facts((HOP6,), version=16, carriers=b"\4\0"), seen(probe6(), turns))
    yield "bad-carrier", run(facts((HOP1,), version=16, carriers=b"\5\0"), told(turn(0)))
    yield "other-version", run(facts((HOP1,), version=99))
    yield "unknown-event", run(facts((HOP1,)), told(b"\x63"))


def foreign():
    """Captures of others: probes and answers of some rounds, as classic pcap."""
    def file(*packets):
        head = struct.pack("!IHHIIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 101)
        return head + b"".join(struct.pack("!IIII", 1700000000 + i // 6, i % 6 * 10 ** 8, len(p),
                                           len(p)) + p for i, p in enumerate(packets))

    def nested(seq):
        packet = ip(HOP1, SELF, 17, udp(HOP1, SELF, token(seq)), ident=4)
        home = packet
        for number, (src, dst) in enumerate(((HOP2, HOP1), (HOP1, HOP2), (SELF, HOP1))):
            packet = ip(src, dst, 4, packet, ident=3 - number)
        return packet, home

    def asked(seq, ttl, source, kind):
        echo = ip(SELF, HOP2, 1, icmp(8, 0, 4000 << 16 | seq, token(seq, ttl, 5)), ttl=ttl)
        return echo, ip(source, SELF, 1, icmp(11, 0, 0, echo[:28]) if kind == 11 else
                        icmp(0, 0, 4000 << 16 | seq, token(seq, ttl, 5)))

    rounds = [packet for seq in range(100, 130, 3)
              for packet in nested(seq) + asked(seq + 1, 1, HOP1, 11) + asked(seq + 2, 2, HOP2, 0)]
    refused = ip(HOP2, SELF, 1, icmp(3, 2, 0, nested(130)[0][20:]))
    yield "foreign", file(*rounds, nested(130)[0], refused, nested(131)[0], nested(131)[0])
    yield "foreign-jumps", file(nested(1)[0], nested(0xffffffff)[0], nested(70000)[0],
                                nested(2)[0], nested(3)[1])
    yield "foreign-to", file(*(packet for packet in rounds if b"thrupath" in packet[:48]))
    yield "foreign-six", file(probe6(), probe6()[40:], probe6())


def main():
    for name, data in foreign():
        save("replay", name, data)
    for name, data in recordings():
        save("replay", name, data)
    for name, data in captures():
        save("pcapng", name, data)
    for name, packet in packets():
        save("reply", name, packet)
        save("ip", name, packet[:64])
    for name, packet in packets6():
        save("reply", name, packet)
        save("ip", name, packet[:64])
    save("quote", "six", b"\0" + probe6())
    save("quote", "gre", b"\0" + probe_gre())
    save("quote", "gre-28", b"\0" + probe_gre()[:28])
    save("quote", "srh", b"\0" + probe_srv6(segment("1"), segment("2"), SELF6))
    save("quote", "six-mpls", b"\x20" + probe6()[:128] + bytes.fromhex(MPLS))
    save("reply", "v19", bytes.fromhex(V19))
    save("ip", "v19", bytes.fromhex(V19))
    save("quote", "v20", b"\0" + bytes.fromhex(V20))
    save("quote", "mpls", b"\0" + bytes.fromhex(V20).ljust(128, b"\0") + bytes.fromhex(MPLS))
    save("quote", "interface", b"\x20" + bytes.fromhex(V20).ljust(128, b"\0") +
         bytes.fromhex(INTERFACE))
    save("quote", "udp", b"\0" + probe()[60:88])
    save("icmpext", "v18-mpls", bytes.fromhex(MPLS))
    save("icmpext", "v18-interface", bytes.fromhex(INTERFACE))
    save("icmpext", "objects", bytes.fromhex(MPLS + INTERFACE[8:])[4:])
    stack = struct.pack("!HBB", 4 + 9 * 4, 1, 1) + b"\x04\x34\x50\x01" * 9
    save("icmpext", "nine-labels", b"\x20\0\0\0" + stack)
    save("icmpext", "address-v6", b"\x20\0\0\0" + struct.pack("!HBBHH", 24, 2, 4, 2, 0) + bytes(16))
    name = b"\x08leaf5\0\0"
    node = struct.pack("!HBBHH", 32, 5, 6, 2, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8::5")
    node += name
    save("icmpext", "node", struct.pack("!HH", 0x2000, cksum(b"\x20\0\0\0" + node)) + node)
    later = struct.pack("!HBB", 20, 5, 0x82) + name + bytes.fromhex("c0ffee00c0ffee01")
    save("icmpext", "all-three", b"\x20\0\0\0" + bytes.fromhex(MPLS[8:] + INTERFACE[8:]) + later)
    packet = probe()[:40]
    mac = bytes(12)
    for name, kind, head in (("null", 0, b"\2\0\0\0"), ("ethernet", 1, mac + b"\x08\0"),
                             ("vlan", 1, mac + b"\x81\0\0\x05\x08\0"),
                             ("qinq", 1, mac + b"\x88\xa8\0\x05\x81\0\0\x06\x08\0"),
                             ("arp", 1, mac + b"\x08\x06"), ("raw", 101, b""),
                             ("raw-bsd", 12, b""), ("six", 1, mac + b"\x86\xdd"),
                             ("sll", 113, bytes(14) + b"\x08\0"),
                             ("sll2", 276, b"\x08\0" + bytes(18)), ("unknown", 147, bytes(4))):
        save("link", name, struct.pack("!H", kind) + head + packet)
    helper_frames()
    texts()


def helper_frames():
    """Byte 0: 0 for what thrupath says, 1 for what its helper says; then records."""
    at = addr(SELF) + addr(SELF6) + addr("") + struct.pack("!I", 3)
    hello = (b"\2\x0a" + bytes(range(16)) + at +
             struct.pack("!HBHHHHIIII", 7, 2, 80, 4001, 33434, 1500, 0, 1000, 2000, 10000))
    legs = [(SELF, HOP1), (HOP1, HOP2), (HOP2, HOP1), (HOP1, SELF)]
    walk = struct.pack("!BHBBBBB", 3, 2, 0, 2, len(legs), 32, 16)
    walk += b"".join(addr(a) + addr(b) + b"\x40\0" for a, b in legs)
    probe_of = b"".join(struct.pack("!BHIHHHBBB", 4, 2, seq, 152, 4001, 4001, 0, 1, 0)
                        for seq in range(3))
    packet = struct.pack("!BQIH", 8, 1700000000123456789, 2, len(probe())) + probe()
    for name, data in (("hello", b"\0" + hello), ("hello-other", b"\0\2\x07" + bytes(5)),
                       ("hello-family", b"\0" + hello.replace(addr(SELF6), b"\x16" + addr(SELF6)[1:])),
                       ("move", b"\0\x0c" + at), ("move-cut", b"\0\x0c" + at[:-1]),
                       ("probes", b"\0" + walk + probe_of + b"\5"),
                       ("walk-none", b"\0" + walk[:5] + b"\0\x20\x10"),
                       ("walk-gre", b"\0" + walk[:8] + walk[8:].replace(b"\x40\0", b"\x40\1") + probe_of),
                       ("walk-carrier", b"\0" + walk[:-1] + b"\4"),
                       ("walk-slot", b"\0\3\xff\xff" + walk[3:]),
                       ("walk-bounce", b"\0" + struct.pack("!BHBBBBB", 3, 1513, 22, 1, 1, 0, 0) + addr(HOP2) +
                        addr("") + addr(SELF) + addr(SELF) + b"\xff\0"),
                       ("probe-slot", b"\0\4\xff\xff" + probe_of[3:15]),
                       ("ready", b"\1\6\1\x0f\xa1"),
                       ("refused", b"\1\7\3\4no\x1b["),
                       ("refused-long", b"\1\7\3\xff" + bytes(255)),
                       ("packets", b"\1" + packet * 2 + struct.pack("!BQQQ", 11, 3, 4, 5)),
                       ("packet-past", b"\1\x08" + b"\xff" * 8 + b"\0\0\0\2\0\0"),
                       ("unsent", b"\1" + struct.pack("!BIIB", 9, 5, 90, 10)),
                       ("unsent-none", b"\1" + struct.pack("!BII", 9, 5, 0))):
        save("helper_frame", name, data)
    served()
    written()


def written():
    """Conditions, tables and places, configurations, answers of the kernel, keys."""
    for number, text in enumerate((
            "\0loss>5", "\0rtt>=100,loss@3<1", "\0alarm", "\0link-loss@10.0.1.2", "\0warning,",
            "\1c\tParis\tFR\t\t48.86\t2.35\t2100\n", "\1k|xyz|paris|fr\n", "\1# none\n\n",
            "\1c|Nowhere|XX||91|181|0", "\2paris", "\2cdg", "\0022.5,48", "\00291,0", "\2-0,-180")):
        save("words", "%02d" % number, text)
    for number, text in enumerate((
            "interval 0.5\nflows 4\n", "# comment\n\nno-dns\n", "psize=100", "theme light\nbind Q q",
            "interval\0-i 0.2 -n", "unknown 1", "tos 300", "path 10.0.0.1,10.0.0.2\nno-to")):
        save("config", "%02d" % number, text)

    def message(kind, body, seq=1, flags=0):
        return struct.pack("=IHHII", 16 + len(body), kind, flags, seq, 0) + body

    def attribute(kind, data):
        return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)

    own = struct.pack("=BBBBI", 2, 24, 0, 0, 3) + attribute(2, packed(SELF)) + attribute(1, packed(HOP1))
    route = struct.pack("=BBBBBBBBI", 2, 32, 0, 0, 254, 0, 0, 3, 0) + attribute(4, struct.pack("=I", 2))
    done = message(3, bytes(4), flags=2)
    for name, answer in (("own", message(20, own, flags=2) + done), ("group", message(24, route)),
                         ("error", message(2, struct.pack("=i", -101) + bytes(16))),
                         ("stray", message(24, route, seq=9) + message(24, route)),
                         ("cut", message(24, route)[:20]), ("long", b"\xff" * 40)):
        for choice in range(6):
            save("netlink", "%s-%d" % (name, choice), bytes([choice]) +
                 struct.pack("!H", len(answer)) + answer)
    for number, keys in enumerate((
            "12345678?q", "do\x1bDtest\r", "A\x80\x81\x84\x85a\x1b", "S\x15a.json\r", "i0.5\rqn",
            "\xe0\x05\x05\xe0\x20\x10jjdd\t", "E\x8810.0.0.1\rA", "+-<>5+++---", "s\x15999\r")):
        save("keys", "%02d" % number, bytes((8, 120, 40)) + keys.encode("latin-1"))
        save("keys", "narrow-%02d" % number, bytes((64, 20, 5)) + keys.encode("latin-1"))
        save("keys", "none-%02d" % number, bytes((0, 80, 24)) + keys.encode("latin-1"))


def served():
    """What thrupath says to a helper that serves: see fuzz_helper_serve.c."""
    me, me6, far = "10.0.0.1", "fd00::1", "10.0.9.9"

    def walk(slot, *legs, by=0, sids=(32, 16)):
        return struct.pack("!BHBBBBB", 3, slot, 0, len(legs), len(legs), *sids) + b"".join(
            addr(a) + addr(b) + bytes([0x40, by]) for a, b in legs)

    def probes(slot, size, sport, dport, carrier, count=2):
        return b"".join(struct.pack("!BHIHHHBBB", 4, slot, 7 + seq, size, sport, dport, 0, 0, carrier)
                        for seq in range(count))

    home = probes(1, 200, 0x4242, 0x4242, 0)
    nested = walk(1, (me, HOP1), (HOP1, HOP2), (HOP2, HOP1), (HOP1, me)) + home
    last = walk(2, (me, HOP1), (me, far))
    for name, data in (
            ("nested", nested), ("from-self", walk(1, (me, HOP1), (me, HOP2), (me, me)) + home),
            ("gre", walk(1, (me, HOP1), (HOP1, HOP2), (HOP2, HOP1), (HOP1, me), by=1) +
             probes(1, 250, 0x4242, 0x4242, 0)),
            ("srh", walk(1, (me6, "fcbb:bbbb:1::"), (me6, "fcbb:bbbb:2::"), (me6, me6), by=2) +
             probes(1, 250, 0x4242, 0x4242, 0)),
            ("usid", walk(1, (me6, "fcbb:bbbb:1::"), (me6, "fcbb:bbbb:2::"), (me6, me6), by=3) +
             probes(1, 250, 0x4242, 0x4242, 0)),
            ("usid-format", walk(1, (me6, "fcbb:bbbb:1::"), (me6, me6), by=3, sids=(255, 3)) +
             probes(1, 250, 0x4242, 0x4242, 0)),
            ("usid-four", walk(1, (me, HOP1), (HOP1, me), by=3) + home),
            ("to-echo", walk(0, (me, far)) + probes(0, 64, 0x4141, 0, 1)),
            ("to-udp", walk(0, (me, far)) + probes(0, 64, 0x4444, 0x4343, 0)),
            ("to-tcp", walk(0, (me, far)) + probes(0, 40, 0x4444, 0x4343, 2)),
            ("last-tcp", last + probes(2, 60, 0x4445, 0x4343, 2)),
            ("last-echo", last + probes(2, 200, 0x4141, 0, 1)),
            ("v6", walk(0, (me6, "fd00::9")) + probes(0, 100, 0x4141, 0, 1)),
            ("both", walk(1, (me, HOP1), (me6, "fd00::9"), ("fd00::9", me6)) + home),
            ("ping-pong", walk(1, (me, HOP1), *([(HOP1, HOP2), (HOP2, HOP1)] * 3), (HOP1, me)) + home),
            ("reserved", walk(0, (me, "240.0.0.1")) + probes(0, 64, 0x4141, 0, 1)),
            ("redefined", nested + walk(1, (me, far), (far, me)) + home + b"\5"),
            ("move", nested + b"\x0c" + addr("10.0.0.2") + addr("") + addr("") + bytes(4) + home)):
        for parity, both in ((0, 0), (1, 0), (0, 1)):
            data += b"\5" * ((len(data) + 1 + parity) % 2)
            save("helper_serve", "%s-%d%d" % (name, parity, both), bytes([1 - both]) + data)


def texts():
    for number, text in enumerate(("10.0.1.1", "0.0.0.0", "255.255.255.255", "10.0.1", "010.0.0.1",
                                   "::", "::1", "2001:db8::1", "::ffff:10.0.0.1", "fe80::1%eth0",
                                   "1:2:3:4:5:6:7:8", "1:0:0:2:0:0:0:3", ":::", "10.0.0.256")):
        save("addr", "%02d" % number, text)
    for number, text in enumerate(("1", "0", "0.2", "200ms", "1e3us", "2min", "1ns", "9e18ns",
                                   "9223372036.854775807s", "1e400s", "0x10s", "inf", "nan", "-1s",
                                   ".", "1.5.2s", "1 s", "1e-400ms")):
        save("nsparse", "%02d" % number, text)
    for number, text in enumerate(("-r\n-c\n10\n10.0.0.1", "--path\n10.0.0.1,10.0.0.2\n-j",
                                   "-i\n0\nx", "-c\n0x\nx", "--demo", "--demo\nsilent15",
                                   "--no-to\n--no-through\nx", "-rwjtnb4\nx", "-s\n1984\n-Q\n255\nx",
                                   "-f\n9\n-m\n3\nx", "--max-rate=100000\n-Z\n60\n-G\n.1\nx",
                                   "--inner-source=self\n--walk\nretrace\nx", "--", "--\n-r", "-",
                                   "", "--inter\n1\nx", "--report=5\nx", "-c", "-?", "-:", "a\nb")):
        save("options", "%02d" % number, text)
    for number, text in enumerate(("10.0.0.1", "10.0.0.1,10.0.0.2", "", ",", "10.0.0.1,",
                                   "10.0.0.1,10.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
                                   "10.0.0.1,2001:db8::1", "::1", "1.2.3", "10.0.0.1,,10.0.0.2",
                                   ",".join("10.0.0.%d" % n for n in range(1, 66)))):
        save("path", "%02d" % number, text)
    for name, data in (("ascii", b"ae24-0.icr03.mwh01"), ("cjk", "東京.日本".encode()),
                       ("combining", "e\u0301a\u0308".encode()), ("emoji", "👩‍💻x".encode()),
                       ("bidi", "a\u202eb".encode()), ("controls", b"a\x1b[31mb\x07\x7f\xc2\x9b"),
                       ("overlong", b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"),
                       ("surrogate", b"\xed\xa0\x80x"), ("high", b"\xf4\x90\x80\x80\xf5\xff"),
                       ("cut", "東".encode()[:2]), ("json", b"\"\\/\b\n\xef\xbf\xbd")):
        save("utf8", name, data)
    for number, text in enumerate((
            b"xe-0-0-0.cr1.fra2.de.example.net", b"ae18-260g.ar1.NewYork1.example.net",
            b"cust-gw.pe1.stv.no.ip.example.net", b"bbr01stcdmn-bue-1.stcd.mn.example.com",
            b"dc-lax-agg8--sfo-agg6-100ge-2.example.net", b"chiccr5-ip-a-kanscr5.example.net",
            b"5x16x72x1.dynamic.spb.example.ru", b"host-192-0-2-1.static.example.co.uk",
            b"bundle-ether3.fli-core10.adelaide.example.net.au", b"350ecermak.il.example.net",
            b"salt-lake-city.example.net", b"decixdus.example.net", b"", b".", b"..a..", b"-.-_-",
            b"xn--mnchen-3ya.example.de", b"a" * 255, b"1-" * 127, b"a1" * 127, b"fra." * 63,
            b"\x1b[31m.fra1.\xff\xfe.example\x00.net", b"as812.example", b"ae0d1.example.com",
            b"unit0.xe-0-3-6-unit0.example.net", b"999999999999-ae99999999999.example.net")):
        save("hostname", "%02d" % number, text)
    save("hostname", "list", "".join("cr1-%s-a.example.net\n" % place for place in (
        "fra", "ams", "erf", "man", "boi", "lonxy")))
    save("hostname", "ends", "po2-20G.ar5.DCA3.gblx.net\ncogent-1.ar5.DCA3.gblx.net\n"
         "te2-3-10GE.ar5.DCA3.gblx.net\netisalat-afghanistan.ams71.ams.example.net\n")


main()

save("read", "traceroute", "traceroute to host (192.0.2.9), 30 hops max, 60 byte packets\n"
     " 1  gw (10.0.0.1)  0.3 ms  0.2 ms *\n 2  * * *\n 3  192.0.2.9  9 ms !X  9 ms  1,009.5 ms\n")
save("read", "tracert", "Tracing route to host [192.0.2.9]\nover a maximum of 30 hops:\n\n"
     "  1    <1 ms     *        1 ms  box [192.168.1.1]\n  2  reports: unreachable\n")
save("read", "mtr", "HOST: me  Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
     "  1.|-- 10.0.0.1  0.0%    10    0.4   0.5   0.3   1.1   0.1\n"
     "  2.|-- ???      100.0    10    0.0   0.0   0.0   0.0   0.0\n"
     "  3.|-- 192.0.2.9 20.0%   10    9.4   9.5   9.1   9.9   0.1\n")
save("read", "winmtr", "| No response from host -  100 |  9 |  0 |  0 |  0 |  0 |  0 |\n"
     "| 192.0.2.9 -    0 |   22 |   22 |    0 |    0 |    3 |    1 |\n")
save("read", "pathping", "  1  10.9.0.1\n       7/ 100 =  7%   |\n"
     "  1   21ms     9/ 100 =  9%     2/ 100 =  2%  10.9.0.1\n")
save("read", "csv", "Mtr_Version,Start_Time,Status,Host,Hop,Ip,Asn,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,\n"
     "MTR.0.95,1,OK,192.0.2.9,1,10.0.0.1,AS1,0.00,1,0,1,1,1,1,0\n")
save("read", "ios", "  2 10.1.0.5 [MPLS: Labels 24001/18 Exp 0] 9 msec\n    10.1.0.6 8 msec *\n")
save("read", "html", "<pre> 1  10.0.0.1  &lt;1 ms<br>&nbsp;2 ( 7 ms</pre>\n> - * 1. x")
save("read", "json", '{"report": {"mtr": {"dst": "192.0.2.9"}, "hubs": [{"count": 1, "host": "r (10.0.0.1)", '
     '"Loss%": 20.0, "Snt": 10}]}, "thrupath": {"sent": 1}}\n')
save("read", "xml", '<MTR DST="192.0.2.9">\n <HUB COUNT="1" HOST="???">\n <Loss%>  0.0%</Loss%><Snt>9</Snt></HUB>')
save("read", "atlas", '[{"dst_addr": "192.0.2.9", "proto": "ICMP", "result": [{"hop": 1, "result": '
     '[{"from": "10.0.0.1", "rtt": 0.5, "icmpext": {"obj": [{"mpls": [{"label": 9}]}]}}, {"x": "*"}]}, '
     '{"hop": 255, "result": [{"err": "H", "from": "192.0.2.1", "rtt": 4}]}]}]\n')
save("read", "globalping", '{"type": "mtr", "target": "a", "results": [{"result": {"resolvedAddress": '
     '"192.0.2.9", "hops": [{"stats": {"total": 3, "rcv": 2, "loss": 33.3}, "asn": [1], "timings": '
     '[{"rtt": 5}], "resolvedAddress": null, "resolvedHostname": "a\\"b"}]}}]}\n')
save("read", "nexttrace", '{"Hops":[[{"Address":{"IP":"10.0.0.1"},"TTL":1,"RTT":512000,"MPLS":["[MPLS: Lbl 9]"]},'
     '{"Success":false,"Address":null,"TTL":1,"RTT":0}],[]]}\n1|10.0.0.1||0.5|64500||||||\n2|*||||||\n')
save("read", "trippy", '{"info":{"target":{"ip":"192.0.2.9"}},"hops":[{"ttl":1,"hosts":[{"ip":"10.0.0.1"},'
     '{"hostname":"b"}],"loss_pct":"10.00","sent":10,"recv":9,"avg":"0.5"}]}\n')
save("read", "scamper", '{"type":"trace","dst":"192.0.2.9","stop_reason":"GAPLIMIT","hop_count":4,"hops":'
     '[{"addr":"10.0.0.1","probe_ttl":1,"probe_id":2,"rtt":2.0,"icmp_type":3,"icmp_code":1}]}\n')
save("read", "dublin", '{"flows":{"33434":[{"name":"a","received":{"ip":{"src":"10.0.0.1"}},"rtt_usec":9,'
     '"sent":{"ip":{"dst":"192.0.2.9","ttl":1}}}]}}\n')
save("read", "mtr_raw", "x 0 33000\nh 0 10.0.0.1\nd 0 a\np 0 2182 33000\nm 0 24001 0 1 1\nx 1 33001\n"
     "x 2 33002\nh 2 192.0.2.9\np 2 9 33002\nx 300 1\n")
save("read", "warts", "traceroute from 10.0.0.2 to 192.0.2.9\n list id: 0\n stop reason: done\nhop  1  10.0.0.1\n"
     " attempt: 1, tx: 0.0s, rtt: 0.002s\n icmp-type: 3, icmp-code: 13\nhop  2  *\n")
save("read", "hping3", "HPING a (eth0 192.0.2.9): icmp mode set\nhop=1 TTL 0 during transit from ip=10.0.0.1 "
     "name=a\nhop=1 hoprtt=2 ms\nlen=28 ip=192.0.2.9 ttl=60\nicmp_seq=4 rtt=3 ms\n")
save("read", "nmap", "Nmap scan report for a (192.0.2.9)\nTRACEROUTE (using port 80/tcp)\nHOP RTT ADDRESS\n"
     "1 2.0 ms 10.0.0.1\n2 ... 4\n5 9.0 ms 192.0.2.9\n")
save("read", "lft", "TTL LFT trace to a (192.0.2.9):80/tcp\n 1  10.0.0.1 2.7/2.1ms\n**  [neglected] no reply "
     "packets received from TTL 2\n**  [80/tcp no reply from target]\n")
save("read", "tracepath", " 1?: [LOCALHOST]  pmtu 1500\n 1:  10.0.0.1  2ms \n 1:  10.0.0.1  3ms asymm 4\n"
     " 2:  no reply\n 3:  10.0.0.1  3ms pmtu 1400\n     Too many hops: pmtu 1400\n     Resume: pmtu 1400\n")
save("read", "trippy_md", "| Hop | IPs | Addrs | Loss% | Snt | Recv | Last | Avg |\n| 1 | 10.0.0.1 | a | 0.0 | 1 | 1 |"
     " 0.5 | 0.5 |\n|   | 10.0.0.2 | b |  |  |  |  |  |\n\u2502 2 \u2506 ??? \u2506 ??? \u2506 9 \u2506 9 \u2506 9 \u2506 1 \u2506 1 \u2502\n")
save("read", "trippy_csv", "Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev\n"
     "a,192.0.2.9,3,192.0.2.1:192.0.2.2,b:c,0.00,10,10,4.5,4.51,4.4,4.9,0.10\n")
save("read", "routers", " 1 10.1.1.1[AS 64500] 1 ms\n 2  0.0.0.0  * * *\n 3  a (192.0.2.1) (AS 1)  3.05 ms\n"
     "   entry  1:  MPLS Label =  131071, Exp = 0\n      [Label=24005 E=0 TTL=1 S=1]\n"
     " 4  192.0.2.9 <b.c>  3 ms\n5   10.5.0.2  *  RFC1918\n     c.d  6.55 ms / * ms\n")
save("read", "routeros", " # ADDRESS  LOSS SENT  LAST  AVG  BEST  WORST STD-DEV STATUS\n"
     " 1 10.1.1.1   0%    3   0.4ms  0.4  0.3  0.4  0\n 2   100%    3 timeout\n")
save("read", "paris", "traceroute [(10.0.0.2:33458) -> (192.0.2.9:40784)], protocol icmp, duration 14 s\n"
     " 1  P(6, 6) a.b (10.0.0.1)  0.138/5.405/31.541/11.688 ms\n   MPLS Label 697177 TTL=1\n 2  P(0, 3)\n")
save("read", "split", "1 gw.example 0 1 1 2 2 2\n2 a.b 192.0.2.1 50000 1 2 8 8 8\n-2\n")
