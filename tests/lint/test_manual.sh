#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual, --help, the keys, the command line's words, the files' formats and the findings agree.
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
srcdir=$(cd "$srcdir" && pwd) || exit 99
man=$srcdir/man/thrupath.1
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 99
number=0
echo 1..18

same() { # NAME A B
	number=$((number + 1))
	if [ -s "$2" ] && diff "$2" "$3" >diff.txt; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		sed 's/^/# /' diff.txt
	fi
}

# "-c, --report-cycles N" of either source; the argument's case and brackets included.
"$top_builddir/thrupath" --help | sed -n 's/^  \(-., \|    \)\(--[a-z0-9-]*\( [^ ]*\)\{0,1\}\) .*/\1\2/p' |
	sed 's/^ *//; s/ *$//' | sort >help.txt
sed -n 's/\\-/-/g; s/\\f[BIR]//g; s/^\.OPT //p' "$man" | sed 's/"//g; s/ *$//' | sort >man.txt
same 'options of the manual and of --help' help.txt man.txt

sed -n 's/.*UI_ACTION_[A-Z_]*, N_("\([^"]*\)").*/\1/p' "$srcdir/src/view/keymap.c" | sort >keys.txt
sed -n 's/\\-/-/g; s/^\.KEY //p' "$man" | sed 's/"//g; s/\\(ha/^/g' | sort >mankeys.txt
same 'keys of the manual and of the screen' keys.txt mankeys.txt

sed -n 's/.* "\([a-z-]*\)"},$/\1/p; s/^\t*"\([a-z-]*\)"},$/\1/p' "$srcdir/src/view/keymap.c" | sort >names.txt
sed -n 's/\\-/-/g; s/^\.FN //p' "$man" | tr ' ' '\n' | sort >mannames.txt
same 'functions of the manual and of the keys' names.txt mannames.txt

sed -n "s/^.[A-Z]*('\(.\)', .*/\1/p; s/^.{.letter = '\(.\)',.*/\1/p" "$srcdir/src/view/columns.c" |
	sort >columns.txt
sed -n 's/^\.COL "\(.\)".*/\1/p' "$man" | sort >mancolumns.txt
same 'letters of the manual and of the columns' columns.txt mancolumns.txt

# What a page says in lines of one of its macros, without quotes and escapes.
told() { # MACRO FILE
	sed -n 's/\\-/-/g; s/"//g; s/^\.'"$1"' //p' "$2"
}

LC_ALL=C "$top_builddir/thrupath" --print-config | sed -n '/^$/d; s/^#\([a-z]\)/\1/p' | grep -v '^bind [^K]' |
	sort >config.txt
told OPT "$srcdir/man/thrupath.conf.5" | sort >manconfig.txt
same 'options of thrupath.conf(5) and of --print-config' config.txt manconfig.txt

for page in thrupath-json=thrupath thrupath-explain=thrupath-explain thrupath-ndjson=thrupath-ndjson; do
	name="keys of ${page%=*}(5) and of the schema, their order and types"
	if command -v python3 >/dev/null; then
		python3 "$srcdir/tests/lint/schema_keys.py" "$srcdir/data/${page#*=}.schema.json" |
			LC_ALL=C sort -s -k1,1 >schema.txt
		sed -n 's/"//g; s/^\.OBJ \([^ ]*\).*/OBJ \1/p; s/^\.KEY //p' "$srcdir/man/${page%=*}.5" |
			awk '$1 == "OBJ" { object = $2; next } { print object, $0 }' |
			LC_ALL=C sort -s -k1,1 >manschema.txt
		same "$name" schema.txt manschema.txt
	else
		number=$((number + 1))
		echo "ok $number - $name # SKIP no python3"
	fi
done

scn=$srcdir/src/sim
sed -n '/ line_kind\[\] = {/,/^};/s/^\t{"\([a-z-]*\)", .*/\1/p' "$scn/scenario.c" | sort >statements.txt
told STM "$srcdir/man/thrupath-scenario.5" | sed 's/ .*//' | sort >manstatements.txt
same 'statements of thrupath-scenario(5) and of the reader' statements.txt manstatements.txt

{
	sed -n '/ link_property\[\] = {/,/^};/s/^\t{"\([a-z-]*\)", .*/link \1/p' "$scn/params.c"
	sed -n '/ node_property\[\] = {/,/^};/s/^\t{"\([a-z-]*\)", .*/node \1/p' "$scn/params.c"
	sed -n 's/.*name != NULL && strcmp(word, "\([a-z]*\)").*/node \1/p' "$scn/scn_topo.c"
} | sort >properties.txt
{
	told LNK "$srcdir/man/thrupath-scenario.5" | sed 's/ .*//; s/^/link /'
	told NOD "$srcdir/man/thrupath-scenario.5" | sed 's/ .*//; s/^/node /'
} | sort >manproperties.txt
same 'properties of thrupath-scenario(5) and of the reader' properties.txt manproperties.txt

# With the heading that each stands under.
sed -n 's/^\t\[FINDING_[A-Z0-9_]*\] = {"\([a-z0-9-]*\)", SEVERITY_\([A-Z]*\)},/\2 \1/p' \
	"$srcdir/src/diag/findings.c" | sort >findings.txt
sed -n 's/"//g; s/^\.SS \(Alarm\|Warning\|Info\).*/SS \1/p; s/^\.FND //p' "$man" |
	awk '$1 == "SS" { under = toupper($2); next } { print under, $1 }' | sort >manfindings.txt
same 'findings of the manual and of the rules' findings.txt manfindings.txt

number=$((number + 1))
if command -v groff >/dev/null; then
	: >groff.txt
	for page in "$srcdir"/man/*.[1-9]; do
		groff -ww -man -Tutf8 "$page" >page.txt 2>>groff.txt && [ -s page.txt ] ||
			echo "$page: nothing" >>groff.txt
		grep -qw "man/${page##*/}" "$srcdir/man/Makefile.inc" ||
			echo "$page: not in man/Makefile.inc" >>groff.txt
	done
	if [ ! -s groff.txt ]; then
		echo "ok $number - the pages format without a warning"
	else
		echo "not ok $number - the pages format without a warning"
		sed 's/^/# /' groff.txt
	fi
else
	echo "ok $number - the pages format without a warning # SKIP no groff"
fi

number=$((number + 1))
if command -v groff >/dev/null; then
	groff -man -rHY=0 -Tascii -P-cbou "$man" | tr -s ' \n' ' ' >page.txt
	sed -n 's/\\-/-/g; s/^\.FN \(.*\)/[\1]/p' "$man" | while read -r functions; do
		grep -qF "$functions" page.txt || echo "$functions"
	done >joined.txt
	if [ -s page.txt ] && [ ! -s joined.txt ]; then
		echo "ok $number - the functions of a key stand apart on the page"
	else
		echo "not ok $number - the functions of a key stand apart on the page"
		sed 's/^/# /' joined.txt
	fi
else
	echo "ok $number - the functions of a key stand apart on the page # SKIP no groff"
fi

"$top_builddir/thrupath" --version | sed -n '1s/.* //p' >version.txt
cat "$srcdir"/man/*.[1-9] | sed -n 's/^\.TH .*"thrupath \([0-9.]*\)".*/\1/p' | sort -u >manversion.txt
same 'the version of every page' version.txt manversion.txt

for page in "$srcdir"/man/*.[58]; do
	page=${page##*/}
	echo "${page%.*}(${page##*.})"
done | sort >pages.txt
sed -n '/^\.SH SEE ALSO/,$s/^\.BR \(thrupath[a-z.\\-]*\) (\([58]\)),*$/\1(\2)/p' "$man" | sed 's/\\-/-/g' |
	sort >manpages.txt
same 'the other pages and what the manual refers to' pages.txt manpages.txt

for shell in bash zsh fish; do
	file=$srcdir/data/completions/thrupath.$shell
	[ $shell != zsh ] || file=$srcdir/data/completions/_thrupath
	LC_ALL=C "$top_builddir/thrupath" --print-completion $shell >completion.txt
	same "the completion for $shell (./dev golden writes it)" completion.txt "$file"
done
