#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What thrupath costs and how exact it is, beside its peers in the same run.

bench.py BUILD_DIR SOURCE_DIR [--long]    as root; needs mtr, fping, traceroute, clang and tc.
Prints one line a figure; what could not be measured says why. `--long` adds 10^7 probes."""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PATH = "10.0.1.2,10.0.12.2,10.0.23.2,10.0.34.2"
REFLECTED = "10.9.0.2,10.9.0.3,10.9.0.4,10.9.0.5"


def say(name, text):
    print(f"{name:<28} {text}", flush=True)


def output(command, timeout=300, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=timeout, check=True, **more).stdout


def bench_cpu(build, source):
    out = output([f"{build}/tests/lab/labnet", f"{source}/tests/bench/four.scn", "--",
                  "python3", f"{source}/tests/bench/cpu_child.py", f"{build}/thrupath", "400",
                  PATH])
    results = json.loads(out)
    cost = {}
    for name, runs in results.items():
        each = [cpu * 1e6 / answered for answered, cpu in runs]
        cost[name] = statistics.median(each)
        say(f"cpu/answer {name}", f"{cost[name]:.1f} us  (runs: "
            + ", ".join(f"{c:.1f}" for c in each) + ")")
    for peer in cost:
        if not peer.startswith("thrupath"):
            say(f"cpu ratio to {peer}", f"{cost['thrupath'] / cost[peer]:.3f}, with the helper "
                f"between {cost['thrupath, helper'] / cost[peer]:.3f}")
    say("  how", "20 rounds/s, 4 hops, kernel lab, user+sys of all processes; bar: 0.5 of mtr")


def resident(pid):
    """Resident kB of the process, and of that what is the capture's ring."""
    whole = ring = 0
    in_ring = False
    with open(f"/proc/{pid}/smaps", encoding="ascii") as smaps:
        for line in smaps:
            if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
                in_ring = "socket:" in line
            elif line.startswith("Rss:"):
                kilobytes = int(line.split()[1])
                whole += kilobytes
                ring += kilobytes if in_ring else 0
    return whole, ring


class Reflector:
    """A veth whose far end sends every boomerang back from tc-bpf."""

    def __init__(self, source, directory):
        self.object = f"{directory}/reflect.o"
        output(["clang", "-O2", "-g", "-target", "bpf", "-I",
                f"/usr/include/{os.uname().machine}-linux-gnu", "-c",
                f"{source}/tests/bench/reflect.bpf.c", "-o", self.object])
        self.near = self.holder()
        self.far = self.holder()
        self.at(self.near, f"ip link set lo up; ip link add v0 type veth peer name v1; "
                f"ip link set v1 netns {self.far.pid}; ip addr add 10.9.0.1/24 dev v0; "
                f"ip link set v0 up")
        link = self.at(self.far, "ip link set v1 up; tc qdisc add dev v1 clsact; "
                       f"tc filter add dev v1 ingress bpf da obj {self.object} sec tc; "
                       "ip -o link show v1")
        mac = re.search(r"ether (\S+)", link).group(1)
        for host in range(2, 6):
            self.at(self.near, f"ip neigh add 10.9.0.{host} lladdr {mac} dev v0 nud permanent")

    @staticmethod
    def holder():
        """A process that keeps a network namespace until its input is closed."""
        process = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo ready; exec cat"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        return process

    @staticmethod
    def at(holder, script):
        return output(["nsenter", "-t", str(holder.pid), "-n", "sh", "-ec", script])

    def run(self, program, rate, seconds, helper="none"):
        """The program at `rate` probes a second; its JSON, CPU seconds, resident kB over time."""
        interval = 4 / rate
        with tempfile.TemporaryFile("w+") as out:
            process = subprocess.Popen(
                ["nsenter", "-t", str(self.near.pid), "-n", program, "-j", "-n", "--no-to",
                 "-i", f"{interval:.9f}", "-c", str(int(seconds / interval)), "--max-rate",
                 "100000", "--path", REFLECTED], stdout=out, stderr=subprocess.PIPE,
                env=dict(os.environ, THRUPATH_PACKET=helper))
            sizes = []

            def watch():
                while process.poll() is None:
                    try:
                        sizes.append(resident(process.pid))
                    except OSError:
                        return
                    time.sleep(0.5)

            watcher = threading.Thread(target=watch)
            started = time.monotonic()
            watcher.start()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - started
            process.returncode = status
            watcher.join()
            out.seek(0)
            return json.load(out)["report"]["thrupath"], usage.ru_utime + usage.ru_stime, sizes, wall

    def close(self):
        for holder in (self.near, self.far):
            holder.stdin.close()
            holder.wait()


def bench_rate(build, source, is_long):
    with tempfile.TemporaryDirectory() as directory:
        try:
            reflector = Reflector(source, directory)
        except (OSError, subprocess.CalledProcessError) as error:
            say("rate", f"not measured: {error}")
            return
        best = None
        for rate in (20000, 40000, 60000, 80000, 88000):
            report, cpu, sizes, wall = reflector.run(f"{build}/thrupath", rate, 10)
            sent = sum(h["through"]["sent"] for h in report["hops"])
            received = sum(h["through"]["received"] for h in report["hops"])
            local = report["local"]
            # Starting and draining take about a second more than the rounds.
            is_held = (received == sent and local["rx_dropped"] == 0 and local["send_errors"] == 0
                       and sent >= rate * 9.9 and wall < 12)
            size, ring = max(sizes)
            say(f"rate {rate}/s for 10 s", f"{'held' if is_held else 'NOT held'}: {sent} sent, "
                f"{received} back, {local['rx_dropped']} dropped here, "
                f"{cpu * 1e6 / sent:.2f} us a probe, resident {(size - ring) / 1024:.1f} MB "
                f"+ ring {ring / 1024:.1f} MB")
            best = rate if is_held else best
        say("highest rate held", f"{best}/s; bar: 80000/s at 8 us, 16 MB without the ring")
        for rate in (20000, 80000):
            report, cpu, sizes, wall = reflector.run(f"{build}/thrupath", rate, 10,
                                                     f"{build}/thrupath-packet")
            sent = sum(h["through"]["sent"] for h in report["hops"])
            received = sum(h["through"]["received"] for h in report["hops"])
            say(f"by the helper, {rate}/s", f"{sent} sent, {received} back, "
                f"{cpu * 1e6 / sent:.2f} us a probe of both processes; bar: 12")
        if is_long:
            report, cpu, sizes, wall = reflector.run(f"{build}/thrupath", 80000, 125)
            sent = sum(h["through"]["sent"] for h in report["hops"])
            plain = [(whole - ring) / 1024 for whole, ring in sizes]
            say("memory over 10^7 probes", f"{sent} sent, {plain[len(plain) // 10]:.1f} MB after a "
                f"tenth, {plain[-2]:.1f} MB at the end, {report['local']['rx_dropped']} dropped, "
                f"{cpu * 1e6 / sent:.2f} us a probe")
        reflector.close()


def bench_rtt(build, source):
    got = json.loads(output([f"{build}/tests/bench/rtt_error", f"{source}/tests/bench/four.scn",
                             "20"]))
    say("rtt error, 1000 probes/s", f"median {got['median_us']} us, 99 % {got['p99_us']} us, worst "
        f"{got['max_us']} us of {got['compared']}; bar: 30 and 200 us")


def bench_virtual(build):
    got = json.loads(output([f"{build}/tests/bench/bench_engine"]))
    say("virtual time", f"{got['probes']} probes in {got['seconds']} s; bar: 10 s")
    say("findings of 30 hops, all walks", f"{got['diag_ms']:.3f} ms a round; bar: 1 ms")


def timed(command):
    started = time.monotonic()
    out = output(command)
    return time.monotonic() - started, out


def bench_discovery(build, source):
    lab = [f"{build}/tests/lab/labnet", f"{source}/data/demo/silent15.scn", "--"]
    found = [json.loads(output(lab + [f"{build}/thrupath", "-j", "-n", "-c", "3", "10.0.15.3"]))
             ["report"]["thrupath"] for _ in range(3)]
    trip = statistics.median(f["hops"][14]["to"]["best"] for f in found)
    ours = [f["discovery_ms"] for f in found]
    say("discovery thrupath", ", ".join(f"{ms:.0f}" for ms in ours) + f" ms; round trip {trip:.0f} "
        f"ms, bar {1.5 * trip:.0f} ms")
    empty, _ = timed(lab + ["true"])
    for name, command in (("traceroute", ["traceroute", "-n", "10.0.15.3"]),
                          ("mtr, one round", ["mtr", "-n", "-r", "-c", "1", "10.0.15.3"])):
        seconds, _ = timed(lab + command)
        say(f"discovery {name}", f"{(seconds - empty) * 1e3:.0f} ms")


def bench_screen(build, source):
    got = json.loads(output([f"{build}/tests/lab/labnet", f"{source}/data/demo/silent15.scn",
                             "--", "python3", f"{source}/tests/bench/screen_bytes.py",
                             f"{build}/thrupath", "10.0.15.3"]))
    for name, count in got.items():
        say(f"screen {name}", f"{count:.0f} bytes a round of 1 s, 15 hops, 80x24")


def main():
    build, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    is_long = "--long" in sys.argv
    if os.geteuid() != 0:
        sys.exit("bench: needs root, for its network namespaces")
    bench_virtual(build)
    bench_rtt(build, source)
    bench_cpu(build, source)
    bench_rate(build, source, is_long)
    bench_discovery(build, source)
    bench_screen(build, source)


if __name__ == "__main__":
    main()
