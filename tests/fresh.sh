#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev fresh RELEASE [WORD...]: README's commands as whoever meets them first runs them: in a clone
# of what is committed here, on a bare Debian, in the order of the words. These are demo, check, and
# units: the unit tests alone, where a release lacks packages of the whole check. Unasked: demo check.
# Needs root, and Debian's archive; ends with 77 where that has no such release.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tests/debian.sh
. tests/debian.sh
release=${1:?which release?}
shift
[ $# != 0 ] || set -- demo check
# Several may run at once.
root=$top/fresh-$release-$$
machine=$top/machine-$$.sh

forget() {
	unmount
	rm -rf --one-file-system "$root" "$machine"
}
# What a machine has and a chroot has not: processes and terminals of its own, and a root that is a
# mount point. All of it ends with the first process in there.
cat >"$machine" <<'END'
mount --bind "$1" "$1" && cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs dev
mkdir dev/pts dev/shm dev/net
mount -t devpts -o newinstance,ptmxmode=0666,gid=5 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
for device in null zero full random urandom tty net/tun; do
	: >"dev/$device"
	mount --bind "/dev/$device" "dev/$device"
done
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
pivot_root . mnt
umount -l /mnt
shift
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	LANG=C.UTF-8 TERM=xterm-256color "$@"
END

say "a bare Debian ($release)"
make_root "$release"
unmount
trap forget EXIT
git clone -q . "$root/root/thrupath"
for word in "$@"; do
	case $word in
	demo) set -- ./dev demo -r -c 3 ;;
	check) set -- ./dev check ;;
	units) set -- ./dev test '^tests/(unit|sim|golden)/' ;;
	*) echo "fresh: unknown word: $word" >&2; exit 2 ;;
	esac
	say "$*"
	begun=$(date +%s)
	unshare --mount --pid --ipc --uts --fork --kill-child sh -eu "$machine" "$root" \
		sh -c 'cd /root/thrupath && exec "$@"' sh "$@" </dev/null >"$top/fresh-$release-$word.log" 2>&1 ||
		{ tail -n 40 "$top/fresh-$release-$word.log"; exit 1; }
	tail -n 1 "$top/fresh-$release-$word.log"
	say "$word took $(($(date +%s) - begun)) s"
done
say "README is true on Debian $release"
