/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_VERDICT_H
#define THRUPATH_TESTS_VERDICT_H

#include "support/simrun.h"

/* What verdicts.c and random_paths.c share: how often the truth was said. */
struct score {
	unsigned runs;           /* or the troubles that were to be named */
	unsigned named, innocents, wrong;
};

/* An active finding of that hop or of the link that ends there; hop 0: of any. NULL: none. */
const struct finding *active_of(const struct simrun *, enum finding_id, unsigned hop);

/* A path at random with up to three faults, three limiters, and hops that do not decapsulate.
 * `wrong` counts whatever is said of the healthy parts. */
void random_path(struct score *, uint64_t seed);

#endif
