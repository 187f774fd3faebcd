/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_ARRIVAL_H
#define THRUPATH_RUN_ARRIVAL_H

#include "model/session.h"

/*
 * The interfaces that replies come in by, in the engine's words: none where it is the one that
 * probes leave by, or stands upon it or below, else its name. The kernel is asked once for each.
 */
enum { ARRIVALS_KNOWN = 8 };

struct arrival {
	bool is_told;            /* of the present one */
	uint32_t index;          /* the present one */
	struct host_interface known[ARRIVALS_KNOWN]; /* name "": home */
	size_t known_count;
};

/* Whether `index` is another one than before; then ret_name is what the engine calls it. */
bool arrival_has_changed(struct arrival *, uint32_t index, const struct host_interface *home,
	const char **ret_name);
/* Home may be another one now, or the engine. */
void arrival_forget(struct arrival *);

#endif
