#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""thrupath-packet between the program and the kernel lab: privileges of both processes, and what
becomes of a run whose helper dies, stops or talks nonsense. Needs root and --enable-test-helper."""
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import termios
import threading

from helperkit import HELPER, NOBODY, Nest
from labkit import (BUILD, CLEAN, CLEAN_PATH, Case, LABNET, PROGRAM, jobs_scenario, need_lab, quote,
                    thrupath)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'term'))
from vtsession import VtSession  # noqa: E402 pylint: disable=C0413

# Waits for the helper of $pid, and until it serves (no_new_privs and no capability).
WAIT = '''
turns=0
until helper=$(cat /proc/$pid/task/$pid/children) && [ -n "$helper" ] &&
	grep -q '^NoNewPrivs:.1' /proc/${helper% }/status &&
	grep -q '^CapPrm:.0000000000000000' /proc/${helper% }/status &&
	[ -s "$ready" ]; do
	turns=$((turns + 1))
	[ $turns -lt 2000 ] || { echo "no helper"; kill $pid; break; }
	[ -s "$ready" ] || ! grep -q '^Seccomp:.2' /proc/${helper% }/status || echo yes >"$ready"
done
helper=${helper% }
'''

NEST = None


def words(*options):
    return thrupath('--path', CLEAN_PATH, *options, program=NEST.program)


def status_of(text, process):
    found = {}
    for line in text.splitlines():
        name, _, rest = line.partition(' ')
        if name == process:
            key, _, value = rest.partition(':')
            found[key] = value.split()
    return found


def watched(lab, helper, command, then, afterwards=''):
    """The command behind `helper`; `then` is run while both live. Result, with the states of
    both processes in stdout and the command's output and status in files."""
    script = 'export THRUPATH_PACKET=%s; ready=%s; ' % (helper, lab.path('ready'))
    script += '%s >%s 2>%s & pid=$!\n' % (quote(*command), lab.path('out'), lab.path('err'))
    script += WAIT
    script += 'sed "s/^/main /" /proc/$pid/status; sed "s/^/helper /" /proc/$helper/status\n'
    script += then + '\nwait $pid; status=$?\n' + afterwards + '\necho "exit $status"\n'
    done = lab.shell(lab.scenario(CLEAN), script, timeout=60)
    with open(lab.path('err'), encoding='utf-8') as file:
        done.errors = file.read()
    done.exit = int(status_of(done.stdout + '\n', 'exit') and
                    done.stdout.rsplit('exit ', 1)[1] or -1)
    return done


def check_bare(case, done, process, sets=('CapInh', 'CapPrm', 'CapEff', 'CapAmb')):
    state = status_of(done.stdout, process)
    for name in sets:
        case.check(int(state.get(name, ['1'])[0], 16) == 0, '%s: %s %s' % (
            process, name, state.get(name)))


def check_all_home(case, lab):
    report = lab.read_json('out')['report']['thrupath']
    for hop in report['hops']:
        for kind in ('through', 'to'):
            stats = hop[kind]
            case.check(stats['received'] == stats['sent'] >= 10, 'hop %d %s: %d of %d' % (
                hop['hop'], kind, stats['received'], stats['sent']))
    case.check(report['local']['rx_dropped'] == report['local']['send_errors'] == 0,
               'nothing was lost or refused here')


def as_user(case, lab):
    helper = NEST.copy()
    done = watched(lab, helper, NOBODY + words('-i', .1, '-c', 12), '')
    case.check(done.exit == 0, 'status %d %s' % (done.exit, done.errors))
    check_all_home(case, lab)
    check_bare(case, done, 'main')
    check_bare(case, done, 'helper')
    state = status_of(done.stdout, 'helper')
    case.check(state['Uid'] == ['65534'] * 4, 'helper: Uid %s' % state['Uid'])
    case.check(state['Seccomp'] == ['2'], 'helper: Seccomp %s' % state['Seccomp'])


def carriers(case, lab):
    """Every kind of ordinary packet, and every flow, is within the helper's policy."""
    text = lab.scenario(CLEAN.replace('10.0.3.3 decap yes', '10.0.3.3 decap refused'))
    for carrier in ([], ['-u'], ['-T'], ['-T', '-P', '443', '-L', '65500']):
        done = lab.run(text, 'env', 'THRUPATH_PACKET=' + HELPER, *thrupath(
            '-i', .05, '-c', 70, '--flows', 64, *carrier, '10.0.3.3'))
        report = done.report()
        case.check(report['local']['send_errors'] == 0, '%s: %s' % (carrier, report['local']))
        end = report['hops'][-1]
        case.check(end['through']['received'] == end['to']['received'] ==
                   70 - report['local']['void_rounds'], '%s: through %d, to %d, last leg %s' % (
                       carrier, end['through']['received'], end['to']['received'],
                       end.get('last_leg')))


def as_root(case, lab):
    done = watched(lab, HELPER, words('-i', .1, '-c', 12), '')
    case.check(done.exit == 0, 'status %d %s' % (done.exit, done.errors))
    check_all_home(case, lab)
    check_bare(case, done, 'main')
    check_bare(case, done, 'helper', ('CapInh', 'CapPrm', 'CapEff', 'CapAmb', 'CapBnd'))
    state = status_of(done.stdout, 'helper')
    case.check(state['Uid'] == ['65534'] * 4, 'helper: Uid %s' % state['Uid'])
    case.check(state['Groups'] == [], 'helper: Groups %s' % state['Groups'])


def check_end(case, done, text, status=3):
    lines = done.errors.splitlines()
    case.check(done.exit == status and len(lines) == 1 and text in lines[0],
               'status %d, %s' % (done.exit, lines))


def killed(case, lab):
    done = watched(lab, HELPER, words('-i', .1, '-c', 1000), 'kill -KILL $helper')
    check_end(case, done, 'thrupath-packet exited unexpectedly')
    case.check('hops' in lab.read_json('out')['report']['thrupath'], 'what there was is printed')


def stopped(case, lab):
    done = watched(lab, HELPER, words('-i', .1, '-c', 1000), 'kill -STOP $helper',
                   '[ -e /proc/$helper ] || echo gone')
    case.check('\ngone\n' in done.stdout, 'it is not left behind')
    check_end(case, done, 'no response from thrupath-packet for 3 seconds')
    case.check('hops' in lab.read_json('out')['report']['thrupath'], 'what there was is printed')


def ends_with_us(case, lab):
    then = 'kill -KILL $pid; timeout 5 tail --pid=$helper -f /dev/null; echo gone $?'
    done = watched(lab, HELPER, words('-i', .1, '-c', 1000), then)
    case.check('\ngone 0\n' in done.stdout, 'the helper ends when thrupath is killed')


def run_with(lab, helper, prefix=()):
    script = 'THRUPATH_PACKET=%s %s' % (helper, quote(*prefix, *words('-c', 100, '-i', .1)))
    done = lab.shell(lab.scenario(CLEAN), script, timeout=60)
    done.exit, done.errors = done.status, done.stderr
    return done


# The version in the greeting is the one to answer with.
READY = 'pair.send(bytes([6, hello[1], 15, 161]))'
FAKES = (
    ('ends', 'sys.exit(1)', 'exited at once'),
    ('babbles', r'pair.send(b"\xff" * 200)', 'not from this version'),
    ('newer', 'pair.send(bytes([6, hello[1] + 1, 15, 161]))', 'not from this version'),
    ('refuses', r'pair.send(b"\7\6\3\x1b[m")', 'thrupath-packet: ?[m'),
    ('garbles', READY + '; pair.recv(65536); ' + r'pair.send(b"\xff" * 200); pair.recv(1)',
     'an invalid message'),
    ('overlong', READY + '; pair.recv(65536); ' + r'pair.send(bytes([10]) * 60000); pair.recv(1)',
     'an invalid message'),
    ('half', READY + '; pair.recv(65536); ' + r'pair.send(b"\x08\0\0"); pair.recv(1)',
     'an invalid message'),
    ('leaves', READY + '; pair.recv(65536)', 'exited unexpectedly'),
)


def fakes(case, lab):
    for name, body, text in FAKES:
        case.note(name)
        check_end(case, run_with(lab, NEST.fake(name, body)), text)


def without(case, lab):
    check_end(case, run_with(lab, '/nonexistent', NOBODY), 'install /nonexistent')
    bare = NEST.fake('bare', '')
    shutil.copy(HELPER, bare)
    check_end(case, run_with(lab, bare, NOBODY), 'setcap cap_net_raw+ep')
    # What a capability on the file would not mend gets no advice to set one.
    fit = NEST.copy()
    withheld = ['--bounding-set=-net_raw', '--inh-caps=-net_raw']
    nosuid = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,nosuid '
              '"$0" && exec "$@"', NEST.dir]
    for prefix, text in ((NOBODY + ['--no-new-privs'], 'no_new_privs'),
                         (nosuid + NOBODY, 'nosuid'),
                         (NOBODY + withheld, 'needs the capability NET_RAW'),
                         (['setpriv'] + withheld, 'needs the capability NET_RAW')):
        case.note(text)
        check_end(case, run_with(lab, fit, prefix), text)
    check_end(case, run_with(lab, '/nonexistent', ['setpriv'] + withheld), 'even to root')
    # Nor does what else is refused.
    low = quote('env', 'THRUPATH_PACKET=' + fit, *NOBODY, *words('-c', 1, '-u', '-L', 80))
    done = lab.shell(lab.scenario(CLEAN), low, timeout=60)
    done.exit, done.errors = done.status, done.stderr
    check_end(case, done, "source ports below 1024 are reserved for root")


def screen(case, lab):
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    command = quote('env', '-u', 'THRUPATH_OPTIONS', PROGRAM, '-n', '--path', CLEAN_PATH)
    # The shell becomes the program; who waits for the helper is a child of that as well.
    script = 'export THRUPATH_PACKET=%s TERM=xterm; ready=%s pid=$$; (exec </dev/null >%s 2>&1\n' % (
        HELPER, lab.path('ready'), lab.path('out'))
    script += WAIT.replace('children)', 'children | cut -sd" " -f2)')
    script += 'kill -KILL $helper) & exec %s' % command
    with subprocess.Popen([LABNET, lab.scenario(CLEAN), '--', 'sh', '-c', script], stdin=slave,
                          stdout=slave, stderr=slave) as process:
        shown = []

        def read():
            while True:
                try:
                    shown.append(os.read(master, 65536))
                except OSError:
                    return

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        status = process.wait(timeout=30)
        after = termios.tcgetattr(slave)
        os.close(slave)
        reader.join(5)
    text = b''.join(shown)
    last = text.rsplit(b'\x1b[?1049l', 1)
    case.check(status == 3, 'status %d' % status)
    case.check(after == before, 'the terminal is as it was')
    case.check(len(last) == 2 and b'HOST: ' in last[1] and b'10.0.3.3' in last[1],
               'what was measured stands there')
    case.check(len(last) == 2 and b'thrupath-packet exited unexpectedly' in last[1],
               'the line stands below the screen that was left: %r' % text[-120:])


def switched(case, lab):
    """On the screen To probes turn to another kind by key; the helper lets each out and in."""
    vtscreen = os.path.join(BUILD, 'tests', 'term', 'vtscreen')
    if not os.access(vtscreen, os.X_OK):
        case.check(True, 'no libvterm')
        return
    words_before = [LABNET, lab.scenario(CLEAN), '--', 'env', '-u', 'THRUPATH_OPTIONS',
                    'THRUPATH_PACKET=' + HELPER, 'LC_ALL=C.UTF-8', PROGRAM]
    session = VtSession(vtscreen, words_before + ['-n', '-i', '0.2', '--path', CLEAN_PATH], 24, 120,
                        cwd=os.path.dirname(lab.path('out')))
    session.see(r'round [1-9]')
    for key, kind in (('u', 'udp'), ('t', 'tcp'), ('t', 'echo'), ('t', 'tcp'), ('u', 'udp')):
        session.key(key.encode())
        session.see(r'To probes are %s' % {'echo': 'echo requests'}.get(kind, kind.upper()))
        session.see(r'round (1[0-9]|[6-9]) ')
        session.key(b'S\x15%s.json\r' % key.encode())
        session.see(r'Report written')
        with open(lab.path(key + '.json'), encoding='utf-8') as file:
            report = json.load(file)['report']['thrupath']
        os.rename(lab.path(key + '.json'), lab.path('%s-%s.json' % (kind, key)))
        local = report['local']
        case.check(local['send_errors'] == 0 and local['forged'] == 0, '%s: %s' % (kind, local))
        for hop in report['hops'][:2]:
            case.check(hop['to']['received'] >= 4 and hop['to']['received'] == hop['to']['resolved'],
                       '%s to hop %d: %d of %d' % (kind, hop['hop'], hop['to']['received'],
                                                   hop['to']['resolved']))
    session.key(b'q')
    case.check(session.end() == (0, True), 'the terminal is as it was')


def by_hand(case, lab):
    done = subprocess.run([HELPER], check=False, capture_output=True, timeout=10, text=True)
    case.check(done.returncode == 2 and done.stderr.count('\n') == 1, done.stderr.strip())
    done = subprocess.run([HELPER, '-x'], check=False, capture_output=True, timeout=10)
    case.check(done.returncode == 2, 'it takes no options')


def recorded(case, lab):
    """Packets and all; To probes by UDP pass the helper's policy as well."""
    for options in ((), ('-u',)):
        done = watched(lab, HELPER, words('-i', .1, '-c', 12, '--record', lab.path('run'),
                                          *options), '')
        case.check(done.exit == 0, 'status %d %s' % (done.exit, done.errors))
        check_all_home(case, lab)
        again = lab.shell(lab.scenario(CLEAN), quote(
            PROGRAM, '-j', '-n', '--replay', lab.path('run')), timeout=30)
        first = lab.read_json('out')['report']['thrupath']
        second = json.loads(again.stdout)['report']['thrupath']
        case.check(first['hops'] == second['hops'], 'the hops of the replay are the run\'s')
        os.unlink(lab.path('run'))


def over_ipv6(case, lab):
    """As a user; what it records is replayed."""
    text, form = jobs_scenario(6)
    path = ','.join(form % (k, 2) for k in (1, 2, 3, 4))
    os.chmod(lab.dir.name, 0o777)
    script = 'THRUPATH_PACKET=%s %s' % (NEST.copy(), quote(*NOBODY, *thrupath(
        '-i', .1, '-c', 12, '--record', lab.path('run'), '--path', path, program=NEST.program)))
    done = lab.shell(lab.scenario(text), script + '>%s' % lab.path('out'), timeout=60)
    case.check(done.status == 0, 'status %d %s' % (done.status, done.stderr))
    check_all_home(case, lab)
    again = lab.shell(lab.path('test.scn'), quote(PROGRAM, '-j', '-n', '--replay', lab.path('run')),
                      timeout=30)
    first = lab.read_json('out')['report']['thrupath']
    second = json.loads(again.stdout)['report']['thrupath']
    case.check(first['hops'] == second['hops'], 'the hops of the replay are the run\'s')


def bridged_by_helper(case, lab):
    """Of an address of which it knows nothing the helper lets no leg come."""
    script = 'THRUPATH_PACKET=%s %s' % (HELPER, quote(*thrupath(
        '-c', 3, '--path', '10.0.1.2+2001:db8:3::1,2001:db8:3::2')))
    done = lab.shell(lab.scenario(CLEAN), script, timeout=60)
    done.exit, done.errors = done.status, done.stderr
    check_end(case, done, 'needs IPv4 and IPv6 addresses')


# Hands the greeting on to the true helper, with 198.51.100.7 where our other address stands: behind
# tag, version, key and two addresses of 17 bytes.
LIAR = '''import os
hello = hello[:52] + bytes([4, 198, 51, 100, 7]) + hello[57:]
ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
if os.fork() == 0:
    os.dup2(its.fileno(), 3)
    os.execv('{0}', ['{0}'])
its.close()
ours.send(hello)
pair.send(ours.recv(65536))'''


def other_source(case, lab):
    """From another address of this host the helper sends, and from nobody else's."""
    scenario = lab.scenario(CLEAN + 'host B 10.0.8.1\nlink A-B\n')
    script = 'ip address add 10.0.8.1/32 dev lo; THRUPATH_PACKET=%s %s' % (HELPER, quote(*thrupath(
        '-i', .1, '-c', 12, '--also-source', '10.0.8.1', '--path', CLEAN_PATH)))
    done = lab.shell(scenario, script, timeout=60)
    report = done.report()
    case.check(report['local']['send_errors'] == 0 and
               any('no difference' in note for note in report['notes']), '%s' % report['notes'])
    check_end(case, run_with(lab, NEST.fake('liar', LIAR.format(HELPER))),
              'the source address is not one of this host')


CASES = (
    ('from another address of this host, and from nobody else\'s', other_source),
    ('as a user only the helper needs a capability', as_user),
    ('every carrier and every flow is allowed', carriers),
    ('as root both processes give up what they have', as_root),
    ('a killed helper is one line and status 3', killed),
    ('a stopped helper is one line and status 3', stopped),
    ('a helper ends with its thrupath', ends_with_us),
    ('a helper that talks nonsense is one line and status 3', fakes),
    ('without helper or capability the error says what to do', without),
    ('the terminal is sane after the death of the helper', screen),
    ('what is recorded behind the helper comes out again', recorded),
    ('as a user over IPv6 all comes home, and is replayed', over_ipv6),
    ('a bridge that the helper cannot know is one line and status 3', bridged_by_helper),
    ('another kind of To probe by key', switched),
    ('by hand it says what it is', by_hand),
)


def main():
    global NEST  # pylint: disable=global-statement
    need_lab(['setpriv', 'setcap'])
    with open(os.path.join(BUILD, 'config.h'), encoding='ascii') as file:
        if '#define TEST_HELPER 1' not in file.read():
            print('1..0 # SKIP not configured with --enable-test-helper')
            return
    NEST = Nest()
    chosen = [job for job in CASES if not sys.argv[1:] or any(w in job[0] for w in sys.argv[1:])]
    print('1..%d' % len(chosen))
    try:
        for name, function in chosen:
            Case(name).run(function)
    finally:
        NEST.remove()
    sys.exit(1 if Case.failed else 0)


main()
