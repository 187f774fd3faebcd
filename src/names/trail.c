/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/trail.h"

#include "names/habit.h"

void trail_learn(const struct table *table, const char *const *names, size_t count,
	struct hints *hints)
{
	struct habits *habits = habits_create(count);

	for (size_t i = 0; i < count; i++) {
		if (names[i] != NULL) {
			habits_learn(habits, names[i], &hints[i]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (names[i] != NULL) {
			habits_apply(habits, table, names[i], &hints[i]);
		}
	}
	habits_destroy(habits);
}
