/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/asym.h"

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

/* Whether reverse[t] lies on another link than the path's. The router before a link of the path
 * is a hop, whatever its address: of the last link that is told by the next one, for the end of
 * a path often answers from an address that is of no link. */
static bool is_elsewhere(const struct asym_ways *ways, size_t t)
{
	const struct addr *address = &ways->reverse[t];
	unsigned next;

	if (!addr_is_set(address) || link_of(ways, address) > 0 || is_on_path(ways, address)) {
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

struct asym asym_of_session(const struct session *session)
{
	const struct reverse_path *path = &session->reverse;
	int routers = session_reverse_routers(session, path);
	unsigned offset = session_reverse_offset(session, path);
	struct addr forward[HOP_MAX], reverse[HOP_MAX];
	struct asym_ways ways = {.forward = forward, .forward_count = path->from_hop,
		.reverse = reverse};

	if (routers < 0 || path->from_hop == 0) {
		return (struct asym){0};
	}
	for (size_t k = 0; k < path->from_hop; k++) {
		forward[k] = session->hops[k].address;
	}
	for (unsigned i = 1; i <= (unsigned)routers && i + offset <= HOP_MAX; i++) {
		reverse[ways.reverse_count++] = path->at_ttl[i + offset];
	}
	return asym_compare(&ways);
}
