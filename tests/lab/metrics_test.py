#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What --metrics writes, taken up by Debian's own Prometheus: two probers of one lab, the rules
and the dashboard that ship. Needs root."""
import json
import re
import subprocess
import sys

from labkit import CLEAN, Case, HERE, PROGRAM, need_lab, scenario_file

RULES = scenario_file('data', 'prometheus', 'thrupath.rules.yml')
DASHBOARD = scenario_file('data', 'prometheus', 'thrupath-dashboard.json')
SHORT, WHOLE = '10.0.1.2', '10.0.1.2,10.0.2.3,10.0.3.3'


def destinations(samples):
    return sorted({sample['metric']['destination'] for sample in samples})


def scraped(case, lab):
    scenario = lab.scenario(CLEAN.replace('delay 10ms', 'delay 10ms loss 20%'))
    done = lab.run(scenario, 'python3', HERE + '/scrape.py', lab.dir.name, RULES, PROGRAM,
                   SHORT, WHOLE)
    case.check(done.status == 0, 'status %d %s' % (done.status, done.stderr))
    seen = json.loads(done.stdout)
    both = ['10.0.1.2', '10.0.3.3']
    case.check(destinations(seen['rounds']) == both, 'rounds of %s' % destinations(seen['rounds']))
    case.check(len(seen['sent']) == 4, '%d series of probes sent' % len(seen['sent']))
    case.check(all(float(sample['value'][1]) == 0 for sample in seen['errors']) and
               seen['errors'], 'the exporter read every file')
    alarms = [(sample['metric']['id'], sample['metric']['hops'], sample['metric']['destination'])
              for sample in seen['alarms']]
    # The scrape may come before the link is proven.
    case.check(alarms in ([('link-loss', '2-3', '10.0.3.3')], [('path-loss', '3', '10.0.3.3')]),
               'alarms: %s' % alarms)
    states = [sample['metric']['alertstate'] for sample in seen['alerts']]
    case.check(states in (['pending'], ['firing']), 'the shipped rule is %s' % states)
    losses = {(sample['metric']['destination'], sample['metric']['link']):
              float(sample['value'][1]) for sample in seen['loss']}
    case.note('links: %s' % losses)
    case.check(losses.get(('10.0.3.3', '3'), 0) > .1 and
               losses.get(('10.0.1.2', '1'), 1) < .05, 'the lossy link is told from the others')


def rules_hold(case, lab):
    case.check(subprocess.run(['promtool', 'check', 'rules', RULES], check=False,
                              capture_output=True).returncode == 0, 'promtool takes the rules')
    # Half a minute of loss, whose link is proven on the way, and quiet after it.
    series = 'thrupath_finding_active{id="%s",severity="alarm",hops="%s",source="a",destination="b"}'
    told = [{'exp_labels': {'severity': 'critical', 'source': 'a', 'destination': 'b'},
             'exp_annotations': {'summary': 'trouble on the path from a to b: see '
                                            'thrupath_finding_active'}}]
    with open(lab.path('rules_test.yml'), 'w', encoding='ascii') as file:
        json.dump({'rule_files': [RULES], 'evaluation_interval': '15s', 'tests': [{
            'interval': '15s', 'input_series': [
                {'series': series % ('path-loss', '3'), 'values': '1 _x20'},
                {'series': series % ('link-loss', '2-3'), 'values': '_ 1 1 _x20'}],
            'alert_rule_test': [
                {'eval_time': '0s', 'alertname': 'ThrupathAlarm', 'exp_alerts': told},
                {'eval_time': '30s', 'alertname': 'ThrupathAlarm', 'exp_alerts': told},
                {'eval_time': '75s', 'alertname': 'ThrupathAlarm', 'exp_alerts': told},
                {'eval_time': '180s', 'alertname': 'ThrupathAlarm'},
            ]}]}, file)
    done = subprocess.run(['promtool', 'test', 'rules', lab.path('rules_test.yml')], check=False,
                          capture_output=True, text=True)
    case.check(done.returncode == 0, 'a short alarm is told, once, and ends: ' +
               re.sub(r'\s+', ' ', done.stdout + done.stderr))


def text_is_sound(case, lab):
    name = lab.path('m.prom')
    done = lab.run(lab.scenario(CLEAN), PROGRAM, '-r', '-n', '-c', '5', '--metrics', name,
                   '--path', WHOLE)
    case.check(done.status == 0, 'status %d %s' % (done.status, done.stderr))
    with open(name, encoding='utf-8') as file:
        text = file.read()
    checked = subprocess.run(['promtool', 'check', 'metrics'], input=text, check=False,
                             capture_output=True, text=True)
    case.check(checked.returncode == 0, 'promtool takes the metrics ' + checked.stderr)
    families = set(re.findall(r'^# TYPE (\S+)', text, re.M))
    with open(DASHBOARD, encoding='ascii') as file:
        board = json.load(file)
    asked = {name for panel in board['panels'] for target in panel['targets']
             for name in re.findall(r'thrupath_\w+', target['expr'])}
    with open(RULES, encoding='ascii') as file:
        asked |= set(re.findall(r'thrupath_\w+', file.read()))
    case.check(asked and asked <= families, 'unknown to the program: %s' % (asked - families))


CASES = (
    ('two probers are scraped, and an alarm becomes an alert', scraped),
    ('the rules tell what lasts', rules_hold),
    ('rules and dashboard ask for what is written', text_is_sound),
)
need_lab(['ip', 'prometheus', 'promtool', 'prometheus-node-exporter'])
print('1..%d' % len(CASES))
for title, function in CASES:
    Case(title).run(function)
sys.exit(1 if Case.failed else 0)
