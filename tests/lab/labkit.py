# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cases of lab_test.py share: running something in a lab, reading what came of it,
and reporting in TAP."""
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get('top_builddir', os.path.join(TOP, 'build'))
PROGRAM = os.path.join(BUILD, 'thrupath')
LABNET = os.path.join(BUILD, 'tests', 'lab', 'labnet')
FLOOD = os.path.join(BUILD, 'tests', 'lab', 'flood')
SIM_REPORT = os.path.join(BUILD, 'tests', 'sim', 'sim_report')
IS_LONG = bool(os.environ.get('THRUPATH_LONG'))

CLEAN = '''prober A 10.0.1.1
router R1 10.0.1.2
router R2 10.0.2.3
host D 10.0.3.3 decap yes
link A-R1 delay 1ms
link R1-R2 delay 5ms
link R2-D delay 10ms
'''
CLEAN_PATH = '10.0.1.2,10.0.2.3,10.0.3.3'
CLEAN_RTT = (2, 12, 32)


def need_lab(tools):
    """Ends the test when there can be no lab here."""
    missing = [tool for tool in (PROGRAM, LABNET, FLOOD, SIM_REPORT) if not os.access(tool, os.X_OK)]
    missing += [tool for tool in tools
                if subprocess.run(['sh', '-c', 'command -v ' + tool], check=False,
                                  stdout=subprocess.DEVNULL).returncode != 0]
    reason = 'not root' if os.geteuid() != 0 else \
        'no ' + ', '.join(missing) if missing else \
        'no /dev/net/tun' if not os.path.exists('/dev/net/tun') else None
    if reason is None:
        return
    if os.environ.get('REQUIRE_LAB') == '1':
        print('Bail out! REQUIRE_LAB: ' + reason)
        sys.exit(1)
    print('1..0 # SKIP ' + reason)
    sys.exit(0)  # the TAP driver takes any other status for a failure


def quote(*words):
    return ' '.join(shlex.quote(str(word)) for word in words)


class Result:
    """What a command in the lab left behind."""

    def __init__(self, status, stdout, stderr, truth):
        self.status, self.stdout, self.stderr, self.truth = status, stdout, stderr, truth

    def report(self):
        return json.loads(self.stdout)['report']['thrupath']

    def wire_loss(self, start, end):
        sent, lost = self.truth[(start, end)]
        return lost / sent


class Lab:
    """A directory of one case, and commands in labs whose files live there."""

    def __init__(self, case):
        self.case = case
        self.dir = tempfile.TemporaryDirectory(prefix='thrupath-lab-')
        os.chmod(self.dir.name, 0o777)  # as root the program goes on as nobody

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def scenario(self, text):
        with open(self.path('test.scn'), 'w', encoding='ascii') as file:
            file.write(text)
        return self.path('test.scn')

    def read_json(self, name):
        with open(self.path(name), encoding='ascii') as file:
            return json.load(file)

    def run(self, scenario, *command, at=None, timeout=100):
        truth = self.path('truth')
        argv = [LABNET, scenario, '--truth', truth] + list(at or [])
        done = subprocess.run(argv + ['--'] + list(command), check=False, timeout=timeout,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return Result(done.returncode, done.stdout, done.stderr, self.read_truth(truth))

    def shell(self, scenario, script, **options):
        return self.run(scenario, 'sh', '-c', script, **options)

    @staticmethod
    def read_truth(name):
        wires = {}
        if os.path.exists(name):
            with open(name, encoding='ascii') as file:
                for line in file:
                    start, end, sent, lost = line.split()
                    wires[(start, end)] = (int(sent), int(lost))
        return wires


def scenario_file(*parts):
    return os.path.join(TOP, *parts)


def jobs_scenario(family):
    """A chain of four whose answers go home by another router; and how its addresses look."""
    form = {4: '10.0.%d.%d', 6: '2001:db8:%d::%d'}[family]
    text = 'prober A %s\n' % (form % (1, 1))
    text += ''.join('router R%d %s\n' % (k, form % (k, 2)) for k in (1, 2, 3, 4))
    text += 'router X9 %s\n' % (form % (9, 2))
    for left, right, net, delay in (('A', 'R1', 1, 1), ('R1', 'R2', 2, 2), ('R2', 'R3', 3, 3),
                                    ('R3', 'R4', 4, 1), ('R3', 'X9', 9, 2), ('X9', 'R1', 8, 2)):
        text += 'link %s-%s %s/%s delay %dms\n' % (left, right, form % (net, 1), form % (net, 2),
                                                  delay)
    return text + 'route R3 to A via X9\n', form


def thrupath(*options, program=PROGRAM):
    """The words of a JSON report; THRUPATH_OPTIONS must not disturb."""
    return ['env', '-u', 'THRUPATH_OPTIONS', program, '-j', '-n'] + [str(word) for word in options]


class Case:
    """One line of TAP and the notes above it; printed at once, for cases run side by side."""

    lock = threading.Lock()
    count = failed = 0

    def __init__(self, name, todo=None):
        self.name, self.todo, self.notes, self.is_ok = name, todo, [], True
        self.lab = Lab(self)

    def note(self, text):
        self.notes.append('# ' + text)

    def check(self, claim, text):
        self.note(('' if claim else 'FAILED: ') + text)
        self.is_ok = self.is_ok and bool(claim)

    def run(self, function):
        try:
            function(self, self.lab)
        except Exception as error:  # pylint: disable=broad-except
            self.check(False, '%s: %s' % (type(error).__name__, str(error).replace('\n', ' | ')))
        self.lab.dir.cleanup()
        with Case.lock:
            Case.count += 1
            Case.failed += not self.is_ok and self.todo is None
            print('\n'.join(self.notes))
            print('%sok %d - %s%s' % ('' if self.is_ok else 'not ', Case.count, self.name,
                                      ' # TODO ' + self.todo if self.todo else ''), flush=True)
