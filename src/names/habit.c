/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/habit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "names/hostname_int.h"

enum {
	POSITIONS = 4, PROBES = 8, SLOTS_LEAST = 64, SLOTS_MOST = 2048,
	SURE = 78,           /* percent from which a name teaches, and is not read again */
	VOTES_LEAST = 2      /* names with different tokens */
};

struct position {
	struct habit at;
	unsigned votes;
	char last[8];        /* token of the last vote: one city's routers are one vote */
};

struct slot {
	char operator[64];   /* "": free */
	struct position positions[POSITIONS];
	size_t count;
	unsigned votes;      /* of all positions, those that found no room too */
};

struct habits {
	size_t slot_count;   /* a power of two */
	struct slot *slots;
};

static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261U; /* FNV-1a */

	for (; *text != '\0'; text++) {
		hash = (hash ^ (uint8_t)*text) * 16777619U;
	}
	return hash ^ hash >> 15;
}

/* The operator's slot, or a free one for it, or NULL. */
static struct slot *slot_of(const struct habits *habits, const char *operator)
{
	uint32_t hash = hash_of(operator);

	for (uint32_t i = 0; i < PROBES; i++) {
		struct slot *slot = &habits->slots[(hash + i) & (habits->slot_count - 1)];

		if (slot->operator[0] == '\0' || strcmp(slot->operator, operator) == 0) {
			return slot;
		}
	}
	return NULL;
}

struct habits *habits_create(size_t names)
{
	struct habits *habits = xcalloc(1, sizeof *habits);

	habits->slot_count = SLOTS_LEAST;
	while (habits->slot_count < names && habits->slot_count < SLOTS_MOST) {
		habits->slot_count *= 2;
	}
	habits->slots = xcalloc(habits->slot_count, sizeof *habits->slots);
	return habits;
}

void habits_destroy(struct habits *habits)
{
	if (habits != NULL) {
		free(habits->slots);
		free(habits);
	}
}

void habits_clear(struct habits *habits)
{
	memset(habits->slots, 0, habits->slot_count * sizeof *habits->slots);
}

static struct position *position_of(struct slot *slot, const struct habit *at)
{
	for (size_t i = 0; i < slot->count; i++) {
		const struct habit *old = &slot->positions[i].at;

		if (old->label == at->label && old->left == at->left && old->right == at->right &&
		    old->len == at->len && old->is_glued == at->is_glued) {
			return &slot->positions[i];
		}
	}
	if (slot->count == POSITIONS) {
		return NULL;
	}
	slot->positions[slot->count].at = *at;
	return &slot->positions[slot->count++];
}

void habits_learn(struct habits *habits, const char *name, const struct hints *hints)
{
	const struct place *place = &hints->places[0];
	struct position *position;
	struct slot *slot;
	struct habit at;

	if (hints->place_count == 0 || place->percent < SURE || hints->operator[0] == '\0') {
		return;
	}
	slot = slot_of(habits, hints->operator);
	if (slot == NULL) {
		return;
	}
	memcpy(slot->operator, hints->operator, sizeof slot->operator);
	at = habit_at(name, place->mark.start, place->mark.len, hints->operator_mark.start);
	at.len = place->kind == PLACE_CITY ? 0 : at.len;
	memcpy(at.country, place->country, sizeof at.country);
	position = position_of(slot, &at);
	if (position != NULL && strcmp(position->at.country, at.country) != 0) {
		position->at.country[0] = '\0';
	}
	if (position == NULL || strncmp(position->last, place->token, sizeof position->last - 1) != 0) {
		slot->votes++;
		if (position != NULL) {
			position->votes++;
			memcpy(position->last, place->token, sizeof position->last - 1);
		}
	}
}

/* The position of three in four of the operator's sure names, or NULL. */
static const struct habit *habit_of(const struct habits *habits, const char *operator)
{
	const struct slot *slot = slot_of(habits, operator);

	for (size_t i = 0; slot != NULL && i < slot->count; i++) {
		const struct position *position = &slot->positions[i];

		if (position->votes >= VOTES_LEAST && 4 * position->votes >= 3 * slot->votes) {
			return &position->at;
		}
	}
	return NULL;
}

void habits_apply(const struct habits *habits, const struct table *table, const char *name,
	struct hints *hints)
{
	const struct habit *habit;

	if (hints->operator[0] == '\0' ||
	    (hints->place_count > 0 && hints->places[0].percent >= SURE)) {
		return;
	}
	habit = habit_of(habits, hints->operator);
	if (habit != NULL) {
		name_read(table, name, habit, hints);
	}
}
