#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No files of a layer use each other in a circle but those in circles.txt; read from the objects.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program nm
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
lint=$(cd "$srcdir/tests/lint" && pwd) || exit 99
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 99
number=0
echo 1..5

report() { # NAME COMPLAINTS: ok when there are none
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

nm -A -P -g "$top_builddir"/src/lib*.a >all.txt 2>nm.log
[ -s all.txt ] || { cat nm.log; exit 99; }
report 'no files of a layer use each other in a circle' \
	"$(awk -f "$lint/circles.awk" "$lint/circles.txt" - <all.txt)"
# The linker takes the first of two, and says nothing.
report 'no name has two definitions' "$(awk '$3 ~ /^[TDBR]$/ { print $2 }' all.txt | sort | uniq -d)"

bites() { # NAME LIST EXPECTED: what is said of a layer in which a uses b, b uses c, and c uses a
	echo "$2" >list.txt
	said=$(awk -f "$lint/circles.awk" list.txt - <<'END'
src/libpkt.a[a.o]: a T 0 8
src/libpkt.a[a.o]: b U
src/libpkt.a[libpkt_a-b.o]: b T 0 8
src/libpkt.a[libpkt_a-b.o]: c U
src/libpkt.a[c.o]: c D 0 8
src/libpkt.a[c.o]: a U
src/libpkt.a[d.o]: a U
END
	)
	[ "$said" != "$3" ] || said=
	report "$1" "$said"
}
bites 'a circle is seen' '# none' 'src/pkt: these use each other in a circle: a b c'
bites 'a circle with a reason may be' 'pkt a.c b.c c.c : round they go' ''
bites 'a reason without a circle goes' 'pkt a.c b.c c.c : round they go
io a.c b.c : as they did' 'listed, and no circle any more: io a.c b.c '
