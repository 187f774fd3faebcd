/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/asym.h"

#include <string.h>

#include "pkt/mate.h"

/* The hop whose link, the one it was come to by, this address is the other end of; 0: none. */
static unsigned link_of(const struct asym_ways *ways, const struct addr *address)
{
	for (size_t k = 0; k < ways->forward_count; k++) {
		enum mate_kind mate = mate_of(&ways->forward[k], address);

		if (mate == MATE_31 || mate == MATE_30) {
			return (unsigned)k + 1;
		}
	}
	return 0;
}

static bool is_on_path(const struct asym_ways *ways, const struct addr *address)
{
	for (size_t k = 0; k < ways->forward_count; k++) {
		if (addr_equal(&ways->forward[k], address)) {
			return true;
		}
	}
	return false;
}

static unsigned named_hop(const struct asym_ways *ways, size_t t)
{
	return ways->named == NULL ? 0 : ways->named[t];
}

/* Whether reverse[t], if the way back is the path, is on the link to a hop that is silent: then
 * the hop has no address to be its mate, and nothing can be said. Counted from the last router
 * that was found on the path, or from where the way back begins. */
static bool is_before_silent(const struct asym_ways *ways, size_t t)
{
	size_t link = ways->forward_count, passed = t;

	for (size_t s = t; s-- > 0;) {
		unsigned found = link_of(ways, &ways->reverse[s]);

		if (found == 0 && named_hop(ways, s) > 0) {
			found = named_hop(ways, s) + 1;
		}
		if (found > 0) {
			link = found;
			passed = t - s;
			break;
		}
	}
	return link > passed && !addr_is_set(&ways->forward[link - passed - 1]);
}

/* Where the way back stands before reverse[t]; 0: nobody knows. */
static unsigned stands_at(const struct asym_ways *ways, size_t t)
{
	unsigned link;

	if (t == 0) {
		return (unsigned)ways->forward_count;
	}
	link = link_of(ways, &ways->reverse[t - 1]);
	return link > 0 ? link - 1 : named_hop(ways, t - 1);
}

/* A single router between two that stand next to each other on the path is the one between them,
 * by an address that has no mate: of an exchange's LAN, of a larger net, of a loopback. */
static bool is_between_neighbours(const struct asym_ways *ways, size_t t)
{
	unsigned at = stands_at(ways, t);
	unsigned next = t + 1 < ways->reverse_count ? link_of(ways, &ways->reverse[t + 1]) : 0;

	return next > 0 && at == next + 1;
}

/* Whether reverse[t] lies on another link than the path's. The router before a link of the path
 * is a hop, whatever its address: of the last link that is told by the next one, for the end of
 * a path often answers from an address that is of no link. */
static bool is_elsewhere(const struct asym_ways *ways, size_t t)
{
	const struct addr *address = &ways->reverse[t];
	unsigned next;

	if (!addr_is_set(address) || link_of(ways, address) > 0 || is_on_path(ways, address) ||
	    named_hop(ways, t) > 0 || is_before_silent(ways, t) ||
	    is_between_neighbours(ways, t)) {
		return false;
	}
	next = t + 1 < ways->reverse_count ? link_of(ways, &ways->reverse[t + 1]) : 0;
	return !(t == 0 && next + 1 == ways->forward_count);
}

struct asym asym_compare(const struct asym_ways *ways)
{
	struct asym asym = {0};
	unsigned at = (unsigned)ways->forward_count;
	size_t longer = ways->reverse_count + 1 > ways->forward_count ? ways->reverse_count + 1 :
		ways->forward_count;

	for (size_t t = 0; t < ways->reverse_count; t++) {
		unsigned link = link_of(ways, &ways->reverse[t]);

		if (link > 0) {
			asym.symmetric_links++;
			at = link - 1;
			if (asym.diverges_at > 0 && asym.rejoins_at == 0) {
				asym.rejoins_at = link;
			}
		} else if (named_hop(ways, t) > 0) {
			/* By whichever link it came, between the two routers there is no third. */
			asym.symmetric_links += named_hop(ways, t) + 1 == at;
			at = named_hop(ways, t);
			/* By the first hop every way leads home. */
			if (asym.diverges_at > 0 && asym.rejoins_at == 0 && at > 1) {
				asym.rejoins_at = at;
			}
		} else if (is_elsewhere(ways, t) && asym.diverges_at == 0) {
			asym.diverges_at = at;
		}
	}
	/* From the first hop home there is no router to ask. */
	if (at == 1 && asym.symmetric_links > 0 && (asym.diverges_at == 0 || asym.rejoins_at > 0)) {
		asym.symmetric_links++;
	}
	asym.is_known = asym.symmetric_links > 0;
	asym.diverges_at = asym.is_known ? asym.diverges_at : 0;
	asym.similarity = longer == 0 ? 0 : (double)asym.symmetric_links / (double)longer;
	return asym;
}

/* The named routers of one way, at most ASYM_MAX, each once where it stands in sequence. */
static size_t named(const char *const *from, size_t count, const char **ret_names)
{
	size_t n = 0;

	for (size_t i = 0; i < count && n < ASYM_MAX; i++) {
		bool is_repeat = n > 0 && from[i] != NULL && strcmp(ret_names[n - 1], from[i]) == 0;

		if (from[i] != NULL && from[i][0] != '\0' && !is_repeat) {
			ret_names[n++] = from[i];
		}
	}
	return n;
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static unsigned distinct(const char *const *names, size_t count)
{
	unsigned n = 0;

	for (size_t i = 0; i < count; i++) {
		n += !is_among(names, i, names[i]);
	}
	return n;
}

/* Levenshtein, one row at a time; `b` is read from its end. */
static unsigned edits(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
	unsigned row[ASYM_MAX + 1];

	for (size_t j = 0; j <= b_count; j++) {
		row[j] = (unsigned)j;
	}
	for (size_t i = 1; i <= a_count; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_count; j++) {
			unsigned best = diagonal + (strcmp(a[i - 1], b[b_count - j]) != 0);

			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b_count];
}

struct asym_routers asym_compare_names(const struct asym_names *names)
{
	const char *there[ASYM_MAX], *back[ASYM_MAX];
	size_t there_count = named(names->forward, names->forward_count, there);
	size_t back_count = named(names->reverse, names->reverse_count, back);
	struct asym_routers routers = {.distance = edits(there, there_count, back, back_count),
		.longer = (unsigned)(there_count > back_count ? there_count : back_count)};

	for (size_t i = 0; i < there_count; i++) {
		routers.shared += !is_among(there, i, there[i]) && is_among(back, back_count, there[i]);
	}
	routers.distinct = distinct(there, there_count) + distinct(back, back_count) - routers.shared;
	return routers;
}

/* Where several addresses answer as one hop, traffic is balanced: the way back met one of them. */
static struct addr met_at(const struct hop *hop, const struct addr *reverse, size_t reverse_count)
{
	for (size_t i = 0; i < hop->seen_count && hop->settled_count > 1; i++) {
		for (size_t j = 0; j < reverse_count; j++) {
			if (mate_of(&hop->seen[i], &reverse[j]) != MATE_NONE) {
				return hop->seen[i];
			}
		}
	}
	return hop->address;
}

struct layout {
	struct addr forward[HOP_MAX], reverse[HOP_MAX];
	uint8_t named[HOP_MAX];
	struct asym_ways ways;       /* of these */
};

static uint8_t hop_of(const struct asym_known *known, const struct addr *address)
{
	uint8_t hop = 0;

	for (size_t i = 0; i < known->count && addr_is_set(address); i++) {
		hop = addr_equal(&known->address[i], address) ? known->hop[i] : hop;
	}
	return hop;
}

/* A path by hand may leave routers out, and one from elsewhere begins behind some: what lies
 * between is not known, and no other way. */
static bool is_loose(const struct session *session)
{
	unsigned out = session->length[WAY_OUT].hops;

	return (session->is_explicit || session->is_from) &&
	       (out == 0 || out > session->length_hop);
}

/* Both ways as addresses; false: the length of one of them is not proven. */
static bool lay_out(const struct session *session, const struct reverse_path *path,
	const struct asym_known *known, struct layout *ret)
{
	int routers = session_reverse_routers(session, path);
	unsigned offset = session_reverse_offset(session, path);
	struct asym_ways ways = {.forward = ret->forward, .forward_count = path->from_hop,
		.reverse = ret->reverse, .named = ret->named};

	if (is_loose(session) || routers < 0 || path->from_hop == 0) {
		return false;
	}
	for (unsigned i = 1; i <= (unsigned)routers && i + offset <= HOP_MAX; i++) {
		ret->reverse[ways.reverse_count++] = path->at_ttl[i + offset];
	}
	for (size_t k = 0; k < path->from_hop; k++) {
		ret->forward[k] = met_at(&session->hops[k], ret->reverse, ways.reverse_count);
	}
	for (size_t t = 0; t < ways.reverse_count; t++) {
		ret->named[t] = known == NULL ? 0 : hop_of(known, &ret->reverse[t]);
		ret->named[t] = ret->named[t] <= ways.forward_count ? ret->named[t] : 0;
	}
	ret->ways = ways;
	return true;
}

struct asym asym_of_session(const struct session *session, const struct asym_known *known)
{
	struct layout layout = {0};

	return lay_out(session, &session->reverse, known, &layout) ? asym_compare(&layout.ways) :
		(struct asym){0};
}

size_t asym_elsewhere(const struct session *session, const struct reverse_path *path,
	const struct asym_known *known, struct addr ret_addresses[ASYM_MAX])
{
	struct layout layout = {0};
	size_t count = 0;

	if (!lay_out(session, path, known, &layout)) {
		return 0;
	}
	for (size_t t = 0; t < layout.ways.reverse_count; t++) {
		bool is_next_to_home = t + 1 == layout.ways.reverse_count;

		if (!addr_is_set(&layout.reverse[t])) {
			return 0;
		}
		if (!is_next_to_home && is_elsewhere(&layout.ways, t) && count < ASYM_MAX) {
			ret_addresses[count++] = layout.reverse[t];
		}
	}
	return count;
}
