#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# Names of hops by a real name server, a dead one and liars, all on loopback.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
unset THRUPATH_OPTIONS
exec python3 "$srcdir/tests/names/dns.py" "$top_builddir/thrupath" \
	"$top_builddir/tests/term/vtscreen"
