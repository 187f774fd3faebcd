#!/bin/bash -eu
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the fuzz targets into $OUT with their seeds and dictionaries: what OSS-Fuzz calls, with its
# compilers and flags in CC, CXX, CFLAGS and LIB_FUZZING_ENGINE. In the directory of the sources.
here=$PWD
mkdir -p "$WORK/build" "$OUT/lib"
[ -x configure ] || autoreconf -fi
cd "$WORK/build"
"$here/configure" --enable-fuzzing --disable-nls FUZZ_ENGINE="$LIB_FUZZING_ENGINE" \
	LDFLAGS="${LDFLAGS-} -Wl,-rpath,'\$\$ORIGIN/lib'"
targets=$(make -s list-tests | tr ' ' '\n' | grep '^tests/fuzz/fuzz_')
# Engines are in C++.
# shellcheck disable=SC2086 # a list of words
make -j"$(nproc)" CCLD="$CXX" $targets
for target in $targets; do
	name=${target##*/fuzz_}
	cp "$target" "$OUT/"
	# What it needs of this system stands beside it: where it runs there is nothing but the C library.
	ldd "$target" | awk '$3 ~ /^\// && $1 !~ /^(libc|libm|libdl|libpthread|libstdc\+\+|libgcc_s)\./ {
		print $3 }' | xargs -r cp -n -t "$OUT/lib"
	(cd "$here/tests/fuzz/corpus/$name" && zip -q -r "$OUT/fuzz_${name}_seed_corpus.zip" .)
	if [ -f "$here/packaging/oss-fuzz/$name.dict" ]; then
		cp "$here/packaging/oss-fuzz/$name.dict" "$OUT/fuzz_$name.dict"
	fi
	printf '[libfuzzer]\ntimeout = 10\n' >"$OUT/fuzz_$name.options"
done
