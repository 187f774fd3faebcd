#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# The same in tmux, under a shell with job control: as many people sit before it.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3 tmux
need_demo
exec python3 "$srcdir/tests/term/drive_tmux.py" "$top_builddir/thrupath"
