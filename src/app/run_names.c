/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/hints.h"
#include "app/run.h"
#include "names/place.h"

/* By what a run reads the names of hops, and asks for their names and networks. */

/* Tables for the names of hops, and where we are. */
bool run_prepare_names(struct run *run, struct err *err)
{
	bool wants_names = !run->options->no_dns && run->name_of == NULL;

	geodata_open(&run->naming.geodata, run->options);
	run_note_geodata(run);
	if ((wants_names || run->options->has_as) && run->replay == NULL && run->scenario == NULL) {
		if (!naming_start(&run->naming, run->loop, &run->drive, run->options->dns, err)) {
			return false;
		}
		run->naming.wants_names = wants_names;
		run->naming.wants_networks = run->options->has_as;
		run->naming.wants_registry = run->options->ipinfo >= SNAP_NETWORK_COUNTRY;
	}
	if (run->naming.wants_names) {
		run->name_of = naming_name_of;
		run->name_arg = &run->naming;
	}
	run->source = (struct atlas_source){.name_of = run->options->no_dns ? NULL : run->name_of,
		.name_arg = run->name_arg, .network_of = naming_network_of,
		.place_of = naming_place_of, .arg = &run->naming};
	/* A recording has names, shown or not. */
	if (!run->options->no_dns || run->options->here != NULL || run->replay != NULL) {
		run->names = hints_tables(err);
		if (run->names == NULL || (run->options->here != NULL &&
		    !place_parse(run->names, run->options->here, &run->here, err))) {
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
	    run->options->dns, err)) {
		return false;
	}
	run->drive.has_news = true;
	run->naming.wants_networks = true;
	run->naming.wants_registry = run->naming.wants_registry || wants_registry;
	return true;
}
