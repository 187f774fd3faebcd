/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_HABIT_H
#define THRUPATH_NAMES_HABIT_H

#include "names/hints.h"

/*
 * Where each operator puts the place in its names. Learnt from names that are sure, of one
 * trace or one list, it helps to read those of the same operator that are not. What finds no
 * room is not learnt.
 */
struct table;

/* A place's position in a name, counted from the operator's domain and within its label. */
struct habit {
	uint8_t label;           /* labels to the right of it, the operator's not counted */
	uint8_t left, right;     /* parts between dashes beside it in its label */
	uint8_t len;             /* letters of a code; 0: names of cities, which vary */
	bool is_glued;           /* letters follow without a break */
	char country[3];         /* in which all of the sure places are; "": in several */
};

/* That of `len` bytes at `start` of a name whose operator begins at `operator_start`. */
struct habit habit_at(const char *name, size_t start, size_t len, size_t operator_start);
/* Would the habit have a token of that length there? */
bool habit_fits(const struct habit *, const struct habit *at);

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
