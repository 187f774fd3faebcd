/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/naming.h"

#include <string.h>

static const ns_t ASK_EVERY = NS_PER_SEC / 4, WAIT_MOST = NS_PER_SEC;

/* Another name is a reason to paint; and one answer may lead to another question. */
static void on_change(void *arg)
{
	struct naming *naming = arg;

	naming->drive->generation++;
	loop_timer_set(naming->loop, &naming->timer, loop_now(naming->loop));
}

static void on_timer(void *arg)
{
	struct naming *naming = arg;

	naming->drive->has_news = true;
	(void)drive_learn(naming->drive, loop_now(naming->loop));
	if (naming->is_ending && resolver_waiting(naming->resolver) == 0) {
		loop_stop(naming->loop);
		return;
	}
	loop_timer_set(naming->loop, &naming->timer, loop_now(naming->loop) + ASK_EVERY);
}

static void on_end(void *arg)
{
	struct naming *naming = arg;

	loop_stop(naming->loop);
}

bool naming_start(struct naming *naming, struct loop *loop, struct drive *drive,
	const char *server, struct err *err)
{
	naming->loop = loop;
	naming->drive = drive;
	naming->timer = (struct loop_timer){.fn = on_timer, .arg = naming};
	naming->end = (struct loop_timer){.fn = on_end, .arg = naming};
	naming->resolver = resolver_create(loop, server, on_change, naming, err);
	if (naming->resolver == NULL) {
		return false;
	}
	loop_timer_set(loop, &naming->timer, loop_now(loop) + ASK_EVERY);
	return true;
}

void naming_finish(struct naming *naming)
{
	if (naming->resolver != NULL) {
		loop_timer_cancel(naming->loop, &naming->timer);
		resolver_destroy(naming->resolver);
	}
	geodata_close(&naming->geodata);
	*naming = (struct naming){0};
}

const char *naming_name_of(void *arg, const struct addr *addr)
{
	struct naming *naming = arg;

	return resolver_name(naming->resolver, addr);
}

/* What no file has: who gave the addresses out, and when. */
static void add_registry(struct naming *naming, const struct addr *addr, struct network *network)
{
	struct network told;

	if (!resolver_network(naming->resolver, addr, &told)) {
		return;
	}
	memcpy(network->registry, told.registry, sizeof network->registry);
	memcpy(network->allocated, told.allocated, sizeof network->allocated);
	if (network->country[0] == '\0') {
		memcpy(network->country, told.country, sizeof network->country);
	}
}

/* A file is asked first: it answers at once, and nobody learns of it. */
bool naming_network_of(void *arg, const struct addr *addr, struct network *ret_network)
{
	struct naming *naming = arg;

	if (!mmdb_network(naming->geodata.networks, addr, ret_network)) {
		return naming->wants_networks && resolver_network(naming->resolver, addr, ret_network);
	}
	if (naming->wants_registry) {
		add_registry(naming, addr, ret_network);
	}
	return true;
}

bool naming_place_of(void *arg, const struct addr *addr, struct place *ret_place)
{
	struct naming *naming = arg;

	return mmdb_place(naming->geodata.places, addr, ret_place);
}

void naming_wait(struct naming *naming)
{
	if (naming->resolver == NULL || resolver_waiting(naming->resolver) == 0) {
		return;
	}
	naming->is_ending = true;
	loop_timer_set(naming->loop, &naming->end, loop_now(naming->loop) + WAIT_MOST);
	loop_run(naming->loop);
	loop_timer_cancel(naming->loop, &naming->end);
}
