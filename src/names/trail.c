/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/trail.h"

#include <assert.h>

#include "names/habit.h"
#include "names/hostname.h"

static void read_names(const struct table *table, const struct trail_hop *hops, size_t count,
	struct hints *ret_hints)
{
	struct habits *habits = habits_create(count);

	for (size_t i = 0; i < count; i++) {
		if (hops[i].name != NULL) {
			hostname_read(table, hops[i].name, &ret_hints[i]);
			habits_learn(habits, hops[i].name, &ret_hints[i]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (hops[i].name != NULL) {
			habits_apply(habits, table, hops[i].name, &ret_hints[i]);
		}
	}
	habits_destroy(habits);
}

void trail_read(const struct table *table, struct spot here, const struct trail_hop *hops,
	size_t count, struct hints *ret_hints, const struct place **ret_chosen)
{
	struct place_step steps[PLACE_STEPS_MAX];

	assert(count <= PLACE_STEPS_MAX);
	for (size_t i = 0; i < count; i++) {
		ret_hints[i] = (struct hints){.place_count = 0};
		steps[i] = (struct place_step){&ret_hints[i], hops[i].best_rtt, hops[i].database};
	}
	if (table != NULL) {
		read_names(table, hops, count, ret_hints);
	}
	place_choose(here, steps, count, ret_chosen);
}
