/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/serial.h"

/*
 * Round trips against the places that names give: what light cannot do is a wrong name, what
 * takes far longer than light, or a path that goes round by a third place, is worth a look.
 * 100 km cost a millisecond there and back.
 */
static const double KM_PER_MS = 100, SLOW_FACTOR = 3, SLOW_MORE_MS = 20, ACCESS_MS = 60;
static const double DETOUR_FACTOR = 2, DETOUR_MORE_KM = 1000;

enum { SAMPLES_MIN = 5 };

/* The fastest answer of hops[k], through it or its own; negative: none. */
static double best_ms(const struct session *session, size_t k)
{
	const struct stats *through = watch_stats(session, k, session->main_walk);
	const struct stats *to = watch_stats(session, k, WALK_TO);
	const struct stats *stats = through->samples > 0 ? through : to;

	return stats->samples >= SAMPLES_MIN ? ns_to_ms(stats->best) : -1;
}

static double km_between(const struct diag *diag, size_t a, size_t b)
{
	return geo_km(diag->facts->place[a].at, diag->facts->place[b].at);
}

static void rule_fast(struct diag *diag, const struct session *session, size_t hop)
{
	const struct place_fact *place = &diag->facts->place[hop];
	double ms = best_ms(session, hop - 1), km, light;
	uint8_t hops[1] = {(uint8_t)hop};
	struct finding *finding;

	if (!place->is_refused || !diag->facts->place[0].is_known || ms < 0) {
		return;
	}
	km = km_between(diag, 0, hop);
	light = km / KM_PER_MS;
	finding = diag_hold(diag, FINDING_TOO_FAST, hops, 1, 0.95);
	finding_fact(finding, "rtt_ms", ms);
	finding_fact(finding, "km", km);
	finding_fact(finding, "light_ms", light);
	finding_say(finding, _("hop %zu is named after %s, %.0f km away, but answers in %.1f ms where "
		"light needs %.0f: wrong name, or an anycast address"), hop,
		place->label, km, ms, light);
}

/* The least of what hops from here on take: what is real, they all have. */
static double lasting_ms(const struct session *session, size_t hop)
{
	double least = best_ms(session, hop - 1);

	for (size_t k = hop; k < session->hop_count; k++) {
		double ms = best_ms(session, k);

		least = ms >= 0 ? fmin(least, ms) : least;
	}
	return least;
}

/* What slow lines between two hops take of the time, by their names. */
static double lines_ms(const struct diag *diag, const struct session *session, size_t before,
	size_t hop)
{
	double ms = 0;

	for (size_t i = before + 1; i <= hop; i++) {
		ms += 2 * serial_ms(session->probe_bytes, diag->facts->place[i].speed_mbps);
	}
	return ms;
}

/* Where names between two hops are refuted, those of the two may be as wrong. */
static bool is_any_doubted(const struct diag *diag, size_t before, size_t hop)
{
	for (size_t i = before + 1; i < hop; i++) {
		if (diag->facts->place[i].is_doubted) {
			return true;
		}
	}
	return false;
}

static void rule_slow(struct diag *diag, const struct session *session, size_t before, size_t hop)
{
	double ms = lasting_ms(session, hop), start = before == 0 ? 0 : best_ms(session, before - 1);
	double km = km_between(diag, before, hop), light = km / KM_PER_MS;
	double added = ms - start - lines_ms(diag, session, before, hop);
	uint8_t hops[2] = {(uint8_t)before, (uint8_t)hop};
	struct finding *finding;

	/* The line that the prober itself hangs on may be slow by right. */
	if (start < 0 || ms < 0 || is_any_doubted(diag, before, hop) ||
	    added <= SLOW_FACTOR * light + (before == 0 ? ACCESS_MS : SLOW_MORE_MS)) {
		return;
	}
	finding = diag_hold(diag, FINDING_TOO_SLOW, hops, 2, 0.8);
	finding->worst = added;
	finding_fact(finding, "added_ms", added);
	finding_fact(finding, "km", km);
	finding_fact(finding, "light_ms", light);
	finding_say(finding, _("%s to %s, %.0f km: hop %zu is %.1f ms farther than hop %zu where light "
		"needs %.0f: a longer forward or return path"), diag->facts->place[before].label,
		diag->facts->place[hop].label, km, hop, added, before, light);
}

static void rule_detour(struct diag *diag, size_t from, size_t by, size_t to)
{
	const struct place_fact *place = diag->facts->place;
	double legs = km_between(diag, from, by) + km_between(diag, by, to);
	double direct = km_between(diag, from, to);
	uint8_t hops[2] = {(uint8_t)from, (uint8_t)to};
	struct finding *finding;

	if (legs <= DETOUR_FACTOR * direct || legs <= direct + DETOUR_MORE_KM) {
		return;
	}
	finding = diag_hold(diag, FINDING_DETOUR, hops, 2, 0.8);
	finding->worst = legs - direct;
	finding_fact(finding, "km", legs);
	finding_fact(finding, "direct_km", direct);
	finding_say(finding, _("detour: %s to %s via %s, %.0f km instead of %.0f"),
		place[from].label, place[to].label, place[by].label, legs, direct);
}

void rules_place(struct diag *diag, const struct session *session)
{
	size_t seen[3] = {0}, count = diag->facts->place[0].is_known ? 1 : 0;

	for (size_t hop = 1; hop <= session->hop_count && hop <= HOP_MAX; hop++) {
		rule_fast(diag, session, hop);
		if (!diag->facts->place[hop].is_known) {
			continue;
		}
		if (count > 0) {
			rule_slow(diag, session, seen[count - 1], hop);
		}
		/* Hops of one city are one place of the way. */
		if (count > 0 && km_between(diag, seen[count - 1], hop) < KM_PER_MS) {
			seen[count - 1] = hop;
			continue;
		}
		if (count == 3) {
			seen[0] = seen[1];
			seen[1] = seen[2];
			count = 2;
		}
		seen[count++] = hop;
		if (count == 3) {
			rule_detour(diag, seen[0], seen[1], seen[2]);
		}
	}
}
