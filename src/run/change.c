/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/change.h"

#include <string.h>

/* Answers to what the engine before had out are no forgeries. */
static const ns_t STRAYS = 10 * NS_PER_SEC;

static bool change_is_allowed(const struct run *run, struct err *err)
{
	return run->replay == NULL || err_set(err, ERR_USAGE,
		"A replayed run cannot be changed.");
}

bool change_ask_way(const struct run *run, const struct settings *settings,
	struct target *target, struct err *err)
{
	const struct route *now = &run->target.route;
	bool is_by_hand = target->path_count > 0;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run cannot be changed.");
	}
	if (!target_route(settings, target, err) ||
	    !target_route_again(settings, &now->source, target, err)) {
		return false;
	}
	if (!target->is_private && is_by_hand && !run_may_nest_public(run)) {
		return err_set(err, ERR_USAGE, "The path has public addresses: restart with --public if "
			"you are allowed to.");
	}
	return (target->route.interface_index == now->interface_index &&
	        addr_equal(&target->route.source, &now->source)) || err_set(err, ERR_USAGE,
		"The new path uses another interface or address of this host: restart to probe it.");
}

bool change_home(struct run *run, const struct target *target, struct err *err)
{
	struct engine_home home = {.self = target->route.source, .self_also = target->also,
		.self_other = target->source_other,
		.interface.index = target->route.interface_index, .mtu = run_probe_mtu(run, target)};
	struct transport_home to = {.self = home.self, .self_other = home.self_other,
		.self_also = home.self_also, .interface = target->interface};
	bool is_resized = addr_equal(&home.self, &run->config.self) &&
		addr_equal(&home.self_other, &run->config.self_other) &&
		addr_equal(&home.self_also, &run->config.self_also) &&
		to.interface == run->target.interface && home.mtu != run->config.mtu;

	memcpy(home.interface.name, target->route.interface, sizeof home.interface.name);
	run->target = *target;
	run->config.self = home.self;
	run->config.self_other = home.self_other;
	run->config.self_also = home.self_also;
	run->config.interface = home.interface;
	run->config.mtu = home.mtu;
	/* Of sizes the transport knows nothing. */
	if (!is_resized && !run->transport->ops->move(run->transport, &to, err)) {
		return false;
	}
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_MOVE, .home = home});
	return true;
}

/* The same sockets, another engine: all counts begin anew. */
static void begin_anew(struct run *run, const struct settings *settings,
	const struct target *target)
{
	struct engine_config config = run->config;

	run->settings = *settings;
	run->target = *target;
	run->note_count = 0;
	run->is_nesting_refused = false;
	(void)run_configure(run, &config);
	/* The sockets know the one that they were opened for. */
	if (!addr_equal(&config.self_also, &run->config.self_also)) {
		config.self_also = (struct addr){0};
	}
	config.to_port = run->carried_port[config.to_carried];
	config.to_source_port = run->config.to_source_port;
	config.seed++;
	config.strays_until = loop_now(run->loop) + STRAYS;
	run_renew_engine(run, &config);
}

bool change_destination(struct run *run, const struct target *wanted, struct err *err)
{
	struct settings settings = run->settings;
	struct target target = *wanted;

	settings.has_walk[WALK_VIA] = settings.is_reverse = settings.no_to = false;
	if (!change_is_allowed(run, err) || !change_ask_way(run, &settings, &target, err)) {
		return false;
	}
	run->edited = (struct engine_path){.count = 0};
	begin_anew(run, &settings, &target);
	return true;
}

bool change_settings(struct run *run, const struct settings *settings, struct err *err)
{
	struct target target = run->target;

	if (!change_is_allowed(run, err)) {
		return false;
	}
	if (settings->size_bytes > target.route.mtu) {
		return err_set(err, ERR_USAGE, "%u bytes exceed the MTU of the route on %s (%u).",
			settings->size_bytes, target.route.interface, target.route.mtu);
	}
	if (settings->first_ttl > settings->max_ttl) {
		return err_set(err, ERR_USAGE, "First TTL %u is greater than maximum TTL %u.",
			settings->first_ttl, settings->max_ttl);
	}
	begin_anew(run, settings, &target);
	if (run->edited.count > 0 && run->session.phase == PHASE_PROBING) {
		(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = run->edited});
	}
	return true;
}

bool change_path(struct run *run, const struct target *target, struct err *err)
{
	struct settings settings = run->settings;

	if (!change_is_allowed(run, err)) {
		return false;
	}
	/* Nothing is asked first: then the path could not be taken as it is. */
	settings.has_scan = false;
	begin_anew(run, &settings, target);
	return true;
}

bool change_carried(struct run *run, enum carried carried, struct err *err)
{
	struct settings settings = run->settings;

	settings.is_udp = carried == CARRIED_UDP && !run->settings.is_udp;
	settings.is_tcp = carried == CARRIED_TCP && !run->settings.is_tcp;
	settings.port = 0;
	return run->config.has_walk[WALK_TO] ? change_settings(run, &settings, err) :
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

bool change_link_mtu(struct run *run, struct err *err)
{
	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run sends no probes.");
	}
	return drive_do(&run->drive, (struct command){.kind = COMMAND_LINK_MTU}) || err_set(err,
		ERR_USAGE, "The MTU of the links is being measured already, or the run is over.");
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
	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run sends no probes.");
	}
	if (!run->is_nesting_refused || run->settings.is_private) {
		return err_set(err, ERR_USAGE, "Nothing to add: nested probes are sent already, or were "
			"switched off.");
	}
	run->has_consent = true;
	return change_settings(run, &run->settings, err);
}

bool change_walks(struct run *run, struct err *err)
{
	if (run->session.phase < PHASE_PROBING) {
		return err_set(err, ERR_USAGE, "Path discovery is still in progress: try again in a "
			"moment.");
	}
	if (run->replay != NULL || !drive_do(&run->drive, (struct command){.kind = COMMAND_WALKS})) {
		return err_set(err, ERR_USAGE, "Nothing to add: all kinds of probes are sent already, or "
			"no nested ones.");
	}
	/* So that they stay when something else begins anew. */
	settings_want_all_walks(&run->settings);
	return true;
}

bool change_cycles(struct run *run, uint64_t rounds, struct err *err)
{
	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run cannot be extended.");
	}
	run->settings.rounds = rounds;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_LIMIT, .round_limit = rounds});
	return true;
}

/* No faster than what was laid out for: the ring of probes under way is not made anew. */
bool change_interval(struct run *run, ns_t interval, struct err *err)
{
	ns_t least = run->config.interval < NS_PER_SEC / 5 ? run->config.interval :
		run->target.is_private ? NS_PER_SEC / 5 : NS_PER_SEC;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run keeps its recorded interval.");
	}
	if (interval < least || interval > 86400 * NS_PER_SEC) {
		return err_set(err, ERR_USAGE, "The interval must be %g to 86400 seconds here.",
			ns_to_sec(least));
	}
	run->settings.interval = interval;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_INTERVAL, .interval = interval});
	return true;
}
