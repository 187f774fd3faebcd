#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev check: builds and tests in several ways, and counts the results of all of them.
# Each way is quiet; what fails shows the end of its log. The last line is the sum.
set -u
cd "$(dirname "$0")/.." || exit 1
JOBS=$(nproc 2>/dev/null || echo 2)
start=$(date +%s)
passed=0 failed=0 skipped=0 has_skipped_suite=no

logged() { # LOG COMMAND...
	log=$1; shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 </dev/null && return
	status=$?
	[ $status = 77 ] && echo "skipped: $*" || echo "failed: $*"
	tail -n 30 "$log"; echo "(all of it is in $log)"
	return $status
}

title() { # TEXT: with the seconds since the start
	echo "== $1 ($(($(date +%s) - start)) s)"
}

step() { # TITLE LOG COMMAND...: counts as one test
	title "$1"; shift
	logged "$@"
	case $? in
	0) passed=$((passed + 1)) ;;
	77) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
}

results() { # DIR REGEX: how many results of that kind the test drivers left in DIR
	find "$1" -name '*.trs' -exec grep -hE "^:test-result: ($2)" {} + | wc -l
}

# The words of each failed test: who reads only this output has no other way to know why.
show_failed() { # DIR
	find "$1" -name '*.trs' -exec grep -lE '^:test-result: (FAIL|ERROR)' {} + | while read -r trs; do
		echo "-- ${trs%.trs}.log"
		grep -vE '^(ok|PASS)' "${trs%.trs}.log" | tail -n 30 | cut -c 1-2000
	done
}

note_skipped_suites() { # DIR
	find "$1" -name '*.trs' -exec grep -l '^:test-result: SKIP' {} + | while read -r trs; do
		grep -qE '^:test-result: (PASS|XFAIL)' "$trs" ||
			echo "skipped whole: ${trs%.trs}: $(head -n 1 "${trs%.trs}.log")"
	done
}

tests_of() { # DIR REGEX
	make -s -C "$1" list-tests | tr ' ' '\n' | grep -E "$2" | tr '\n' ' '
}

suite() { # TITLE DIR REGEX CONFIGURE-ARGS...: builds in DIR and runs the tests that match
	title "$1"
	dir=$2 regex=$3; shift 3
	if ! logged "$dir/build.log" ./dev configure-and-make "$dir" "$@"; then
		failed=$((failed + 1))
		return
	fi
	find "$dir" -name '*.trs' -exec rm -f {} +
	tests=$(tests_of "$dir" "$regex")
	if ! logged "$dir/check.log" make -C "$dir" -k -j"$JOBS" check TESTS="$tests"; then
		grep -E '^(FAIL|ERROR|XPASS):' "$dir/check.log"
		show_failed "$dir"
		[ "$(results "$dir" 'FAIL|XPASS|ERROR')" -gt 0 ] || failed=$((failed + 1))
	fi
	passed=$((passed + $(results "$dir" 'PASS|XFAIL')))
	failed=$((failed + $(results "$dir" 'FAIL|XPASS|ERROR')))
	skipped=$((skipped + $(results "$dir" SKIP)))
	whole=$(note_skipped_suites "$dir")
	[ -z "$whole" ] || { has_skipped_suite=yes; echo "$whole"; }
}

asan_suite() {
	unset THRUPATH_LONG # what it adds are seeds
	ASAN_OPTIONS=detect_stack_use_after_return=1
	export ASAN_OPTIONS
	suite 'ASan and UBSan' build-asan "$WITHOUT_LAB" CC=clang CFLAGS='-O1 -g' --enable-sanitizers
}

long_suites() {
	suite 'clang' build-clang '^tests/(unit|fuzz|sim|golden)/' CC=clang
	step 'gcc -fanalyzer' build-analyse/analyse.log \
		./dev configure-and-make build-analyse CFLAGS='-O1 -fanalyzer'
	# Prototypes without names confuse its check of their order, and a compound literal
	# within a conditional its parser.
	step 'cppcheck' build/cppcheck.log cppcheck -q -j "$JOBS" --std=c11 --error-exitcode=1 \
		--inline-suppr --enable=warning,portability --suppress=missingIncludeSystem \
		--suppress=funcArgOrderDifferent --suppress=internalAstError -I src src
	step 'distcheck' build/distcheck.log make -C build distcheck \
		TESTS="$(tests_of build '^tests/(unit|golden|lint|cli)/')"
	step '32 bits (i386)' build/i386.log timeout 900 ./dev foreign i386
	step 'bytes the other way round (s390x)' build/s390x.log timeout 900 ./dev foreign s390x
	if [ "$(id -u)" = 0 ]; then
		step 'Debian package' build/package.log ./dev package
		step 'Debian 13' build/trixie.log timeout 1200 sh tests/other_debian.sh trixie
	else
		skipped=$((skipped + 2)) # they take root
	fi
}

# The lab and the measurements need the speed of an ordinary build, and take minutes.
WITHOUT_LAB='^tests/(unit|sim|fuzz|golden|lint|names|term|cli)/'
[ "$(id -u)" != 0 ] || { REQUIRE_LAB=1; export REQUIRE_LAB; }
[ "${1-}" != --all ] || { THRUPATH_LONG=1; export THRUPATH_LONG; }
if [ "${1-}" != --asan ]; then
	suite 'build and test' build .
fi
asan_suite
if [ "${1-}" = --all ]; then
	long_suites
fi
is_bad=no
[ "$failed" = 0 ] || is_bad=yes
if [ -n "${CI-}${REQUIRE_LAB-}" ] && [ $has_skipped_suite = yes ]; then
	is_bad=yes
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $is_bad = no ]
