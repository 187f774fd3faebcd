#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The golden JSON reports, read by Python's parser.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets them
exec python3 "$srcdir/tests/golden/read_json.py" "$srcdir"/tests/golden/*.json
