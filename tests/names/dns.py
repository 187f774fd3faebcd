# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hops from a real name server on a loopback port, from a dead one, from liars."""
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "term"))
from vtsession import VtSession  # noqa: E402
from nameserver import NameServer, free_port  # noqa: E402
from taptests import Skip, run_tests  # noqa: E402

PROGRAM, VTSCREEN = sys.argv[1:3]
BOUND = 20


def run_report(port, *arguments):
    """What a run of one round prints."""
    done = subprocess.run([PROGRAM, "-c", "1", "-i", "0.1", "--asn-db", "none", "--city-db",
                           "none", "--dns", "127.0.0.1:%d" % port, *arguments],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=BOUND)
    if done.returncode == 3 and "permi" in done.stderr.lower():
        raise Skip(done.stderr.strip())
    assert done.returncode in (0, 1) and not done.stderr, done
    return done.stdout


def whole_report(port, *arguments):
    return json.loads(run_report(port, "-j", *arguments))["report"]["thrupath"]


def report(port, *arguments):
    """The one hop of a run to loopback."""
    return whole_report(port, *arguments, "127.0.0.1")["hops"][0]


def test_a_name_server_names_hops_and_the_name_says_more():
    with NameServer(("ptr-record=1.0.0.127.in-addr.arpa,xe-0-0-1.cr2.fra3.example.net",)) as port:
        hop = report(port)
        assert hop["name"] == "xe-0-0-1.cr2.fra3.example.net", hop
        assert hop["hints"]["interface"]["speed_mbps"] == 10000, hop
        assert hop["geo"]["city"] == "Frankfurt", hop
        assert "asn" not in hop, hop
        hop = report(port, "-n", "-z")
        assert "name" not in hop and "hints" not in hop, hop
        assert hop["asn"] == 64500 and hop["as_name"] == "EXAMPLE - Nobody, ZZ", hop
        assert hop["as_prefix"] == "127.0.0.0/8" and hop["as_registry"] == "test", hop
        assert hop["as_country"] == "ZZ" and hop["as_allocated"] == "2001-01-01", hop


def test_the_report_shows_of_a_network_what_was_asked_for():
    for number, shown in enumerate(("AS64500", "127.0.0.0/8", "ZZ", "test", "2001-01-01")):
        with NameServer(()) as port:
            text = run_report(port, "-n", "-w", "-y", str(number), "127.0.0.1")
        row = text.splitlines()[2].split()
        assert row[:3] == ["1.", shown, "127.0.0.1"], text


def test_ipv6_has_zones_of_its_own():
    nibbles = ".".join("1" + "0" * 31)
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        raise Skip("no IPv6 on loopback") from None
    with NameServer(("ptr-record=%s.ip6.arpa,ae1.cr1.ams4.example.net" % nibbles,
                     'txt-record=%s.origin6.asn.cymru.com,"64500 | ::/8 | ZZ | test | "' % nibbles
                     )) as port:
        run = whole_report(port, "-z", "::1")
        assert run["hops"][0]["name"] == "ae1.cr1.ams4.example.net", run["hops"]
        assert run["hops"][0]["asn"] == 64500 and run["hops"][0]["as_prefix"] == "::/8", run["hops"]


def test_the_other_ends_of_links_are_looked_up_and_tell_the_border():
    with tempfile.TemporaryDirectory() as scratch, NameServer(("ptr-record=2.0.0.127.in-addr.arpa,po2-20G.ar5.DCA3.gblx.net",
                     "ptr-record=6.0.0.127.in-addr.arpa,cogent-1.ar5.DCA3.gblx.net",
                     "ptr-record=5.0.0.127.in-addr.arpa,te2-3-10GE.ar5.DCA3.gblx.net",
                     "ptr-record=9.0.0.127.in-addr.arpa,te4-2.mpd01.dca01.atlas.cogentco.com",
                     )) as port:
        file = os.path.join(scratch, "run.pcapng")
        run = whole_report(port, "--record", file, "--path", "127.0.0.2,127.0.0.6,127.0.0.9")
        assert run["hops"][1]["mate"] == {
            "address": "127.0.0.5", "name": "te2-3-10ge.ar5.dca3.gblx.net"}, run["hops"][1]
        assert "mate" not in run["hops"][0], run["hops"][0]
        borders = [f for f in run["findings"] if f["id"] == "boundary"]
        assert [(f["hops"], f["severity"]) for f in borders] == [([1, 2], "info")], borders
        assert "from gblx.net to cogent" in borders[0]["text"], borders
        # They come when the last round is over, or nearly so; a replay knows when.
        again = json.loads(run_report(port, "--replay", file, "-j"))["report"]["thrupath"]
        assert again["findings"] == run["findings"], again["findings"]
        assert again["hops"] == run["hops"], again["hops"]


def test_a_dead_name_server_costs_a_second_at_most():
    asked = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)
        hop = report(silent.getsockname()[1])
        try:
            while True:
                asked.append(silent.recv(512)[12:])
        except BlockingIOError:
            pass
    assert "name" not in hop, hop
    # A question is asked again after a second and a half: the run was over before that.
    assert asked and len(set(asked)) == len(asked), asked


def run_with_hosts(text, *arguments):
    """The hops of a run where that is the hosts file, and no name server."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in (("hosts", text), ("resolv.conf", "nameserver 127.0.0.1\n")):
            with open(os.path.join(scratch, name), "w", encoding="utf-8") as file:
                file.write(content)
        script = 'cd "$1"; shift; ip link set lo up && mount --bind hosts /etc/hosts && ' \
            'mount --bind resolv.conf /etc/resolv.conf || exit 77; exec "$@"'
        done = subprocess.run(
            ["unshare", "-n", "-m", *(["-r"] if os.geteuid() != 0 else []), "sh", "-c", script,
             "sh", scratch, os.path.abspath(PROGRAM), "-j", "-c", "1", "-i", "0.1", "--asn-db",
             "none", "--city-db", "none", *arguments], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=BOUND)
    if done.returncode == 77 or (done.returncode == 1 and not done.stdout):
        raise Skip("no namespaces: " + done.stderr.strip())
    assert done.returncode == 0 and not done.stderr, done
    return json.loads(done.stdout)["report"]["thrupath"]["hops"]


def test_the_hosts_file_names_hops_before_the_dns_is_asked():
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        raise Skip("no unshare or no ip")
    text = "# routers\n127.0.0.2 core.example.net core\n127.0.0.6\tedge.example.net\n" \
        "::1 six.example.net\n"
    hops = run_with_hosts(text, "--path", "127.0.0.2,127.0.0.6,127.0.0.9")
    assert [hop.get("name") for hop in hops] == ["core.example.net", "edge.example.net", None], hops
    hops = run_with_hosts(text, "::1")
    assert [hop.get("name") for hop in hops] == ["six.example.net"], hops


def test_a_name_server_that_was_named_is_asked_and_not_the_hosts_file():
    with NameServer(("ptr-record=1.0.0.127.in-addr.arpa,xe-0-0-1.cr2.fra3.example.net",)) as port:
        hop = report(port)
    with open("/etc/hosts", encoding="utf-8") as file:
        if not any(line.split()[:1] == ["127.0.0.1"] for line in file):
            raise Skip("the hosts file has no 127.0.0.1")
    assert hop["name"] == "xe-0-0-1.cr2.fra3.example.net", hop


def answer(question, rdata, count=1, pointer=0xc00c, length=None):
    """A reply of one pointer record to that question."""
    return question[:2] + struct.pack("!5H", 0x8180, 1, count, 0, 0) + question[12:] + \
        struct.pack("!3HIH", pointer, 12, 1, 60, len(rdata) if length is None else length) + rdata


def question_of(name):
    return b"".join(bytes([len(part)]) + part for part in name) + b"\x00" + struct.pack("!2H", 12, 1)


GOOD = b"\x03fra\x03net\x00"
OTHER = question_of((b"9", b"0", b"0", b"127", b"in-addr", b"arpa"))

LIES = (
    ("another id", lambda q: bytes([q[0] ^ 1]) + answer(q, GOOD)[1:]),
    ("another question", lambda q: answer(q[:12] + OTHER, GOOD)),
    ("more than a datagram of DNS holds", lambda q: answer(q, GOOD)[:12] + b"\xff" * 9000),
    ("no such name, a hundred times", lambda q: [q[:2] + struct.pack("!5H", 0x8183, 1, 0, 0, 0) +
                                                 q[12:]] * 100),
    ("a server's failure", lambda q: q[:2] + struct.pack("!5H", 0x8182, 1, 0, 0, 0) + q[12:]),
    ("a refusal", lambda q: q[:2] + struct.pack("!5H", 0x8185, 1, 0, 0, 0) + q[12:]),
    ("come again by TCP", lambda q: q[:2] + struct.pack("!5H", 0x8380, 1, 0, 0, 0) + q[12:]),
    ("nothing", lambda q: b""),
    ("the question alone", lambda q: q),
    ("a name that points at itself", lambda q: answer(q, b"\xc0" + bytes([len(q) + 12]))),
    ("a length beyond the end", lambda q: answer(q, b"\x03abc\x00", length=500)),
    ("more answers than there are", lambda q: answer(q, b"", count=9)),
    ("a cut label", lambda q: answer(q, b"\x3fabc")),
    ("no record", lambda q: answer(q, b"", count=0)),
    ("a pointer beyond the end", lambda q: answer(q, b"\x01a\x00", pointer=0xffff)),
)


def test_liars_name_nothing_and_harm_nothing():
    for what, lie in LIES:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(BOUND)
            ended = threading.Event()

            def serve(sock=sock, lie=lie, ended=ended):
                while not ended.is_set():
                    data, sender = sock.recvfrom(512)
                    said = lie(data) if data != b"end" else []
                    for one in said if isinstance(said, list) else [said]:
                        sock.sendto(one, sender)

            thread = threading.Thread(target=serve)
            thread.start()
            try:
                hop = report(sock.getsockname()[1])
            finally:
                ended.set()
                sock.sendto(b"end", sock.getsockname())
                thread.join(BOUND)
            assert "name" not in hop, (what, hop)


def test_a_hostile_name_is_shown_cleaned():
    name = b"\x1b[31m\xff\x07"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(BOUND)

        def serve():
            data, sender = sock.recvfrom(512)
            sock.sendto(answer(data, bytes([len(name)]) + name + b"\x03net\x00"), sender)

        thread = threading.Thread(target=serve)
        thread.start()
        hop = report(sock.getsockname()[1])
        thread.join(BOUND)
    assert hop["name"].endswith(".net") and hop["name"].isascii(), hop
    assert all(" " <= c <= "~" for c in hop["name"]), hop


def test_the_screen_lives_without_a_name_server_and_with_a_dead_one():
    if os.geteuid() != 0:
        raise Skip("no raw sockets")
    if not os.access(VTSCREEN, os.X_OK):
        raise Skip("no libvterm")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        for port in (silent.getsockname()[1], free_port()):
            session = VtSession(VTSCREEN, [PROGRAM, "-t", "-z", "--dns", "127.0.0.1:%d" % port,
                                           "-i", "0.1", "127.0.0.1"], 24, 80)
            session.see(r"round [1-9]")
            session.bound = 4       # less than a resolver that blocks waits for its first answer
            session.key(b"?")
            session.see(r"quit the program")
            session.key(b"?")
            session.see(r"round [1-9]")
            session.key(b"q")
            status, same = session.end()
            assert status in (0, 1) and same, (status, same)


run_tests(globals())
