#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The programs of doc/examples: in C and in Python the same of a scenario, and an error in one line.
# shellcheck source=tests/support/need.sh disable=SC2154 # the harness sets srcdir and top_builddir
. "${srcdir:-.}/tests/support/need.sh"
need_program python3 nm
library=$top_builddir/libthrupath.so.0
LD_LIBRARY_PATH=$top_builddir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
demo=$srcdir/data/demo/default.scn

count=0
check() {
	count=$((count + 1))
	name=$1
	shift
	if "$@"; then echo "ok $count - $name"; else echo "not ok $count - $name"; fi
}
in_c() { "$top_builddir/doc/examples/links" "$@" 2>&1; }
in_python() { python3 "$srcdir/doc/examples/links.py" "$@" 2>&1; }

says() {
	told=$("$1" "$demo") || return 1
	echo "$told" | sed 's/^/# /'
	echo "$told" | grep -qx '10.0.1.1 to 10.0.78.3, 8 hops, 20 rounds' &&
		[ "$(echo "$told" | grep -cE '^link [0-7] to [1-8]: [0-9.]+ % lost ')" = 8 ]
}
same() { [ "$(in_c "$demo")" = "$(in_python "$demo")" ]; }
refuses() {
	told=$("$1" nowhere.scn) && return 1
	[ "$(echo "$told" | wc -l)" = 1 ] && echo "$told" | grep -q '^links: .*nowhere.scn'
}
# What the header has, and nothing else.
shows_its_header() {
	nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^_' | sort >examples.shown
	grep -o 'thrupath_[a-z_]*(' "$srcdir/src/run/thrupath.h" | tr -d '(' | sort -u |
		diff - examples.shown
	status=$?
	rm -f examples.shown
	return $status
}

echo 1..6
check 'the example in C tells of every link' says in_c
check 'the example in Python tells of every link' says in_python
check 'both tell the same' same
check 'the example in C says what it cannot read' refuses in_c
check 'the example in Python says what it cannot read' refuses in_python
check 'the library shows what its header has' shows_its_header
