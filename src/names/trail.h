/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_TRAIL_H
#define THRUPATH_NAMES_TRAIL_H

#include <stddef.h>

#include "names/hints.h"

/*
 * What the names of a path's hops say together: the sure ones teach how to read the others of their
 * operator.
 */
struct table;

/* Of each name, or NULL, what it says by itself; what it says in the company of the others. */
void trail_learn(const struct table *, const char *const *names, size_t count,
	struct hints *hints);

#endif
