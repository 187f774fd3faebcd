/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Answers to what the engine before had out are no forgeries. */
static const ns_t STRAYS = 10 * NS_PER_SEC;

static bool change_is_allowed(const struct run *run, struct err *err)
{
	return run->replay == NULL || err_set(err, ERR_USAGE,
		"A replayed run cannot be changed.");
}

/* The same sockets, another engine: all counts begin anew. */
static void begin_anew(struct run *run, const struct options *options,
	const struct target *target)
{
	struct engine_config config = run->config;

	run->own_options = *options;
	run->options = &run->own_options;
	run->target = *target;
	run->note_count = 0;
	run->is_nesting_refused = false;
	run_configure(run, &config);
	/* The sockets know the one that they were opened for. */
	if (!addr_equal(&config.self_also, &run->config.self_also)) {
		config.self_also = (struct addr){0};
	}
	config.to_port = run->carrier_port[config.to_carrier];
	config.to_source_port = run->config.to_source_port;
	config.seed++;
	config.strays_until = loop_now(run->loop) + STRAYS;
	run_renew_engine(run, &config);
}

bool change_destination(struct run *run, const char *destination, const char *name, struct err *err)
{
	struct options options = *run->options;
	struct target target;

	options.path = options.via = options.from = NULL;
	options.has_walk[WALK_VIA] = options.is_reverse = options.no_to = false;
	options.destination = destination;
	if (!change_is_allowed(run, err) || !run_parse_again(run, &options, &target, err)) {
		return false;
	}
	if (name != NULL) {
		(void)snprintf(target.destination_name, sizeof target.destination_name, "%s", name);
	}
	(void)snprintf(run->own_destination, sizeof run->own_destination, "%s", destination);
	options.destination = run->own_destination;
	run->edited = (struct engine_path){.count = 0};
	begin_anew(run, &options, &target);
	return true;
}

static bool change_options(struct run *run, const struct options *options, struct err *err)
{
	struct target target = run->target;

	if (!change_is_allowed(run, err)) {
		return false;
	}
	if (options->size_bytes > target.route.mtu) {
		return err_set(err, ERR_USAGE, "%u bytes exceed the MTU of the route on %s (%u).",
			options->size_bytes, target.route.interface, target.route.mtu);
	}
	if (options->first_ttl > options->max_ttl) {
		return err_set(err, ERR_USAGE, "First TTL %u is greater than maximum TTL %u.",
			options->first_ttl, options->max_ttl);
	}
	begin_anew(run, options, &target);
	if (run->edited.count > 0 && run->session.phase == PHASE_PROBING) {
		(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = run->edited});
	}
	return true;
}

bool change_path(struct run *run, const struct target *target, struct err *err)
{
	struct options options = *run->options;

	if (!change_is_allowed(run, err)) {
		return false;
	}
	/* Nothing is asked first: then the path could not be taken as it is. */
	options.has_scan = false;
	begin_anew(run, &options, target);
	return true;
}

bool change_setting(struct run *run, const char *option, const char *value, struct err *err)
{
	struct options options = *run->options;

	return options_change(&options, option, value, err) && change_options(run, &options, err);
}

bool change_carrier(struct run *run, enum carrier carrier, struct err *err)
{
	struct options options = *run->options;

	options.is_udp = carrier == CARRIER_UDP && !run->options->is_udp;
	options.is_tcp = carrier == CARRIER_TCP && !run->options->is_tcp;
	options.port = 0;
	return run->config.has_walk[WALK_TO] ? change_options(run, &options, err) :
		err_set(err, ERR_USAGE, "This run sends no To probes.");
}

bool change_faster(struct run *run, unsigned hop, struct err *err)
{
	if (hop == 0) {
		return err_set(err, ERR_USAGE, "Select a hop first (arrow keys).");
	}
	return (run->replay == NULL && drive_do(&run->drive,
		(struct command){.kind = COMMAND_FASTER, .hop = (uint8_t)hop})) ||
	       err_set(err, ERR_USAGE, "No To probes are running, or a test is already in progress.");
}

bool change_also(struct run *run, struct err *err)
{
	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run sends no probes.");
	}
	if (!addr_is_set(&run->config.self_also)) {
		return err_set(err, ERR_USAGE, "This host has only one address on %s: nothing to "
			"compare.", run->target.route.interface);
	}
	if (run->config.flows > 1) {
		return err_set(err, ERR_USAGE, "Several flows may take different paths: restart without "
			"--flows to compare sources.");
	}
	return drive_do(&run->drive, (struct command){.kind = COMMAND_ALSO}) || err_set(err, ERR_USAGE,
		"No To probes are running, or a comparison is already in progress.");
}

bool change_public(struct run *run, struct err *err)
{
	struct options options = *run->options;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run sends no probes.");
	}
	if (!run->is_nesting_refused || run->options->is_private) {
		return err_set(err, ERR_USAGE, "Nothing to add: nested probes are sent already, or were "
			"switched off.");
	}
	run->has_consent = true;
	return change_options(run, &options, err);
}

bool change_walks(struct run *run, struct err *err)
{
	struct options options = *run->options;

	if (run->session.phase < PHASE_PROBING) {
		return err_set(err, ERR_USAGE, "Path discovery is still in progress: try again in a "
			"moment.");
	}
	if (run->replay != NULL || !drive_do(&run->drive, (struct command){.kind = COMMAND_WALKS})) {
		return err_set(err, ERR_USAGE, "Nothing to add: all kinds of probes are sent already, or "
			"no nested ones.");
	}
	/* So that they stay when something else begins anew. */
	if (!options_change(&options, "walk", "all", err)) {
		return false;
	}
	run->own_options = options;
	run->options = &run->own_options;
	return true;
}

bool change_cycles(struct run *run, const char *value, struct err *err)
{
	struct options options = *run->options;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run cannot be extended.");
	}
	options.rounds = 0;
	if (strcmp(value, "0") != 0 && !options_change(&options, "report-cycles", value, err)) {
		return false;
	}
	run->own_options = options;
	run->options = &run->own_options;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_LIMIT,
		.round_limit = options.rounds});
	return true;
}

/* No faster than what was laid out for: the ring of probes under way is not made anew. */
bool change_interval(struct run *run, const char *value, struct err *err)
{
	struct options options = *run->options;
	ns_t interval, least = run->config.interval < NS_PER_SEC / 5 ? run->config.interval :
		run->target.is_private ? NS_PER_SEC / 5 : NS_PER_SEC;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run keeps its recorded interval.");
	}
	if (!ns_parse(value, NS_PER_SEC, &interval) || interval < least ||
	    interval > 86400 * NS_PER_SEC) {
		return err_set(err, ERR_USAGE, "The interval must be %g to 86400 seconds here, not "
			"'%.40s'.",
			ns_to_sec(least), value);
	}
	options.interval = interval;
	run->own_options = options;
	run->options = &run->own_options;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_INTERVAL, .interval = interval});
	return true;
}
