#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The kernel's own SRv6: root, Python, nft, ethtool, network namespaces.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets it
exec python3 -B "${srcdir:-.}/tests/lab/srv6_test.py" "$@"
