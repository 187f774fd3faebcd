/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_OBJECTS_H
#define THRUPATH_READ_OBJECTS_H

#include "read/clean.h"
#include "read/table.h"

/*
 * Reports in JSON: RIPE Atlas, globalping, trippy, nexttrace, scamper, dublin-traceroute, and what
 * gives hops by the usual names. One table says which key of which program means what. mtr's is
 * not among them: its keys are read one by one, also where the text around them is no JSON.
 */

/* The value that begins in the i-th line: how many lines are read with it, up to where its text is
 * torn; 0: it has no hops, or is no JSON. Its reports are added to the text. No line before
 * `ret_next` begins another. */
size_t objects_read(const struct clean_lines *, size_t i, struct read_text *text,
	size_t *ret_next);

#endif
