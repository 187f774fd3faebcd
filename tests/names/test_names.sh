#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# Names made up in the styles of many operators are read as a person reads them.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
XDG_CONFIG_HOME=$(mktemp -d) || exit 99
export XDG_CONFIG_HOME
trap 'rm -rf "$XDG_CONFIG_HOME"' EXIT
unset THRUPATH_OPTIONS
echo 1..1
if python3 "$srcdir/tests/names/score.py" "$top_builddir/thrupath --hints" \
	"$srcdir/tests/names/names.tsv" --wrong --least 'place precision=1' \
	--least 'place recall=1' --least 'interface type=1' --least 'speed=1' \
	--least 'no interface where none is=1' --least 'role precision=1' --least 'router=1' |
	sed 's/^/# /' >"$XDG_CONFIG_HOME/said" && ! grep '^# below' "$XDG_CONFIG_HOME/said"; then
	echo 'ok 1 - made-up names are read rightly'
else
	cat "$XDG_CONFIG_HOME/said"
	echo 'not ok 1 - made-up names are read rightly'
fi
