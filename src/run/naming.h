/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_NAMING_H
#define THRUPATH_RUN_NAMING_H

#include "run/drive.h"
#include "run/geodata.h"
#include "io/loop.h"
#include "names/resolver.h"

/*
 * Names of a live run's addresses: the drive asks for them as they appear, so that a report at the
 * end has little to wait for.
 */
struct naming_wishes {
	const char *server;             /* of names, ADDRESS[:PORT]; NULL: the system's */
	const char *asn_db, *city_db;   /* as geodata_open() takes them */
	const char *here;               /* where this host stands, as place_parse() reads it; or NULL */
	bool no_names;                  /* addresses are shown, and no name is asked for */
	bool wants_networks, wants_registry; /* of hops, also where the DNS is to be asked */
};

struct naming {
	struct resolver *resolver;      /* NULL: names are not looked up */
	struct loop *loop;
	struct drive *drive;
	struct loop_timer timer, end;
	bool is_ending, wants_names, wants_networks;
	bool wants_registry;            /* of networks also what only the DNS knows */
	struct geodata geodata;
};

/* `server` may be NULL. All is borrowed until naming_finish(). */
NODISCARD bool naming_start(struct naming *, struct loop *, struct drive *, const char *server,
	struct err *err);
void naming_finish(struct naming *);

/* As an atlas asks. */
const char *naming_name_of(void *naming, const struct addr *);
bool naming_network_of(void *naming, const struct addr *, struct network *ret_network);
bool naming_place_of(void *naming, const struct addr *, struct place *ret_place);

/* Runs the loop until nothing is under way, a second at most. */
void naming_wait(struct naming *);

#endif
