#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# The program's screen over the demo: needs root, or namespaces for everybody.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
need_demo
exec python3 "$srcdir/tests/term/drive_demo.py" "$top_builddir/thrupath"
