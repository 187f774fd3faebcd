# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks and places of hops from MMDB files: found, shown, and missed without harm."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "term"))
from vtsession import VtSession  # noqa: E402
from nameserver import NameServer  # noqa: E402
from taptests import Skip, run_tests  # noqa: E402

PROGRAM, FILES, VTSCREEN = sys.argv[1:4]
BOUND = 20


def run(*arguments, env=None):
    done = subprocess.run([PROGRAM, "-c", "1", "-i", "0.1", *arguments, "127.0.0.1"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=BOUND,
                          env=dict(os.environ, **(env or {})))
    if done.returncode == 3 and "permi" in done.stderr.lower():
        raise Skip(done.stderr.strip())
    assert done.returncode == 0, done
    return done


def hop_of(done):
    return json.loads(done.stdout)["report"]["thrupath"]["hops"][0]


def path(name):
    return os.path.join(FILES, name)


def test_the_files_tell_network_and_place():
    done = run("-n", "-j", "--asn-db", path("maxmind-asn"), "--city-db", path("maxmind-city"))
    hop = hop_of(done)
    assert not done.stderr, done
    assert (hop["asn"], hop["as_name"], hop["as_prefix"]) == \
        (64500, "Example Networks", "127.0.0.0/8"), hop
    assert hop["geo"] == {"city": "Frankfurt am Main", "country": "DE", "lat": 50.11,
                          "lon": 8.68, "source": "mmdb"}, hop


def test_one_file_may_serve_for_both():
    hop = hop_of(run("-n", "-j", "--asn-db", path("ipinfo-lite"),
                     "--city-db", path("ipinfo-lite")))
    assert hop["asn"] == 64500, hop
    assert hop["geo"] == {"country": "DE", "source": "mmdb"}, hop


def test_light_rejects_the_place_and_leaves_the_country():
    hop = hop_of(run("-n", "-j", "--here", "sydney", "--city-db", path("maxmind-city")))
    assert hop["geo"] == {"country": "DE", "source": "mmdb"}, hop


def test_mtrs_lines_have_the_network_where_it_is_asked_for():
    done = run("-n", "-r", "-z", "--asn-db", path("maxmind-asn"))
    lines = done.stdout.splitlines()
    assert any(line.startswith("  1. AS64500") for line in lines), done.stdout
    hub = json.loads(run("-n", "-j", "-z", "--asn-db", path("maxmind-asn")).stdout)
    assert list(hub["report"]["hubs"][0])[:3] == ["count", "host", "ASN"], hub
    assert hub["report"]["hubs"][0]["ASN"] == "AS64500", hub
    done = run("-n", "-r", "--asn-db", path("maxmind-asn"))
    assert "  1.|-- 127.0.0.1" in done.stdout, done.stdout


def test_the_screen_has_the_network_in_a_column_and_the_hop_view_all_of_it():
    if os.geteuid() != 0:
        raise Skip("no raw sockets")
    if not os.access(VTSCREEN, os.X_OK):
        raise Skip("no libvterm")
    session = VtSession(VTSCREEN, [PROGRAM, "-t", "-n", "--asn-db", path("maxmind-asn"),
                                   "--city-db", path("maxmind-city"), "-i", "0.1", "127.0.0.1"],
                        40, 100)
    session.see(r" 1  .*AS64500 ")
    session.key(b"d")
    session.see(r" 1  .*AS64500 ")
    session.key(b"2")
    session.see(r"AS64500 Example Networks, 127\.0\.0\.0/8")
    session.key(b"q")
    status, same = session.end()
    assert status in (0, 1) and same, (status, same)


def questions_of(*arguments):
    """What a name server that never answers was asked by a run."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        run("-n", "-z", "-j", "--dns", "127.0.0.1:%d" % sock.getsockname()[1], *arguments)
        sock.setblocking(False)
        try:
            return sock.recv(512)
        except BlockingIOError:
            return b""


def test_what_a_file_has_nobody_is_asked():
    assert questions_of("--asn-db", path("maxmind-asn")) == b""
    assert b"cymru" in questions_of("--asn-db", "none")


def test_the_zones_are_asked_for_what_no_file_has_where_it_is_to_show():
    with NameServer(()) as port:
        words = ("-n", "--asn-db", path("maxmind-asn"), "--dns", "127.0.0.1:%d" % port)
        for number, shown in ((0, "AS64500"), (1, "127.0.0.0/8"), (3, "test"), (4, "2001-01-01")):
            text = run("-w", *words, "-y", str(number)).stdout
            assert text.splitlines()[2].split()[:3] == ["1.", shown, "127.0.0.1"], text
        hop = hop_of(run("-j", *words, "-y", "1"))
        assert hop["as_name"] == "Example Networks" and "as_registry" not in hop, hop


def test_what_no_file_has_is_shown_as_unknown():
    done = run("-n", "-r", "-z", "--asn-db", "none", "--dns", "127.0.0.1:9")
    assert any(line.startswith("  1. AS???") for line in done.stdout.splitlines()), done.stdout


def bad_files(directory):
    def write(name, data):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(data)
        return os.path.join(directory, name)

    with open(path("maxmind-asn"), "rb") as file:
        whole = file.read()
    yield "--asn-db", os.path.join(directory, "missing"), "cannot read"
    yield "--asn-db", write("empty", b""), "not an MMDB file"
    yield "--asn-db", write("text", b"no database\n" * 100), "not an MMDB file"
    yield "--asn-db", write("cut", whole[:len(whole) // 2]), "not an MMDB file"
    yield "--asn-db", directory, "not an MMDB file"
    yield "--asn-db", path("maxmind-city"), "no AS numbers (its type is GeoLite2-City)"
    yield "--city-db", path("maxmind-asn"), "no cities"


def test_bad_files_are_told_in_a_line_and_done_without():
    with tempfile.TemporaryDirectory() as directory:
        for option, name, says in bad_files(directory):
            done = run("-n", "-j", option, name)
            assert done.stderr.count("\n") == 1 and says in done.stderr, (name, done.stderr)
            assert "continuing without it" in done.stderr, done.stderr
            report = json.loads(done.stdout)["report"]["thrupath"]
            assert any(says in note for note in report["notes"]), report["notes"]
            assert "asn" not in report["hops"][0] and "geo" not in report["hops"][0], report


def test_a_damaged_record_is_told_once():
    with open(path("maxmind-asn"), "rb") as file:
        data = file.read()
    # The record of 127.0.0.0/8, its first key: a pointer to beyond the data instead.
    at = data.index(b"\x58autonomous_system_number") if b"\x58autonomous_system_number" in data \
        else data.index(b"autonomous_system_number") - 1
    with tempfile.NamedTemporaryFile(suffix=".mmdb") as file:
        file.write(data[:at] + b"\x3f\xff\xff\xff\xff" + data[at + 5:])
        file.flush()
        done = run("-n", "-j", "-c", "3", "--asn-db", file.name)
    assert "asn" not in hop_of(done), done.stdout
    assert done.stderr.count("\n") == 1, done.stderr


def test_the_usual_places_are_searched():
    with tempfile.TemporaryDirectory() as home:
        below = os.path.join(home, "GeoIP")
        os.mkdir(below)
        shutil.copy(path("maxmind-asn"), os.path.join(below, "GeoLite2-ASN.mmdb"))
        shutil.copy(path("country"), os.path.join(below, "dbip-city-lite-2026-10.mmdb"))
        shutil.copy(path("dbip-city"), os.path.join(below, "dbip-city-lite-2026-11.mmdb"))
        for variable in ("XDG_DATA_HOME", "XDG_DATA_DIRS"):
            hop = hop_of(run("-n", "-j", env={variable: home}))
            assert hop["asn"] == 64500 and hop["geo"]["city"] == "Frankfurt am Main", hop
            hop = hop_of(run("-n", "-j", "--asn-db", "none", "--city-db", "none",
                             env={variable: home}))
            assert "asn" not in hop and "geo" not in hop, hop


run_tests(globals())
