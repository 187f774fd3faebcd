#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual, --help, the keys and the command line's words agree.
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
srcdir=$(cd "$srcdir" && pwd) || exit 99
man=$srcdir/man/thrupath.1
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 99
number=0
echo 1..9

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

number=$((number + 1))
if command -v groff >/dev/null; then
	groff -ww -man -Tutf8 "$man" >text.txt 2>groff.txt
	if [ -s text.txt ] && [ ! -s groff.txt ]; then
		echo "ok $number - the manual formats without a warning"
	else
		echo "not ok $number - the manual formats without a warning"
		sed 's/^/# /' groff.txt
	fi
else
	echo "ok $number - the manual formats without a warning # SKIP no groff"
fi

number=$((number + 1))
"$top_builddir/thrupath" --version | sed -n '1s/.* //p' >version.txt
sed -n 's/^\.TH .*"thrupath \([0-9.]*\)".*/\1/p' "$man" >manversion.txt
number=$((number - 1))
same 'the version of the manual' version.txt manversion.txt

for shell in bash zsh fish; do
	file=$srcdir/data/completions/thrupath.$shell
	[ $shell != zsh ] || file=$srcdir/data/completions/_thrupath
	LC_ALL=C "$top_builddir/thrupath" --print-completion $shell >completion.txt
	same "the completion for $shell (./dev golden writes it)" completion.txt "$file"
done
