# SPDX-License-Identifier: GPL-3.0-or-later
"""The real binary, as a shell would run it: what it says and how it ends.

Traffic stays on loopback and in the demo's private namespaces."""
import json
import os
import pwd
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from taptests import Skip, run_tests  # noqa: E402

PROGRAM = sys.argv[1]
BOUND = 20
IS_ROOT = os.geteuid() == 0
CAN_UNSHARE = subprocess.run(["unshare", "-rn", "true"], stderr=subprocess.DEVNULL).returncode == 0


def run(*arguments, program=PROGRAM, before=(), **how):
    if "input" not in how:
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
            ("0.0.0.0 is not a host address", "0.0.0.0"),
            ("224.0.0.1 is a multicast", "-r", "224.0.0.1"),
            ("255.255.255.255 is a multicast or broadcast", "-r", "255.255.255.255"),
            ("mixes IPv4 and IPv6", "--path", "10.0.0.1,2001:db8::1"),
            ("--interval takes", "-i", "0", "127.0.0.1"),
            ("--report-cycles takes", "-c", "0x", "127.0.0.1"),
            ("no option -k", "-k", "127.0.0.1"),
            ("no option --nope", "--nope", "127.0.0.1"),
            ("--report-cycles needs a value", "-c"),
            ("one destination at a time", "127.0.0.1", "127.0.0.2"),
            ("--here takes a city", "--here", "nosuchtown", "127.0.0.1"),
            ("the path has 70 hops", "--path", ",".join("127.0.1.%d" % n for n in range(1, 71)))):
        refused(2, says, *arguments)


def test_the_environment_is_read_and_checked():
    refused(2, "no option --nope", "127.0.0.1", env=dict(os.environ, THRUPATH_OPTIONS="--nope"))


def test_a_path_deeper_than_the_mtu_says_how_deep_is_possible():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    path = ",".join("127.0.0.%d" % n for n in range(2, 14))
    script = 'ip link set lo mtu 300 up && exec "$0" -r -c 1 --path "$1"'
    refused(2, "12 hops do not fit the MTU of the route on lo (300 bytes): at most 6", path,
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


def test_a_demo_is_traced_from_a_hop_and_from_its_end():
    demo_or_skip()
    for arguments, first, rows in ((("--from", "10.0.12.3"), "10.0.12.3", 5),
                                   (("--reverse",), "10.0.56.3", 1)):
        done = run("--demo", "clean", "-j", "-c", "2", "-i", "0.05", *arguments)
        hops = json.loads(done.stdout)["report"]["thrupath"]["hops"]
        assert (hops[0]["address"], len(hops)) == (first, rows), hops


def test_a_demo_that_is_not_there_is_3():
    refused(3, ": see --list-demos", "--demo", "nosuch", "-r")


SIMULATED = """seed 3
prober A 10.0.1.1
router R1 10.0.1.3 name core1.example.net
router R2 10.0.2.3
host D 10.0.9.3 decap yes
link A-R1 delay 0.3ms jitter exponential 0.1ms
link R1-R2 delay 2ms loss 10%
link R2-D
run 20s trace D every 100ms
"""


def simulated(*arguments):
    with tempfile.NamedTemporaryFile("w", suffix=".scn") as scenario:
        scenario.write(SIMULATED)
        scenario.flush()
        done = run("--simulate", scenario.name, *arguments)
    assert done.returncode in (0, 4), done
    # The name of the file is part of the command that is reported.
    return done, done.stdout.replace(scenario.name, "")


def test_a_simulation_is_the_same_each_time_and_another_with_another_seed():
    first, again = simulated("-j")[1], simulated("-j")[1]
    assert first == again
    assert ours(first)["rounds"] == 200, first
    assert ours(first)["start"] == "2026-01-01T00:00:00Z", first
    assert ours(first)["hops"] != ours(simulated("-j", "--seed", "4")[1])["hops"]
    assert ours(first)["hops"] == ours(simulated("-j", "--seed", "3")[1])["hops"]


def told(*arguments):
    """All of the report but the words that asked for it, and notes, which are of the host."""
    report = ours(run("-j", *arguments).stdout)
    return {key: value for key, value in report.items() if key not in ("command", "notes")}


def test_what_else_runs_changes_nothing_and_a_replay_tells_the_same():
    demos = [line.split()[0] for line in run("--list-demos").stdout.splitlines()]
    assert "washington" in demos, demos
    with tempfile.TemporaryDirectory() as where:
        file, metrics = os.path.join(where, "run.pcapng"), os.path.join(where, "m.prom")
        for demo in demos:
            words = "--simulate", demo, "-c", "150"
            first = told(*words, "--record", file)
            assert told(*words, "--metrics", metrics, "--on-finding", "true") == first, demo
            assert told("--replay", file) == first, demo
            assert told("--replay", file, "-n")["findings"] == first["findings"], demo


def test_what_is_simulated_may_be_given_by_the_names_of_the_scenario():
    for words, addresses in ((("--path", "core1.example.net,R2"), ["10.0.1.3", "10.0.2.3"]),
                             (("R2",), ["10.0.1.3", "10.0.2.3"]),
                             (("--from", "R1", "D"), ["10.0.1.3", "10.0.2.3", "10.0.9.3"])):
        hops = ours(simulated("-j", "-c", "5", *words)[1])["hops"]
        assert [hop["address"] for hop in hops] == addresses, hops
    with tempfile.NamedTemporaryFile("w", suffix=".scn") as scenario:
        scenario.write(SIMULATED)
        scenario.flush()
        refused(3, "has no node or host name 'R7'", "--simulate", scenario.name, "R7")
        refused(3, "--address 10.0.9.3 is not an address of this host", "--simulate",
                scenario.name, "-a", "10.0.9.3")


def test_a_simulation_takes_conditions_and_runs_each_hook():
    with tempfile.TemporaryDirectory() as where:
        hook, told = os.path.join(where, "hook"), os.path.join(where, "told")
        with open(hook, "w") as script:
            script.write("#!/bin/sh\necho $1 $2 >>%s\n" % told)
        os.chmod(hook, 0o755)
        done, _ = simulated("-r", "-c", "600", "--fail-if", "alarm", "--on-finding", hook)
        assert done.returncode == 4, done
        assert "skipped" not in done.stderr, done
        with open(told) as lines:
            assert "began link-loss" in lines.read()
        os.unlink(told)
        simulated("-r", "-c", "600", "--on-finding", "alarm:" + hook)
        with open(told) as lines:
            events = lines.read().split()
        assert "link-loss" in events and not {"boundary", "no-decap", "ecmp"} & set(events), events


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


def test_where_namespaces_are_refused_root_is_told_what_root_lacks():
    if not CAN_UNSHARE or shutil.which("setpriv") is None:
        raise Skip("no namespaces or no setpriv")
    # Root of a user namespace that allows no other, without the capability to make one of a network.
    script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
    before = ("unshare", "-r", "sh", "-c", script, "sh", "setpriv", "--bounding-set=-sys_admin",
              "--inh-caps=-sys_admin")
    refused(3, "even as root: the container needs the capability SYS_ADMIN", "--demo", "-r",
            before=before)


def test_a_network_of_another_user_namespace_is_told_as_such():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    before = ("env", "THRUPATH_PACKET=/nonexistent", "unshare", "-r")
    refused(3, "belongs to another user namespace", "-r", "127.0.0.1", before=before)


def test_output_that_cannot_be_written_is_3():
    demo_or_skip()
    for arguments in (("--help",), ("--version",), ("--list-demos",),
                      ("--demo", "-r", "-c", "1", "-i", "0.05"),
                      ("--demo", "-j", "-c", "1", "-i", "0.05")):
        with open("/dev/full", "w") as full:
            refused(3, "cannot write", *arguments, stdout=full)
        refused(3, "standard output is closed", *arguments, before=("sh", "-c", 'exec "$0" "$@" >&-'))


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
    for number, status in ((signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131),
                           (signal.SIGUSR1, 138), (signal.SIGALRM, 142)):
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
    done = run("-n", "-r", "-c", "1", "-i", "0.1", "-Z", "0.1", "-m", "2", "10.9.9.9",
               before=("unshare", "-rn", "sh", "-c", script))
    if "Unknown device type" in done.stderr:
        raise Skip("no veth interfaces")
    assert done.returncode == 1, done
    done = run("-n", "-r", "-c", "1", "-i", "0.1", "-Z", "0.1", "-m", "2", "--fail-if", "loss>50%@end", "10.9.9.9",
               before=("unshare", "-rn", "sh", "-c", script))
    assert done.returncode == 4, done


def test_an_open_port_of_this_host_answers():
    """Its sum is never made, for nothing of it goes over a wire."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        target = "127.0.0.1:%d" % listener.getsockname()[1]
        done = run("-T", "-n", "-j", "--no-through", "-c", "3", "-i", "0.1", target)
    if done.returncode == 3:
        raise Skip(done.stderr.strip())
    hop = json.loads(done.stdout)["report"]["thrupath"]["hops"][0]
    assert done.returncode == 0 and hop["to"]["received"] == 3 and hop["to_kind"] == "echo", hop


def test_a_report_for_programs_ends_behind_the_table_of_mtr():
    demo_or_skip()
    lines = run("--demo", "clean", "-r", "--mtr", "-n", "-c", "3", "-i", "0.05").stdout.splitlines()
    assert lines[0].startswith("Start: ") and lines[1].startswith("HOST: "), lines
    assert len(lines) > 2 and all(line[:8].endswith(".|-- ") for line in lines[2:]), lines


def test_a_condition_that_is_met_is_4():
    demo_or_skip()
    calm = ("--demo", "clean", "-r", "-c", "5", "-i", "0.05")
    done = run(*calm, "--fail-if", "loss>50%,alarm")
    assert done.returncode == 0 and done.stderr == "", done
    done = run(*calm, "--fail-if", "p50>0.1ms@end")
    assert done.returncode == 4 and done.stdout.startswith("Start: "), done
    assert done.stderr.startswith("thrupath: --fail-if: hop ") and "p50" in done.stderr, done
    done = run(*calm, "--fail-if", "loss>1%@192.0.2.77")
    assert done.returncode == 0, done
    assert done.stderr == "thrupath: --fail-if: the path has no hop 192.0.2.77\n", done
    refused(2, "--fail-if takes conditions", "--fail-if", "loss>", "127.0.0.1")


def test_a_program_is_run_for_each_finding():
    demo_or_skip()
    with tempfile.TemporaryDirectory() as where:
        hook, log = os.path.join(where, "hook"), os.path.join(where, "log")
        with open(hook, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n"
                       "mkdir \"$THRUPATH_TEST_LOG.once\" || exit 0\n"
                       "{ printf '%s\\n' \"$#\" \"$@\" \"$THRUPATH_EVENT\" \"$THRUPATH_ID\" "
                       "\"$THRUPATH_SEVERITY\" \"$THRUPATH_HOPS\" \"$THRUPATH_TEXT\"; "
                       "ls /proc/self/fd | wc -l; } >\"$THRUPATH_TEST_LOG\"\n")
        os.chmod(hook, 0o755)
        os.mkfifo(log)  # whoever reads waits for who writes: no finding is missed
        child = subprocess.Popen([PROGRAM, "--demo", "limiter", "-r", "-c", "150", "-i", "0.05",
                                  "--on-finding", hook], stdin=subprocess.DEVNULL,
                                 env=dict(os.environ, THRUPATH_TEST_LOG=log),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        with open(log, encoding="utf-8") as file:
            lines = file.read().splitlines()
        child.terminate()
        child.communicate(timeout=BOUND)
    assert lines[0] == "5" and lines[1:5] == lines[6:10] and lines[5] == lines[10], lines
    assert lines[1] == "began" and lines[3] in ("info", "warning", "alarm"), lines
    assert lines[11] == "4", lines  # 0, 1, 2 and the directory itself
    refused(3, "cannot run", "--on-finding", "/no/such/program", "127.0.0.1")
    refused(3, "is in PATH", "--on-finding", "no-such-program", "127.0.0.1")


def test_metrics_that_cannot_be_written_are_said_once():
    demo_or_skip()
    done = run("--demo", "clean", "-r", "-c", "12", "-i", "0.05", "--metrics", "/no/such/m.prom")
    assert done.returncode == 0, done
    assert done.stderr.count("\n") == 1 and "cannot write /no/such/m.prom" in done.stderr, done
    assert "metrics file could not be written" in done.stdout, done


def completed(*words, shell="bash"):
    """What bash proposes for the last of the words."""
    script = ('eval "$(%s --print-completion bash)"; PATH=%s:$PATH; shift; COMP_WORDS=("$@"); '
              'COMP_CWORD=$(($# - 1)); _thrupath; printf "%%s\\n" "${COMPREPLY[@]}"' % (
                  PROGRAM, os.path.dirname(PROGRAM)))
    return subprocess.run([shell, "-c", script, shell, "-", "thrupath", *words], check=True, text=True,
                          stdout=subprocess.PIPE, timeout=BOUND).stdout.split()


def test_bash_completes_options_words_and_demos():
    assert completed("--wal") == ["--walk"]
    assert completed("--walk", "re") == ["retrace", "return-only"]
    assert "lo" in completed("-I", "l")
    assert "limiter" in completed("--demo", "l")
    assert completed("-c", "1") == []


def test_other_shells_can_read_their_completions():
    shells = [shell for shell in ("zsh", "fish") if shutil.which(shell)]
    if not shells:
        raise Skip("neither zsh nor fish")
    with tempfile.TemporaryDirectory() as where:
        for shell in shells:
            name = os.path.join(where, shell)
            with open(name, "w", encoding="ascii") as file:
                file.write(run("--print-completion", shell).stdout)
            done = subprocess.run([shell, "-n", name], capture_output=True, text=True, timeout=BOUND)
            assert done.returncode == 0 and done.stderr == "", done


def validator_of(file_name):
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Skip("no python3-jsonschema") from error
    name = os.path.join(os.environ["THRUPATH_DEMOS"], "..", file_name)
    with open(name, encoding="ascii") as file:
        schema = json.load(file)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    return validator


def against_schema(validator, report):
    return ["%s: %s" % (list(error.absolute_path), error.message[:200])
            for error in validator.iter_errors(report)]


def test_json_keeps_to_its_schema():
    demo_or_skip()
    validator = validator_of("thrupath.schema.json")
    runs = (("default", "--walk", "all"), ("ipv6",), ("mpls",), ("ecmp", "--flows", "8"),
            ("washington", "-z", "--no-to"), ("nat", "-u"), ("boundary", "--walk", "natural"),
            ("usid",), ("mixed",))
    for words in runs:
        report = json.loads(run("-j", "-c", "12", "-i", "0.05", "--demo", *words).stdout)
        wrong = against_schema(validator, report)
        assert not wrong, (words, wrong)
        report["report"]["thrupath"]["hops"][0]["unheard_of"] = 1
        assert not validator.is_valid(report)


SEEDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz", "corpus", "read")


def test_explain_keeps_to_its_schema():
    demo_or_skip()
    validator = validator_of("thrupath-explain.schema.json")
    seeds = [os.path.join(SEEDS, name) for name in sorted(os.listdir(SEEDS))]
    assert seeds
    runs = [(seed,) for seed in seeds] + [tuple(seeds[:3]), (os.devnull,)]
    for words in runs:
        answer = json.loads(run("--explain", "-j", *words).stdout)
        wrong = against_schema(validator, answer)
        assert not wrong, (words, wrong)
        assert ("files" in answer) == (len(words) > 1)


def test_explain_writes_pages_and_anonymises():
    mtr = ("HOST: me                          Loss%%   Snt   Last   Avg  Best  Wrst StDev\n"
           "  1.|-- 10.0.0.1                   0.0%%   100    0.4   0.5   0.3   1.1   0.1\n"
           "  2.|-- ae1.isp.net (8.8.4.1)     %s%%   100    4.4   4.5   4.1   5.1   0.1\n"
           "  3.|-- shop.net (8.8.8.8)         %s%%   100    9.4   9.5   9.1   9.9   0.1\n")
    with tempfile.TemporaryDirectory() as where:
        names = [os.path.join(where, name) for name in ("bad", "good")]
        for name, loss in zip(names, ("30.0", " 0.0")):
            with open(name, "w", encoding="ascii") as file:
                file.write(mtr % (loss, loss))
        bad = run("--explain", "--markdown", names[0]).stdout
        assert "## For the network's operator" in bad and "8.8.4.1" in bad, bad
        good = run("--explain", "--markdown", names[1]).stdout
        assert "## Not for a ticket" in good, good
        page = run("--explain", "--html", "--anonymise", *names).stdout
        assert page.endswith("</html>\n") and "8.8." not in page and "isp.net" not in page, page
        assert "192.0.2.1" in page and ".example" in page and "Compared" in page, page
        text = run("--explain", *names).stdout
        assert "Compared:" in text and "Report 2: " in text, text
    done = run("--anonymise", "localhost")
    assert done.returncode == 2 and "--anonymise needs --explain" in done.stderr, done


def test_explain_says_once_what_is_so_of_several_hops():
    mtr = "HOST: me                          Loss%   Snt   Last   Avg  Best  Wrst StDev\n" + "".join(
        "%3d.|-- 192.0.2.%-3d               %s%%   100    %d.4   4.5   4.1   5.1   0.1\n" % (
            hop, hop, " 0.0" if hop in (1, 4, 9) else "30.0", hop) for hop in range(1, 10))
    for words in ((), ("--markdown",), ("--html",)):
        text = subprocess.run([PROGRAM, "--explain", *words], input=mtr, capture_output=True,
                              text=True, check=True).stdout
        assert text.count("unanswered") == 1 and "The same goes for hops 3, 5 to 8." in text, text


def scenario_of(text):
    file = tempfile.NamedTemporaryFile("w", suffix=".scn")  # the caller closes it
    file.write(text)
    file.flush()
    return file


def test_events_keep_to_their_schema_and_add_up():
    validator = validator_of("thrupath-ndjson.schema.json")
    scenario = ("prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3 decap silent\n"
                "host D 10.0.3.3 decap yes\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms loss 20%\n"
                "link R2-D delay 1ms\nrun 60s trace D\n")
    with scenario_of(scenario) as file:
        done = run("--simulate", file.name, "--walk", "all", "--ndjson", "--ndjson-every", "30",
                   "-c", "100")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [text for event in events for text in against_schema(validator, event)]
    assert not wrong, wrong
    kinds = [event["event"] for event in events]
    assert kinds[:2] == ["start", "path"] and kinds.count("interval") == 4 and kinds[-1] == "end", kinds
    assert "begin" in [event.get("state") for event in events], kinds
    sums = {}
    for event in events:
        for hop in event.get("hops", ()):
            for walk in hop["walks"]:
                for key in ("sent", "resolved", "received"):
                    place = (hop["hop"], walk["walk"], key)
                    sums[place] = sums.get(place, 0) + walk[key]
    last = {(hop["hop"], walk, key): hop[walk][key] for hop in events[-1]["thrupath"]["hops"]
            for walk in ("to", "through", "direct", "natural", "return_only")
            for key in ("sent", "resolved", "received") if walk in hop}
    assert sums == last, (sums, last)
    with open("/dev/full", "wb") as nowhere:
        full = subprocess.run([PROGRAM, "--simulate", "default", "--ndjson", "-c", "3"], check=False,
                              stdout=nowhere, stderr=subprocess.PIPE, text=True)
    assert full.returncode == 3 and full.stderr.count("\n") == 1, full
    refused(2, "--replay", "--ndjson", "--replay", "x")


def test_hops_are_called_as_they_call_themselves():
    validator = validator_of("thrupath.schema.json")
    shape = ("prober A %s\nrouter R1 %s node-name leaf1 interface-name Ethernet7\n"
             "router R2 %s node-name spine2 node-address 2001:db8::2\nhost D %s open-port 80\n"
             "link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-D delay 1ms\nrun 60s trace D\n")
    for form in ("10.0.%d.%d", "2001:db8:%d::%d"):
        first = form % (1, 3)
        with scenario_of(shape % (form % (1, 1), first, form % (2, 3), form % (3, 3))) as file:
            for words in ((), ("-u",), ("-T", "-P", "80")):
                words += ("--simulate", file.name, "-c", "3")
                text = run("-r", *words).stdout
                assert "  1  leaf1 " in text and "  2  spine2  2001:db8::2" in text, text
                # Without names it is the address; what mtr's report has is DNS alone.
                numbers = run("-r", "-n", *words).stdout
                assert "  1  %s" % first in numbers and "  1.|-- %s" % first in text, numbers
                report = json.loads(run("-j", *words).stdout)
                wrong = against_schema(validator, report)
                assert not wrong, wrong
                assert [hop.get("node") for hop in report["report"]["thrupath"]["hops"]] == [
                    {"name": "leaf1"}, {"name": "spine2", "address": "2001:db8::2"}, None], report


def test_public_addresses_get_one_line_and_no_nested_probes():
    if not CAN_UNSHARE:
        raise Skip("no namespaces")
    script = 'ip link set lo up && ip addr add 192.88.99.1/32 dev lo && exec "$0" "$@"'
    done = run("-n", "-j", "-c", "2", "-i", "0.05", "192.88.99.1",
               before=("unshare", "-rn", "sh", "-c", script))
    assert done.returncode == 0, done
    assert done.stderr.count("\n") == 1 and "--public" in done.stderr, done.stderr
    assert "through" not in ours(done.stdout)["hops"][0], done.stdout


def without_words(value):
    """A report without names, texts and the command line, and without what names tell: its numbers
    and addresses."""
    if isinstance(value, list):
        return [without_words(one) for one in value]
    if isinstance(value, dict):
        return {key: without_words(one) for key, one in value.items()
                if key not in ("name", "host", "command", "dst", "hints", "geo", "mate",
                               "shared_routers", "distinct_routers", "router_edits",
                               "speed_mbps", "serialisation_ms")}
    return value


def recorded(where, *arguments, demo="default"):
    """A recording of the demo, and what its report said."""
    demo_or_skip()
    file = os.path.join(where, "run.pcapng")
    done = run("--demo", demo, "-j", "-c", "3", "-i", "0.05", "--record", file, *arguments)
    assert done.returncode == 0 and done.stderr == "", done
    return file, json.loads(done.stdout)


def masked(form, text, is_in_columns):
    """Without the numbers, which differ from run to run: each is "#", or where numbers are set in
    columns, as many as there is room for. JSON is left as it is."""
    if form == "-j":
        return text
    if form == "-C":
        return re.sub(r"[0-9]+", "#", text)
    if not is_in_columns:
        return re.sub(r" *[0-9.]+", "#", text)
    return re.sub(r" *[0-9.]+", lambda number: "#" * len(number.group()), text)


def both(form, *fields):
    """The lines of mtr and of thrupath about loopback."""
    program = shutil.which("mtr") or shutil.which("/usr/bin/mtr")
    if program is None:
        raise Skip("no mtr")
    version = run("--version", program=program).stdout.strip()
    if "0.95" not in version:
        raise Skip("another mtr than the one we follow: " + version)
    # One hop: where a reply is late, mtr has asked a second one already, and lists it.
    words = ("-n", "-m", "1", "-c", "2", "-i", "0.2", "-G", "0.5", "-s", "100", form, *fields,
             "127.0.0.1")
    theirs = run(*words, program=program)
    ours = run("--no-through", *words)
    if theirs.returncode != 0 or ours.returncode == 3:
        raise Skip((theirs.stderr + ours.stderr).strip())
    # A host so busy that loopback takes 100 ms sets such times outside of the columns.
    is_in_columns = not re.search(r"[0-9]{3}\.[0-9]", re.sub(r"127\.0\S*", "", theirs.stdout + ours.stdout))
    return [masked(form, done.stdout, is_in_columns).splitlines() for done in (theirs, ours)]


def test_every_format_begins_with_the_bytes_of_mtr():
    for fields in ((), ("-o", "LDRS NBAWVGJMXI"), ("-z",)):
        # A host that is busy has more digits; here they have no columns to keep.
        theirs, ours = ([re.sub("1+", "1", line) for line in lines] for lines in both("-C", *fields))
        assert len(theirs) == len(ours) == 2, ours
        for mine, line in zip(ours, theirs):
            assert mine.startswith(line) and mine[len(line.rstrip(",")):][:1] == ",", (line, mine)
        theirs, ours = both("-x", *fields)
        assert theirs[-1] == ours[-1] == "</MTR>", ours
        assert "thrupath" in ours[len(theirs) - 1], ours
        assert ours[:len(theirs) - 1] == theirs[:-1], list(zip(ours, theirs))
        theirs, ours = both("-r", *fields)
        assert ours[:len(theirs)] == theirs and ours[len(theirs)] == "", (theirs, ours)
        theirs, ours = (json.loads("".join(lines))["report"] for lines in both("-j", *fields))
        assert list(ours) == [*theirs, "thrupath"], ours
        assert [list(hub) for hub in ours["hubs"]] == [list(hub) for hub in theirs["hubs"]], ours
        assert list(ours["mtr"]) == list(theirs["mtr"]), ours["mtr"]


def test_raw_lines_come_as_it_happens_and_go_together():
    done = run("-l", "-n", "-c", "3", "-i", "0.05", "127.0.0.1")
    if done.returncode == 3:
        raise Skip(done.stderr.strip())
    lines = done.stdout.splitlines()
    assert lines[0] == "x 0 33000" and lines.count("h 0 127.0.0.1") == 2, lines
    asked = [line.split()[2] for line in lines if line[0] == "x"]
    answered = [line.split()[3] for line in lines if line[0] == "p"]
    assert len(asked) == 3 and sorted(answered) == asked and len(lines) == 8, lines
    for number in asked: # each reply behind its probe, however late it is
        assert [line[0] for line in lines if line.split()[-1] == number] == ["x", "p"], lines
    assert all(re.fullmatch(r"p 0 [0-9]+ 33[0-9]{3}", line) for line in lines if line[0] == "p"), lines
    with tempfile.TemporaryDirectory() as where:
        file = os.path.join(where, "run.pcapng")
        done = run("-l", "-n", "-c", "3", "-i", "0.05", "--record", file, "127.0.0.1")
        again = run("-l", "-n", "--replay", file)
        assert done.stdout and again.stdout == done.stdout, (done, again)
    if CAN_UNSHARE or IS_ROOT:
        with tempfile.NamedTemporaryFile("w", suffix=".scn") as scenario:
            scenario.write("prober A 10.0.1.1\nrouter R1 10.0.1.2 mpls 24001,16\n"
                           "host D 10.0.2.3\nlink A-R1 delay 1ms\nlink R1-D delay 1ms\n"
                           "run 9s path R1,D every 200ms\n")
            scenario.flush()
            done = run("--demo", scenario.name, "-l", "-n", "-e", "-c", "2")
        labels = ["m 0 24001 0 0 1", "m 0 16 0 1 1"]
        found = [line for line in done.stdout.splitlines() if line[:3] in ("h 0", "m 0")]
        # As mtr -l -e says of the same network.
        assert found == ["h 0 10.0.1.2", *labels] * 2, (done, found)
    refused(2, "--raw reports To probes", "-l", "--no-to", "--path", "127.0.0.1")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = run("-l", "-n", "-c", "3", "-i", "0.05", "127.0.0.1", stdout=full)
    assert done.returncode == 3 and "No space left" in done.stderr, done


def test_a_recording_replays_to_the_same_numbers():
    with tempfile.TemporaryDirectory() as where:
        file, live = recorded(where)
        assert os.stat(file).st_mode & 0o777 == 0o600, os.stat(file)
        done = run("-j", "--replay", file)
        assert done.returncode == 0 and done.stderr == "", done
        again = without_words(json.loads(done.stdout))
        assert again == without_words(live), (again, live)
        assert again["report"]["thrupath"]["rounds"] == 3, again
        done = run("--replay", file)
        assert done.returncode == 0 and done.stdout.startswith("Start: "), done


def test_a_replay_needs_no_privilege():
    if not IS_ROOT:
        raise Skip("this is no root to drop privileges from")
    with tempfile.TemporaryDirectory() as where:
        file, _ = recorded(where)
        os.chmod(where, 0o755)
        os.chmod(file, 0o644)
        copy = shutil.copy(PROGRAM, os.path.join(where, "thrupath"))
        done = run("-r", "--replay", file, program=copy, cwd="/", before=(
            "setpriv", "--reuid=%d" % pwd.getpwnam("nobody").pw_uid, "--clear-groups",
            "--inh-caps=-all"))
        assert done.returncode == 0 and done.stderr == "", done


def test_tshark_opens_a_recording():
    if shutil.which("tshark") is None:
        raise Skip("no tshark")
    with tempfile.TemporaryDirectory() as where:
        file, _ = recorded(where)
        fields = ("frame.time_epoch", "ip.proto", "frame.encap_type", "data.data")
        done = subprocess.run(["tshark", "-r", file, "-T", "fields",
                               *(word for field in fields for word in ("-e", field))],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=BOUND)
        assert done.returncode == 0, done
        assert "error" not in done.stderr.lower() and "damaged" not in done.stderr, done.stderr
        frames = [line.split("\t") for line in done.stdout.splitlines()]
        # Nothing but packets is shown, all of them IPv4, with all nine digits of their stamps.
        assert len(frames) > 20, done.stdout
        assert all(frame[1] and frame[2] == "7" for frame in frames), done.stdout
        assert any(not frame[0].endswith("000") for frame in frames), done.stdout
        assert any("thrupath".encode().hex() in frame[3] for frame in frames), done.stdout
        times = [float(frame[0]) for frame in frames]
        assert abs(times[0] - time.time()) < 3600, times[0]


def test_a_file_that_is_no_whole_recording_is_3():
    def classic(link_type, *packets):
        head = struct.pack("=IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, link_type)
        return head + b"".join(struct.pack("=IIII", 1, 2, len(p), len(p)) + p for p in packets)

    packet = b"\x45\0\0\x24" + bytes(16)
    with tempfile.TemporaryDirectory() as where:
        for says, data in (
                ("the file is empty", b""),
                ("the file is neither pcapng nor pcap", b"Start: 2026"),
                ("the file is truncated", classic(101)[:10]),
                ("it contains no packets", classic(101)),
                ("the file is truncated: the block at byte 24", classic(101, packet)[:-1]),
                ("unsupported link type 147", classic(147, packet)),
                ("it contains no thrupath probes", classic(101, packet + bytes(16))),
                ("it contains no thrupath probes",
                 classic(101, packet + b"thrupath" + bytes(8)))):
            file = os.path.join(where, "bad.pcap")
            with open(file, "wb") as out:
                out.write(data)
            for mode in ("-r", "-j"):
                refused(3, says, mode, "--replay", file)
        refused(3, "No such file", "-r", "--replay", os.path.join(where, "nosuch"))
        refused(3, "the file cannot be read", "-r", "--replay", where)


def test_a_foreign_capture_is_replayed_and_marked():
    if shutil.which("tshark") is None:
        raise Skip("no tshark")
    with tempfile.TemporaryDirectory() as where:
        file, live = recorded(where, demo="clean")
        foreign = os.path.join(where, "foreign.pcap")
        subprocess.run(["tshark", "-r", file, "-F", "nsecpcap", "-w", foreign], check=True,
                       stderr=subprocess.DEVNULL, timeout=BOUND)
        done = run("-j", "--replay", foreign)
        assert done.returncode == 0 and done.stderr == "", done
        seen, counted = (part["report"]["thrupath"] for part in (json.loads(done.stdout), live))
        assert seen["unverified"] is True and "unverified" not in counted, seen
        assert len(seen["hops"]) == len(counted["hops"]), seen
        for hop, wanted in zip(seen["hops"], counted["hops"]):
            assert hop["through"] == wanted["through"], (hop, wanted)
        done = run("-r", "--replay", foreign)
        assert "unverified: this capture is not a thrupath recording" in done.stdout, done.stdout
        assert "MTU 0" not in done.stdout, done.stdout


def test_a_recording_that_lost_its_end_says_so():
    with tempfile.TemporaryDirectory() as where:
        file, _ = recorded(where)
        with open(file, "rb") as whole:
            data = whole.read()
        with open(file, "wb") as out:
            out.write(data[:-1])
        refused(3, "the file is truncated", "-r", "--replay", file)
        last = struct.unpack("!I", data[-4:])[0]
        with open(file, "wb") as out:
            out.write(data[:-last])
        done = run("-r", "--replay", file)
        assert done.returncode == 0, done
        assert "the recording is incomplete" in done.stdout, done.stdout


def test_a_recording_that_cannot_be_written_is_3():
    demo_or_skip()
    refused(3, "cannot record to", "--demo", "-r", "--record", "/dev/null/x")
    refused(3, "No space left", "--demo", "-r", "--record", "/dev/full")
    # It is full only after the beginning: the run goes on, and its report is printed.
    with tempfile.TemporaryDirectory() as where:
        file = os.path.join(where, "run.pcapng")
        done = run("--demo", "-r", "-c", "30", "-i", "0.05", "--record", file, before=(
            "sh", "-c", 'ulimit -f 16; exec "$0" "$@"'))
        assert done.returncode == 3, done
        assert done.stderr.count("\n") == 1 and "recording stopped" in done.stderr, done
        assert "the recording stopped early" in done.stdout, done.stdout
        done = run("-r", "--replay", file)
        assert done.returncode in (0, 1), done
        assert "the recording is incomplete" in done.stdout, done.stdout


def without_rows_of_ours(where):
    return dict(os.environ, XDG_CONFIG_HOME=where)


def test_a_build_that_hears_which_helper_to_start_is_not_installed():
    build = os.path.dirname(os.path.abspath(PROGRAM))
    with open(os.path.join(build, "config.h"), encoding="ascii") as file:
        if "#define TEST_HELPER 1" not in file.read():
            raise Skip("not configured with --enable-test-helper")
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    with tempfile.TemporaryDirectory() as there:
        for goal in ("install", "install-exec", "install-data", "install-strip"):
            done = subprocess.run(["make", goal, "DESTDIR=" + there], cwd=build, env=env, text=True,
                                  timeout=BOUND, capture_output=True)
            assert done.returncode != 0 and "configure again without it" in done.stderr, done
            assert os.listdir(there) == [], (goal, os.listdir(there))


def test_hints_reads_names_from_a_file_or_the_input():
    with tempfile.TemporaryDirectory() as where:
        env = without_rows_of_ours(where)
        names = os.path.join(where, "names.txt")
        with open(names, "wb") as file:
            file.write(b"xe-1-2-3.cr1.fra2.example.net\r\n\n\x1b[31m\xff.example.net\nlast.example.net")
        done = run("--hints", names, env=env)
        assert done.returncode == 0, done
        lines = done.stdout.split("\n")
        assert lines[0].split("\t") == (
            "hostname operator router place_token place_kind city country lat lon if_token if_type "
            "if_speed_mbps if_vendor role other_party confidence relation").split(), lines[0]
        first = dict(zip(lines[0].split("\t"), lines[1].split("\t")))
        assert first["city"] == "Frankfurt" and first["if_speed_mbps"] == "10000", first
        assert first["router"] == "cr1.fra2" and first["role"] == "core", first
        assert len(lines) == 6 and not lines[5], lines
        assert all(line.count("\t") == 16 for line in lines[:5]), lines
        assert "\x1b" not in done.stdout, done.stdout
        with open(names, "rb") as file:
            assert run("--hints", "-", env=env, stdin=file).stdout == done.stdout
        objects = [json.loads(line) for line in run("--hints", "-j", names, env=env).stdout.splitlines()]
        assert len(objects) == 4, objects
        assert objects[0]["place"]["country"] == "DE", objects[0]
        assert objects[0]["interface"] == {"token": "xe-1-2-3", "type": "10GE", "speed_mbps": 10000,
                                           "vendor": "juniper", "slot": "1"}, objects[0]
        assert objects[1] == {"hostname": ""}, objects[1]
        refused(3, "cannot read", "--hints", os.path.join(where, "none"), env=env)
        with open("/dev/full", "w", encoding="ascii") as full:
            refused(3, "cannot write to the output", "--hints", names, env=env, stdout=full)


def test_hints_of_the_user_come_first():
    with tempfile.TemporaryDirectory() as where:
        env = without_rows_of_ours(where)
        rows = os.path.join(where, "thrupath", "hints.d")
        os.makedirs(rows)
        with open(os.path.join(rows, "mine.tsv"), "w", encoding="ascii") as file:
            file.write("# mine\nk\tturning\tcustom\tMalmo\tSE\t\texample.net\n")
        done = run("--hints", env=env, input="cr1.turning2.example.net\n")
        assert "\tMalmo\tSE\t" in done.stdout, done.stdout
        with open(os.path.join(rows, "other.tsv"), "w", encoding="ascii") as file:
            file.write("what is this\n")
        refused(3, "other.tsv: line 1 is malformed", "--hints", env=env)


run_tests(globals())
