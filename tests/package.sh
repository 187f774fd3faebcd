#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev package: the Debian package, built twice from what `make dist` packs: both must be the
# same, byte for byte; then tried on a bare Debian of this machine's release. The RPM spec is read.
# Needs root, and Debian's archive; leaves all in build-package/.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tests/debian.sh
. tests/debian.sh
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$VERSION_CODENAME")

build_in() { # DIR: the packages are in DIR
	rm -rf "${top:?}/$1"
	mkdir -p "$top/$1"
	tar -xJf "$archive" -C "$top/$1"
	(cd "$top/$1"/thrupath-*/ && cp -r packaging/debian . &&
		dpkg-buildpackage -us -uc -b >"$top/$1.log" 2>&1) ||
		{ tail -n 40 "$top/$1.log"; exit 1; }
}

say 'make dist'
make -s -C build dist
# shellcheck disable=SC2012 # our own names
archive=$(ls -t build/thrupath-*.tar.xz | head -n 1)
mkdir -p "$top"
say 'the package, twice'
build_in first
build_in second
for package in "$top"/first/*.deb; do
	cmp "$package" "$top/second/$(basename "$package")"
done
deb=$(ls "$top"/first/thrupath_*.deb)
say "lintian of $(basename "$deb")"
lintian --fail-on error --suppress-tags bad-distribution-in-changes-file,no-manual-page "$deb"
say 'the RPM spec'
rpmspec -P packaging/thrupath.spec >"$top/spec.txt"
say "a bare Debian ($release)"
make_root "$release"
try_package "$deb"
say 'the package is sound'
