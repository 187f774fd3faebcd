/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/routers.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "names/hostname.h"

/* What the name of this address says; false: it has none, or it says no router. */
static bool read_router(const struct snapshot_source *source, const struct addr *address,
	struct hints *ret_hints)
{
	const char *name = !addr_is_set(address) || source->names == NULL ||
		source->name_of == NULL ? NULL : source->name_of(source->name_arg, address);

	if (name == NULL) {
		return false;
	}
	*ret_hints = (struct hints){0};
	hostname_read(source->names, name, ret_hints);
	return ret_hints->router[0] != '\0' && ret_hints->operator[0] != '\0';
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

void routers_known(const struct snapshot_source *source, struct asym_known *ret_known)
{
	const struct session *session = source->session;
	size_t hops = session->reverse.from_hop, count = 0;
	struct hints *there = xcalloc(hops + 1, sizeof *there), back;
	bool *is_read = xcalloc(hops + 1, sizeof *is_read);
	const struct addr *address;

	*ret_known = (struct asym_known){.count = 0};
	for (size_t k = 0; k < hops; k++) {
		is_read[k] = read_router(source, &session->hops[k].address, &there[k]);
	}
	for (size_t i = 0; (address = back_at(session, i)) != NULL && count < ASYM_MAX; i++) {
		if (!read_router(source, address, &back)) {
			continue;
		}
		for (size_t k = 0; k < hops; k++) {
			if (is_read[k] && hints_are_of_one_router(&there[k], &back)) {
				ret_known->address[count] = *address;
				ret_known->hop[count++] = (uint8_t)(k + 1);
				break;
			}
		}
	}
	ret_known->count = count;
	free(there);
	free(is_read);
}

/* "ibr02.lon22 example.net"; NULL: no name says it. Caller frees. */
static char *router_text(const struct snapshot_source *source, const struct addr *address)
{
	struct strbuf text = {0};
	struct hints hints;

	if (!read_router(source, address, &hints)) {
		return NULL;
	}
	strbuf_printf(&text, "%s %s", hints.router, hints.operator);
	return strbuf_detach(&text);
}

/* The turning hop stands on both ways, and so does the first: neither is compared. */
struct asym_routers routers_compare(const struct snapshot_source *source)
{
	const struct session *session = source->session;
	char *there[ASYM_MAX] = {NULL}, *back[ASYM_MAX] = {NULL};
	size_t hops = session->reverse.from_hop, there_count = 0, back_count = 0, named[2] = {0, 0};
	struct asym_routers routers = {0};
	const struct addr *address;

	for (size_t k = 0; k + 1 < hops && there_count < ASYM_MAX; k++) {
		there[there_count] = router_text(source, &session->hops[k].address);
		named[0] += there[there_count++] != NULL;
	}
	while (back_count < ASYM_MAX && (address = back_at(session, back_count)) != NULL) {
		back[back_count] = router_text(source, address);
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
