#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What becomes of a run in which a system call fails, for each of them.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets it
exec python3 -B "${srcdir:-.}/tests/cli/failing.py" "$top_builddir/thrupath" \
	"$top_builddir/tests/support/fail_shim.so"
