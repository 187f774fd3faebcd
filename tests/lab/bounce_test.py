#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets to ourselves by way of the gateway's link address, through stock Linux routers in
namespaces of this test alone: with direct sockets and behind the helper, over IPv4 and IPv6. Needs
root; the helper's cases need --enable-test-helper. bounce_test.py [WORD...] runs only the cases
whose names contain a word; THRUPATH_LONG=1 looks for loss ten times on each link."""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from labkit import BUILD, Case, IS_LONG, PROGRAM, need_lab, quote

HELPER = os.path.join(os.path.abspath(BUILD), 'thrupath-packet')

# P - R1 - R2 - D. Nothing here unwraps anything.
NETWORK = '''set -e
mkdir -p /run/netns && mount -t tmpfs none /run/netns
for n in p r1 r2 d; do
	ip netns add $n
	ip -n $n link set lo up
	ip netns exec $n sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \\
		net.ipv4.conf.all.rp_filter=$filter net.ipv4.conf.default.rp_filter=$filter \\
		net.ipv4.icmp_ratelimit=$limit net.ipv6.icmp.ratelimit=$limit
done
wire() { # LEFT RIGHT NET: .1 or ::1 on the left, .2 or ::2 on the right
	ip -n $1 link add to$2 type veth peer name to$1 netns $2
	ip -n $1 addr add 10.0.$3.1/24 dev to$2; ip -n $2 addr add 10.0.$3.2/24 dev to$1
	ip -n $1 addr add 2001:db8:$3::1/64 dev to$2 nodad
	ip -n $2 addr add 2001:db8:$3::2/64 dev to$1 nodad
	ip -n $1 link set to$2 up; ip -n $2 link set to$1 up
}
wire p r1 1; wire r1 r2 2; wire r2 d 3
for family in -4 -6; do
	[ $family = -4 ] && net=10.0. host=. || net=2001:db8: host=::
	ip $family -n p route add default via ${net}1${host}2
	ip $family -n d route add default via ${net}3${host}1
	ip $family -n r1 route add default via ${net}2${host}2
	ip $family -n r2 route add default via ${net}2${host}1
done
set +e
P() { ip netns exec p "$@"; }
P ping -n -c 1 -w 5 10.0.3.2 >/dev/null
P ping -n -c 1 -w 5 2001:db8:3::2 >/dev/null
'''

LOSS = '''ip netns exec r1 nft -f - <<'END'
table netdev lossy {
	chain in {
		type filter hook ingress device "%s" priority 0;
		numgen random mod 100 < 1 drop
	}
}
END
'''

DROP = '''ip netns exec r1 nft -f - <<'END'
table inet refused {
	chain forward {
		type filter hook forward priority 0;
		ip saddr 10.0.1.1 ip daddr 10.0.1.1 drop
		ip6 saddr 2001:db8:1::1 ip6 daddr 2001:db8:1::1 drop
	}
}
END
'''

# Another router takes over the gateway's address: the same one, with another link address.
TAKE_OVER = '''(sleep 3
ip -n r1 link set top address 02:00:00:00:00:77
ip -n p neigh replace %s lladdr 02:00:00:00:00:77 dev tor1) &
'''


class Host:
    """One of the four ways to run a case: a family, with or without the helper."""

    def __init__(self, case, lab, family, is_helped):
        self.case, self.lab, self.family, self.is_helped = case, lab, family, is_helped

    def run(self, script, *options, source_check=0, limit=0):
        destination = {4: '10.0.3.2', 6: '2001:db8:3::2'}[self.family]
        out = self.lab.path('out-%d' % id(self))
        command = quote('env', '-u', 'THRUPATH_OPTIONS', os.path.abspath(PROGRAM), '-j', '-n',
                        *options, destination)
        done = subprocess.run(
            ['unshare', '--net', '--mount', 'sh', '-c',
             'export THRUPATH_PACKET=%s filter=%d limit=%d\n%s%s\nP %s >%s' % (
                 HELPER if self.is_helped else '/nonexistent', source_check, limit, NETWORK,
                 script, command, out)],
            check=False, timeout=100, capture_output=True, text=True)
        self.case.note('IPv%d, %s, status %d' % (
            self.family, 'helper' if self.is_helped else 'direct', done.returncode))
        if done.stderr:
            self.case.note('stderr: ' + done.stderr.strip().replace('\n', ' | '))
        with open(out, encoding='utf-8') as file:
            return json.load(file)['report']['thrupath']

    def form(self, net, number):
        return {4: '10.0.%d.%d', 6: '2001:db8:%d::%d'}[self.family] % (net, number)


def four(function):
    def run(case, lab):
        with open(os.path.join(BUILD, 'config.h'), encoding='ascii') as file:
            ways = (False, True) if '#define TEST_HELPER 1' in file.read() else (False,)
        for family in (4, 6):
            for is_helped in ways:
                function(case, Host(case, lab, family, is_helped))
    return run


def losses(report):
    return [finding for finding in report['findings']
            if finding['id'] in ('link-loss', 'path-loss', 'local-drop', 'end-silent')]


def check_home(case, report, least, lost=0):
    hop = report['hops'][0]
    through = hop.get('through', {'sent': 0, 'received': 0})
    case.check(hop['bounce']['state'] == 'home' and through['received'] >= least and
               through['sent'] - through['received'] <= lost,
               '%s, %d of %d came home' % (hop['bounce'], through['received'], through['sent']))
    case.check(not losses(report), 'no loss is told: %s' % [f['text'] for f in losses(report)])
    case.check(report['local']['send_errors'] == 0 and report['local']['void_rounds'] == 0,
               'this host: %s' % report['local'])


def filtered(source_check):
    @four
    def run(case, host):
        """Within five rounds, whatever the router thinks of sources."""
        check_home(case, host.run('', '-c', 5, '-i', .2, source_check=source_check), 4)
    return run


@four
def limited(case, host):
    """The router answers a probe a second, and passes all."""
    report = host.run('', '-c', 60, '-i', .1, limit=1000)
    check_home(case, report, 50)
    case.check(report['hops'][0]['to']['received'] < 40,
               '%d of %d replies' % (report['hops'][0]['to']['received'],
                                     report['hops'][0]['to']['sent']))
    case.note('%d redirects' % report['hops'][0]['bounce']['redirects'])


@four
def dropping(case, host):
    """Told within five, never as loss."""
    report = host.run(DROP, '-c', 30, '-i', .1)
    hop = report['hops'][0]
    case.check(hop['bounce']['state'] == 'dropped' and hop['bounce']['unanswered_trials'] == 5 and
               'through' not in hop, '%s' % hop['bounce'])
    case.check(any('not tested' in note for note in report['notes']), '%s' % report['notes'])
    case.check(not losses(report), '%s' % losses(report))


@four
def taken_over(case, host):
    """At most what left before the kernel was asked again is lost."""
    report = host.run(TAKE_OVER % host.form(1, 2), '-c', 80, '-i', .1)
    hop = report['hops'][0]
    case.check(hop['bounce']['state'] == 'home' and hop['through']['received'] >= 60,
               '%s, %d of %d came home' % (hop['bounce'], hop['through']['received'],
                                           hop['through']['sent']))


def lossy(link):
    def run(case, lab):
        """1 % of what comes in by one of the links of the router, each way in turn."""
        times = 10 if IS_LONG else 1

        def is_named(turn):
            host = Host(case, lab, 4 if turn % 2 == 0 else 6, False)
            # What comes over the first link from P; over the second from behind.
            report = host.run(LOSS % ('top' if link == 1 else 'tor2'), '-c', 4000, '-i', .01)
            found = losses(report)
            case.note('; '.join(finding['text'] for finding in found))
            if link == 1:
                return [(f['id'], f['hops']) for f in found] == [('link-loss', [0, 1])]
            return [f['id'] for f in found] == ['path-loss'] and \
                found[0]['evidence']['low_hop'] == 2

        with ThreadPoolExecutor(max_workers=5) as pool:  # each in namespaces of its own
            named = sum(pool.map(is_named, range(times)))
        case.check(named == times, '%d of %d times' % (named, times))
    return run


CASES = (
    ('without a source check they come home', filtered(0)),
    ('with a strict source check they come home', filtered(1)),
    ('with a loose source check they come home', filtered(2)),
    ('a router that limits its replies is clean', limited),
    ('a router that drops them is told', dropping),
    ('a gateway that takes over is followed', taken_over),
    ('loss of the first link is put there', lossy(1)),
    ('loss of the second link is put behind the router', lossy(2)),
)


def main():
    need_lab(['ip', 'ping', 'nft', 'unshare', 'sysctl'])
    chosen = [job for job in CASES if not sys.argv[1:] or any(w in job[0] for w in sys.argv[1:])]
    print('1..%d' % len(chosen))
    for name, function in chosen:
        Case(name).run(function)
    sys.exit(1 if Case.failed else 0)


main()
