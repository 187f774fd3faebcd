/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"
#include "base/utf8.h"
#include "names/place.h"
#include "run/run.h"
#include "run/tables.h"

/* By what a run reads the names of hops, and asks for their names and networks. */

/* Tables for the names of hops, and where we are. */
bool run_prepare_names(struct run *run, struct err *err)
{
	bool wants_names = !run->wishes.no_names && run->name_of == NULL;

	geodata_open(&run->naming.geodata, run->wishes.asn_db, run->wishes.city_db);
	run_note_geodata(run);
	if ((wants_names || run->wishes.wants_networks) && run->replay == NULL &&
	    run->scenario == NULL) {
		if (!naming_start(&run->naming, run->loop, &run->drive, run->wishes.server, err)) {
			return false;
		}
		run->naming.wants_names = wants_names;
		run->naming.wants_networks = run->wishes.wants_networks;
		run->naming.wants_registry = run->wishes.wants_registry;
	}
	if (run->naming.wants_names) {
		run->name_of = naming_name_of;
		run->name_arg = &run->naming;
	}
	run->source = (struct atlas_source){.name_of = run->wishes.no_names ? NULL : run->name_of,
		.name_arg = run->name_arg, .network_of = naming_network_of,
		.place_of = naming_place_of, .arg = &run->naming};
	/* A recording has names, shown or not. */
	if (!run->wishes.no_names || run->wishes.here != NULL || run->replay != NULL) {
		run->names = tables_load(err);
		if (run->names == NULL || (run->wishes.here != NULL &&
		    !place_parse(run->names, run->wishes.here, &run->here, err))) {
			return false;
		}
	}
	run->atlas = atlas_create(run->names, run->here);
	return true;
}

bool run_want_networks(struct run *run, bool wants_registry, struct err *err)
{
	if (run->replay != NULL) {
		return atlas_has_networks(run->atlas) || err_set(err, ERR_USAGE, "A replayed run looks "
			"nothing up: AS numbers are not known.");
	}
	if (run->naming.resolver == NULL && !naming_start(&run->naming, run->loop, &run->drive,
	    run->wishes.server, err)) {
		return false;
	}
	run->drive.has_news = true;
	run->naming.wants_networks = true;
	run->naming.wants_registry = run->naming.wants_registry || wants_registry;
	return true;
}

char *run_name_of(const struct run *run, const struct addr *addr)
{
	const char *name = run->source.name_of == NULL ? NULL :
		run->source.name_of(run->source.name_arg, addr);
	char clean[256];

	if (name == NULL) {
		return NULL;
	}
	utf8_clean(name, clean, sizeof clean);
	return clean[0] == '\0' ? NULL : xstrdup(clean);
}
