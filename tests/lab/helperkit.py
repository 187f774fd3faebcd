# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers to start as a user: the built one with its capability, and fakes."""
import os
import shutil
import subprocess
import sys
import tempfile

from labkit import BUILD, PROGRAM

HELPER = os.path.join(BUILD, 'thrupath-packet')
NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

FAKE = '''#!%s -I
import socket, sys
pair = socket.socket(fileno=3)
hello = pair.recv(65536)
%s
'''


class Nest:
    """A directory that anybody may enter, for helpers with capabilities and who starts them: in
    the build, or where only its owner may enter that, as below /root, elsewhere."""

    def __init__(self):
        is_open = subprocess.run(NOBODY + ['test', '-x', BUILD], check=False).returncode == 0
        self.dir = tempfile.mkdtemp(prefix='helper-', dir=BUILD if is_open else '/var/tmp')
        os.chmod(self.dir, 0o755)
        self.program = shutil.copy(PROGRAM, self.dir)
        self.is_fit = True

    def copy(self):
        path = os.path.join(self.dir, 'thrupath-packet')
        if not os.path.exists(path):
            shutil.copy(HELPER, path)
            os.chmod(path, 0o755)
            self.is_fit = subprocess.run(['setcap', 'cap_net_raw+ep', path],
                                         check=False).returncode == 0
        return path

    def fake(self, name, body):
        path = os.path.join(self.dir, name)
        with open(path, 'w', encoding='ascii') as file:
            file.write(FAKE % (sys.executable, body))
        os.chmod(path, 0o755)
        return path

    def remove(self):
        shutil.rmtree(self.dir)
