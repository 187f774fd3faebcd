#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The helper in the hands of users who mean ill: root, Python, network namespaces.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets it
exec python3 -B "${srcdir:-.}/tests/lab/trust_test.py" "$@"
