#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# A whole session of keys over the demo, seen through a terminal without a window (libvterm).
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
[ -x "$top_builddir/tests/term/vtscreen" ] || skip_all 'no libvterm'
need_demo
exec python3 "$srcdir/tests/term/drive_session.py" "$top_builddir/thrupath" \
	"$top_builddir/tests/term/vtscreen"
