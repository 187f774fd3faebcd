#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# The same in tmux, under a shell with job control: as many people sit before it.
for program in python3 tmux; do
	command -v $program >/dev/null || { echo "1..0 # SKIP no $program"; exit 0; }
done
THRUPATH_DEMOS=$(cd "$srcdir" && pwd)/data/demo
export THRUPATH_DEMOS
if ! why=$("$top_builddir/thrupath" --demo -r -c 1 2>&1 >/dev/null); then
	echo "1..0 # SKIP the demo does not run here: $why"
	exit 0
fi
exec python3 "$srcdir/tests/term/drive_tmux.py" "$top_builddir/thrupath"
