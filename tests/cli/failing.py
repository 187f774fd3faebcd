# SPDX-License-Identifier: GPL-3.0-or-later
"""The n-th call of a system function fails, for every n of a run with a report, a recording, metrics
and a hook, and of a replay: each ends with its sentence and status, none crashes or hangs.
failing.py PROGRAM SHIM; THRUPATH_LONG=1 leaves out none."""
import errno
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from taptests import run_tests  # noqa: E402

PROGRAM, SHIM = (os.path.abspath(word) for word in sys.argv[1:3])
MOST = 100000 if os.environ.get("THRUPATH_LONG") else 60
TROUBLES = {
    "open": errno.EMFILE, "read": errno.EIO, "write": errno.ENOSPC, "malloc": errno.ENOMEM,
    "ppoll": errno.EINVAL, "lstat": errno.EIO, "rename": errno.EIO, "unlink": errno.EIO,
    "posix_spawnp": errno.EAGAIN, "sigaction": errno.EINVAL, "fsync": errno.EIO,
    "socket": errno.EMFILE, "getentropy": errno.EIO, "fchmod": errno.EPERM,
}
SCENARIO = """prober A 10.0.1.1
router R1 10.0.1.2
router R2 10.0.2.3
host D 10.0.3.3 decap yes
link A-R1 delay 1ms
link R1-R2 delay 5ms
link R2-D delay 10ms loss 20%
run 2s path R1,R2,D every 100ms
"""


def run(where, call, at, words):
    env = {name: value for name, value in os.environ.items() if not name.startswith("THRUPATH")}
    env.update(LD_PRELOAD=SHIM, FAIL_CALL=call, FAIL_AT=str(at), FAIL_ERRNO=str(TROUBLES[call]),
               FAIL_COUNT=os.path.join(where, "count"), HOME=where)
    return subprocess.run([PROGRAM, *words], cwd=where, env=env, timeout=60, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, errors="replace")


def try_each(words, least):
    injected = 0
    with tempfile.TemporaryDirectory() as where:
        os.chmod(where, 0o777)  # as root a replay goes on as nobody
        with open(os.path.join(where, "net.scn"), "w", encoding="ascii") as file:
            file.write(SCENARIO)
        for call in TROUBLES:
            whole = run(where, call, 0, words)
            assert whole.returncode in (0, 1), (call, whole)
            with open(os.path.join(where, "count"), encoding="ascii") as file:
                count = int(file.read())
            step = max(1, -(-count // MOST))
            for at in range(1, count + 1, step):
                done = run(where, call, at, words)
                told = done.stderr.splitlines()
                assert done.returncode in (0, 1, 3), "%s %d: status %d %s" % (
                    call, at, done.returncode, told)
                assert done.returncode != 3 or any(
                    line.startswith("thrupath: ") for line in told), (call, at, told)
                injected += 1
    print("# %d calls failed" % injected)
    assert injected >= least, injected


def test_a_run_with_all_its_files():
    try_each(("--simulate", "net.scn", "-r", "-c", "20", "--record", "run", "--metrics", "m.prom",
              "--on-finding", "true"), 100)


def test_a_replay_in_json():
    with tempfile.TemporaryDirectory() as where:
        scenario = os.path.join(where, "net.scn")
        with open(scenario, "w", encoding="ascii") as file:
            file.write(SCENARIO)
        recording = os.path.join(where, "run")
        subprocess.run([PROGRAM, "--simulate", scenario, "-r", "-c", "20", "--record", recording],
                       check=True, stdout=subprocess.DEVNULL)
        os.chmod(where, 0o755)
        os.chmod(recording, 0o644)
        try_each(("--replay", recording, "-j"), 50)


run_tests(globals())
