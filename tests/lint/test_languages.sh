#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every language of po/LINGUAS has every message, with the formats of the original.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program xgettext msgmerge msgattrib msgfmt
# shellcheck disable=SC2154 # the harness sets srcdir
cd "$srcdir" || exit 99
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
languages=$(grep -v '^#' po/LINGUAS)
number=0
echo "1..$(echo "$languages" | wc -l)"

# shellcheck disable=SC2046 # a list of files
xgettext --keyword=_ --keyword=N_ --keyword=ngettext:1,2 --from-code=UTF-8 \
	-o "$scratch/all.pot" $(grep -v '^#' po/POTFILES.in) || exit 99
for language in $languages; do
	number=$((number + 1))
	msgmerge -q --no-fuzzy-matching -o "$scratch/merged.po" "po/$language.po" "$scratch/all.pot"
	{
		msgattrib --untranslated --no-obsolete "$scratch/merged.po"
		msgattrib --only-fuzzy --no-obsolete "$scratch/merged.po"
		msgfmt -c -o /dev/null "$scratch/merged.po"
	} >"$scratch/said" 2>&1
	if [ -s "$scratch/merged.po" ] && [ ! -s "$scratch/said" ]; then
		echo "ok $number - $language is complete"
	else
		echo "not ok $number - $language is complete"
		sed 's/^/# /' "$scratch/said"
	fi
done
