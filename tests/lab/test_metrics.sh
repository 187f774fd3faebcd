#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What --metrics writes, read by Prometheus: needs root, and Debian's packages of it.
# shellcheck source=tests/support/need.sh
. "${srcdir:-.}/tests/support/need.sh"
need_program python3
# shellcheck disable=SC2154 # the harness sets it
exec python3 -B "${srcdir:-.}/tests/lab/metrics_test.py" "$@"
