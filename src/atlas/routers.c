/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "atlas/routers.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

/* What the name of this address says; NULL: it has none, or it says no router. */
static const struct hints *router_of(const struct atlas *atlas, const struct addr *address)
{
	const struct hints *hints = atlas_hints(atlas, address);

	return hints == NULL || hints->router[0] == '\0' || hints->operator[0] == '\0' ? NULL : hints;
}

/* Routers on the way back, the turning hop and the prober not counted; NULL in the last places. */
static const struct addr *back_at(const struct session *session, size_t i)
{
	const struct reverse_path *path = &session->reverse;
	int routers = session_reverse_routers(session, path);

	return routers < 0 || i >= (size_t)routers ||
		i + 1 + session_reverse_offset(session, path) > HOP_MAX ? NULL :
		&path->at_ttl[i + 1 + session_reverse_offset(session, path)];
}

/* Whether names say of all routers of the path that none is this one, and of its operator there are
 * some: of others they say too little. */
static bool is_other(const struct atlas *atlas, const struct session *session,
	const struct hints *back)
{
	bool is_of_operator = false;

	for (size_t k = 0; k < session->reverse.from_hop; k++) {
		const struct hints *there = router_of(atlas, &session->hops[k].address);

		if (there == NULL && k + 1u < session->reverse.from_hop) {
			return false;
		}
		is_of_operator = is_of_operator ||
			(there != NULL && strcmp(there->operator, back->operator) == 0);
	}
	return is_of_operator;
}

static uint8_t hop_of(const struct atlas *atlas, const struct session *session,
	const struct hints *back)
{
	for (size_t k = 0; back != NULL && k < session->reverse.from_hop; k++) {
		const struct hints *there = router_of(atlas, &session->hops[k].address);

		if (there != NULL && hints_are_of_one_router(there, back)) {
			return (uint8_t)(k + 1);
		}
	}
	return back != NULL && is_other(atlas, session, back) ? ASYM_OTHER : 0;
}

void routers_known(const struct atlas *atlas, const struct session *session,
	struct asym_known *ret_known)
{
	const struct addr *address;

	ret_known->count = 0;
	for (size_t i = 0; (address = back_at(session, i)) != NULL && ret_known->count < ASYM_MAX;
	     i++) {
		uint8_t hop = hop_of(atlas, session, router_of(atlas, address));

		if (hop > 0) {
			ret_known->address[ret_known->count] = *address;
			ret_known->hop[ret_known->count++] = hop;
		}
	}
}

/* "ibr02.lon22 example.net"; NULL: no name says it. Caller frees. */
static char *router_text(const struct atlas *atlas, const struct addr *address)
{
	const struct hints *hints = router_of(atlas, address);
	struct strbuf text = {0};

	if (hints == NULL) {
		return NULL;
	}
	strbuf_printf(&text, "%s %s", hints->router, hints->operator);
	return strbuf_detach(&text);
}

/* The turning hop stands on both ways, and so does the first: neither is compared. */
struct asym_routers routers_compare(const struct atlas *atlas, const struct session *session)
{
	char *there[ASYM_MAX] = {NULL}, *back[ASYM_MAX] = {NULL};
	size_t hops = session->reverse.from_hop, there_count = 0, back_count = 0, named[2] = {0, 0};
	struct asym_routers routers = {0};
	const struct addr *address;

	for (size_t k = 0; k + 1 < hops && there_count < ASYM_MAX; k++) {
		there[there_count] = router_text(atlas, &session->hops[k].address);
		named[0] += there[there_count++] != NULL;
	}
	while (back_count < ASYM_MAX && (address = back_at(session, back_count)) != NULL) {
		back[back_count] = router_text(atlas, address);
		named[1] += back[back_count++] != NULL;
	}
	if (named[0] > 0 && named[1] > 0) {
		routers = asym_compare_names(&(struct asym_names){(const char *const *)there,
			there_count, (const char *const *)back, back_count});
	}
	for (size_t i = 0; i < ASYM_MAX; i++) {
		free(there[i]);
		free(back[i]);
	}
	return routers;
}
