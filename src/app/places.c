/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include <stdio.h>
#include <string.h>

#include "names/hostname.h"

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

void places_judge(const struct places_source *source, struct diag *diag)
{
	const struct session *session = source->session;
	struct diag_place places[HOP_MAX + 1] = {{0}};
	struct hints hints[PLACE_STEPS_MAX];
	struct place_step steps[PLACE_STEPS_MAX] = {{0}};
	const struct place *chosen[PLACE_STEPS_MAX] = {NULL};

	if (source->names == NULL || source->name_of == NULL) {
		return;
	}
	memset(hints, 0, sizeof hints);
	if (source->here.is_known) {
		places[0] = (struct diag_place){.is_known = true,
			.at = {source->here.lat, source->here.lon}, .label = "here"};
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];
		const char *name = addr_is_set(&hop->address) ?
			source->name_of(source->name_arg, &hop->address) : NULL;

		if (name != NULL) {
			hostname_read(source->names, name, &hints[k]);
		}
		steps[k] = (struct place_step){&hints[k], best_rtt(session, hop)};
	}
	place_choose(source->here, steps, session->hop_count, chosen);
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct place *first = hints[k].place_count > 0 ? &hints[k].places[0] : NULL;

		if (chosen[k] != NULL) {
			places[k + 1].is_known = true;
			fill(&places[k + 1], chosen[k]);
		} else if (first != NULL && source->here.is_known && !place_is_possible(source->here,
		           (struct spot){true, first->lat, first->lon}, steps[k].best_rtt)) {
			places[k + 1].is_refused = true;
			fill(&places[k + 1], first);
		}
	}
	diag_set_places(diag, places, session->hop_count + 1);
}
