# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Sourced by tests/package.sh and tests/other_debian.sh at the top of the tree: a bare Debian below
# $top, and our package tried there as a new user would. Needs root, and Debian's archive.
# Where it is a link, compilers say one name of it and dpkg maps the other, and packages differ.
mkdir -p build-package
top=$(cd build-package && pwd -P)
root=$top/root

say() { echo "== $*"; }

unmount() {
	for place in "$root/dev" "$root/proc"; do
		! mountpoint -q "$place" || umount "$place"
	done
}

inside() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		TERM=xterm DEBIAN_FRONTEND=noninteractive "$@"
}

# make_root RELEASE: as debootstrap left it, which is kept in $top; 77 where it cannot be had.
# shellcheck disable=SC2016 # it is apt-get's own form
make_root() {
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' |
		head -n 1)
	mkdir -p "$top"
	trap unmount EXIT
	unmount
	rm -rf "$root"
	if [ ! -e "$top/$1.tar" ]; then
		debootstrap --variant=minbase "$1" "$root" "$mirror" >"$top/debootstrap.log" 2>&1 || {
			tail -n 20 "$top/debootstrap.log"
			echo "no Debian $1 from $mirror"
			return 77
		}
		tar -C "$root" -cf "$top/new.tar" .
		mv "$top/new.tar" "$top/$1.tar"
		rm -rf "$root"
	fi
	mkdir "$root"
	tar -C "$root" -xf "$top/$1.tar"
	cp /etc/resolv.conf "$root/etc/" 2>/dev/null || :
	cp -r /etc/apt/apt.conf.d /etc/apt/auth.conf.d "$root/etc/apt/" 2>/dev/null || :
	rm -f "$root/etc/apt/sources.list.d"/*
	echo "deb $mirror $1 main" >"$root/etc/apt/sources.list"
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/scratch"
	mount -t proc proc "$root/proc"
	mount --bind /dev "$root/dev"
	inside apt-get update -qq >"$top/apt.log" 2>&1
}

install_inside() {
	inside apt-get install -y -qq --no-install-recommends "$@" >>"$top/apt.log" 2>&1 ||
		{ tail -n 20 "$top/apt.log"; return 1; }
}

# try_package DEB: installed, run as root and as an ordinary user, and removed.
try_package() {
	cp "$1" "$root/tmp/thrupath.deb"
	install_inside /tmp/thrupath.deb locales
	inside useradd -m op
	cp -r packaging/debian/tests "$root/tmp/"
	for trial in without-a-network demo helper; do
		say "$trial"
		inside env AUTOPKGTEST_NORMAL_USER=op sh "/tmp/tests/$trial" >"$top/$trial.txt" 2>&1 ||
			{ cat "$top/$trial.txt"; return 1; }
	done
	inside localedef -i de_DE -f UTF-8 de_DE.UTF-8
	inside env LC_ALL=de_DE.UTF-8 thrupath --help | grep -q '^Aufruf: thrupath'
	say 'and away'
	inside apt-get remove -y -qq --purge thrupath >>"$top/apt.log" 2>&1
	[ -z "$(inside find / -xdev -name '*thrupath*' -not -path '/proc/*' -not -path '/tmp/*' \
		-not -path '/var/cache/*' -not -path '/var/log/*' -not -path '/home/*' \
		-not -path '/root/*')" ]
}
