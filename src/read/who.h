/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_WHO_H
#define THRUPATH_READ_WHO_H

#include "read/table.h"
#include "read/words.h"

/*
 * Who answered, as a cell of a table tells it.
 */

/* "???", "-", "(waiting for reply)" and the like. */
bool who_is_nobody(struct word);
/* 64500 of "AS64500"; 0: it is none. */
uint32_t who_as(struct word);
/* "AS123 name (address)" and all parts of it. */
void who_set(struct read_row *, const char *at, const char *end);
/* trippy's CSV has all of a hop in one cell: "192.0.2.1:192.0.2.2", ... */
void who_set_many(struct read_row *, struct word cell);
/* ... and their names in the next. */
void who_name(struct read_row *, struct word cell);

#endif
