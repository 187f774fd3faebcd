/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ladder.h"

struct ladder {
	const struct snapshot *snap;
	const struct snap_way *way;
	ladder_fn *tell;
	void *arg;
};

const char *ladder_host(const struct snap_return *back)
{
	return back->name != NULL ? back->name : back->address != NULL ? back->address : "???";
}

/* Whether a link of the way out is missing on the way back for certain. Of the first link the
 * other end is this host, which no answer tells of. */
static bool is_parted(const struct ladder *ladder, unsigned hop)
{
	return ladder->way->is_complete && hop > 1 && hop <= ladder->way->from_hop;
}

/* A router that did not answer, there or back, is unknown and no divergence: it may be the hop
 * that stands beside it. */
static bool is_silent(const struct ladder *ladder, unsigned hop, const struct snap_return *back)
{
	return (back != NULL && back->address == NULL) ||
		(hop > 0 && hop <= ladder->snap->hop_count &&
		 ladder->snap->hops[hop - 1].address == NULL);
}

/* What lies between two rungs: hops first..last on the left, routers from..to (1-based, against
 * their numbers) on the right. */
static void tell_parted(const struct ladder *ladder, unsigned first, unsigned last, size_t from,
	size_t to)
{
	for (; first <= last || from > to; first++) {
		const struct snap_return *back = from > to ? &ladder->way->returns[--from] : NULL;
		bool is_certain = !is_silent(ladder, first <= last ? first : 0, back) &&
			(back != NULL || is_parted(ladder, first));
		struct ladder_row row = {first > last ? LADDER_BACK : is_certain ? LADDER_PARTED :
			LADDER_UNKNOWN, first <= last, first <= last ? first : 0, back};

		ladder->tell(ladder->arg, &row);
	}
}

/* Down the way out; a rung wherever the way back has an end of the same link. */
void ladder_tell(const struct snapshot *snap, const struct snap_way *way, ladder_fn *tell,
	void *arg)
{
	const struct ladder ladder = {snap, way, tell, arg};
	struct snap_return self = {.address = snap->source, .hop = (unsigned)way->return_count + 1};
	size_t left = way->return_count;
	unsigned first = 1;

	tell(arg, &(struct ladder_row){LADDER_SHARED, true, 0, &self});
	for (unsigned hop = 1; hop <= snap->hop_count; hop++) {
		size_t mate = left;

		while (mate > 0 && way->returns[mate - 1].mate_of != hop) {
			mate--;
		}
		if (mate > 0) {
			tell_parted(&ladder, first, hop - 1, left, mate);
			left = mate - 1;
			tell(arg, &(struct ladder_row){LADDER_SHARED, true, hop, &way->returns[left]});
			first = hop + 1;
		}
	}
	tell_parted(&ladder, first, (unsigned)snap->hop_count, left, 0);
}
