/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/simulate.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "config.h"
#include "io/privs.h"
#include "names/table.h"
#include "net/helper_client.h"

enum { PACKET_BYTES_MAX = 1984, REPORT_ROUNDS = 10 };

static bool is_report(const struct options *options)
{
	return options->mode != MODE_SCREEN;
}

static bool make_key(const struct run *run, struct siphash_key *ret_key, uint64_t *ret_seed,
	struct err *err)
{
	uint64_t words[3];

	if (run->scenario != NULL) {
		simulate_words(run->scenario, words, sizeof words / sizeof words[0]);
	} else if (getentropy(words, sizeof words) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot obtain random bytes for the session key");
	}
	*ret_key = (struct siphash_key){words[0], words[1]};
	*ret_seed = words[2];
	return true;
}

/* Nested probes to public addresses need a yes: an open decapsulator is a hole, and probing
 * other people's looks like an attack (CVE-2020-10136). */
static bool may_nest(struct run *run)
{
	const struct options *options = run->options;

	if (options->no_through) {
		return false;
	}
	run->has_consent = run->has_consent || options->is_public;
	if (!run->target.is_private && !run->has_consent) {
		run_note_refusal(run);
		if (is_report(options)) {
			(void)fputs(_("thrupath: public addresses: sending To probes only; --public allows "
				"nested ones\n"), stderr);
		}
		return false;
	}
	return true;
}

/* A path over a bridge may end in a family in which this host has no address. */
static bool can_ask(struct run *run)
{
	const struct target *target = &run->target;
	uint8_t family = target->destination.family;

	if (family == target->route.source.family || family == target->source_other.family) {
		return true;
	}
	run_note(run, _("no To probes: this host has no address in the destination's family"));
	return false;
}

/* What Through stands for: the first kind asked for, and retrace before all. */
static void choose_walks(struct run *run, struct engine_config *config)
{
	const struct options *options = run->options;
	bool is_nested = may_nest(run);
	bool is_chosen = false;

	for (int kind = WALK_TO - 1; kind >= 0; kind--) {
		config->has_walk[kind] = is_nested && options->has_walk[kind];
		if (options->has_walk[kind]) {
			config->main_walk = (enum walk_kind)kind;
			is_chosen = true;
		}
	}
	if (!is_chosen) {
		config->main_walk = WALK_RETRACE;
		config->has_walk[WALK_RETRACE] = is_nested;
	}
	config->has_walk[WALK_TO] = !options->no_to && !options->is_reverse && can_ask(run);
}

/* Whether nested probes are sent at all: then hops may be asked, and ways back traced. */
static bool is_nesting(const struct engine_config *config)
{
	return config->has_walk[config->main_walk];
}

static bool has_any_walk(const struct engine_config *config)
{
	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		if (config->has_walk[kind]) {
			return true;
		}
	}
	return false;
}

static const uint16_t default_ports[CARRIER_COUNT] = {[CARRIER_UDP] = 33434, [CARRIER_TCP] = 80};

/* What the route takes, and the transport, where there is one yet. */
static uint16_t probe_mtu(const struct run *run, const struct target *target)
{
	size_t most = run->packet_bytes > 0 ? run->packet_bytes : PACKET_BYTES_MAX;

	return (uint16_t)(target->route.mtu < most ? target->route.mtu : most);
}

void run_configure(struct run *run, struct engine_config *config)
{
	const struct options *options = run->options;
	const struct target *target = &run->target;

	config->self = target->route.source;
	config->self_other = target->source_other;
	config->self_also = target->also;
	memcpy(config->interface.name, target->route.interface, sizeof config->interface.name);
	config->interface.index = target->route.interface_index;
	config->has_also = options->also_source != NULL && options->flows <= 1;
	config->destination = target->destination;
	config->path = target->path_count > 0 ? target->path : NULL;
	config->path_other = target->path_count > 0 ? target->path_other : NULL;
	config->path_count = target->path_count;
	choose_walks(run, config);
	config->to_carrier = options->is_udp ? CARRIER_UDP : options->is_tcp ? CARRIER_TCP :
		CARRIER_ECHO;
	config->to_port = options->port != 0 ? (uint16_t)options->port :
		default_ports[config->to_carrier];
	config->to_source_port = (uint16_t)options->local_port;
	config->via = target->via;
	config->from = target->from;
	config->has_scan = is_nesting(config) && (options->has_scan || options->is_reverse ||
		target->path_count == 0);
	config->has_reverse = is_nesting(config);
	config->has_follow = options->has_follow;
	config->has_vias = config->has_reverse && config->has_walk[WALK_RETRACE] &&
		config->has_walk[WALK_NATURAL];
	config->inner_source = options->inner_source;
	config->inner_address = target->inner_source;
	if (addr_equal(&target->inner_source, &config->self)) {
		config->inner_source = INNER_SOURCE_SELF;
	}
	config->has_return_side = options->has_return_side;
	config->size_bytes = (uint16_t)options->size_bytes;
	config->mtu = probe_mtu(run, target);
	config->flows = (uint8_t)options->flows;
	config->has_beside = options->flows > 1 && target_has_beside(options, target);
	config->tos = (uint8_t)options->tos;
	config->first_ttl = (uint8_t)options->first_ttl;
	config->max_ttl = (uint8_t)options->max_ttl;
	config->interval = options->interval > 0 ? options->interval :
		target->is_private ? NS_PER_SEC / 5 : NS_PER_SEC;
	config->round_limit = options->rounds > 0 ? options->rounds :
		is_report(options) && !options->is_endless ? REPORT_ROUNDS : 0;
	config->timeout = options->timeout;
	config->grace = options->grace;
	config->max_rate_pps = options->max_rate_pps;
}

/* Replies may be gathered by the kernel for a fifth of a round: the stamps are its own. */
static ns_t gather_time(ns_t interval)
{
	ns_t gather = interval / 5;

	return gather < NS_PER_MS ? NS_PER_MS : gather > 10 * NS_PER_MS ? 10 * NS_PER_MS : gather;
}

static double capture_rate(const struct engine_config *config)
{
	double hops = config->path_count > 0 ? (double)config->path_count : config->max_ttl;
	double wanted = 2 * hops / ns_to_sec(config->interval);

	return 2 * fmin(wanted, config->max_rate_pps);
}

static bool has_bridge(const struct engine_config *config)
{
	for (size_t i = 0; i < config->path_count; i++) {
		if (addr_is_set(&config->path_other[i])) {
			return true;
		}
	}
	return false;
}

/* The largest probe there may be: of a given path it is known, else the MTU decides. */
static size_t probe_bytes_max(const struct engine_config *config, bool may_change)
{
	/* By a waypoint a walk to the first hop has three legs; of a path with bridges this is
	 * more than there is. */
	size_t legs = config->path_count == 1 ? 3 : 2 * config->path_count;
	size_t deepest = probe_wire_min(legs *
		ip_header_bytes(has_bridge(config) ? ADDR_V6 : config->self.family));

	if (config->path_count == 0 || may_change) {
		return config->mtu;
	}
	deepest = deepest < config->mtu ? deepest : config->mtu;
	return deepest > config->size_bytes ? deepest < 64 ? 64 : deepest : config->size_bytes;
}

#if TEST_HELPER
static const char *helper_path(void)
{
	const char *path = secure_getenv("THRUPATH_PACKET");

	return path == NULL ? HELPER_PATH : path;
}
#else
/* Never from the environment or PATH (CVE-2025-49809). */
static const char *helper_path(void)
{
	return HELPER_PATH;
}
#endif

/* The demo's network is a namespace in which this process may do all, and only there. */
static bool is_helped(const struct run *run)
{
	return !run->options->is_demo && access(helper_path(), X_OK) == 0;
}

/* The helper's policy would drop every such probe; root may do without the helper. */
static bool check_source(const struct run *run, const struct engine_config *config,
	struct err *err)
{
	return config->inner_source != INNER_SOURCE_GIVEN || run->target.host->scenario != NULL ||
	       privs_has_raw() || err_set(err, ERR_PERMISSION, "--inner-source %.60s requires root: "
		"thrupath-packet sends from this host's own address only",
		run->options->inner_address);
}

/* With the helper in between this process gives up what it has: root's raw sockets as well. */
static bool open_helped(struct run *run, const struct direct_config *direct,
	struct engine_config *config, struct err *err)
{
	struct helper_config helper = {.path = helper_path(), .common = *direct,
		.max_rate_pps = config->max_rate_pps};

	/* The helper lets no leg come from an address that it cannot know for a hop's. */
	if (has_bridge(config) && !addr_is_set(&config->self_other)) {
		return err_set(err, ERR_PERMISSION, "a path over a bridge needs IPv4 and IPv6 addresses on "
			"this host, or root without %.60s", helper_path());
	}
	run->transport = helper_client_create(&helper, &config->port, err);
	return run->transport != NULL && privs_drop(err);
}

static bool open_direct(struct run *run, const struct direct_config *direct,
	struct engine_config *config, struct err *err)
{
	struct err why = {0};

	run->transport = direct_create(direct, &config->port, &why);
	if (why.code == ERR_NO_RAW) {
		return privs_refused(helper_path(), err);
	}
	if (run->transport == NULL && err != NULL) {
		*err = why;
	}
	return run->transport != NULL;
}

/* On the screen To probes may turn to UDP and TCP later, and no socket can be opened then: what
 * takes echoes takes them anyhow. */
static void set_carriers(struct run *run, const struct engine_config *config,
	struct reply_context *context)
{
	bool is_tcp = config->to_carrier == CARRIER_TCP;

	memcpy(run->carrier_port, default_ports, sizeof run->carrier_port);
	run->carrier_port[config->to_carrier] = config->to_port;
	if (run->options->mode == MODE_SCREEN) {
		context->to_carrier = is_tcp ? CARRIER_TCP : CARRIER_UDP;
		context->to_port = run->carrier_port[context->to_carrier];
		context->other_port = run->carrier_port[is_tcp ? CARRIER_UDP : CARRIER_TCP];
	}
}

static bool open_transport(struct run *run, struct engine_config *config, struct err *err)
{
	struct direct_config direct = {
		.common = {.ident = config->ident, .context = {.self = config->self,
			.self_other = config->self_other, .self_also = config->self_also,
			.echo_id = config->echo_id, .to_carrier = config->to_carrier,
			.to_port = config->to_port, .to_source_port = config->to_source_port}},
		.interface = run->target.interface,
		.mark = run->options->mark,
		.packet_bytes = probe_bytes_max(config, run->options->mode == MODE_SCREEN),
		.rate_pps = capture_rate(config),
		.gather = gather_time(config->interval),
	};

	set_carriers(run, config, &direct.common.context);
	if (!check_source(run, config, err)) {
		return false;
	}
	if (run->scenario != NULL) {
		run->sim = sim_create(run->scenario, /* seed= */ 0);
		run->transport = simulate_transport(run->sim, &direct.common, run->loop);
		config->port = direct.common.context.port;
	} else if (!(is_helped(run) && config->inner_source != INNER_SOURCE_GIVEN ?
	      open_helped(run, &direct, config, err) :
	      open_direct(run, &direct, config, err))) {
		return false;
	}
	run->packet_bytes = direct.packet_bytes;
	run->has_both_families = addr_is_set(&config->self_other);
	/* The sink swallows whatever a service at that port may answer. */
	if (config->to_source_port == 0) {
		config->to_source_port = config->port;
	}
	return true;
}

struct wait {
	struct loop *loop;
	int fd;
};

static void on_awaited(void *arg)
{
	struct wait *wait = arg;

	route_watch_drain(wait->fd);
	loop_stop(wait->loop);
}

/* Runs the loop until the kernel tells of a change on route_watch()'s descriptor. */
static void wait_for_change(struct loop *loop, int fd)
{
	struct wait wait = {loop, fd};

	loop_fd_add(loop, fd, LOOP_RANK_NAMES, on_awaited, &wait);
	loop_run(loop);
	loop_fd_remove(loop, fd);
}

/* Whoever starts the screen because the network is down waits for it; a report ends. */
static bool find_route(struct run *run, struct err *err)
{
	bool is_there;
	int fd = -1;

	while (!(is_there = target_route(run->options, &run->target, err)) &&
	       !is_report(run->options) && err->code == ERR_NO_ROUTE) {
		if (fd >= 0) {
			wait_for_change(run->loop, fd);
			continue;
		}
		/* It is looked for once more after this: there may be one since. */
		fd = route_watch();
		if (fd < 0) {
			break;
		}
		(void)fprintf(stderr, _("thrupath: %s; waiting for a route (Ctrl-C aborts)\n"),
			err->text);
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	if (is_there) {
		*err = (struct err){0};
		run->start_realtime = loop_now(run->loop) + loop_realtime_offset(run->loop);
	}
	return is_there;
}

bool run_prepare(struct run *run, struct err *err)
{
	struct engine_config config = {0};

	session_init(&run->session);
	run->loop = run->scenario != NULL ? simulate_loop() : loop_create_real();
	run->start_realtime = loop_now(run->loop) + loop_realtime_offset(run->loop);
	if (run->scenario != NULL) {
		(void)snprintf(run->local_host, sizeof run->local_host, "%s",
			scenario_prober_name(run->scenario));
	} else if (gethostname(run->local_host, sizeof run->local_host - 1) != 0) {
		(void)snprintf(run->local_host, sizeof run->local_host, "localhost");
	}
	if (run->options->record != NULL &&
	    (run->record = record_create(run->options->record, err)) == NULL) {
		return false;
	}
	if (!run_prepare_names(run, err) || !target_parse(run->options, &run->target, err) ||
	    !find_route(run, err) ||
	    !make_key(run, &run->key, &config.seed, err)) {
		return false;
	}
	ident_init(&config.ident, &run->key);
	run_configure(run, &config);
	config.echo_id = (uint16_t)(config.seed >> 32);
	if (!has_any_walk(&config)) {
		return err_set(err, ERR_USAGE, "nothing to send: --no-to was given without --public");
	}
	return open_transport(run, &config, err) && run_create_engine(run, &config, err);
}

void run_finish(struct run *run)
{
	if (run->transport != NULL) {
		run->transport->ops->destroy(run->transport);
	}
	sim_destroy(run->sim);
	/* A run that failed has told why already. */
	(void)!record_destroy(run->record, loop_now(run->loop), /* err= */ NULL);
	replay_close(run->replay);
	for (size_t i = 0; i < run->remark_count; i++) {
		free(run->remarks[i].text);
	}
	free(run->remarks);
	engine_destroy(run->drive.engine);
	diag_destroy(run->drive.diag);
	atlas_destroy(run->atlas);
	session_finish(&run->session);
	naming_finish(&run->naming);
	loop_destroy(run->loop);
	table_destroy(run->names);
}

bool run_move(struct run *run, const struct target *target, struct err *err)
{
	struct engine_home home = {.self = target->route.source, .self_also = target->also,
		.self_other = target->source_other,
		.interface.index = target->route.interface_index, .mtu = probe_mtu(run, target)};
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

bool run_may_nest_public(const struct run *run)
{
	return run->has_consent || run->options->is_public;
}

bool run_parse_again(const struct run *run, const struct options *options,
	struct target *ret_target, struct err *err)
{
	const struct route *now = &run->target.route;
	struct target target;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "A replayed run cannot be changed.");
	}
	if (!target_parse(options, &target, err) || !target_route(options, &target, err) ||
	    !target_route_again(options, &now->source, &target, err)) {
		return false;
	}
	if (!target.is_private && options->path != NULL && !run_may_nest_public(run)) {
		return err_set(err, ERR_USAGE, "The path has public addresses: restart with --public if "
			"you are allowed to.");
	}
	if (target.route.interface_index != now->interface_index ||
	    !addr_equal(&target.route.source, &now->source)) {
		return err_set(err, ERR_USAGE, "The new path uses another interface or address of this "
			"host: restart to probe it.");
	}
	*ret_target = target;
	return true;
}

void run_remark(struct run *run, const char *text)
{
	char clean[512];

	utf8_clean(text, clean, sizeof clean);
	run->remarks = xgrow(run->remarks, &run->remark_cap, run->remark_count,
		sizeof *run->remarks);
	run->remarks[run->remark_count++] = (struct snap_remark){
		loop_now(run->loop) + loop_realtime_offset(run->loop), xstrdup(clean)};
}

static const char *walk_name(const struct run *run)
{
	const bool *has = run->session.has_walk;

	return has[WALK_RETRACE] && has[WALK_NATURAL] ? "all" :
		walk_kind_name(run->session.main_walk);
}

static const char *inner_source_name(const struct run *run, char text[ADDR_TEXT_MAX])
{
	switch (run->inner_source) {
	case INNER_SOURCE_AUTO:
		return "auto";
	case INNER_SOURCE_HOP:
		return "hop";
	case INNER_SOURCE_SELF:
		return "self";
	case INNER_SOURCE_GIVEN:
		break;
	}
	return addr_format(&run->target.inner_source, text);
}

ns_t run_now(const struct run *run)
{
	return run->replay != NULL ? replay_now(run->replay) : loop_now(run->loop);
}

ns_t run_realtime(const struct run *run, ns_t when)
{
	return run->replay != NULL ? when + replay_facts(run->replay)->realtime_offset :
		loop_realtime_at(run->loop, when);
}

static ns_t realtime_at(const void *arg, ns_t when)
{
	return run_realtime(arg, when);
}

struct snapshot *run_snapshot(const struct run *run)
{
	return run_snapshot_of(run, &run->session);
}

struct snapshot *run_snapshot_of(const struct run *run, const struct session *session)
{
	const struct target *target = &run->target;
	ns_t now = run_now(run);
	char inner_source[ADDR_TEXT_MAX];
	struct snapshot *snap;
	struct snapshot_source source = {
		.session = session,
		.version = PACKAGE_VERSION,
		.command = run->command,
		.local_host = run->local_host,
		.destination_name = target->destination_name[0] == '\0' ? NULL :
			target->destination_name,
		.walk = walk_name(run),
		.inner_source = inner_source_name(run, inner_source),
		.now = now,
		.start_realtime = run->start_realtime,
		.now_realtime = run_realtime(run, now),
		.realtime_at = realtime_at,
		.realtime_arg = run,
		.mtu = target->route.mtu,
		.asked_bytes = run->config.size_bytes,
		.depth_limit = engine_depth_limit(target->route.mtu, run->session.self.family),
		.tos = run->options->tos,
		.first_ttl = target->path_count > 0 ? 1 : run->options->first_ttl,
		.max_ttl = run->options->max_ttl,
		.foreign = run->drive.foreign,
		.atlas = run->atlas,
		.hides_names = run->options->no_dns || run->has_no_names,
		.beside = run->replay == NULL ? NULL : &run->source,
		.notes = run->notes,
		.note_count = run->note_count,
		.is_unverified = run->replay != NULL && replay_is_foreign(run->replay),
		.diag = run->drive.diag,
		.may_nest = run->is_nesting_refused && run->replay == NULL && !run->options->is_private,
		.remarks = run->remarks,
		.remark_count = run->remark_count,
	};

	snap = snapshot_build(&source);
	snap->is_paused = snap->is_paused || (run->replay != NULL && replay_is_paused(run->replay));
	return snap;
}

int run_status(const struct run *run, struct err *err)
{
	if (run->drive.failure.code != ERR_NONE) {
		*err = run->drive.failure;
		return EXIT_LOCAL_ERROR;
	}
	if (run->caught_signal != 0 && run->caught_signal != SIGINT) {
		return EXIT_BY_SIGNAL + run->caught_signal;
	}
	return run->session.has_end_answered ? EXIT_DONE : EXIT_SILENT;
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
