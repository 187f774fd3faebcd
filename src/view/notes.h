/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_NOTES_H
#define THRUPATH_VIEW_NOTES_H

#include "snap/snapshot.h"

/*
 * What the reader of the numbers must know beside them, a sentence each: the notes of the
 * run, and what the snapshot's facts add. Text and JSON say the same.
 */
typedef void notes_fn(void *arg, const char *sentence); /* borrowed until it returns */

/* What came of the tests that a person asked for by key. */
void notes_of_tests(const struct snapshot *, notes_fn *, void *arg);

/* That the destination leaves probes unanswered, and why is not known yet; NULL: no such thing. */
const char *notes_undecided(const struct snapshot *);

void notes_tell(const struct snapshot *, notes_fn *, void *arg);

#endif
