/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_EXCERPT_H
#define THRUPATH_APP_EXCERPT_H

#include "app/app.h"
#include "model/window.h"

/*
 * A report into a file: of a snapshot, or of the run's last minutes alone.
 */

/* As JSON where the name ends so. */
NODISCARD bool excerpt_write(const struct app *, const struct snapshot *, const char *name,
	struct err *err);

/* Minutes, or another duration with its unit, up to an hour. */
NODISCARD bool excerpt_parse(const char *words, ns_t *ret_duration, struct err *err);

/* What was counted in that time; a note in it says from when. Caller destroys. */
struct snapshot *excerpt_snapshot(const struct run *, const struct window *, ns_t duration);

#endif
