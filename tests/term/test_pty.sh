#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The screens in a real pseudo terminal: keys, sizes, and a terminal left as it was.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets them
exec python3 "$srcdir/tests/term/drive.py" "$top_builddir/tests/term/term_demo"
