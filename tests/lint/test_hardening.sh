#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Both programs have what makes errors of memory hard to exploit, whoever built them. Not for builds
# with --disable-hardening, or with sanitizers, which say so in configure.ac.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program readelf
# shellcheck disable=SC2154 # the harness sets top_builddir
cd "$top_builddir" || exit 99
number=0
echo 1..12

has() { # NAME REGEX READELF-OPTION...: is it in what readelf says of $program?
	name=$1 regex=$2
	shift 2
	number=$((number + 1))
	if readelf -W "$@" "$program" | grep -qE "$regex"; then
		echo "ok $number - $program: $name"
	else
		echo "not ok $number - $program: $name"
	fi
}

for program in thrupath thrupath-packet; do
	has 'it may lie anywhere in memory' 'Type: +DYN' -h
	has 'every address is known before it starts' 'BIND_NOW|Flags:.* NOW' -d
	has 'and cannot be written after that' 'GNU_RELRO' -l
	has 'its stack holds no code' 'GNU_STACK .* RW +0x' -l
	has 'an overflow of the stack ends it' ' __stack_chk_fail' --dyn-syms
	if sed -n 's/^CFLAGS = //p' Makefile | grep -qE -- '-O([1-9s]|fast)?( |$)'; then
		has 'the C library is told how large buffers are' ' __[a-z]+_chk(@| |$)' --dyn-syms
	else
		number=$((number + 1))
		echo "ok $number - $program: buffers # SKIP not optimised"
	fi
done
