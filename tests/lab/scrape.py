# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs two probers, Debian's node exporter over the files that they write, and Prometheus over
that with the rules that ship; prints what Prometheus came to know, as JSON.

scrape.py DIRECTORY RULES PROGRAM PATH PATH"""
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

DIRECTORY, RULES, PROGRAM = sys.argv[1:4]
PATHS = sys.argv[4:]
EXPORTER, PROMETHEUS = '127.0.0.1:19100', '127.0.0.1:19090'
BOUND = 60
CONFIG = '''global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [%s]
scrape_configs:
  - job_name: probers
    static_configs: [{targets: ["%s"]}]
''' % (json.dumps(RULES), EXPORTER)


def ask(expression):
    """The samples of an expression; none while nobody answers."""
    url = 'http://%s/api/v1/query?%s' % (PROMETHEUS, urllib.parse.urlencode({'query': expression}))
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)['data']['result']
    except (urllib.error.URLError, OSError):
        return []


def until(is_enough, expression, deadline):
    """What the expression comes to once that is enough, or when the time is over."""
    samples = ask(expression)
    while not is_enough(samples) and time.monotonic() < deadline:
        samples = ask(expression)
    return samples


def main():
    texts = os.path.join(DIRECTORY, 'texts')
    os.mkdir(texts)
    with open(os.path.join(DIRECTORY, 'prometheus.yml'), 'w', encoding='ascii') as file:
        file.write(CONFIG)
    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL,
             'stdin': subprocess.DEVNULL}
    running = [subprocess.Popen(
        [PROGRAM, '-r', '-n', '-i', '.1', '-c', '100000', '--path', path,
         '--metrics', os.path.join(texts, 'path%d.prom' % number)], **quiet)
        for number, path in enumerate(PATHS)]
    running.append(subprocess.Popen(
        ['prometheus-node-exporter', '--web.listen-address=' + EXPORTER,
         '--collector.disable-defaults', '--collector.textfile',
         '--collector.textfile.directory=' + texts], **quiet))
    running.append(subprocess.Popen(
        ['prometheus', '--config.file=' + os.path.join(DIRECTORY, 'prometheus.yml'),
         '--storage.tsdb.path=' + os.path.join(DIRECTORY, 'tsdb'),
         '--web.listen-address=' + PROMETHEUS], **quiet))
    deadline = time.monotonic() + BOUND
    try:
        alarms = until(lambda samples: len(samples) == 1,
                       'thrupath_finding_active{severity="alarm"}', deadline)
        alerts = until(lambda samples: samples != [],
                       'ALERTS{alertname="ThrupathAlarm"}', deadline)
        print(json.dumps({
            'alarms': alarms, 'alerts': alerts, 'rounds': ask('thrupath_rounds_total'),
            'sent': ask('thrupath_probes_sent_total{view="through"}'),
            'loss': ask('thrupath_link_loss_ratio'),
            'errors': ask('node_textfile_scrape_error')}))
    finally:
        for process in running:
            process.kill()
            process.wait()


main()
