/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_POSITION_H
#define THRUPATH_NAMES_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#endif
