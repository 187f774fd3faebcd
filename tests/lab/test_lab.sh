#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The kernel lab, where there can be one: root, Python and the tools that lab_test.py asks for.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets it
exec python3 -B "${srcdir:-.}/tests/lab/lab_test.py" "$@"
