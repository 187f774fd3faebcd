#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The kernel lab, where there can be one: root, Python and the tools that lab_test.py asks for.
lab=${srcdir:-.}/tests/lab

if command -v python3 >/dev/null; then
	exec python3 -B "$lab/lab_test.py" "$@"
fi
if [ "$REQUIRE_LAB" = 1 ]; then
	echo 'Bail out! REQUIRE_LAB: no python3'
	exit 1
fi
echo '1..0 # SKIP no python3'
