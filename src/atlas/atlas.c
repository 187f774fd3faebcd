/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "atlas/atlas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atlas/atlas_int.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "names/hostname.h"
#include "pkt/mate.h"

enum { WANTS_NAME = 1, WANTS_NETWORK = 2, WANTS_PLACE = 4 };

/* What is known of one address. */
struct entry {
	struct addr address;
	char *name;                  /* NULL: none, likewise below */
	struct hints *hints;
	struct network *network;
	struct place *place;
};

struct atlas *atlas_create(const struct table *table, struct spot here)
{
	struct atlas *atlas = xcalloc(1, sizeof *atlas);

	atlas->table = table;
	atlas->here = here;
	return atlas;
}

void atlas_destroy(struct atlas *atlas)
{
	for (size_t i = 0; atlas != NULL && i < atlas->count; i++) {
		free(atlas->entries[i]->name);
		free(atlas->entries[i]->hints);
		free(atlas->entries[i]->network);
		free(atlas->entries[i]->place);
		free(atlas->entries[i]);
	}
	if (atlas != NULL) {
		free(atlas->entries);
	}
	free(atlas);
}

static int compare(const struct addr *a, const struct addr *b)
{
	return a->family != b->family ? a->family - b->family :
		memcmp(a->byte, b->byte, sizeof a->byte);
}

/* Where the address stands among the entries, or would. */
static size_t position(const struct atlas *atlas, const struct addr *address)
{
	size_t low = 0, high = atlas->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&atlas->entries[middle]->address, address) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static struct entry *find(const struct atlas *atlas, const struct addr *address)
{
	size_t at = position(atlas, address);

	return at < atlas->count && compare(&atlas->entries[at]->address, address) == 0 ?
		atlas->entries[at] : NULL;
}

/* Finds it, or makes it; NULL: there is no room. */
static struct entry *demand(struct atlas *atlas, const struct addr *address)
{
	size_t at = position(atlas, address);
	struct entry *entry = find(atlas, address);

	if (entry != NULL || atlas->count == ATLAS_MAX) {
		return entry;
	}
	atlas->entries = xgrow(atlas->entries, &atlas->cap, atlas->count,
		sizeof *atlas->entries);
	memmove(&atlas->entries[at + 1], &atlas->entries[at],
		(atlas->count - at) * sizeof *atlas->entries);
	entry = xcalloc(1, sizeof *entry);
	entry->address = *address;
	atlas->entries[at] = entry;
	atlas->count++;
	return entry;
}

static bool take_name(const struct atlas *atlas, struct entry *entry, const char *foreign)
{
	char name[ATLAS_NAME_MAX];

	utf8_clean(foreign, name, sizeof name);
	if (name[0] == '\0' || (entry->name != NULL && strcmp(entry->name, name) == 0)) {
		return false;
	}
	free(entry->name);
	entry->name = xstrdup(name);
	if (atlas->table != NULL) {
		free(entry->hints);
		entry->hints = xcalloc(1, sizeof *entry->hints);
		hostname_read(atlas->table, name, entry->hints);
	}
	return true;
}

static bool take_network(struct entry *entry, const struct network *foreign)
{
	struct network network = {.asn = foreign->asn};
	const struct network *was = entry->network;

	utf8_clean(foreign->prefix, network.prefix, sizeof network.prefix);
	utf8_clean(foreign->country, network.country, sizeof network.country);
	utf8_clean(foreign->registry, network.registry, sizeof network.registry);
	utf8_clean(foreign->allocated, network.allocated, sizeof network.allocated);
	utf8_clean(foreign->name, network.name, sizeof network.name);
	if (was != NULL && was->asn == network.asn && strcmp(was->prefix, network.prefix) == 0 &&
	    strcmp(was->country, network.country) == 0 &&
	    strcmp(was->registry, network.registry) == 0 &&
	    strcmp(was->allocated, network.allocated) == 0 && strcmp(was->name, network.name) == 0) {
		return false;
	}
	free(entry->network);
	entry->network = xcalloc(1, sizeof *entry->network);
	*entry->network = network;
	return true;
}

/* A place, or of no place its country. */
static bool take_place(struct entry *entry, const struct place *foreign)
{
	struct place place = {.kind = foreign->kind, .lat = foreign->lat, .lon = foreign->lon,
		.percent = foreign->percent};
	const struct place *was = entry->place;

	utf8_clean(foreign->city, place.city, sizeof place.city);
	utf8_clean(foreign->country, place.country, sizeof place.country);
	if (was != NULL && was->kind == place.kind && was->lat == place.lat &&
	    was->lon == place.lon && was->percent == place.percent &&
	    strcmp(was->city, place.city) == 0 && strcmp(was->country, place.country) == 0) {
		return false;
	}
	free(entry->place);
	entry->place = xcalloc(1, sizeof *entry->place);
	*entry->place = place;
	return true;
}

bool atlas_take(struct atlas *atlas, const struct atlas_note *note)
{
	struct entry *entry = demand(atlas, &note->address);
	bool is_new = false;

	if (entry == NULL) {
		return false;
	}
	switch (note->kind) {
	case ATLAS_NAME:
		is_new = take_name(atlas, entry, note->name);
		break;
	case ATLAS_NETWORK:
		is_new = take_network(entry, &note->network);
		break;
	case ATLAS_PLACE:
		is_new = take_place(entry, &note->place);
		break;
	}
	atlas->notes += is_new;
	return is_new;
}

/* One round of questions. */
struct round {
	struct atlas *atlas;
	const struct atlas_source *source;
	atlas_told_fn *told;
	void *arg;
	bool has_news;
};

static void tell(struct round *round, const struct atlas_note *note)
{
	if (atlas_take(round->atlas, note)) {
		round->has_news = true;
		round->told(round->arg, note);
	}
}

static void ask(struct round *round, const struct addr *address, unsigned wants)
{
	const struct atlas_source *source = round->source;
	struct atlas_note note = {.address = *address};
	const char *name;

	if (!addr_is_set(address) || demand(round->atlas, address) == NULL) {
		return;
	}
	if (wants & WANTS_NAME && source->name_of != NULL &&
	    (name = source->name_of(source->name_arg, address)) != NULL) {
		note.kind = ATLAS_NAME;
		(void)snprintf(note.name, sizeof note.name, "%s", name);
		tell(round, &note);
	}
	if (wants & WANTS_NETWORK && source->network_of != NULL &&
	    source->network_of(source->arg, address, &note.network)) {
		note.kind = ATLAS_NETWORK;
		tell(round, &note);
	}
	if (wants & WANTS_PLACE && source->place_of != NULL &&
	    source->place_of(source->arg, address, &note.place)) {
		note.kind = ATLAS_PLACE;
		tell(round, &note);
	}
}

static void ask_way_back(struct round *round, const struct reverse_path *path)
{
	for (size_t t = 0; t <= HOP_MAX && path->from_hop > 0; t++) {
		ask(round, &path->at_ttl[t], WANTS_NAME);
	}
}

bool atlas_ask(struct atlas *atlas, const struct atlas_source *source,
	const struct session *session, atlas_told_fn *told, void *arg)
{
	struct round round = {.atlas = atlas, .source = source, .told = told, .arg = arg};

	atlas->asked_count = session->hop_count;
	atlas->asked_back = session->reverse;
	ask(&round, &session->self, WANTS_PLACE);
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		atlas->asked[k] = hop->address;
		atlas->asked_seen[k] = hop->seen_count;
		ask(&round, &hop->address, WANTS_NAME | WANTS_NETWORK | WANTS_PLACE);
		for (size_t i = 0; i < hop->seen_count; i++) {
			ask(&round, &hop->seen[i], WANTS_NAME | WANTS_NETWORK);
		}
	}
	ask(&round, &session->destination, WANTS_NAME);
	ask_way_back(&round, &session->reverse);
	for (size_t k = 0; k < session->hop_count; k++) {
		struct addr mates[MATES_MAX];
		size_t count = mate_candidates(&session->hops[k].address, mates);

		for (size_t i = 0; i < count; i++) {
			ask(&round, &mates[i], WANTS_NAME);
		}
		ask_way_back(&round, &session->reverses[k]);
	}
	for (size_t i = 0; i < session->via_count; i++) {
		ask(&round, &session->vias[i].address, WANTS_NAME);
	}
	return round.has_news;
}

bool atlas_lacks(const struct atlas *atlas, const struct session *session)
{
	bool lacks = atlas->asked_count != session->hop_count ||
		memcmp(&atlas->asked_back, &session->reverse, sizeof atlas->asked_back) != 0;

	for (size_t k = 0; k < session->hop_count && !lacks; k++) {
		lacks = atlas->asked_seen[k] != session->hops[k].seen_count ||
			!addr_equal(&atlas->asked[k], &session->hops[k].address);
	}
	return lacks;
}

const char *atlas_name(const struct atlas *atlas, const struct addr *address)
{
	const struct entry *entry = find(atlas, address);

	return entry == NULL ? NULL : entry->name;
}

const struct hints *atlas_hints(const struct atlas *atlas, const struct addr *address)
{
	const struct entry *entry = find(atlas, address);

	return entry == NULL ? NULL : entry->hints;
}

const struct network *atlas_network(const struct atlas *atlas, const struct addr *address)
{
	const struct entry *entry = find(atlas, address);

	return entry == NULL ? NULL : entry->network;
}

const struct place *atlas_place(const struct atlas *atlas, const struct addr *address)
{
	const struct entry *entry = find(atlas, address);

	return entry == NULL ? NULL : entry->place;
}

bool atlas_has_networks(const struct atlas *atlas)
{
	for (size_t i = 0; i < atlas->count; i++) {
		if (atlas->entries[i]->network != NULL) {
			return true;
		}
	}
	return false;
}
