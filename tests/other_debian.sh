#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/other_debian.sh RELEASE: what README promises, on another Debian than this one: from a bare
# root and what `make dist` packed, the demo, the unit tests, and the package as a new user has it.
# Needs root, and Debian's archive; ends with 77 where that has no such release.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tests/debian.sh
. tests/debian.sh
release=${1:?which release?}

# What is logged is shown where it failed.
shown() { # LOG COMMAND...
	log=$top/$1; shift
	"$@" >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
}
in_tree() { inside sh -c 'cd /root/thrupath && exec "$@"' sh "$@"; }

# shellcheck disable=SC2012 # our own names
archive=$(ls -t build/thrupath-*.tar.xz | head -n 1)
say "a bare Debian ($release)"
make_root "$release"
tar -xJf "$archive" -C "$root/root"
mv "$root/root"/thrupath-* "$root/root/thrupath"
say './dev demo'
in_tree ./dev demo -r -c 3 >"$top/demo.txt" 2>"$top/demo.log" ||
	{ tail -n 40 "$top/demo.log"; exit 1; }
grep -q '^  3\.|-- ' "$top/demo.txt"
say 'the unit tests'
shown unit.log in_tree ./dev test '^tests/(unit|sim|golden)/'
say 'the package'
in_tree cp -r packaging/debian .
shown build-dep.log in_tree apt-get build-dep -y -qq --no-install-recommends ./
shown deb.log in_tree env DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -us -uc -b
try_package "$(ls "$root"/root/thrupath_*.deb)"
say "it is sound on Debian $release"
