#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The helper in the kernel lab: who holds which privilege, and what its death does.
lab=${srcdir:-.}/tests/lab

if command -v python3 >/dev/null; then
	exec python3 -B "$lab/helper_test.py" "$@"
fi
if [ "$REQUIRE_LAB" = 1 ]; then
	echo 'Bail out! REQUIRE_LAB: no python3'
	exit 1
fi
echo '1..0 # SKIP no python3'
