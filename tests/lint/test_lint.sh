#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules a program can see: layers, forbidden calls, sizes; and that the rules bite.
# shellcheck disable=SC2154 # the harness sets srcdir
cd "$srcdir" || exit 99
awk_file=$PWD/tests/lint/lint.awk
number=0
echo 1..15

report() { # NAME COMPLAINTS: ok when there are none
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

sources=$(find src tests -name '*.[ch]' | LC_ALL=C sort)
# shellcheck disable=SC2086 # names without blanks
report 'sources keep the rules' "$(LC_ALL=C.UTF-8 awk -f "$awk_file" $sources)"

# shellcheck disable=SC2086
marked=$(grep -lE '(^|[^A-Za-z_])N?_\("' $sources | grep -v '^src/base/i18n.h$')
missing=
for file in $marked; do
	grep -qx "$file" po/POTFILES.in || missing="$missing $file"
done
report 'files with texts are in po/POTFILES.in' "$missing"
unmarked=
# shellcheck disable=SC2013 # names without blanks
for file in $(grep -v '^#' po/POTFILES.in); do
	echo "$marked" | grep -qx "$file" || unmarked="$unmarked $file"
done
report 'files in po/POTFILES.in have texts' "$unmarked"

unlisted=
for file in tests/golden/*.screen*; do
	case $file in *.got) continue ;; esac
	grep -qE "$file( |$)" tests/golden/Makefile.inc || unlisted="$unlisted $file"
done
report 'screens are in the archive' "$unlisted"

# Each rule is shown one line that breaks it.
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/src/pkt"
bites() { # NAME WHAT-IT-SAYS LINE...
	name=$1 says=$2
	shift 2
	{ echo '/* SPDX-License-Identifier: GPL-3.0-or-later */'; printf '%s\n' "$@"; } \
		>"$scratch/src/pkt/bad.c"
	said=$(cd "$scratch" && awk -f "$awk_file" src/pkt/bad.c)
	case $said in
	*"$says"*) report "refused: $name" '' ;;
	*) report "refused: $name" "was not noticed: it said '$said'" ;;
	esac
}
bites 'a layer above' 'may not include io/loop.h' '#include "io/loop.h"'
bites 'curses' 'knows curses' '#include <curses.h>'
bites 'a clock' 'clock_gettime()' '	(void)clock_gettime(clock, &ts);'
bites 'another byte order' 'ntohs()' '	return ntohs(x);'
bites 'an unbounded copy' 'strcpy()' '	strcpy(a, b);'
bites 'an end of the program' 'exit()' '	exit(1);'
bites 'memory that may fail' 'malloc()' '	p = malloc(8);'
bites 'a TODO of nobody' 'number of an issue' '/* TODO later */'
bites 'a long line' 'longer than 100' "$(printf '%101s' x)"
bites 'a long function' '80 are the most' '{' "$(seq 81)" '}'
printf '%s\n' '/* SPDX-License-Identifier: GPL-3.0-or-later */' '/* strcpy(a, b) */' \
	'	return x.exit(1);' '	puts("atoi(");' >"$scratch/src/pkt/bad.c"
report 'comments, texts and members are none of its business' \
	"$(cd "$scratch" && awk -f "$awk_file" src/pkt/bad.c)"
