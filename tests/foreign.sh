#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev foreign ARCH: builds for another architecture of Debian, and runs the unit tests and the
# corpus of the fuzz targets there: i386 has 32 bits, s390x the bytes the other way round. The
# libraries of that architecture are unpacked below build-ARCH/ and this machine's dpkg knows
# nothing of them. The programs run as they are where the kernel can, else under qemu-user.
# Ends with 77 where Debian's archive does not have them.
set -eu
cd "$(dirname "$0")/.."
arch=${1:?which architecture?}
shift # the libraries to build with
case $arch in
i386) host=i686-linux-gnu emulator=qemu-i386 ;;
s390x) host=s390x-linux-gnu emulator=qemu-s390x ;;
*) echo "$arch is not known here" >&2; exit 2 ;;
esac
JOBS=$(nproc 2>/dev/null || echo 2)
mkdir -p "build-$arch/apt/lists/partial" "build-$arch/apt/cache/archives/partial"
top=$(cd "build-$arch" && pwd -P)
root=$top/root
libraries=$root/lib/$arch-linux-gnu:$root/usr/lib/$arch-linux-gnu

# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$VERSION_CODENAME")

# apt-get as on a machine of that architecture with nothing installed.
foreign_apt() {
	apt-get -qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
		-o Dir::Etc::sourcelist="$top/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::status="$top/apt/status" -o Dir::State::lists="$top/apt/lists" \
		-o Dir::Cache="$top/apt/cache" -o APT::Sandbox::User=root "$@" >>"$top/apt.log" 2>&1 ||
		{ tail -n 20 "$top/apt.log"; exit 77; }
}
# shellcheck disable=SC2016 # it is apt-get's own form
make_root() {
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' |
		head -n 1)
	echo "deb $mirror $release main" >"$top/apt/sources.list"
	: >"$top/apt/status"
	foreign_apt update
	# Locales and terminals are files of these two.
	foreign_apt install -y --download-only --no-install-recommends libc-bin ncurses-base "$@"
	rm -rf "$root"
	mkdir "$root"
	for package in "$top"/apt/cache/archives/*.deb; do
		dpkg-deb -x "$package" "$root"
	done
	rm -rf "$top/apt"
	# Else libtinfo would be linked twice: shared, and from the archive beside the lost link.
	find "$root/usr/lib" -name '*.so' -lname '/*' | while read -r link; do
		ln -sf "$root$(readlink "$link")" "$link"
	done
}

echo "== the libraries of $arch"
make_root "$@"
runner=$(echo "$root"/lib/ld*.so.*)
without='^$'
if "$runner" --library-path "$libraries" "$root/usr/bin/getconf" PATH >/dev/null 2>&1; then
	runner="$runner --library-path $libraries"
else
	# Its link to a locale leads out of the root.
	runner="$emulator -L $root" without='/view/test_languages$'
fi
echo '== build'
PKG_CONFIG_LIBDIR=$root/usr/lib/$arch-linux-gnu/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
	./dev configure-and-make "build-$arch" --host="$host" CC="$host-gcc --sysroot=$root"
echo "== tests by $runner"
find "$top/tests" -name '*.trs' -exec rm -f {} + 2>/dev/null || :
make -s -C "$top" -k -j"$JOBS" check LOG_COMPILER="$runner" \
	TESTS="$(make -s -C "$top" list-tests | tr ' ' '\n' | grep -E '^tests/(unit|fuzz)/[^.]*$' |
		grep -vE "$without" | tr '\n' ' ')"
