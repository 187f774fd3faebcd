#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # the harness sets srcdir and top_builddir
# Networks and places of hops from small databases that are written here.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
perl -MMaxMind::DB::Writer::Tree -e 1 2>/dev/null || skip_all 'no libmaxmind-db-writer-perl'
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
perl "$srcdir/tests/names/make_mmdb.pl" "$scratch" || exit 99
unset THRUPATH_OPTIONS
XDG_DATA_DIRS=$scratch/none XDG_DATA_HOME=$scratch/none
export XDG_DATA_DIRS XDG_DATA_HOME
python3 "$srcdir/tests/names/mmdb.py" "$top_builddir/thrupath" "$scratch" \
	"$top_builddir/tests/term/vtscreen"
