/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "names/trail.h"
#include "snap/routers.h"

static void fill(struct diag_place *ret_place, const struct place *place)
{
	ret_place->at = (struct geo){place->lat, place->lon};
	(void)snprintf(ret_place->label, sizeof ret_place->label, "%s %s", place->city,
		place->country);
}

static ns_t best_rtt(const struct session *session, const struct hop *hop)
{
	const struct stats *through = &hop->walk[session->main_walk], *to = &hop->walk[WALK_TO];
	ns_t best = through->samples > 0 ? through->best : NS_NEVER;

	return to->samples > 0 && to->best < best ? to->best : best;
}

/* A path of hops, with the texts and places that the reading borrows. */
struct trail {
	struct trail_hop hops[PLACE_STEPS_MAX];
	char *names[PLACE_STEPS_MAX];
	struct place databases[PLACE_STEPS_MAX];
	struct hints hints[PLACE_STEPS_MAX];
	const struct place *chosen[PLACE_STEPS_MAX];
};

static void gather(const struct snapshot_source *source, struct trail *trail)
{
	for (size_t k = 0; k < source->session->hop_count; k++) {
		const struct hop *hop = &source->session->hops[k];
		const char *name = addr_is_set(&hop->address) && source->name_of != NULL ?
			source->name_of(source->name_arg, &hop->address) : NULL;

		trail->names[k] = name == NULL ? NULL : xstrdup(name);
		if (source->place_of != NULL) {
			(void)source->place_of(source->place_arg, &hop->address, &trail->databases[k]);
		}
		trail->hops[k] = (struct trail_hop){trail->names[k], best_rtt(source->session, hop),
			&trail->databases[k]};
	}
}

void places_judge(const struct snapshot_source *source, struct diag *diag)
{
	const struct session *session = source->session;
	struct diag_place places[HOP_MAX + 1] = {{0}};
	struct spot here = snapshot_here(source);
	struct asym_known known;
	struct trail *trail;

	if (source->names == NULL || source->name_of == NULL) {
		return;
	}
	trail = xcalloc(1, sizeof *trail);
	if (here.is_known) {
		places[0] = (struct diag_place){.is_known = true, .at = {here.lat, here.lon},
			.label = "here"};
	}
	gather(source, trail);
	trail_read(source->names, here, trail->hops, session->hop_count, trail->hints, trail->chosen);
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct place *first = trail->hints[k].place_count > 0 ?
			&trail->hints[k].places[0] : NULL;

		/* A database errs too often about routers to accuse a path by it. */
		if (trail->chosen[k] != NULL && trail->chosen[k]->kind != PLACE_DATABASE) {
			places[k + 1].is_known = true;
			fill(&places[k + 1], trail->chosen[k]);
		} else if (first != NULL) {
			places[k + 1].is_doubted = trail->chosen[k] == NULL;
			places[k + 1].is_refused = here.is_known && !place_is_possible(here,
				(struct spot){true, first->lat, first->lon}, trail->hops[k].best_rtt);
			fill(&places[k + 1], first);
		}
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		places[k + 1].speed_mbps = hints_line_mbps(&trail->hints[k]);
	}
	diag_set_places(diag, places, session->hop_count + 1);
	routers_known(source, &known);
	diag_set_known(diag, &known);
	for (size_t k = 0; k < session->hop_count; k++) {
		free(trail->names[k]);
	}
	free(trail);
}
