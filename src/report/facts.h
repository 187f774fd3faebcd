/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_FACTS_H
#define THRUPATH_REPORT_FACTS_H

#include "snap/snapshot.h"

/* What every report for a person says beside its tables, in words that are translated here. */

typedef void facts_fn(void *arg, const char *label, const char *text);
typedef void caveats_fn(void *arg, const char *sentence);

/* Command, host, times, path, byte budget. */
void facts_tell(const struct snapshot *, facts_fn *, void *arg);
/* The notes of the run, and what limits the numbers. */
void caveats_tell(const struct snapshot *, caveats_fn *, void *arg);

/* Whether walks of other kinds than the main one are sent. */
bool facts_has_several_walks(const struct snapshot *);
/* Whether any link has a loss: both directions of it are one number. */
bool facts_has_measured_link(const struct snapshot *);

#endif
