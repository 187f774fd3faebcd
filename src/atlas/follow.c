/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atlas/atlas_int.h"
#include "atlas/routers.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "names/border.h"
#include "names/trail.h"
#include "pkt/mate.h"

static ns_t best_rtt(const struct session *session, const struct hop *hop)
{
	const struct stats *through = &hop->walk[session->main_walk], *to = &hop->walk[WALK_TO];
	ns_t best = through->samples > 0 ? through->best : NS_NEVER;

	return to->samples > 0 && to->best < best ? to->best : best;
}

/* Of a /31 before a /30: the ends of a /30 have neighbours that are its network's address and
 * its broadcast, which seldom have names. */
static struct addr mate_of_name(const struct atlas *atlas, const struct addr *address)
{
	struct addr candidates[MATES_MAX];
	size_t count = mate_candidates(address, candidates);

	for (size_t i = 0; i < count; i++) {
		if (atlas_name(atlas, &candidates[i]) != NULL) {
			return candidates[i];
		}
	}
	return (struct addr){0};
}

static void read_names(struct atlas *atlas, const struct session *session)
{
	const char *names[HOP_MAX];
	struct hints *hints = xcalloc(HOP_MAX, sizeof *hints);

	atlas->hop_count = session->hop_count;
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct addr *address = &session->hops[k].address;
		const struct hints *own = atlas_hints(atlas, address);

		names[k] = own == NULL ? NULL : atlas_name(atlas, address);
		hints[k] = own == NULL ? (struct hints){0} : *own;
		atlas->hops[k].address = *address;
		atlas->hops[k].mate = mate_of_name(atlas, address);
	}
	if (atlas->table != NULL) {
		trail_learn(atlas->table, names, session->hop_count, hints);
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		atlas->hops[k].hints = hints[k];
	}
	free(hints);
}

static struct spot find_here(const struct atlas *atlas)
{
	const struct place *place = atlas_place(atlas, &atlas->self);

	return atlas->here.is_known || place == NULL || place->kind == PLACE_NONE ? atlas->here :
		(struct spot){.is_known = true, .lat = place->lat, .lon = place->lon};
}

static void say_place(struct place_fact *fact, const struct place *place)
{
	fact->at = (struct geo){place->lat, place->lon};
	(void)snprintf(fact->label, sizeof fact->label, "%s %s", place->city, place->country);
}

/* A database errs too often about routers to accuse a path by it. `rtt`: from `start`, at the
 * most. */
static struct place_fact fact_of(const struct atlas *atlas, size_t k, struct spot start, ns_t rtt)
{
	const struct hints *hints = &atlas->hops[k].hints;
	const struct place *chosen = &atlas->hops[k].place;
	const struct place *first = hints->place_count > 0 ? &hints->places[0] : NULL;
	struct place_fact fact = {.speed_mbps = hints_line_mbps(hints)};

	if (chosen->kind != PLACE_NONE && chosen->kind != PLACE_DATABASE) {
		fact.is_known = true;
		say_place(&fact, chosen);
	} else if (first != NULL) {
		fact.is_doubted = chosen->kind == PLACE_NONE;
		fact.is_refused = start.is_known && !place_is_possible(start,
			(struct spot){true, first->lat, first->lon}, rtt);
		say_place(&fact, first);
	}
	return fact;
}

/* Chooses among the places of the names by the round trips. */
static void choose_places(struct atlas *atlas)
{
	struct place_step steps[PLACE_STEPS_MAX];
	const struct place *chosen[PLACE_STEPS_MAX];
	struct spot here = find_here(atlas), start;
	ns_t slack;

	_Static_assert((int)HOP_MAX <= (int)PLACE_STEPS_MAX, "a place for every hop");
	for (size_t k = 0; k < atlas->hop_count; k++) {
		steps[k] = (struct place_step){&atlas->hops[k].hints, atlas->best[k],
			atlas_place(atlas, &atlas->hops[k].address)};
	}
	place_choose(here, steps, atlas->hop_count, chosen);
	memset(atlas->facts.place, 0, sizeof atlas->facts.place);
	if (here.is_known) {
		atlas->facts.place[0] = (struct place_fact){.is_known = true,
			.at = {here.lat, here.lon}, .label = "here"};
	}
	start = place_start(here, steps, atlas->hop_count, &slack);
	atlas->facts.start = (struct place_fact){.is_known = start.is_known,
		.at = {start.lat, start.lon}};
	for (size_t k = 0; k < atlas->hop_count; k++) {
		atlas->hops[k].place = chosen[k] != NULL ? *chosen[k] : (struct place){0};
		atlas->facts.place[k + 1] = fact_of(atlas, k, start, atlas->best[k] == NS_NEVER ? NS_NEVER :
			atlas->best[k] + slack);
	}
}

static uint32_t asn_of(const struct atlas *atlas, size_t k)
{
	const struct network *network = atlas_network(atlas, &atlas->hops[k].address);

	return network == NULL ? 0 : network->asn;
}

static void find_borders(struct atlas *atlas)
{
	static const char *const whys[BORDER_SIGN_COUNT] = {
		[BORDER_NAMES] = N_("the names change"),
		[BORDER_PARTY] = N_("the interface is named after its peer"),
		[BORDER_ROUTER] =
			N_("its address is named after the near router, so the router is another network's"),
		[BORDER_MATE] = N_("only the near end of the link has a name"),
		[BORDER_NUMBERS] = N_("the AS numbers change"),
	};
	struct border_step steps[HOP_MAX];
	struct border *borders = xcalloc(HOP_MAX, sizeof *borders);

	for (size_t k = 0; k < atlas->hop_count; k++) {
		steps[k] = (struct border_step){&atlas->hops[k].hints,
			atlas_hints(atlas, &atlas->hops[k].mate), asn_of(atlas, k)};
	}
	atlas->facts.border_count = border_find(steps, atlas->hop_count, borders, HOP_MAX);
	for (size_t i = 0; i < atlas->facts.border_count; i++) {
		struct border_fact *fact = &atlas->facts.border[i];

		*fact = (struct border_fact){.hop = (uint8_t)borders[i].hop,
			.relation = relation_name(borders[i].relation), .why = whys[borders[i].sign],
			.confidence = borders[i].percent / 100.0,
			.near_asn = asn_of(atlas, borders[i].hop - 2u),
			.far_asn = asn_of(atlas, borders[i].hop - 1u)};
		memcpy(fact->near, borders[i].near, sizeof fact->near);
		memcpy(fact->far, borders[i].far, sizeof fact->far);
	}
	free(borders);
}

static bool has_other_addresses(const struct atlas *atlas, const struct session *session)
{
	if (atlas->hop_count != session->hop_count || !addr_equal(&atlas->self, &session->self)) {
		return true;
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		if (!addr_equal(&atlas->hops[k].address, &session->hops[k].address)) {
			return true;
		}
	}
	return false;
}

/* Takes over what hops answered in; whether that is other than before. */
static bool take_times(struct atlas *atlas, const struct session *session)
{
	bool has_changed = false;

	for (size_t k = 0; k < session->hop_count; k++) {
		ns_t best = best_rtt(session, &session->hops[k]);

		has_changed = has_changed || best != atlas->best[k];
		atlas->best[k] = best;
	}
	return has_changed;
}

bool atlas_follow(struct atlas *atlas, const struct session *session)
{
	bool is_renamed = atlas->notes != atlas->notes_read || has_other_addresses(atlas, session);
	bool is_faster = take_times(atlas, session);
	bool is_led_otherwise = is_renamed ||
		memcmp(&atlas->reverse, &session->reverse, sizeof atlas->reverse) != 0;

	atlas->notes_read = atlas->notes;
	atlas->self = session->self;
	atlas->reverse = session->reverse;
	if (is_renamed) {
		read_names(atlas, session);
	}
	if (is_renamed || is_faster) {
		choose_places(atlas);
	}
	if (is_renamed) {
		find_borders(atlas);
	}
	if (is_led_otherwise) {
		routers_known(atlas, session, &atlas->facts.known);
	}
	return is_faster || is_led_otherwise;
}

const struct path_facts *atlas_facts(const struct atlas *atlas)
{
	return &atlas->facts;
}

const struct atlas_hop *atlas_hop(const struct atlas *atlas, const struct session *session,
	size_t k)
{
	return k < atlas->hop_count && addr_equal(&atlas->hops[k].address,
		&session->hops[k].address) ? &atlas->hops[k] : NULL;
}
