#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# What is said of random networks, of each kind of trouble, in virtual time.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
unset THRUPATH_OPTIONS
exec python3 -B "$srcdir/tests/bench/kinds/verdicts.py" "$top_builddir/thrupath" --tap \
	--seeds "${KIND_SEEDS:-10}" --first "${TEST_SEED:-1}" --jobs 2
