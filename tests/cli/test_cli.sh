#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# What the binary says to a wrong command line, a full disk, a signal.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
THRUPATH_DEMOS=$(cd "$srcdir" && pwd)/data/demo
unset THRUPATH_OPTIONS
export THRUPATH_DEMOS
exec python3 "$srcdir/tests/cli/cli.py" "$top_builddir/thrupath"
