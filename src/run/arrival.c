/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/arrival.h"

#include <net/if.h>

#include "net/route.h"

static const struct host_interface *look_up(struct arrival *arrival, uint32_t index,
	const struct host_interface *home)
{
	struct host_interface *at;

	for (size_t i = 0; i < arrival->known_count; i++) {
		if (arrival->known[i].index == index) {
			return &arrival->known[i];
		}
	}
	/* Of so many interfaces the last place is the newest one's. */
	at = &arrival->known[arrival->known_count < ARRIVALS_KNOWN ? arrival->known_count++ :
		ARRIVALS_KNOWN - 1];
	*at = (struct host_interface){.index = index};
	if (index != 0 && home->index != 0 && !route_is_stacked(index, home->index) &&
	    if_indextoname(index, at->name) == NULL) {
		at->name[0] = '\0'; /* it is gone already */
	}
	return at;
}

bool arrival_has_changed(struct arrival *arrival, uint32_t index, const struct host_interface *home,
	const char **ret_name)
{
	if (arrival->is_told && arrival->index == index) {
		return false;
	}
	arrival->is_told = true;
	arrival->index = index;
	*ret_name = look_up(arrival, index, home)->name;
	return true;
}

void arrival_forget(struct arrival *arrival)
{
	*arrival = (struct arrival){0};
}
