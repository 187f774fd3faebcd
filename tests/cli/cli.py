# SPDX-License-Identifier: GPL-3.0-or-later
"""The real binary, as a shell would run it: what it says and how it ends.

Traffic stays on loopback and in the demo's private namespaces."""
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1]
BOUND = 20
IS_ROOT = os.geteuid() == 0
CAN_UNSHARE = subprocess.run(["unshare", "-rn", "true"], stderr=subprocess.DEVNULL).returncode == 0


class Skip(Exception):
    pass


def run(*arguments, program=PROGRAM, before=(), **how):
    how.setdefault("stdin", subprocess.DEVNULL)
    how.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([*before, program, *arguments], stderr=subprocess.PIPE, text=True,
                          timeout=BOUND, **how)


def refused(status, says, *arguments, **how):
    """The program ends with this status, one line on stderr that says so, and no output."""
    done = run(*arguments, **how)
    assert done.returncode == status, "%r: status %d: %s" % (arguments, done.returncode, done.stderr)
    assert done.stderr.startswith("thrupath: "), done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.endswith("\n"), done.stderr
    assert says in done.stderr, done.stderr
    assert not done.stdout, done.stdout


def ours(text):
    """What a JSON report holds beside mtr's own keys."""
    return json.loads(text)["report"]["thrupath"]


def demo_or_skip():
    done = run("--demo", "-r", "-c", "1", "-i", "0.05")
    if done.returncode == 3:
        raise Skip(done.stderr.strip())


def test_what_the_command_line_alone_decides_is_2():
    for says, *arguments in (
            ("nothing to probe",),
            ("the path has an empty hop", "--path", "10.0.0.1,,10.0.0.2"),
            ("--path is empty", "--path", ""),
            ("the destination is empty", ""),
            ("0.0.0.0 is no host's address", "0.0.0.0"),
            ("224.0.0.1 is a multicast", "-r", "224.0.0.1"),
            ("255.255.255.255 is a multicast or broadcast", "-r", "255.255.255.255"),
            ("mixes IPv4 and IPv6", "--path", "10.0.0.1,2001:db8::1"),
            ("--interval takes", "-i", "0", "127.0.0.1"),
            ("--report-cycles takes", "-c", "0x", "127.0.0.1"),
            ("no option -y", "-y", "127.0.0.1"),
            ("no option --nope", "--nope", "127.0.0.1"),
            ("--report-cycles needs a value", "-c"),
            ("one destination at a time", "127.0.0.1", "127.0.0.2"),
            ("the path has 70 hops", "--path", ",".join("127.0.1.%d" % n for n in range(1, 71)))):
        refused(2, says, *arguments)


def test_the_environment_is_read_and_checked():
    refused(2, "no option --nope", "127.0.0.1", env=dict(os.environ, THRUPATH_OPTIONS="--nope"))


def test_a_path_deeper_than_the_mtu_says_how_deep_is_possible():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    path = ",".join("127.0.0.%d" % n for n in range(2, 14))
    script = 'ip link set lo mtu 300 up && exec "$0" -r -c 1 --path "$1"'
    refused(2, "12 hops do not fit the MTU of lo, 300 bytes: at most 6", path,
            before=("unshare", "-rn", "sh", "-c", script))


def test_more_hops_than_any_mtu_holds_are_refused():
    path = ",".join("127.0.0.%d" % n for n in range(2, 40))
    refused(2, "at most 36", "-r", "--path", path)


def test_an_interface_that_is_not_there_is_3():
    refused(3, "no interface named nope", "-r", "-I", "nope", "127.0.0.1")


def test_a_name_nobody_knows_is_3():
    refused(3, "cannot resolve nosuch.invalid", "-r", "nosuch.invalid")
    refused(3, "cannot resolve nosuch.invalid", "-r", "--path", "127.0.0.1,nosuch.invalid")


def test_no_route_is_3():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    refused(3, "no route to 10.9.9.9", "-r", "10.9.9.9", before=("unshare", "-rn"))


def test_a_demo_that_is_not_there_is_3():
    refused(3, "nosuch", "--demo", "nosuch", "-r")


def test_no_permission_is_3_and_says_how_to_mend_it():
    before = ()
    if IS_ROOT:
        nobody = pwd.getpwnam("nobody")
        before = ("setpriv", "--reuid=%d" % nobody.pw_uid, "--regid=%d" % nobody.pw_gid,
                  "--clear-groups", "--inh-caps=-all")
    with tempfile.TemporaryDirectory() as where:
        # A copy: the tree itself may lie where nobody may look.
        os.chmod(where, 0o755)
        copy = shutil.copy(PROGRAM, os.path.join(where, "thrupath"))
        refused(3, "cap_net_raw", "-r", "127.0.0.1", program=copy, before=before, cwd="/")


def test_output_that_cannot_be_written_is_3():
    demo_or_skip()
    for arguments in (("--help",), ("--version",), ("--list-demos",),
                      ("--demo", "-r", "-c", "1", "-i", "0.05"),
                      ("--demo", "-j", "-c", "1", "-i", "0.05")):
        with open("/dev/full", "w") as full:
            refused(3, "cannot write", *arguments, stdout=full)
        refused(3, "the output is closed", *arguments, before=("sh", "-c", 'exec "$0" "$@" >&-'))


def test_a_reader_that_went_away_is_3():
    demo_or_skip()
    for arguments in (("--help",), ("--demo", "-r", "-c", "1", "-i", "0.05")):
        reader, writer = os.pipe()
        os.close(reader)
        refused(3, "cannot write", *arguments, stdout=writer)
        os.close(writer)


def test_closed_input_and_errors_do_no_harm():
    demo_or_skip()
    done = run("--demo", "-j", "-c", "2", "-i", "0.05",
               before=("sh", "-c", 'exec "$0" "$@" <&- 2>&-'))
    assert done.returncode == 0, done
    assert ours(done.stdout)["rounds"] == 2, done.stdout


def received(pid):
    """Packets that came in over the interfaces of a process's network namespace."""
    try:
        with open("/proc/%d/net/dev" % pid) as table:
            return sum(int(line.split(":")[1].split()[1]) for line in table if "lo:" not in line
                       and ":" in line)
    except OSError:
        return 0


def interrupted(number, *arguments):
    outside = received(os.getpid())
    own = os.readlink("/proc/self/ns/net")
    child = subprocess.Popen([PROGRAM, "--demo", *arguments, "-c", "100000", "-i", "0.05"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, start_new_session=True)
    end = time.monotonic() + BOUND
    # The demo is in a namespace of its own once it runs; 200 packets are several rounds.
    while (os.readlink("/proc/%d/ns/net" % child.pid) == own or received(child.pid) < 200):
        assert child.poll() is None and time.monotonic() < end, (outside, child.poll())
        os.sched_yield()
    child.send_signal(number)
    out, errors = child.communicate(timeout=BOUND)
    return child.returncode, out, errors


def test_signals_in_a_report_print_it_and_show_in_the_status():
    demo_or_skip()
    for number, status in ((signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        code, out, errors = interrupted(number, "-r")
        assert code == status, (number, code, errors)
        assert out.startswith("Start: ") and "Through each hop" in out, out
        code, out, errors = interrupted(number, "-j")
        assert code == status, (number, code, errors)
        assert ours(out)["rounds"] > 0
        assert errors == "", errors


def test_no_terminal_and_no_mode_is_a_report():
    demo_or_skip()
    done = run("--demo", "-c", "1", "-i", "0.05")
    assert done.returncode == 0 and done.stdout.startswith("Start: "), done


def test_an_end_that_never_answers_is_1():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    script = 'ip link add d0 type veth peer name d1 && ip link set d1 up && ip addr add 10.9.9.1/24 dev d0 && ' \
             'ip link set d0 up && exec "$0" "$@"'
    done = run("-r", "-c", "1", "-i", "0.1", "-Z", "0.1", "-m", "2", "10.9.9.9",
               before=("unshare", "-rn", "sh", "-c", script))
    if "Unknown device type" in done.stderr:
        raise Skip("no veth interfaces")
    assert done.returncode == 1, done


def test_public_addresses_get_one_line_and_no_nested_probes():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    script = 'ip link set lo up && ip addr add 192.88.99.1/32 dev lo && exec "$0" "$@"'
    done = run("-j", "-c", "2", "-i", "0.05", "192.88.99.1",
               before=("unshare", "-rn", "sh", "-c", script))
    assert done.returncode == 0, done
    assert done.stderr.count("\n") == 1 and "--public" in done.stderr, done.stderr
    assert "through" not in ours(done.stdout)["hops"][0], done.stdout


def main():
    tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_")]
    failed = 0
    print("1..%d" % len(tests))
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Skip as why:
            print("ok %d - %s # SKIP %s" % (number, name, why), flush=True)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed += 1
            print("not ok %d - %s" % (number, name))
            print("# %s" % str(error).replace("\n", "\n# "), flush=True)
    sys.exit(failed > 0)


main()
