/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_HABIT_H
#define THRUPATH_NAMES_HABIT_H

#include "names/hints.h"
#include "names/position.h"

/*
 * Where each operator puts the place in its names. Learnt from names that are sure, of one
 * trace or one list, it helps to read those of the same operator that are not. What finds no
 * room is not learnt.
 */
struct table;

struct habits;

struct habits *habits_create(size_t names);      /* about so many will be learnt from */
void habits_destroy(struct habits *);
void habits_clear(struct habits *);

void habits_learn(struct habits *, const char *name, const struct hints *);

/* Reads a name again that by itself said no place, or an unsure one, where its operator's
 * habit is known; else leaves the hints as they are. */
void habits_apply(const struct habits *, const struct table *, const char *name,
	struct hints *hints);

#endif
