#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# A whole session of keys over the demo, seen through a terminal without a window (libvterm).
command -v python3 >/dev/null || { echo '1..0 # SKIP no python3'; exit 0; }
if [ ! -x "$top_builddir/tests/term/vtscreen" ]; then
	echo '1..0 # SKIP no libvterm'
	exit 0
fi
THRUPATH_DEMOS=$(cd "$srcdir" && pwd)/data/demo
export THRUPATH_DEMOS
if ! why=$("$top_builddir/thrupath" --demo -r -c 1 2>&1 >/dev/null); then
	echo "1..0 # SKIP the demo does not run here: $why"
	exit 0
fi
exec python3 "$srcdir/tests/term/drive_session.py" "$top_builddir/thrupath" \
	"$top_builddir/tests/term/vtscreen"
