#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boomerangs through the kernel's own SRv6 (seg6local End with NEXT-C-SID): eight routers in a row in
namespaces of this test alone, with direct sockets and behind the helper. Needs root; the helper's
cases need --enable-test-helper. srv6_test.py [WORD...] runs only the cases whose names contain a
word."""
import json
import os
import subprocess
import sys

from labkit import BUILD, Case, PROGRAM, need_lab, quote

HELPER = os.path.join(os.path.abspath(BUILD), 'thrupath-packet')
HOPS = 8

# P - R1 - .. - R8. Each has fcbb:bbbb:K::/48; P's own SID is fcbb:bbbb:a0::.
NETWORK = '''set -e
mkdir -p /run/netns && mount -t tmpfs none /run/netns
last=%d
for n in $(seq 0 $last); do
	ip netns add n$n
	ip -n n$n link set lo up
	ip netns exec n$n sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratelimit=0 \\
		net.ipv6.conf.all.seg6_enabled=1 net.ipv6.conf.default.seg6_enabled=1
done
for n in $(seq 1 $last); do
	before=$((n - 1))
	ip -n n$before link add right type veth peer name left netns n$n
	ip -n n$before addr add fd00:$n::1/64 dev right nodad
	ip -n n$n addr add fd00:$n::2/64 dev left nodad
	ip -n n$before link set right up
	ip -n n$n link set left up
	ip netns exec n$before sysctl -qw net.ipv6.conf.right.seg6_enabled=1
	ip netns exec n$n sysctl -qw net.ipv6.conf.left.seg6_enabled=1
done
ip -n n0 addr add fcbb:bbbb:a0::/128 dev lo
for n in $(seq 0 $last); do
	[ $n = 0 ] || ip -n n$n -6 route add fcbb:bbbb:$n::/48 \\
		encap seg6local action End flavors next-csid lblen 32 nflen 16 dev left
	for to in $(seq 1 $last); do
		[ $to -le $n ] || ip -n n$n -6 route add fcbb:bbbb:$to::/48 via fd00:$((n + 1))::2
		[ $to -ge $n ] || ip -n n$n -6 route add fcbb:bbbb:$to::/48 via fd00:$n::1
	done
	[ $n = 0 ] || ip -n n$n -6 route add fcbb:bbbb:a0::/48 via fd00:$n::1
	[ $n = 0 ] || for net in $(seq 1 $((n - 1))); do
		ip -n n$n -6 route add fd00:$net::/64 via fd00:$n::1
	done
	for net in $(seq $((n + 2)) $last); do
		ip -n n$n -6 route add fd00:$net::/64 via fd00:$((n + 1))::2
	done
done
ip -n n0 -6 route add fcbb:bbbb::/32 via fd00:1::2
set +e
ip netns exec n0 ping -n -c 2 -w 9 fd00:$last::2 >/dev/null
''' % HOPS

# As a card computes it: what is wrong in a sum is seen.
NO_OFFLOAD = 'ip netns exec n0 ethtool -K right tx off >/dev/null\n'

LOSS = '''ip netns exec n%d nft -f - <<'END'
table netdev lossy {
	chain in {
		type filter hook ingress device "left" priority 0;
		numgen random mod 100 < 5 drop
	}
}
END
'''


def run(case, lab, script, *options, is_helped=True, prefix=()):
    out = lab.path('out')
    command = quote(*prefix, 'env', '-u', 'THRUPATH_OPTIONS', os.path.abspath(PROGRAM), '-j', '-n',
                    '-a', 'fcbb:bbbb:a0::', *options)
    done = subprocess.run(
        ['unshare', '--net', '--mount', 'sh', '-c',
         'export THRUPATH_PACKET=%s\n%s%sip netns exec n0 %s >%s' % (
             HELPER if is_helped else '/nonexistent', NETWORK, script, command, out)],
        check=False, timeout=100, capture_output=True, text=True)
    case.note('%s, status %d %s' % ('helper' if is_helped else 'direct', done.returncode,
                                    done.stderr.strip().replace('\n', ' | ')))
    with open(out, encoding='utf-8') as file:
        return json.load(file)['report']['thrupath']


def path(depth=HOPS):
    return ','.join('fcbb:bbbb:%d::' % k for k in range(1, depth + 1))


def ways():
    with open(os.path.join(BUILD, 'config.h'), encoding='ascii') as file:
        return (False, True) if '#define TEST_HELPER 1' in file.read() else (False,)


def check_home(case, report, rounds):
    for hop in report['hops']:
        through = hop['through']
        case.check(through['received'] == through['sent'] == rounds - report['local']['void_rounds'],
                   'hop %d: %d of %d' % (hop['hop'], through['received'], through['sent']))


def home(carrier, stack_bytes):
    def case_of(case, lab):
        """Every depth, the sum of UDP made here for the address at which it arrives."""
        for is_helped in ways():
            report = run(case, lab, NO_OFFLOAD, '-c', 200, '-i', .02, '--carrier', carrier,
                         '--path', path(), is_helped=is_helped)
            check_home(case, report, 200)
            case.check(report['probe_bytes'] == stack_bytes + 8 + 24,
                       '%d bytes a probe' % report['probe_bytes'])
            case.check(not report['findings'], '%s' % [f['text'] for f in report['findings']])
    return case_of


def back(case, lab):
    """A sweep of hop limits over one packet lists the routers of the way back."""
    report = run(case, lab, '', '-c', 20, '-i', .1, '--carrier', 'usid', '--path', path())
    found = [hop.get('address') for hop in report.get('reverse', [])]
    wanted = ['fd00:%d::1' % k for k in range(HOPS, 1, -1)]
    case.check(found == wanted, '%s' % found)


def lossy(carrier):
    def case_of(case, lab):
        """5 % of what comes in by the third link."""
        report = run(case, lab, LOSS % 3, '-c', 1000, '-i', .02, '--carrier', carrier, '--path',
                     path(6))
        found = [f for f in report['findings'] if f['severity'] == 'alarm']
        case.note('; '.join(f['text'] for f in found))
        case.check([(f['id'], f['hops']) for f in found] == [('link-loss', [2, 3])], 'it is named')
    return case_of


CASES = (
    ('compressed SIDs return from each of eight hops', home('usid', 40 + 8 + 16 * 3)),
    ('segments return from each of eight hops', home('srh', 40 + 8 + 16 * 16)),
    ('the way back is listed', back),
    ('loss is named by compressed SIDs', lossy('usid')),
    ('loss is named by segments', lossy('srh')),
)


def main():
    need_lab(['ip', 'ping', 'nft', 'unshare', 'sysctl', 'ethtool', 'seq'])
    chosen = [job for job in CASES if not sys.argv[1:] or any(w in job[0] for w in sys.argv[1:])]
    print('1..%d' % len(chosen))
    for name, function in chosen:
        Case(name).run(function)
    sys.exit(1 if Case.failed else 0)


main()
