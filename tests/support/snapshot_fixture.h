/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_SNAPSHOT_FIXTURE_H
#define THRUPATH_TESTS_SNAPSHOT_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "snap/snapshot.h"

/* A made-up run, the same on every machine: hop 2 limits its answers, link 3 loses 2 %,
 * every eighth hop is silent. Tests change what they are about before they draw it. */
enum fixture_names {
	FIXTURE_NO_NAMES,
	FIXTURE_NAMES,
	FIXTURE_WIDE_NAMES      /* CJK, combining, and one longer than any column */
};

struct snapshot *fixture_snapshot(size_t hop_count, enum fixture_names names);

/* An alarm with its evidence, a warning, and a finding that is over; and a remark. */
void fixture_add_findings(struct snapshot *);

/* Compares `text` with tests/golden/NAME; writes that file when GOLDEN=write is set. */
void golden_check(const char *name, const char *text);

#endif
