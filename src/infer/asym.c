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

/* The hop that answered from this address on the way out as well; 0: none. */
static unsigned hop_by_own(const struct asym_ways *ways, const struct addr *address)
{
	for (size_t k = 0; k < ways->forward_count; k++) {
		if (addr_is_set(address) && addr_equal(&ways->forward[k], address)) {
			return (unsigned)k + 1;
		}
	}
	return 0;
}

static unsigned named_hop(const struct asym_ways *ways, size_t t)
{
	return ways->named == NULL || ways->named[t] == ASYM_OTHER ? 0 : ways->named[t];
}

/* Bits that both addresses begin with; 0 where the families differ. */
static unsigned common_bits(const struct addr *a, const struct addr *b)
{
	unsigned last = a->family == ADDR_V6 ? 128 : 32, bits = 0;

	if (!addr_is_set(a) || a->family != b->family) {
		return 0;
	}
	while (bits < last &&
	       ((a->byte[bits / 8] ^ b->byte[bits / 8]) >> (7 - bits % 8) & 1) == 0) {
		bits++;
	}
	return bits;
}

/* So many leading bits have both ends of a link in common, even of the largest exchange. */
static unsigned net_bits(const struct addr *address)
{
	return address->family == ADDR_V6 ? 64 : 21;
}

/* How many bits the net has that this address and forward[k] may both be of; 0: none. A net that
 * both were of would hold no other link of the path. */
static unsigned shared_net(const struct asym_ways *ways, const struct addr *address, size_t k)
{
	unsigned bits = common_bits(&ways->forward[k], address);

	if (bits < net_bits(address)) {
		return 0;
	}
	for (size_t i = 0; i < ways->forward_count; i++) {
		if (i != k && common_bits(&ways->forward[i], address) >= bits) {
			return 0;
		}
	}
	return bits;
}

/* A router of the way back, and which of the path's it is. */
struct found {
	unsigned hop;            /* 0: not known */
	bool is_link;            /* by its address on the link to the hop behind */
	bool is_named;           /* by its name alone */
};

/* A stretch of the way back between two routers of the path that are known. */
struct stretch {
	size_t begin, end;       /* reverse[begin..end) are not */
	unsigned upper, lower;   /* the hops before and behind it; 0: the prober */
};

static struct found find(const struct asym_ways *ways, size_t t)
{
	unsigned link = link_of(ways, &ways->reverse[t]);

	if (link > 0) {
		return (struct found){.hop = link - 1, .is_link = true};
	}
	if (named_hop(ways, t) > 0) {
		return (struct found){.hop = named_hop(ways, t), .is_named = true};
	}
	return (struct found){.hop = hop_by_own(ways, &ways->reverse[t])};
}

static struct stretch stretch_at(const struct asym_ways *ways, const struct found *found,
	size_t begin)
{
	struct stretch stretch = {.begin = begin, .end = begin, .upper = begin == 0 ?
		(unsigned)ways->forward_count : found[begin - 1].hop};

	while (stretch.end < ways->reverse_count && found[stretch.end].hop == 0) {
		stretch.end++;
	}
	stretch.lower = stretch.end < ways->reverse_count ? found[stretch.end].hop : 0;
	return stretch;
}

/* The hop that reverse[t] is if the stretch goes along the path, counted from where it begins or
 * from where it ends; 0: the path has none there. */
static unsigned hop_in(const struct stretch *stretch, size_t t, bool is_from_end)
{
	unsigned hop = is_from_end ? stretch->lower + (unsigned)(stretch->end - t) :
		stretch->upper - (unsigned)(t - stretch->begin) - 1;

	return hop > stretch->lower && hop < stretch->upper ? hop : 0;
}

static void find_all(const struct asym_ways *ways, struct found *ret_found)
{
	for (size_t t = 0; t < ways->reverse_count; t++) {
		ret_found[t] = find(ways, t);
	}
}

/* Whether hops[k] replies from one address wherever it is come from: of its links that shows
 * nothing. */
static bool is_one_address(const struct asym_ways *ways, size_t k)
{
	for (size_t t = 0; t < ways->reverse_count; t++) {
		if (addr_equal(&ways->reverse[t], &ways->forward[k])) {
			return true;
		}
	}
	return false;
}

/* Routers in a stretch whose addresses are no mates of the path's: of a net that both may be of, as
 * on an exchange, or of another. */
struct unmated {
	size_t netted, strange;
	bool is_other;           /* one is none of the path's, by its name */
};

static bool is_netted(const struct asym_ways *ways, const struct stretch *stretch, size_t t,
	bool is_from_end)
{
	unsigned hop = hop_in(stretch, t, is_from_end);

	return hop > 0 && shared_net(ways, &ways->reverse[t], hop) > 0;
}

/* Where the hop behind is silent, or shows none of its links, nobody knows. */
static struct unmated unmated_in(const struct asym_ways *ways, const struct found *found,
	const struct stretch *stretch)
{
	struct unmated unmated = {0};

	for (size_t t = stretch->begin; t < stretch->end; t++) {
		unsigned hop = hop_in(stretch, t, false);

		unmated.is_other = unmated.is_other ||
			(ways->named != NULL && ways->named[t] == ASYM_OTHER);
		if (!addr_is_set(&ways->reverse[t]) || (hop > 0 &&
		    (!addr_is_set(&ways->forward[hop]) || is_one_address(ways, hop)))) {
			continue;
		}
		if (is_netted(ways, stretch, t, false) || is_netted(ways, stretch, t, true)) {
			unmated.netted++;
		} else {
			unmated.strange++;
		}
	}
	unmated.strange += stretch->end < ways->reverse_count && found[stretch->end].is_named;
	return unmated;
}

/* How likely so many links in a row have no mates where one has none, by the others of the path, of
 * whose share nothing is known beforehand (Laplace's rule of succession). */
static double chance_of(const struct asym_ways *ways, const struct found *found,
	const struct stretch *stretch, size_t count)
{
	double mated = 1, without = 1, chance = 1;

	for (size_t t = 0; t < ways->reverse_count; t++) {
		mated += found[t].is_link;
		without += (t < stretch->begin || t >= stretch->end) && found[t].hop == 0 &&
			addr_is_set(&ways->reverse[t]);
	}
	for (size_t i = 1; i < count; i++, without++) {
		chance *= without / (mated + without);
	}
	return chance;
}

/* Whether the way back is not the path there. Where it is as long, one router without a mate is
 * the path's own, on a link of a larger net or by another address; two in a row are others, unless
 * their nets may be the path's and links of such nets are nothing new on it. */
static bool is_away(const struct asym_ways *ways, const struct found *found,
	const struct stretch *stretch)
{
	static const double CHANCE = 0.05, NETTED_CHANCE = 0.005;
	struct unmated unmated = unmated_in(ways, found, stretch);
	size_t all = unmated.netted + unmated.strange;

	if (stretch->upper != stretch->lower + 1 + (stretch->end - stretch->begin)) {
		return unmated.strange > 0 || unmated.is_other || all > 1;
	}
	return unmated.strange > 1 || unmated.is_other ||
	       (all > 2 && chance_of(ways, found, stretch, all) <
	        (unmated.strange > 0 ? CHANCE : NETTED_CHANCE));
}

/* Leaves out at both ends what may be the path, if the rest is another way as well. */
static void narrow(const struct asym_ways *ways, const struct found *found,
	struct stretch *stretch)
{
	struct stretch rest = *stretch;

	while (rest.begin < rest.end && is_netted(ways, &rest, rest.begin, false)) {
		rest.begin++;
		rest.upper--;
		if (!is_away(ways, found, &rest)) {
			break;
		}
		*stretch = rest;
	}
	rest = *stretch;
	while (rest.begin < rest.end && is_netted(ways, &rest, rest.end - 1, true)) {
		rest.end--;
		rest.lower++;
		if (!is_away(ways, found, &rest)) {
			break;
		}
		*stretch = rest;
	}
}

static void count_links(const struct asym_ways *ways, const struct found *found,
	struct asym *asym)
{
	unsigned at = (unsigned)ways->forward_count;

	for (size_t t = 0; t < ways->reverse_count; t++) {
		/* By whichever link it came, between the two routers there is no third. */
		asym->symmetric_links += found[t].is_link ||
			(named_hop(ways, t) > 0 && found[t].hop + 1 == at);
		at = found[t].hop > 0 ? found[t].hop : at;
	}
	/* From the first hop home there is no router to ask. */
	if (at == 1 && asym->symmetric_links > 0 &&
	    (asym->diverges_at == 0 || asym->rejoins_at > 0)) {
		asym->symmetric_links++;
	}
}

/* Where it comes back to the path. By the first hop every way leads home. */
static unsigned rejoins(const struct asym_ways *ways, const struct found *found,
	const struct stretch *stretch)
{
	if (stretch->end == ways->reverse_count) {
		return 0;
	}
	return found[stretch->end].is_link || found[stretch->end].hop == 0 ? stretch->lower + 1 :
		stretch->lower > 1 ? stretch->lower : 0;
}

/* A router that did not reply, next to where the ways part or meet, may be of both. */
static void allow_silent(const struct asym_ways *ways, const struct stretch *away,
	struct asym *asym)
{
	size_t begin = away->begin, end = away->end;

	asym->diverges_low = asym->diverges_at;
	while (begin < end && !addr_is_set(&ways->reverse[begin]) &&
	       asym->diverges_low > away->lower + 1) {
		asym->diverges_low--;
		begin++;
	}
	asym->rejoins_high = asym->rejoins_at;
	while (end > begin && asym->rejoins_at > 0 && !addr_is_set(&ways->reverse[end - 1]) &&
	       asym->rejoins_high + 1 < asym->diverges_low) {
		asym->rejoins_high++;
		end--;
	}
}

struct asym asym_compare(const struct asym_ways *ways)
{
	struct found found[HOP_MAX];
	struct asym asym = {0};
	struct stretch stretch;
	size_t longer = ways->reverse_count + 1 > ways->forward_count ? ways->reverse_count + 1 :
		ways->forward_count;

	find_all(ways, found);
	for (size_t t = 0; t <= ways->reverse_count; t = stretch.end + 1) {
		stretch = stretch_at(ways, found, t);
		if (asym.diverges_at == 0 && is_away(ways, found, &stretch)) {
			struct stretch away = stretch;

			narrow(ways, found, &away);
			asym.diverges_at = away.upper;
			asym.rejoins_at = rejoins(ways, found, &away);
			allow_silent(ways, &away, &asym);
		}
	}
	count_links(ways, found, &asym);
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

	/* What was traced from a place that the path does not have any more is of another path. */
	if (is_loose(session) || routers < 0 || path->from_hop == 0 ||
	    path->from_hop > session->hop_count ||
	    !addr_equal(&path->from, &session->hops[path->from_hop - 1].address)) {
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
		ret->named[t] = ret->named[t] <= ways.forward_count || ret->named[t] == ASYM_OTHER ?
			ret->named[t] : 0;
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
	const struct asym_ways *ways = &layout.ways;
	struct found found[HOP_MAX];
	struct stretch stretch;
	size_t count = 0;

	if (!lay_out(session, path, known, &layout)) {
		return 0;
	}
	find_all(ways, found);
	for (size_t t = 0; t < ways->reverse_count; t++) {
		if (!addr_is_set(&layout.reverse[t])) {
			return 0;
		}
	}
	for (size_t t = 0; t <= ways->reverse_count; t = stretch.end + 1) {
		struct stretch away;
		bool is_other;

		stretch = away = stretch_at(ways, found, t);
		is_other = is_away(ways, found, &away);
		narrow(ways, found, &away);
		for (size_t i = away.begin; is_other && i < away.end; i++) {
			if (i + 1 < ways->reverse_count && count < ASYM_MAX) {
				ret_addresses[count++] = layout.reverse[i];
			}
		}
	}
	return count;
}
