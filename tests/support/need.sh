# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # the harness sets srcdir and top_builddir
# What a suite cannot run without. It is skipped whole where that is missing, and where the lab
# is required it fails.
skip_all() {
	if [ "$REQUIRE_LAB" = 1 ]; then
		echo "Bail out! REQUIRE_LAB: $1"
		exit 1
	fi
	echo "1..0 # SKIP $1"
	exit 0
}

need_program() {
	for program in "$@"; do
		command -v "$program" >/dev/null || skip_all "no $program"
	done
}

# The demo: root, or namespaces for everybody.
need_demo() {
	THRUPATH_DEMOS=$(cd "$srcdir" && pwd)/data/demo
	export THRUPATH_DEMOS
	why=$("$top_builddir/thrupath" --demo -r -c 1 2>&1 >/dev/null) ||
		skip_all "the demo does not run here: $why"
}
