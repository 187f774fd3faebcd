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
static const double LATE_MS = 1, LATE_SHARE = 0.05, PLATEAU_MS = 1, PLATEAU_SHARE = 0.02;

enum { SAMPLES_MIN = 5, PLATEAU_HOPS = 3 };

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

	if (!place->is_refused || !diag->facts->start.is_known || ms < 0) {
		return;
	}
	km = geo_km(diag->facts->start.at, place->at);
	light = km / KM_PER_MS;
	finding = diag_hold(diag, FINDING_TOO_FAST, hops, 1, 0.95);
	finding_fact(finding, "rtt_ms", ms);
	finding_fact(finding, "km", km);
	finding_fact(finding, "light_ms", light);
	finding_say(finding, _("hop %zu is named after %s, %.0f km away, but answers in %.1f ms where "
		"light needs %.0f: wrong name, or an anycast address"), hop,
		place->label, km, ms, light);
}

/* What leads to hops[hop - 1] takes. Hops behind it have it as well, and may have more: where one
 * has less, that hop's own replies are late, and how far away it is is not known; negative. */
static double lasting_ms(const struct session *session, size_t hop)
{
	double own = best_ms(session, hop - 1);

	for (size_t k = hop; k < session->hop_count; k++) {
		double ms = best_ms(session, k);

		if (ms >= 0 && ms < own - fmax(LATE_MS, LATE_SHARE * own)) {
			return -1;
		}
	}
	return own;
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
	    diag_is_active(diag, FINDING_MPLS_ICMP_TUNNEL, (uint8_t)hop) ||
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

/* Replies of hops in a row that all take as long, although light could not get from one to the
 * other in that time: they go to the end of a tunnel first. What passes such hops is not
 * measured. */
static size_t rule_plateau(struct diag *diag, const struct session *session, size_t hop)
{
	const struct place_fact *place = diag->facts->place;
	double first = best_ms(session, hop - 1), light = 0;
	uint8_t hops[FINDING_HOPS];
	size_t count = 0;
	struct finding *finding;

	for (size_t i = hop; first >= 0 && i <= session->hop_count && count < FINDING_HOPS; i++) {
		double ms = best_ms(session, i - 1);

		if (diag->is_measured[i - 1] || ms < 0 ||
		    fabs(ms - first) > PLATEAU_MS + PLATEAU_SHARE * first) {
			break;
		}
		hops[count++] = (uint8_t)i;
		if (place[hop].is_known && place[i].is_known) {
			light = fmax(light, km_between(diag, hop, i) / KM_PER_MS);
		}
	}
	if (count < PLATEAU_HOPS || light <= 2 * (PLATEAU_MS + PLATEAU_SHARE * first)) {
		return hop;
	}
	if (!diag_is_active(diag, FINDING_MPLS_ICMP_TUNNEL, (uint8_t)hop) ||
	    session->hops[hop - 1].mpls.count == 0) {
		finding = diag_hold(diag, FINDING_MPLS_ICMP_TUNNEL, hops, count, 0.8);
		finding_fact(finding, "to_ms", first);
		finding_fact(finding, "light_ms", light);
		finding_say(finding, _("hops %u to %u all answer after %.0f ms, although by their names "
			"light needs %.0f ms between them: their replies travel to the end of a tunnel "
			"first"),
			hops[0], hops[count - 1], first, light);
	}
	return hops[count - 1];
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
		hop = rule_plateau(diag, session, hop);
	}
	for (size_t hop = 1; hop <= session->hop_count && hop <= HOP_MAX; hop++) {
		rule_fast(diag, session, hop);
		/* Until it was asked a few times, what names say is not tried. */
		if (!diag->facts->place[hop].is_known || best_ms(session, hop - 1) < 0) {
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
