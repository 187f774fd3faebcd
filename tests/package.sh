#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev package: the Debian package, built twice from what `make dist` packs: both must be the
# same, byte for byte; then installed on a bare Debian 12 as a new user would, and removed. The
# RPM spec is read. Needs root, and Debian's archive; leaves all in build-package/.
set -eu
cd "$(dirname "$0")/.."
top=$PWD/build-package
release=bookworm

say() { echo "== $*"; }

unmount() {
	for place in "$top/root/dev" "$top/root/proc"; do
		! mountpoint -q "$place" || umount "$place"
	done
}

build_in() { # DIR: the packages are in DIR
	rm -rf "${top:?}/$1"
	mkdir -p "$top/$1"
	tar -xJf "$archive" -C "$top/$1"
	(cd "$top/$1"/thrupath-*/ && SOURCE_DATE_EPOCH=$(git -C "$top/.." log -1 --format=%ct) \
		dpkg-buildpackage -us -uc -b >"$top/$1.log" 2>&1) ||
		{ tail -n 40 "$top/$1.log"; exit 1; }
}

inside() { chroot "$top/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
	TERM=xterm DEBIAN_FRONTEND=noninteractive "$@"; }

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
trap unmount EXIT
unmount
# shellcheck disable=SC2016 # it is apt-get's own form
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
if [ ! -e "$top/base.tar" ]; then
	rm -rf "$top/root"
	debootstrap --variant=minbase "$release" "$top/root" "$mirror" >"$top/debootstrap.log" 2>&1 ||
		{ tail -n 20 "$top/debootstrap.log"; exit 1; }
	tar -C "$top/root" -cf "$top/base.tar" .
fi
rm -rf "$top/root"
mkdir "$top/root"
tar -C "$top/root" -xf "$top/base.tar"
cp /etc/resolv.conf "$top/root/etc/" 2>/dev/null || :
cp -r /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d "$top/root/etc/apt/" \
	2>/dev/null || :
mount -t proc proc "$top/root/proc"
mount --bind /dev "$top/root/dev"
cp "$deb" "$top/root/tmp/thrupath.deb"
inside apt-get update -qq >"$top/apt.log" 2>&1
inside apt-get install -y -qq --no-install-recommends /tmp/thrupath.deb >>"$top/apt.log" 2>&1 ||
	{ tail -n 20 "$top/apt.log"; exit 1; }
inside thrupath --version
inside getcap /usr/libexec/thrupath/thrupath-packet | grep -q 'cap_net_raw=ep'
inside thrupath --demo limiter -r -c 5 -i 0.1 >"$top/report.txt"
grep -q '^  2\.|-- ' "$top/report.txt"
inside env LANGUAGE=de thrupath --help | grep -q '^Aufruf: thrupath'
say 'a user without privileges'
inside useradd -m op
inside su op -c 'thrupath -r -n -c 3 -i 0.2 127.0.0.1' >"$top/user.txt"
grep -q '^  1\.|-- 127.0.0.1 *0.0%' "$top/user.txt"
inside su op -c 'thrupath --print-completion bash' | cmp - data/completions/thrupath.bash
say 'and away'
inside apt-get remove -y -qq --purge thrupath >>"$top/apt.log" 2>&1
[ -z "$(inside find / -xdev -name '*thrupath*' -not -path '/proc/*' -not -path '/tmp/*' \
	-not -path '/var/cache/*' -not -path '/var/log/*' -not -path '/home/*')" ]
say 'the package is sound'
