#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as they are: several uplinks, rules, routes with an MTU of their own, interfaces and
addresses that come and go. The kernel's own devices in namespaces of this test alone; the program
with direct sockets and behind the helper, over IPv4 and IPv6. Needs root; the helper's cases need
--enable-test-helper. hosts_test.py [WORD...] runs only the cases whose names contain a word."""
import json
import os
import re
import subprocess
import sys

from labkit import BUILD, Case, PROGRAM, need_lab, quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'term'))
from vtsession import VtSession  # noqa: E402 pylint: disable=C0413

HELPER = os.path.join(os.path.abspath(BUILD), 'thrupath-packet')
FORMS = {4: '10.0.%d.%d', 6: '2001:db8:%d::%d'}

# The prober P has two uplinks, eth0 to R1 and eth1 to R9; both lead to D, which sends home to each
# of P's addresses by where it is.
NETWORK = '''set -e
mkdir -p /run/netns && mount -t tmpfs none /run/netns
for n in p r1 r9 d; do
	ip netns add $n
	ip -n $n link set lo up
	ip netns exec $n sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \\
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \\
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 net.ipv6.conf.default.accept_dad=0
done
add() { ip -n $1 addr add $2 dev $3 $nodad; }
# uplink ROUTER NUMBER DEVICE: from P to that router.
uplink() {
	ip -n p link add $3 type veth peer name north netns $1
	add p %(net)s$2%(host)s1/$mask $3; add $1 %(net)s$2%(host)s2/$mask north
	ip -n p link set $3 up; ip -n $1 link set north up
}
downlink() {
	ip -n $1 link add south type veth peer name $1 netns d
	add $1 %(net)s$2%(host)s1/$mask south; add d %(net)s$2%(host)s2/$mask $1
	ip -n $1 link set south up; ip -n d link set $1 up
	ip -n $1 route add %(end)s via %(net)s$2%(host)s2
	ip -n d route add %(net)s$3%(host)s0/$mask via %(net)s$2%(host)s1
}
uplink r1 1 eth0; uplink r9 9 eth1
add d %(end)s/$full lo
downlink r1 4 1; downlink r9 5 9
ip -n p route add default via %(net)s1%(host)s2
set +e
P() { ip netns exec p "$@"; }
# A new link is ready when the kernel has had time to say so.
P ping -n -c 1 -w 5 %(end)s >/dev/null
'''


def words(family):
    """What the network's script needs of a family, and what its addresses look like."""
    form = FORMS[family]
    values = {4: {'net': '10.0.', 'host': '.'}, 6: {'net': '2001:db8:', 'host': '::'}}[family]
    values['end'] = form % (7, 7)
    head = {4: 'nodad= mask=24 full=32 ip() { command ip -4 "$@"; }',
            6: 'nodad=nodad mask=64 full=128 ip() { command ip -6 "$@"; }'}[family]
    return head.replace(' ip()', '; ip()') + '\n' + NETWORK % values, form


def thrupath(family, *options):
    return quote('env', '-u', 'THRUPATH_OPTIONS', os.path.abspath(PROGRAM), '-j', '-n', '--no-through',
                 *options, FORMS[family] % (7, 7))


class Host:
    """One of the four ways to run each case: a family, with or without the helper."""

    def __init__(self, case, lab, family, is_helped):
        self.case, self.lab, self.family, self.is_helped = case, lab, family, is_helped
        self.setup, self.form = words(family)

    def run(self, script, name='out'):
        """The script within the network; `thrupath` words are run by P(). The report."""
        path = HELPER if self.is_helped else '/nonexistent'
        done = subprocess.run(
            ['unshare', '--net', '--mount', 'sh', '-c',
             'export THRUPATH_PACKET=%s; %s%s' % (path, self.setup, script)],
            check=False, timeout=60, capture_output=True, text=True)
        self.case.note('%s, %s' % ('IPv%d' % self.family, 'helper' if self.is_helped else 'direct'))
        if done.stderr:
            self.case.note('stderr: ' + done.stderr.strip().replace('\n', ' | '))
        self.status = done.returncode
        try:
            with open(self.lab.path(name), encoding='utf-8') as file:
                return json.load(file)['report']['thrupath']
        except (OSError, ValueError):
            return None

    def program(self, *options, name='out'):
        return 'P %s >%s' % (thrupath(self.family, *options), self.lab.path(name))


def four(function):
    def run(case, lab):
        with open(os.path.join(BUILD, 'config.h'), encoding='ascii') as file:
            ways = (False, True) if '#define TEST_HELPER 1' in file.read() else (False,)
        for family in (4, 6):
            for is_helped in ways:
                function(case, Host(case, lab, family, is_helped))
    return run


def addresses(report):
    return [hop.get('address') for hop in report['hops']]


def check_whole(case, report, least=3):
    for hop in report['hops']:
        stats = hop['to']
        case.check(stats['received'] == stats['sent'] >= least and stats['duplicate'] == 0,
                   'hop %d %s: %d of %d, %d twice' % (hop['hop'], hop.get('address'),
                                                     stats['received'], stats['sent'],
                                                     stats['duplicate']))


@four
def ruled(case, host):
    """-a ADDRESS: packets leave where the rule says, and so they are measured."""
    report = host.run('''ip -n p route add default via %(r9)s table 100
ip -n p rule add from %(source)s lookup 100
%(run)s''' % {'r9': host.form % (9, 2), 'source': host.form % (9, 1),
              'run': host.program('-c', 3, '-i', .1, '-a', host.form % (9, 1))})
    case.check(addresses(report) == [host.form % (9, 2), host.form % (7, 7)],
               'by the other uplink: %s' % addresses(report))
    check_whole(case, report)


@four
def marked(case, host):
    """-M MARK: source, interface and "is there a route" are those of the marked route."""
    report = host.run('''ip -n p route add default via %(r9)s table 100
ip -n p rule add fwmark 42 lookup 100
ip -n p route del default
%(run)s''' % {'r9': host.form % (9, 2), 'run': host.program('-c', 3, '-i', .1, '-M', 42)})
    case.check(report['source'] == host.form % (9, 1), 'source %s' % report['source'])
    case.check(addresses(report)[0] == host.form % (9, 2), '%s' % addresses(report))
    check_whole(case, report)


@four
def bound(case, host):
    """-I INTERFACE: by that one, although the default route is another's."""
    report = host.run('ip -n p route add default via %s metric 900 dev eth1\n%s' % (
        host.form % (9, 2), host.program('-c', 3, '-i', .1, '-I', 'eth1')))
    case.check(report['source'] == host.form % (9, 1), 'source %s' % report['source'])
    case.check(addresses(report)[0] == host.form % (9, 2), '%s' % addresses(report))
    check_whole(case, report)


@four
def elsewhere(case, host):
    """A source on lo, out by eth0, home by eth1: the replies count."""
    source = host.form % (3, 1)
    report = host.run('''add p %(source)s/$full lo
ip -n p route replace default via %(r1)s src %(source)s
ip -n r1 route add %(source)s via %(p1)s; ip -n r9 route add %(source)s via %(p9)s
ip -n d route add %(source)s via %(d9)s
%(run)s''' % {'source': source, 'r1': host.form % (1, 2), 'p1': host.form % (1, 1),
              'p9': host.form % (9, 1), 'd9': host.form % (5, 1),
              'run': host.program('-c', 5, '-i', .1, '--record', host.lab.path('run')) +
              '; status=$?; P %s >%s; exit $status' % (quote(
                  os.path.abspath(PROGRAM), '-j', '-n', '--replay', host.lab.path('run')),
                                                       host.lab.path('again'))})
    case.check(host.status == 0 and report['source'] == source, 'status %d' % host.status)
    told = findings(report, 'answers-elsewhere')
    for finding in told:
        case.note(finding['text'])
    case.check(len(told) == 1 and ' eth1' in told[0]['text'] and ' eth0' in told[0]['text'],
               'by which interface they come is told')
    with open(host.lab.path('again'), encoding='utf-8') as file:
        again = json.load(file)['report']['thrupath']
    os.unlink(host.lab.path('run'))
    case.check(findings(again, 'answers-elsewhere') == told, 'the replay is the run')
    check_whole(case, report, 5)


def findings(report, name):
    return [finding for finding in report['findings'] if finding['id'] == name]


def check_counted(case, report, rounds, least):
    """So many rounds counted at the end of the path, and no loss anywhere."""
    for hop in report['hops']:
        case.check(hop['to']['received'] == hop['to']['sent'],
                   'hop %d %s: %d of %d' % (hop['hop'], hop.get('address'), hop['to']['received'],
                                            hop['to']['sent']))
    end = report['hops'][-1]['to']
    case.check(end['sent'] >= least and end['sent'] + report['local']['void_rounds'] == rounds,
               '%d of %d rounds counted, %s' % (end['sent'], rounds, report['local']))


@four
def moves(case, host):
    """The interface made again, another address, another uplink; a replay has it all."""
    script = host.program('-c', 100, '-i', .1, '--record', host.lab.path('run')) + """ & pid=$!
sleep 2; ip -n p link del eth0; uplink r1 1 eth0; ip -n p route add default via %(r1)s
ip -n r1 route replace default via %(r1d)s
sleep 2; ip -n p addr del %(source)s/$mask dev eth0; add p %(other)s/$mask eth0
ip -n p route replace default via %(r1)s
sleep 2; ip -n p route replace default via %(r9)s; wait $pid; echo $? >%(status)s
P %(replay)s >%(again)s"""
    report = host.run(script % {
        'r1': host.form % (1, 2), 'r9': host.form % (9, 2), 'source': host.form % (1, 1),
        'other': host.form % (1, 77), 'r1d': host.form % (4, 2), 'status': host.lab.path('status'),
        'again': host.lab.path('again'),
        'replay': quote(os.path.abspath(PROGRAM), '-j', '-n', '--replay', host.lab.path('run'))})
    # Of IPv6 the kernel takes up to a second until a new link is ready.
    check_counted(case, report, 100, 80 if host.family == 4 else 70)
    for finding in findings(report, 'moved'):
        case.note(finding['text'])
    # While IPv6's address is being replaced, the other uplink's may serve for a moment.
    told = [finding['evidence']['moves'] for finding in findings(report, 'moved')]
    case.check(len(told) == 1 and told[0] >= 3, 'three moves are told: %s' % told)
    case.check(report['source'] == host.form % (9, 1), 'source %s' % report['source'])
    with open(host.lab.path('again'), encoding='utf-8') as file:
        again = json.load(file)['report']['thrupath']
    os.unlink(host.lab.path('run'))
    case.check(again['hops'] == report['hops'] and again['source'] == report['source'] and
               findings(again, 'moved') == findings(report, 'moved'), 'the replay is the run')


def returns(case, lab):
    """This host's address of the family that only the end is of goes, and comes back."""
    host = Host(case, lab, 6, False)
    report = host.run('''command ip -n p addr add 10.0.1.1/24 dev eth0
command ip -n r1 addr add 10.0.1.2/24 dev north
P env -u THRUPATH_OPTIONS %s -j -n -c 60 -i .1 --no-through --path 10.0.1.2+%s,%s >%s & pid=$!
sleep 2; ip -n p route del default; ip -n p addr del 2001:db8:1::1/64 dev eth0
sleep 1; add p 2001:db8:1::1/64 eth0; ip -n p route add default via 2001:db8:1::2; wait $pid''' % (
    os.path.abspath(PROGRAM), host.form % (1, 2), host.form % (7, 7), lab.path('out')))
    end = report['hops'][1]['to']
    case.check(end['received'] >= 30, 'the end replies again: %d of %d' % (end['received'], end['sent']))


@four
def narrow(case, host):
    """The MTU of the route, not the interface's, limits probes and depth."""
    report = host.run('ip -n p route replace default via %s mtu 1400\n%s; P %s 2>%s >&2' % (
        host.form % (1, 2), host.program('-c', 3, '-i', .1, '-s', 1400),
        thrupath(host.family, '-s', 1401), host.lab.path('err')))
    check_whole(case, report)
    case.check(report['probe_bytes'] == 1400, '%d bytes' % report['probe_bytes'])
    with open(host.lab.path('err'), encoding='utf-8') as file:
        error = file.read()
    case.check('exceeds the MTU of the route on eth0 (1400 bytes)' in error and host.status == 2,
               'status %d %s' % (host.status, error.strip()))


@four
def too_long(case, host):
    """What the kernel refuses is told with the kernel's reason, also in a replay."""
    report = host.run('''%s & sleep 1; ip -n p link set eth0 mtu 1300; wait
P %s >%s''' % (host.program('-c', 30, '-i', .1, '-s', 1450, '--record', host.lab.path('run')),
               quote(os.path.abspath(PROGRAM), '-j', '-n', '--replay', host.lab.path('run')),
               host.lab.path('again')))
    with open(host.lab.path('again'), encoding='utf-8') as file:
        again = json.load(file)['report']['thrupath']
    os.unlink(host.lab.path('run'))
    case.check(report['local']['send_errors'] > 10 and
               report['local']['send_error'] == 'Message too long', '%s' % report['local'])
    case.check(again['local'] == report['local'], 'the replay is the run')
    told = findings(report, 'local-drop')
    case.check(len(told) == 1 and told[0]['text'].endswith('; last send error: Message too long'),
               '%s' % [finding['text'] for finding in told])
    check_counted(case, report, 30, 5)


@four
def link_local(case, host):
    """The router's link-local address, with its interface: as destination, and as a hop."""
    if host.family != 6:
        return
    for option in ('', '-I eth0'):
        report = host.run('''router=$(ip -n r1 -o addr show north scope link | sed 's/.*inet6 \\([^/]*\\).*/\\1/')
P env -u THRUPATH_OPTIONS %s -j -n -c 3 -i .1 --no-through %s $router%s >%s''' % (
    os.path.abspath(PROGRAM), option, '' if option else '%eth0', host.lab.path('out')))
        case.check(len(report['hops']) == 1 and report['source'].startswith('fe80::'),
                   'source %s, %s' % (report['source'], addresses(report)))
        check_whole(case, report)
    report = host.run('P env -u THRUPATH_OPTIONS %s -j -n fe80::1 2>%s' % (
        os.path.abspath(PROGRAM), host.lab.path('err')))
    with open(host.lab.path('err'), encoding='utf-8') as file:
        error = file.read()
    case.check(host.status == 2 and 'append its interface, as in fe80::1%eth0' in error,
               'status %d %s' % (host.status, error.strip()))


@four
def own_start(case, host):
    """--from an address of this host is plain discovery."""
    report = host.run(host.program('-c', 3, '-i', .1, '--from', host.form % (1, 1)))
    case.check(addresses(report) == [host.form % (1, 2), host.form % (7, 7)],
               '%s' % addresses(report))
    check_whole(case, report)


@four
def no_route(case, host):
    """A report ends with status 3; the screen waits, and begins once there is a route."""
    report = host.run('ip -n p route del default; %s' % host.program())
    case.check(report is None and host.status == 3, 'status %d' % host.status)
    vtscreen = os.path.join(BUILD, 'tests', 'term', 'vtscreen')
    if not os.access(vtscreen, os.X_OK):
        case.check(True, 'no libvterm')
        return
    script = '''export LC_ALL=C.UTF-8 THRUPATH_PACKET=%s; %sip -n p route del default
(until [ -e %s ]; do sleep .1; done; ip -n p route add default via %s) &
exec ip netns exec p %s''' % (
    HELPER if host.is_helped else '/nonexistent', host.setup, host.lab.path('go'),
    host.form % (1, 2), thrupath(host.family, '-i', .2).replace(' -j ', ' '))
    session = VtSession(vtscreen, ['/usr/bin/env', 'unshare', '--net', '--mount', 'sh', '-c',
                                   script.replace('exec ip', 'exec env ip')], 24, 100)
    session.see('waiting for a route')
    with open(host.lab.path('go'), 'w', encoding='ascii'):
        pass
    session.see(r'round [1-9]')
    session.key(b'q')
    case.check(session.end() == (0, True), 'it began, and left the terminal as it was')
    os.unlink(host.lab.path('go'))


def preferred(case, lab):
    """The kernel prefers another address by now: probes still leave from the old one, and those to
    another destination, too."""
    host = Host(case, lab, 4, False)
    vtscreen = os.path.join(BUILD, 'tests', 'term', 'vtscreen')
    if not os.access(vtscreen, os.X_OK):
        case.check(True, 'no libvterm')
        return
    script = '''export LC_ALL=C.UTF-8 THRUPATH_PACKET=/nonexistent; %s
(until [ -e %s ]; do sleep .1; done; add p 10.0.1.77/24 eth0
ip -n p route replace default via 10.0.1.2 src 10.0.1.77; rm %s) &
exec env ip netns exec p %s''' % (host.setup, lab.path('go'), lab.path('go'),
                                 thrupath(4, '-i', .2).replace(' -j ', ' '))
    session = VtSession(vtscreen, ['/usr/bin/env', 'unshare', '--net', '--mount', 'sh', '-c', script],
                        24, 100)
    session.see(r'round [1-9]')
    with open(lab.path('go'), 'w', encoding='ascii'):
        pass
    session.see(r'round [2-9]\d')
    session.key(b'D10.0.4.2\r')
    session.see(r'> 10\.0\.4\.2.*round [3-9]')
    session.key(b'q')
    case.check(session.end() == (0, True), 'it is changed')


CASES = (
    ('an address that is preferred', preferred),
    ('a link-local address has a zone', link_local),
    ('from this host is plain discovery', own_start),
    ('the screen waits for a route', no_route),
    ('the MTU of the route counts', narrow),
    ('a probe that is too long says so', too_long),
    ('a host that moves goes on counting', moves),
    ('an address of the other family comes back', returns),
    ('a rule for the source is obeyed', ruled),
    ('the mark is part of the route', marked),
    ('an interface is chosen', bound),
    ('replies count wherever they come in', elsewhere),
)


def main():
    need_lab(['ip', 'ping', 'unshare', 'sysctl'])
    chosen = [job for job in CASES if not sys.argv[1:] or any(w in job[0] for w in sys.argv[1:])]
    print('1..%d' % len(chosen))
    for name, function in chosen:
        Case(name).run(function)
    sys.exit(1 if Case.failed else 0)


main()
