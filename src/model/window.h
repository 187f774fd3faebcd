/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_MODEL_WINDOW_H
#define THRUPATH_MODEL_WINDOW_H

#include "model/session.h"

/*
 * What was counted in the last hour, in parts of 20 seconds, so that a report may be of the last
 * minutes alone. It reads a session that others write. Memory is bounded: 180 parts of at most
 * a histogram each, of which only what is not empty is kept.
 */
enum { WINDOW_PARTS = 180, WINDOW_PART_SEC = 20 };

struct window;

struct window *window_create(void);
void window_destroy(struct window *);

/* Begins at this instant: the counts of the session have begun anew, or the path has changed. */
void window_begin(struct window *, const struct session *, ns_t now);
/* Ends the part under way when its time has come. To be called more than once a second; after
 * a longer pause the part is as long as that was. */
void window_advance(struct window *, const struct session *, ns_t now);

/* Makes a session that began at the returned instant: `ago` before now, at the start of a part,
 * or as long ago as is known. Its hops have the counts of since then; flows and waypoints are
 * not in it, and histories are whole. What it does not own it borrows from the session. */
ns_t window_cut(const struct window *, const struct session *, ns_t now, ns_t ago,
	struct session *ret_session);
void window_finish_cut(struct session *);
/* Rounds that had begun before that instant. */
uint32_t window_rounds_before(const struct window *, ns_t from);

#endif
