#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program in the kernel lab: what routers, limits, errors and interfaces that nobody here
wrote make of it. One TAP line a case; the numbers are in the comments above it. Needs root.
lab_test.py [WORD...] runs only the cases whose names contain one of the words."""
import json
import os
import re
import subprocess
import sys
import threading
import time

from labkit import (CLEAN, CLEAN_PATH, CLEAN_RTT, Case, FLOOD, HERE, IS_LONG, PROGRAM, SIM_REPORT,
                    jobs_scenario, need_lab, quote, scenario_file, thrupath)

LIMITER = scenario_file('tests', 'lab', 'limiter.scn')
LIMITER_PATH = '10.0.1.2,10.0.12.2,10.0.23.2,10.0.34.2'
SNIFF = ['python3', HERE + '/sniff.py']


def line(hop, kind):
    stats = hop[kind]
    return 'hop %d %s: %d of %d, loss %.3f (%.3f to %.3f), p50 %.3f ms' % (
        hop['hop'], kind, stats['received'], stats['sent'], stats['loss'], stats['low'],
        stats['high'], stats.get('p50', -1))


def check_clean(case, report, rounds, kinds=('through', 'to'), missing=0):
    """Every probe that was not void came home, once; but so many of each kind at the most."""
    voids = report['local']['void_rounds']
    for hop in report['hops']:
        for kind in kinds:
            stats = hop[kind]
            case.check(stats['sent'] == rounds - voids and
                       stats['sent'] - missing <= stats['received'] <= stats['sent'] and
                       stats['duplicate'] == stats['late'] == 0 and not stats['errors'],
                       line(hop, kind) + ', %d void rounds' % voids)


def limiter(case, lab):
    rounds = 300 if IS_LONG else 100
    words = quote(*thrupath('-i', .2, '-c', rounds, '--path', LIMITER_PATH))
    done = lab.shell(LIMITER, '(mtr -n -j -i 0.2 -c %d 10.0.34.2 >%s) & %s; wait' % (
        rounds * 9 // 10, lab.path('mtr'), words))
    hops = done.report()['hops']
    wire = done.wire_loss('R2', 'R3')
    for hop in hops:
        case.note(line(hop, 'through'))
        case.note(line(hop, 'to'))
    case.check(hops[1]['to']['loss'] > .5, 'R2 answers less than half of what is sent to it')
    through = hops[1]['through']
    case.check(through['loss'] == 0 and 0 < through['high'] < .1,
               'R2 loses nothing through it: at most %.3f' % through['high'])
    for hop in hops[2:]:
        low, high = hop['through']['low'], hop['through']['high']
        case.check(low <= wire <= high, 'wire R2 to R3 lost %.4f; depth %d: %.4f to %.4f' % (
            wire, hop['hop'], low, high))
    case.check(sum(hop['through']['received'] < hop['through']['sent'] for hop in hops[2:]) > 0,
               'loss was seen behind R2')
    hubs = lab.read_json('mtr')['report']['hubs']
    worst = max(hubs, key=lambda hub: hub['Loss%'])
    case.check(worst['count'] == 2, 'mtr beside it blames hop %d: %.1f %%' % (
        worst['count'], worst['Loss%']))


def discovery(case, lab):
    scenario = scenario_file('data', 'demo', 'silent15.scn')
    with open(scenario, encoding='ascii') as file:
        text = file.read()
    address = {int(k): found for k, found in re.findall(r'^router R(\d+) (\S+)', text, re.M)}
    address[15] = re.search(r'^host D (\S+)', text, re.M).group(1)
    delays = [float(ms) for ms in re.findall(r'delay ([0-9.]+)ms', text)]
    rtt = 2 * sum(delays)
    begin = time.monotonic()
    words = quote(*thrupath('-i', 1, '-c', 1, address[15]))
    done = lab.shell(scenario, 'for i in 1 2 3; do %s >%s$i; done' % (words, lab.path('run')))
    case.note('%.1f s for three runs, status %d %s' % (
        time.monotonic() - begin, done.status, done.stderr))
    took = []
    for run in '123':
        report = lab.read_json('run' + run)['report']['thrupath']
        took.append(report.get('discovery_ms', 1e9))
        found = {hop['hop']: hop.get('address') for hop in report['hops']}
        wanted = {k: None if k in (4, 9) else address[k] for k in address}
        case.check(found == wanted, '15 rows, 4 and 9 without address%s' % (
            '' if found == wanted else ': %s' % found))
    # A busy machine may hold up this or that run; it makes none faster.
    case.check(min(took) <= 1.5 * rtt, 'discovery %s ms, RTT %.1f ms: at best %.2f times' % (
        ' '.join('%.1f' % ms for ms in took), rtt, min(took) / rtt))
    done = lab.shell(scenario, 'date +%%s.%%N; traceroute -n %s >/dev/null; date +%%s.%%N' %
                     address[15])
    start, end = done.stdout.split()
    case.note('traceroute -n took %.0f ms' % (1000 * (float(end) - float(start))))


def simulate(scenario, rounds):
    done = subprocess.run([SIM_REPORT, scenario, '1', str(rounds)], check=True, timeout=60,
                          capture_output=True, text=True)
    medians = [[float(word) for word in row.split()[2:]] for row in done.stderr.splitlines()]
    return json.loads(done.stdout)['report']['thrupath']['hops'], medians


def compare(case, lab, scenario, path, kinds):
    """The lab and the simulator do the same run: the intervals of loss overlap, that of the
    lab holds what an hour in the simulator comes to, and the medians agree. Medians of the lab
    are those of the wire: a second witness for the program's own."""
    rounds = 500 if IS_LONG else 150
    with open(scenario, encoding='ascii') as file:
        text = re.sub(r'every \S+', 'every 100ms', file.read())
    # Where jitter may not reorder, a round of one instant (simulator) queues up more than one
    # that needs a tenth of a millisecond to leave (lab): up to 0.17 ms over sixteen wires.
    scenario = lab.scenario(re.sub(r'(jitter \S+ +\S+)', r'\1 reorder yes', text))
    done = lab.run(scenario, *SNIFF, lab.path('wire'), '10.0.1.1', '--',
                   *thrupath('-i', .1, '-c', rounds, '--path', path))
    wire = lab.read_json('wire')['walks']
    there, _ = simulate(scenario, rounds)
    hour, medians = simulate(scenario, 36000)
    here = done.report()['hops']
    case.check(len(here) == len(there), '%d hops in both' % len(there))
    for hop, twin, long_run in zip(here, there, hour):
        for kind in kinds:
            mine, other, truth = hop[kind], twin[kind], long_run[kind]['loss']
            # The lab's own routers share two cores: where nothing is lost, they may lose one.
            is_own = truth == 0 and mine['sent'] - mine['received'] <= 1
            case.check(mine['low'] <= other['high'] and other['low'] <= mine['high'] and
                       (is_own or mine['low'] <= truth <= mine['high']),
                       'hop %d %s: lab %.3f (%.3f to %.3f), simulator %.3f (%.3f to %.3f), '
                       'in an hour %.4f' % (hop['hop'], kind, mine['loss'], mine['low'],
                                            mine['high'], other['loss'], other['low'],
                                            other['high'], truth))
            seen = wire['%s/%d' % (kind, hop['hop'])]
            median = medians[hop['hop'] - 1][kind == 'to']
            case.check(abs(seen['median_ms'] - median) < .2,
                       'hop %d %s: median %.3f ms in the lab, %.3f in the simulator: %+.0f us' % (
                           hop['hop'], kind, seen['median_ms'], median,
                           1000 * (seen['median_ms'] - median)))
            # The scan for capabilities sends some that are not of a round: six come home
            # from where a round trip takes 50 ms, seven from where it takes 100. Without them
            # the median may be as many ranks away; its bins are of 1 %.
            more, middle = len(seen['home']) - mine['received'], mine['received'] // 2
            low, high = seen['home'][middle - 1], seen['home'][middle + max(more, 0)]
            case.check(0 <= more <= 7 and low * .989 < mine['p50'] < high * 1.011,
                       'the wire saw %d come home, the program %d; its p50 is %.3f of %.3f to %.3f'
                       % (len(seen['home']), mine['received'], mine['p50'], low, high))


def agree_limiter(case, lab):
    compare(case, lab, LIMITER, LIMITER_PATH, ('through', 'to'))


def agree_clean(case, lab):
    compare(case, lab, scenario_file('data', 'demo', 'clean.scn'),
            '10.0.1.2,10.0.12.3,10.0.23.3,10.0.34.3,10.0.45.3,10.0.56.3', ('through', 'to'))


def agree_default(case, lab):
    # What its routers need to answer, and the burst of their limits, are not the kernel's.
    compare(case, lab, scenario_file('data', 'demo', 'default.scn'),
            '10.0.1.2,10.0.12.3,10.0.23.3,10.0.34.3,10.0.45.3,10.0.56.3,10.0.67.3,10.0.78.3',
            ('through',))


BRIDGE = '''
ip route show | grep ' via ' >%(routes)s
ip link add br0 type bridge && ip link set br0 address 02:00:00:00:00:00
ip addr flush dev t0a-R1 && ip link set t0a-R1 master br0 && ip link set br0 up
ip addr add 10.0.1.1 peer 10.0.1.2 dev br0
ip neigh replace 10.0.1.2 lladdr 02:00:00:00:00:01 dev br0 nud permanent
sed 's/ dev [^ ]*//; s/ onlink//; s/^/route replace /' %(routes)s | ip -batch -
'''


def bridge(case, lab):
    words = ('-i', .05, '-c', 40, '--path', CLEAN_PATH)
    done = lab.shell(lab.scenario(CLEAN), BRIDGE % {'routes': lab.path('routes')} +
                     quote(*thrupath(*words)) + '>%s\n' % lab.path('by_route') +
                     quote(*thrupath('-I', 'br0', *words)) + '>%s\n' % lab.path('by_name'))
    case.check(done.status == 0, 'status %d %s' % (done.status, done.stderr))
    for how in ('by_route', 'by_name'):
        report = lab.read_json(how)['report']['thrupath']
        case.note(how)
        check_clean(case, report, 40)
        for hop, rtt in zip(report['hops'], CLEAN_RTT):
            case.check(abs(hop['through']['best'] - rtt) < .3, 'hop %d: best %.3f of %d ms' % (
                hop['hop'], hop['through']['best'], rtt))


def refused(case, lab):
    """With hop sources an error goes to the hop before; only that of the first hop reaches us."""
    for node, source, broken in (('R1', 'hop', (0, 1, 2)), ('R1', 'self', (0, 1, 2)),
                                 ('R2', 'self', (1, 2))):
        text = re.sub(r'(router %s \S+)' % node, r'\1 decap refused', CLEAN)
        report = lab.run(lab.scenario(text), *thrupath(
            '-i', .1, '-c', 20, '--inner-source', source, '--path', CLEAN_PATH)).report()
        case.note('%s refuses, inner source %s' % (node, source))
        for k, hop in enumerate(report['hops']):
            stats = hop['through']
            case.note('hop %d: %d of %d, loss %s (%.2f to %.2f), errors %s, decap %s' % (
                k + 1, stats['received'], stats['sent'], stats.get('loss'), stats['low'],
                stats['high'], stats['errors'], hop['decap']))
            count = stats['errors'].get('protocol-unreachable')
            if k in broken:
                case.check(count == 20, 'each of them is an error')
                case.check(stats.get('loss') is None, 'loss is not known')
            else:
                case.check(count is None and stats['loss'] == 0, 'clean before it')
            case.check(hop['to']['loss'] == 0, 'To is clean')
        case.check(report['hops'][broken[0]]['decap'] == 'no', 'it does not decapsulate')


def hidden_refusal(case, lab):
    """A hop whose refusal goes to the hop before, or that swallows protocol 4 in silence."""
    for mode in ('refused', 'silent'):
        text = CLEAN.replace('R2 10.0.2.3', 'R2 10.0.2.3 decap ' + mode)
        report = lab.run(lab.scenario(text),
                         *thrupath('-i', .1, '-c', 20, '--path', CLEAN_PATH)).report()
        hop = report['hops'][1]
        case.check(hop['decap'] in ('no', 'silent'), 'decap %s is shown as %s' % (
            mode, hop['decap']))
        case.check(hop['through'].get('loss') is None, 'loss through it: %s' %
                   hop['through'].get('loss'))


def ordinary_end(case, lab):
    """A destination that does not decapsulate is the usual one: its kernel answers the last leg."""
    for mode, words in (('refused', ('10.0.3.3',)), ('silent', ('10.0.3.3',)),
                        ('refused', ('-u', '10.0.3.3')),
                        ('refused', ('--path', '10.0.1.2,10.0.2.3', '10.0.3.3')),
                        ('refused', ('--walk', 'natural', '10.0.3.3'))):
        text = CLEAN.replace('10.0.3.3 decap yes', '10.0.3.3 decap ' + mode)
        hops = lab.run(lab.scenario(text),
                       *thrupath('-i', .1, '-c', 20, *words)).report()['hops']
        kind = 'natural' if '--walk' in words else 'through'
        end, stats = hops[-1], hops[-1][kind]
        case.note('decap %s, %s: %s, last leg %s' % (mode, ' '.join(words), line(end, kind),
                                                     end.get('last_leg')))
        case.check(len(hops) == 3 and end['decap'] == ('silent' if mode == 'silent' else 'no') and
                   end.get('last_leg') == ('udp' if '-u' in words else 'echo'),
                   'the end answers itself, and is said to')
        case.check(stats['loss'] == 0 and stats['received'] >= 4 and not stats['errors'] and
                   abs(stats['best'] - CLEAN_RTT[2]) < .5, 'nothing is lost through it')


LISTEN = quote('exec', 'python3', '-c', 'import socket, signal; s = socket.socket(); '
               's.bind(("10.0.3.3", 80)); s.listen(); signal.pause()')


def by_tcp(case, lab):
    """The kernel's own TCP: a socket that listens, and a port without one. To probes and the
    last leg ask at the same instant, and our kernel resets what it did not ask for."""
    text = CLEAN.replace('10.0.3.3 decap yes', '10.0.3.3 decap refused')
    for port in (80, 81):
        done = lab.run(lab.scenario(text), *thrupath('-i', .1, '-c', 30, '-T', '-P', port,
                                                     '10.0.3.3'), at=['--at', 'D', LISTEN])
        report = done.report()
        hops = report['hops']
        case.note('port %d: %s; %s; %s' % (port, line(hops[2], 'through'), line(hops[2], 'to'),
                                           report['local']))
        case.check([hop.get('address') for hop in hops] == CLEAN_PATH.split(','), '3 hops')
        check_clean(case, report, 30)
        case.check(hops[2].get('last_leg') == 'tcp', 'the end answers the SYN of the last leg')
        case.check(hops[1]['to_kind'] == 'ttl' and hops[2]['to_kind'] == 'echo', 'kinds of To')
        case.check(all(abs(hop[kind]['best'] - rtt) < .5 for hop, rtt in zip(hops, CLEAN_RTT)
                       for kind in ('through', 'to')), 'times are those of the wires')
        case.check(report['local']['forged'] == 0, 'nothing is taken for forged')
    # Three of these are under way at any time, and a fifth of the answers is lost: a SYN from
    # ports that the end still knows would not be answered either.
    text = text.replace('link R2-D delay 10ms', 'link R2-D delay 150ms').replace(
        'link R1-R2 delay 5ms', 'link R1-R2 delay 5ms loss 20% back-only')
    end = lab.run(lab.scenario(text), *thrupath('-i', .1, '-c', 60, '-T', '--path', CLEAN_PATH),
                  at=['--at', 'D', LISTEN]).report()['hops'][2]
    case.note('far: %s; %s' % (line(end, 'through'), line(end, 'to')))
    case.check(all(.03 <= end[kind]['loss'] <= .4 for kind in ('through', 'to')),
               'of SYNs on top of each other no more are lost than the link loses')


DIAMOND = '''prober A 10.0.1.1
router R1 10.0.1.2
router B1 10.0.2.2
router B2 10.0.3.2
router B3 10.0.4.2
router R2 10.0.5.2
host D 10.0.9.2 decap yes
link A-R1 delay 1ms
link R1-B1 delay 2ms
link R1-B2 delay 6ms
link R1-B3 delay 10ms
link B1-R2 delay 1ms
link B2-R2 delay 1ms
link B3-R2 delay 1ms
link R2-D delay 1ms
route R1 to D via B1,B2,B3
'''
BY_PORTS = 'echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy; exec sleep 60'


def flows(case, lab):
    """The kernel balances by ports: 64 flows see its three next hops, and each keeps its own.
    Half of them go beside the destination, to which one way leads."""
    for carrier in ('-u', '-T'):
        words = quote(*thrupath('-i', .08, '-c', 128, '--no-through', '--flows', 64, carrier,
                                '10.0.9.2'))
        report = lab.run(lab.scenario(DIAMOND), 'sh', '-c', 'sleep 1; exec ' + words,
                         at=['--at', 'R1', BY_PORTS]).report()
        hop = report['hops'][1]
        by = {}
        for flow in hop['flows']:
            by.setdefault(flow['address'], []).append(flow['to'])
        case.note('%s: %s' % (carrier, {a: len(found) for a, found in by.items()}))
        case.check(sorted(hop['addresses']) == ['10.0.2.2', '10.0.3.2', '10.0.4.2'],
                   'three next hops: %s' % hop['addresses'])
        case.check(hop['all_addresses_seen'] and hop['flows_needed'] == 16, 'and no more')
        case.check(len(report['hops'][0]['addresses']) == 1, 'one before them')
        # The wires to them take 3, 7 and 11 ms out and back with that of A: no flow mixes them. Of
        # two answers one may have waited for a core; flows that do mix would be most.
        mixed = sum(flow['avg'] - flow['best'] >= 3 for found in by.values() for flow in found)
        case.check(mixed <= 2, 'each flow keeps its way, but %d' % mixed)


def nested_flows(case, lab):
    """The kernel balances by the outer addresses: nested probes come from three, and all of them
    come home."""
    words = quote(*thrupath('-i', .05, '-c', 240, '--flows', 6, '--also-source', '10.0.1.7',
                            '--path', '10.0.1.2,10.0.5.2,10.0.9.2'))
    report = lab.shell(lab.scenario(DIAMOND.replace('R1 to D', 'R1 to R2')),
                       'ip address add 10.0.1.7/32 dev lo; exec ' + words).report()
    check_clean(case, report, 240, kinds=('through',))
    for hop in report['hops']:
        case.check(hop.get('flow_sources') == 3, 'hop %d: %s sources' % (
            hop['hop'], hop.get('flow_sources')))
    # The ways out differ by 4 and 8 ms; rounds may leave before the trial is home, on a slow machine
    # a quarter of them.
    average = [flow['through']['avg'] for flow in report['hops'][1]['flows']]
    case.note('averages of the flows to hop 2: %s ms' % average)
    case.check(all(abs(average[i] - average[i + 3]) < 2 for i in range(3)),
               'flows of one source go one way')


def no_unreachable(case, lab):
    done = lab.run(lab.scenario(CLEAN), *SNIFF, lab.path('wire'), '10.0.1.1', '--',
                   *thrupath('-i', .02, '-c', 200, '10.0.3.3'))
    wire = lab.read_json('wire')
    check_clean(case, done.report(), 200)
    home = sum(len(walk['home']) for walk in wire['walks'].values())
    case.check(home >= 1200, '%d probes came home' % home)
    case.check(wire['port_unreachable'] == 0, '%d port unreachable' % wire['port_unreachable'])
    case.check(wire['fragmentable'] == 0, '%d headers without DF' % wire['fragmentable'])


def narrow():
    """Fifteen hops; the third link takes 560 bytes, of which hops 1 and 2 leave 592 of 632."""
    text, before = 'prober A 10.0.0.2\n', 'A'
    for k in range(1, 16):
        text += 'router N%d 10.0.%d.3\nlink %s-N%d delay 0.5ms%s\n' % (
            k, k, before, k, ' mtu 560' if k == 3 else '')
        before = 'N%d' % k
    return text, ['10.0.%d.3' % k for k in range(1, 16)]


def small_mtu(case, lab):
    text, path = narrow()
    report = lab.run(lab.scenario(text), *SNIFF, lab.path('wire'), '10.0.0.2', '--',
                     *thrupath('-i', .1, '-c', 20, '--inner-source', 'self',
                               '--path', ','.join(path))).report()
    case.check(lab.read_json('wire')['fragmentable'] == 0, 'DF is set in every header')
    hops = report['hops']
    case.check(report['probe_bytes'] == 632, '%d bytes' % report['probe_bytes'])
    for kind in ('through', 'to'):
        counts = [h[kind]['errors'].get('fragmentation-needed', 0) for h in hops]
        # One of the 520 ICMP errors goes missing in about one run of six, with no drop of ours;
        # why is not known yet. What is missing may be called lost, and nothing else.
        missing = 20 * 13 - sum(counts[2:])
        case.check(counts[:2] == [0, 0] and missing <= 2 and min(counts[2:]) >= 19,
                   '%s, fragmentation needed: %s' % (kind, counts))
        case.check(all(h[kind]['loss'] == 0 for h in hops[:2]), 'hops 1 and 2 are clean')
        case.check(all(h[kind].get('loss') is None for h, count in zip(hops[2:], counts[2:])
                       if count == 20), 'no loss is claimed where every error came')
    told = [h.get('last_error', {}) for h in hops[2:]]
    case.check(all((e.get('cause'), e.get('mtu'), e.get('from_hop')) ==
                   ('fragmentation-needed', 560, 2) for e in told),
               'hop 2 says that its link takes 560 bytes')


def mtu_discovery(case, lab):
    """A path that is found and then turns out to be too narrow must not seem to end there."""
    text, path = narrow()
    report = lab.run(lab.scenario(text), *thrupath('-i', .1, '-c', 10, path[-1])).report()
    found = [hop.get('address') for hop in report['hops']]
    case.check(found == path, '%d hops of 15' % len(found))
    case.check(all(len(hop['addresses']) == 1 for hop in report['hops']), 'one address each')


def hostile(family):
    """A hundred thousand a second from the first hop; only its own core limits how many come."""
    def run(case, lab):
        text, form = jobs_scenario(family)
        path = ','.join(form % (k, 2) for k in (1, 2, 3, 4))
        rate, rounds = 120000, 60
        flood = quote('exec', FLOOD, form % (1, 1), form % (1, 2), rate, lab.path('flood'))
        done = lab.run(lab.scenario(text), *thrupath('-i', .1, '-c', rounds, '--path', path),
                       at=['--at', 'R1', flood])
        report = done.report()
        flood = lab.read_json('flood')
        local = report['local']
        case.note('%d hostile packets in %.1f s: %.0f/s; %s' % (
            flood['sent'], flood['seconds'], flood['sent'] / flood['seconds'], local))
        # The lab's routers share two cores with the flood, and perhaps with others, and lose some
        # probes themselves; what an intruder could change is more than was sent, or counted.
        check_clean(case, report, rounds, missing=rounds // 10)
        case.check(done.status == 0, 'status %d' % done.status)
        case.check(local['forged'] > 1000, '%d counted as forged' % local['forged'])
        # What is nobody's of ours the kernel's filter keeps from whoever captures.
        case.check(local['foreign'] < 100, '%d foreign ones were handed over' % local['foreign'])
        case.check(local['void_rounds'] <= rounds / 2, '%d dropped, %d void rounds' % (
            local['rx_dropped'], local['void_rounds']))
    return run


def stopped(case, lab):
    words = quote(*thrupath('-i', .1, '-c', 60, '--path', CLEAN_PATH))
    report = lab.shell(lab.scenario(CLEAN), '%s & sleep 2; kill -STOP $!; sleep 3; '
                       'kill -CONT $!; wait $!' % words).report()
    check_clean(case, report, 60)
    case.check(report['local']['void_rounds'] <= 3, '%d void rounds' %
               report['local']['void_rounds'])


def gone(case, lab):
    for how in ('ip link set t0a-R1 down', 'ip link del t0a-R1'):
        words = quote(*thrupath('-i', .1, '-c', 50, '--path', CLEAN_PATH))
        begin = time.monotonic()
        done = lab.shell(lab.scenario(CLEAN), '(sleep 2; %s) >&2 & %s >%s; echo $?; times' % (
            how, words, lab.path('json')))
        took = time.monotonic() - begin
        status, _, children = done.stdout.split('\n')[:3]
        cpu = sum(60 * float(m) + float(s) for m, s in re.findall(r'(\d+)m([\d.]+)s', children))
        report = lab.read_json('json')['report']['thrupath']
        case.note('%s: %s' % (how, report['local']))
        case.check(status in ('0', '3'), 'status %s %s' % (status, done.stderr))
        case.check(took < 12, 'ended after %.1f s' % took)
        case.check(cpu < .5, '%.2f s of processor' % cpu)
        for hop in report['hops']:
            case.check(hop['through']['received'] == hop['through']['sent'] > 0,
                       line(hop, 'through'))


def away(lab):
    """Words of a shell, `away` and `back`, and how long was between, in rounds of 0.1 s."""
    words = 'stamp() { date +%%s.%%N >>%s; }\n' % lab.path('away')

    def rounds():
        with open(lab.path('away'), encoding='ascii') as file:
            begin, end = (float(line) for line in file)
        return (end - begin) / .1
    return words, rounds


def back_again(case, lab):
    """Down for a second: what could not leave or come back is void, and then all is well."""
    script = '''ip route show | grep ' via ' | sed 's/^/route replace /' >%(routes)s
%(words)s & program=$!; sleep 2; stamp; ip link set t0a-R1 down; sleep 1; ip link set t0a-R1 up
ip neigh replace 10.0.1.2 lladdr 02:00:00:00:00:01 dev t0a-R1 nud permanent
ip -batch %(routes)s; stamp; wait $program'''
    stamp, rounds = away(lab)
    report = lab.shell(lab.scenario(CLEAN), stamp + script % {
        'routes': lab.path('routes'),
        'words': quote(*thrupath('-i', .1, '-c', 60, '--path', CLEAN_PATH))}).report()
    check_clean(case, report, 60)
    case.check(5 < report['local']['void_rounds'] <= rounds() + 10, '%s, away for %.0f rounds' % (
        report['local'], rounds()))


def two(case, lab):
    words = quote(*thrupath('-i', .05, '-c', 100, '--path', CLEAN_PATH))
    lab.shell(lab.scenario(CLEAN), '%s >%s & %s >%s; wait' % (
        words, lab.path('one'), words, lab.path('other')))
    for which in ('one', 'other'):
        report = lab.read_json(which)['report']['thrupath']
        # The lab itself may lose one of two times six hundred.
        check_clean(case, report, 100, missing=1)
        case.check(report['local']['forged'] == 0, 'none is taken for forged: %s' %
                   report['local'])


def lengths(case, lab):
    """By TTL alone: the kernel's routers take it down."""
    words = thrupath('-i', .1, '-c', 20, '--no-to', '--path', CLEAN_PATH)
    report = lab.shell(lab.scenario(CLEAN), quote(*words)).report()
    lengths = [report['asymmetry'].get(key) for key in ('forward_hops', 'reverse_hops')]
    case.check(lengths == [3, 3], 'lengths %s' % report['asymmetry'])
    for hop in report['hops']:
        case.check(hop.get('strict') == {'out': True, 'back': True},
                   'hop %d strict %s' % (hop['hop'], hop.get('strict')))


def marked(case, lab):
    """Every probe bears the mark, so that the host's own rules can route or count it."""
    counted = ('nft add table ip t; nft "add chain ip t o { type filter hook output priority 0; }"; '
               'nft add rule ip t o ip protocol { 1, 4 } meta mark 42 counter; '
               'nft add rule ip t o ip protocol { 1, 4 } meta mark != 42 counter; ')
    words = quote(*thrupath('-i', .05, '-c', 20, '-M', 42, '--path', CLEAN_PATH))
    done = lab.shell(lab.scenario(CLEAN), '%s %s >%s; nft list chain ip t o' % (
        counted, words, lab.path('json')))
    report = lab.read_json('json')['report']['thrupath']
    with_mark, without = (int(n) for n in re.findall(r'counter packets (\d+)', done.stdout))
    check_clean(case, report, 20)
    sent = sum(hop[kind]['sent'] for hop in report['hops'] for kind in ('through', 'to'))
    case.check(with_mark >= sent and without == 0, '%d probes: %d packets with the mark, %d without' %
               (sent, with_mark, without))


TWO_WAYS = '''prober A 10.0.1.1
router R1 10.0.1.2
router R2 10.0.2.3
router M 10.0.5.3
router D 10.0.9.3
link A-R1 delay 1ms
link R1-R2 10.0.2.2/10.0.2.3 delay 1ms
link R1-M 10.0.5.2/10.0.5.3 delay 1ms
link R2-M 10.0.6.2/10.0.6.3 delay 1ms loss 30% out-only
link R2-D delay 1ms
route R2 to R1 via M
'''


def return_side(case, lab):
    """What R2 sends to R1 goes by another way, and a lossy one, unless it is addressed to R1's end
    of their link."""
    for option, low, high, rtt in (((), .1, .5, 5), (('--return-side',), 0, 0, 4)):
        hop = lab.run(lab.scenario(TWO_WAYS), *thrupath(
            '-i', .05, '-c', 100, '--no-to', *option, '--path', '10.0.1.2,10.0.2.3,10.0.9.3')).report(
            )['hops'][1]
        case.note('%s: %s' % (' '.join(option) or 'without', line(hop, 'through')))
        case.check(low <= hop['through']['loss'] <= high and abs(hop['through']['best'] - rtt) < .5,
                   'loss of %.0f to %.0f %%, %d ms' % (100 * low, 100 * high, rtt))


TWO_HOMES = '''prober A 10.0.1.1
router R1 10.0.1.2
router R2 10.0.2.3
router R3 10.0.3.3
router R4 10.0.4.3
router X9 10.0.9.3
host B 10.0.8.1
link A-R1 delay 1ms
link R1-R2 delay 1ms
link R2-R3 delay 1ms
link R3-R4 delay 1ms
link R3-X9 delay 5ms
link X9-R1 delay 5ms
link A-B
route R3 to A via X9
'''


def other_source(case, lab):
    """The prober takes the address of the host behind it: whoever answers that one goes home over
    the path, and whoever answers the prober's own from R3 on goes by X9, 8 ms longer."""
    def run(address, *path):
        words = quote(*thrupath('-i', .1, '-c', 60, '--also-source', address, '--path',
                                ','.join(path)))
        return lab.shell(lab.scenario(TWO_HOMES),
                         'ip address add 10.0.8.1/32 dev lo; exec ' + words)

    report = run('10.0.8.1', '10.0.1.2', '10.0.2.3', '10.0.3.3', '10.0.4.3').report()
    found = [finding for finding in report['findings'] if finding['id'] == 'asymmetric-path' and
             'source_shift_ms' in finding['evidence']]
    for finding in found:
        case.note(finding['text'])
    case.check(len(found) == 1 and found[0]['hops'] == [3] and
               abs(found[0]['evidence']['source_shift_ms'] + 8) < .3, 'from hop 3 on 8 ms less')
    report = run('10.0.8.1', '10.0.1.2', '10.0.2.3').report()
    case.check(report['findings'] == [], 'nothing differs up to hop 2: %s' % report['findings'])
    case.check(any('no difference, at most' in note for note in report['notes']),
               '%s' % report['notes'])
    done = run('10.0.8.9', '10.0.1.2')
    case.check(done.status == 3 and 'is not an address of this host' in done.stderr, done.stderr.strip())


TRANSLATED = CLEAN.replace('host D 10.0.3.3 decap yes', 'router R3 10.0.3.3\nhost D 10.0.4.3').replace(
    'link R2-D delay 10ms', 'link R2-R3 delay 1ms\nlink R3-D delay 1ms')
# Connection tracking translates the errors' quotes back; two rules that know no connections do not.
TRACKED = 'type nat hook postrouting priority 100;', 'ip saddr 10.0.1.1 counter snat to 10.0.2.3'
OUT = 'type filter hook forward priority 0;', 'ip saddr 10.0.1.1 counter ip saddr set 10.0.2.3'
BACK = ('type filter hook prerouting priority -300;', 'ip daddr 10.0.2.3 icmp type '
        '{ time-exceeded, destination-unreachable, echo-reply } ip daddr set 10.0.1.1')


def translated(case, lab):
    """R2 lets packets come from its own address. The quotes of hops behind it say so, or not."""
    scenario = lab.scenario(TRANSLATED)
    for rules, wanted in (((TRACKED,), []), ((OUT, BACK), [[3]])):
        script = 'nft add table ip t; '
        for i, (chain, rule) in enumerate(rules):
            script += "nft 'add chain ip t c%d { %s }'; nft 'add rule ip t c%d %s'; " % (
                i, chain, i, rule)
        script += 'touch %s; while sleep .2; do nft list table ip t >%s; done' % (
            lab.path('ready'), lab.path('rules'))
        done = lab.shell(scenario, 'while [ ! -e %s ]; do sleep .1; done; %s; sleep .5' % (
            lab.path('ready'), quote(*thrupath('-u', '-i', .1, '-c', 20, '--no-through', '10.0.4.3'))),
            at=['--at', 'R2', script])
        os.unlink(lab.path('ready'))
        report = done.report()
        found = [finding for finding in report['findings'] if finding['id'] == 'nat']
        for finding in found:
            case.note(finding['text'])
        with open(lab.path('rules'), encoding='ascii') as file:
            packets = int(re.search(r'counter packets (\d+)', file.read()).group(1))
        case.check(packets > 0, '%d packets or flows were translated' % packets)
        case.check([finding['hops'] for finding in found] == wanted and
                   report['local']['forged'] == 0, '%s' % [finding['hops'] for finding in found])
        case.check(all(hop['to']['received'] == 20 for hop in report['hops']), 'all are answered')


def named(case, lab):
    """R2 translates the destination to one behind it: the kernel gives errors of what lies there the
    destination's own address. (Probes of one flow with other numbers: their resets are out of the window
    that the kernel has seen, and it would not translate those.)"""
    scenario = lab.scenario(TRANSLATED + 'host V 10.0.9.9\nlink R2-V delay 1ms\n')
    script = "nft add table ip t; nft 'add chain ip t c { type nat hook prerouting priority -100; }'; " \
        "nft 'add rule ip t c ip daddr 10.0.9.9 dnat to 10.0.4.3'; " \
        'for it in be_liberal ignore_invalid_rst; do echo 1 >/proc/sys/net/netfilter/nf_conntrack_tcp_$it; done; ' \
        'touch %s; exec sleep 60' % lab.path('ready')
    for carrier in ((), ('-u',), ('-T',)):
        done = lab.shell(scenario, 'while [ ! -e %s ]; do sleep .1; done; %s' % (
            lab.path('ready'), quote(*thrupath('-i', .1, '-c', 10, '--no-through', *carrier, '10.0.9.9'))),
            at=['--at', 'R2', script])
        os.unlink(lab.path('ready'))
        hops = done.report()['hops']
        case.note(' '.join(str(hop.get('address')) for hop in hops))
        case.check(done.status == 0 and len(hops) == 4 and hops[-1]['to_kind'] == 'echo' and
                   hops[-1]['address'] == '10.0.9.9', 'the path goes on to its end')
        case.check('10.0.9.9' in [hop['address'] for hop in hops[:-1]],
                   'a hop before it speaks in its name')
        case.check(all(hop['to']['received'] == 10 for hop in hops), 'all are answered')


def in_fragments(case, lab):
    """The way home takes shorter packets than the way out."""
    narrow_home = 'ip route replace $(ip route show 10.0.1.1) mtu lock 1000 && touch %s' % lab.path('ready')
    done = lab.shell(lab.scenario(CLEAN), 'while [ ! -e %s ]; do sleep .1; done; %s' % (
        lab.path('ready'), quote(*thrupath('-i', .1, '-c', 10, '-s', 1400, '--no-through', '10.0.3.3'))),
        at=['--at', 'R2', narrow_home])
    report = done.report()
    found = [finding for finding in report['findings'] if finding['id'] == 'fragmented-answers']
    case.note(found[0]['text'] if found else 'nothing was found')
    case.check(len(found) == 1 and found[0]['hops'] == [3] and found[0]['evidence']['replies'] >= 10,
               '%d findings' % len(found))
    case.check(all(hop['to']['received'] == 10 for hop in report['hops']), 'all are answered')


def unreachable(case, lab):
    """R2 says that there is no way to D: once some fifty rounds have come by, and at once."""
    # Of each round R2 passes on or ends two probes, and as many answers; before them, a discovery.
    fifty = '''until [ "$(awk 'NR > 2 { sum += $3 } END { print sum }' /proc/net/dev)" -gt 160 ]
do sleep .1; done; '''
    no_way = 'ip route replace unreachable 10.0.3.3/32; touch %s' % lab.path('cut')
    wait = 'while [ ! -e %s ]; do sleep .1; done; ' % lab.path('cut')
    for before, at, path in (('', fifty, CLEAN_PATH), (wait, '', '10.0.1.2,10.0.2.3')):
        report = lab.shell(lab.scenario(CLEAN), before + quote(*thrupath(
            '-i', .1, '-c', 100, '--no-through', '10.0.3.3')), at=['--at', 'R2', at + no_way]).report()
        os.unlink(lab.path('cut'))
        hops = report['hops']
        case.check([hop['addresses'] for hop in hops] == [[address] for address in path.split(',')],
                   '%s' % [hop['addresses'] for hop in hops])
        found = [finding for finding in report['findings'] if finding['id'] in ('path-loss', 'end-silent')]
        case.note(found[0]['text'] if found else 'nothing was found')
        case.check(len(found) == 1 and found[0]['active'] and
                   '10.0.2.3' in found[0]['text'] and 'host-unreachable' in found[0]['text'],
                   '%d findings' % len(found))
        case.check(at == '' or 20 < hops[-1]['to']['sent'] - hops[-1]['to']['received'] < 80,
                   line(hops[-1], 'to'))


def moved_away(case, lab):
    """The prober's address goes away for two seconds: no loss of the path."""
    stamp, rounds = away(lab)
    report = lab.shell(lab.scenario(CLEAN), stamp + '''
ip route show | grep ' via ' | sed 's/^/route replace /' >%(routes)s
sysctl -qw net.ipv4.conf.t0a-R1.promote_secondaries=1
%(words)s & program=$!; sleep 3; stamp; ip addr add 10.0.1.9 peer 10.0.1.2/32 dev t0a-R1
ip addr del 10.0.1.1 peer 10.0.1.2/32 dev t0a-R1; sed 's/src 10.0.1.1//' %(routes)s | ip -batch -
ip neigh replace 10.0.1.2 lladdr 02:00:00:00:00:01 dev t0a-R1 nud permanent
sleep 2; ip addr add 10.0.1.1 peer 10.0.1.2/32 dev t0a-R1; ip -batch %(routes)s; stamp; wait $program''' % {
    'routes': lab.path('routes'),
    'words': quote(*thrupath('-i', .1, '-c', 80, '--path', CLEAN_PATH))}).report()
    check_clean(case, report, 80)
    case.check(15 < report['local']['void_rounds'] <= rounds() + 10, '%s, away for %.0f rounds' % (
        report['local'], rounds()))
    case.check(any('lost its address' in note for note in report['notes']), '%s' % report['notes'])


def lossy_discovery(case, lab):
    """Twenty runs over a wire that loses a fifth; four at a time."""
    scenario = lab.scenario(CLEAN.replace('delay 5ms', 'delay 5ms loss 20% out-only') + 'seed 3\n')
    words = quote(*thrupath('-i', .1, '-c', 10, '10.0.3.3'))
    lab.shell(scenario, 'for i in 1 2 3 4 5; do for k in a b c d; do %s >%s$i$k & done; wait; '
              'done' % (words, lab.path('run')))
    right, tails = 0, []
    for name in ('run%d%s' % (i, k) for i in range(1, 6) for k in 'abcd'):
        report = lab.read_json(name)['report']['thrupath']
        found = [hop.get('address') for hop in report['hops']]
        right += found == CLEAN_PATH.split(',')
        tails.append('%d' % len(found))
    case.check(right == 20, '%d of 20 right; hops found: %s' % (right, ' '.join(tails)))


def four_jobs(family):
    def run(case, lab):
        text, form = jobs_scenario(family)
        scenario = lab.scenario(text)
        path = [form % (k, 2) for k in (1, 2, 3, 4)]
        report = lab.run(scenario, *thrupath('-i', .05, '-c', 40, '--path',
                                             ','.join(path))).report()
        case.note('an explicit path')
        check_clean(case, report, 40)
        for hop, rtt in zip(report['hops'], (2, 6, 12, 14)):
            case.check(abs(hop['through']['best'] - rtt) < .3, 'hop %d: best %.3f of %d ms' % (
                hop['hop'], hop['through']['best'], rtt))
        report = lab.run(scenario, *thrupath('-i', .05, '-c', 40, path[3])).report()
        case.note('a discovered path')
        case.check([hop.get('address') for hop in report['hops']] == path, 'the path is found')
        case.check([hop['decap'] for hop in report['hops']] == ['yes'] * 4, 'all decapsulate')
        check_clean(case, report, 40)
        done = lab.run(scenario, *thrupath('-i', .1, '-c', 10, '--reverse', path[3]))
        found = [hop.get('address') for hop in done.report()['reverse']]
        wanted = [form % (4, 1), form % (9, 2), form % (8, 2)]
        case.check(found == wanted, 'the way back has R3, X9, R1: %s' % found)
        done = lab.run(scenario, *thrupath('-i', .1, '-c', 10, '--from', path[1], path[3]))
        found = [hop.get('address') for hop in done.report()['hops']]
        case.check(found == path[1:], 'from R2 the path is R2, R3, R4: %s' % found)
    return run


def by_gre(family):
    """The hops unwrap GRE; one of them IP in IP alone, and that is found out."""
    def run(case, lab):
        text, form = jobs_scenario(family)
        path = [form % (k, 2) for k in (1, 2, 3, 4)]
        for other in (), ('R2',):
            wanted = ['ipip' if 'R%d' % k in other else 'gre' for k in (1, 2, 3, 4)]
            mixed = re.sub(r'(router (R\d) \S+)', lambda m: m[0] if m[2] in other else
                           m[1] + ' carrier gre', text)
            scenario = lab.scenario(mixed)
            report = lab.run(scenario, *thrupath('-i', .05, '-c', 40, path[3])).report()
            case.note('found out: %s' % [hop.get('carrier') for hop in report['hops']])
            case.check([hop.get('carrier') for hop in report['hops']] == wanted, 'is it')
            check_clean(case, report, 40)
            told = ','.join('%s/%s' % pair for pair in zip(path, wanted))
            report = lab.run(scenario, *thrupath('-i', .05, '-c', 40, '--path', told)).report()
            case.note('told: %s' % told)
            check_clean(case, report, 40)
    return run


def bridged(case, lab):
    """IPv4 to the second hop, IPv6 from there; the prober has an address of IPv4 alone."""
    text = ('prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.2\n'
            'router R3 2001:db8:3::2\nlink A-R1 delay 1ms\n'
            'link R1-R2 10.0.2.1/10.0.2.2 delay 2ms\n'
            'link R2-R3 2001:db8:3::1/2001:db8:3::2 delay 3ms\n')
    report = lab.run(lab.scenario(text), *thrupath(
        '-i', .05, '-c', 40, '--path', '10.0.1.2,10.0.2.2+2001:db8:3::1,2001:db8:3::2')).report()
    check_clean(case, report, 40, ('through',))
    for hop, rtt in zip(report['hops'], (2, 6, 12)):
        case.check(abs(hop['through']['best'] - rtt) < .3, 'hop %d: best %.3f of %d ms' % (
            hop['hop'], hop['through']['best'], rtt))


def verdicts(case, lab):
    """Three troubles at once, one finding each; of the loss the direction where rounds allow.
    The wires are processes: what a busy machine delays is queueing indeed, and left out."""
    rounds = 900 if IS_LONG else 450
    report = lab.run(scenario_file('tests', 'lab', 'verdicts.scn'), *thrupath(
        '-i', .1, '-c', rounds, '--walk', 'all', '--path',
        '10.0.1.2,10.0.12.3,10.0.23.3,10.0.34.3,10.0.45.3,10.0.56.3')).report()
    # Where hop 2's limiter keeps it from answering the trace home, either is open.
    found = [(f['id'], [5, 3] if f['hops'] == [5, 2] and f['evidence'].get('rejoins_high') == 3
              else f['hops']) for f in report['findings']
             if f['id'] not in ('queueing', 'latency-step')]
    for finding in report['findings']:
        case.note(finding['id'] + ': ' + finding['text'])
    case.check(sorted(found) == [('asymmetric-path', [5, 3]), ('icmp-rate-limit', [2]),
                                 ('link-loss', [3, 4])], 'one finding each: %s' % found)
    link = report['links'][3]
    case.check(link['direction'] in (('out',) if IS_LONG else ('out', 'unknown')),
               'link 4 loses %.3f: %s, out %.4f to %.4f, back %.4f to %.4f' % (
                   link['loss'], link['direction'], link['out']['low'], link['out']['high'],
                   link['back']['low'], link['back']['high']))


def raw_events(text):
    """Of each position the lines of h in their order, and the numbers of x and of p."""
    found = {}
    for number, pattern in enumerate(re.split(r'\n', text.strip())):
        words = pattern.split()
        hop = found.setdefault(int(words[1]), {'h': [], 'x': [], 'p': [], 'first': number})
        if words[0] == 'p':
            assert len(words) == 4 and int(words[2]) > 0, words
            hop['p'].append(int(words[3]))
        else:
            assert len(words) == 3 and words[0] in 'hx', words
            hop[words[0]].append(words[2] if words[0] == 'h' else int(words[2]))
    return found


def without_numbers(kind, text):
    """How many digits a time has is the machine's speed: in a table it fills what stands before it,
    and of JSON numbers the zeros at the end are left out."""
    if kind == '-j':
        return re.sub('[0-9.]+(e-[0-9]+)?(?=,?\n)', '1', text)
    if kind in ('-C', '-x'):
        return re.sub('[0-9]+', '1', text)
    return re.sub(' *[0-9][0-9.]*', lambda number: '1' * len(number.group()), text)


def formats(case, lab):
    """Each format begins with what mtr says of the same path, digit for digit's place: a hop
    that is silent, three that answer."""
    scenario = lab.scenario(CLEAN.replace('10.0.2.3', '10.0.2.3 icmp no echo no').replace(
        'host D 10.0.3.3', 'router R3 10.0.3.3\nhost D 10.0.4.3').replace(
        'link R2-D', 'link R2-R3') + 'link R3-D delay 20ms\n')
    kinds = ('-r', '-w', '-C', '-x', '-j', '-rz', '-wz', '-l')
    words = '-n -i 0.2 -c 4 -G 1 -s 100'
    lab.shell(scenario, 'unset THRUPATH_OPTIONS MTR_OPTIONS\n' + ''.join(
        'mtr %s %s 10.0.4.3 >%s & %s %s --no-through %s 10.0.4.3 >%s; wait\n' % (
            words, kind, lab.path('mtr' + kind), PROGRAM, words, kind, lab.path('our' + kind))
        for kind in kinds))
    text = {}
    for kind in kinds:
        for whose in ('mtr', 'our'):
            with open(lab.path(whose + kind), encoding='utf-8') as file:
                text[whose] = file.read()
        if kind == '-l':
            break
        theirs, ours = (without_numbers(kind, text[whose]).splitlines() for whose in ('mtr', 'our'))
        if kind == '-C':
            dropped = [[row.split(',')[8] for row in lines.splitlines()] for lines in (
                text['mtr'], text['our'])]
            case.check(dropped[0] == dropped[1] and '4' in dropped[0], 'the blank column: %s' % dropped)
            ours = [line[:len(other)] for line, other in zip(ours, theirs)]
        elif kind in ('-x', '-j'):
            # What follows is ours: behind the hubs, within what they stand in.
            theirs = theirs[:-1] if kind == '-x' else theirs[:-3]
            ours[len(theirs) - 1] = ours[len(theirs) - 1].rstrip(',')
        ours = ours[:len(theirs)]
        wrong = [pair for pair in zip(theirs, ours) if pair[0] != pair[1]]
        case.check(len(theirs) > 4 and len(theirs) == len(ours) and not wrong,
                   '%s: %d lines of mtr are ours %s' % (kind, len(theirs), wrong[:1]))
    theirs, ours = raw_events(text['mtr']), raw_events(text['our'])
    case.check(sorted(ours) == [0, 1, 2, 3] and set(theirs) >= set(ours), 'positions of -l: %s' %
               sorted(ours))
    for hop, mine in ours.items():
        case.check(mine['h'] == theirs[hop]['h'] and len(mine['h']) == (0 if hop == 1 else 2),
                   'position %d: %s' % (hop, mine['h']))
        case.check(len(mine['x']) == 4 and set(mine['p']) == (set() if hop == 1 else
                                                             set(mine['x'])),
                   'position %d: %d asked, %d answered' % (hop, len(mine['x']), len(mine['p'])))


# Known not to work yet; reported apart, and neither passed nor failed.
TODO = {}
ALONE = (
    ('a rate limiter is not loss', limiter),
    ('fifteen hops are found in one and a half round trips', discovery),
    ('lab and simulator agree: limiter', agree_limiter),
    ('lab and simulator agree: clean', agree_clean),
    ('lab and simulator agree: default', agree_default),
    ('three troubles at once have one finding each', verdicts),
    ('hostile packets change no count', hostile(4)),
    ('hostile packets of IPv6 change no count', hostile(6)),
)
TOGETHER = (
    ('a path is found over a lossy wire, 20 of 20', lossy_discovery),
    ('an interface that goes away ends in a report', gone),
    ('an interface that comes back is heard again', back_again),
    ('a destination that cannot be reached is said to be', unreachable),
    ('an address that goes away is no loss of the path', moved_away),
    ('a stop of three seconds is no loss', stopped),
    ('hops that unwrap GRE, IPv4', by_gre(4)),
    ('hops that unwrap GRE, IPv6', by_gre(6)),
    ('refused decapsulation is an error, not loss', refused),
    ('a refusal that cannot be seen is no loss', hidden_refusal),
    ('an end that does not decapsulate answers the last leg', ordinary_end),
    ('a socket that listens accepts, a port without resets', by_tcp),
    ('flows see all next hops of a balancer', flows),
    ('flows of nested probes come from three addresses', nested_flows),
    ('a small MTU is an error of its own', small_mtu),
    ('a small MTU does not end a path', mtu_discovery),
    ('no port unreachable and no fragment leaves', no_unreachable),
    ('over a bridge nothing is counted twice', bridge),
    ('four jobs over IPv4', four_jobs(4)),
    ('four jobs over IPv6', four_jobs(6)),
    ('a path from IPv4 over a bridge to IPv6', bridged),
    ('two instances do not disturb each other', two),
    ('lengths are proven by TTL alone', lengths),
    ('legs back are pinned to the link', return_side),
    ('two addresses of ours, two ways home', other_source),
    ('a translator shows in the quotes that it does not mend', translated),
    ('a hop in the name of the end does not end the path', named),
    ('replies that come in fragments are replies', in_fragments),
    ('every probe bears the mark', marked),
    ('each format begins with the bytes of mtr', formats),
)


def work(jobs, lock):
    while True:
        with lock:
            if not jobs:
                return
            name, function = jobs.pop(0)
        Case(name, TODO.get(function)).run(function)


def main():
    need_lab(['ip', 'nft', 'mtr', 'traceroute'])
    wanted = sys.argv[1:]
    chosen = [[job for job in jobs if not wanted or any(word in job[0] for word in wanted)]
              for jobs in (ALONE, TOGETHER)]
    total = sum(map(len, chosen))
    begin = time.monotonic()
    print('1..%d\n# %s' % (total, subprocess.run([PROGRAM, '--version'], check=False,
                                                 capture_output=True, text=True).stdout.split('\n')[0]))
    for name, function in chosen[0]:
        Case(name, TODO.get(function)).run(function)
    lock = threading.Lock()
    threads = [threading.Thread(target=work, args=(chosen[1], lock)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print('# %.0f s' % (time.monotonic() - begin))
    sys.exit(1 if Case.failed > 0 or Case.count != total else 0)


main()
