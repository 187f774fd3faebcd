#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The golden reports in CSV, XML and HTML, read by Python's parsers and xmllint.
command -v python3 >/dev/null || { echo '1..0 # SKIP no python3'; exit 0; }
# shellcheck disable=SC2154 # the harness sets them
exec python3 "$srcdir/tests/golden/read_formats.py" "$srcdir/tests/golden"
