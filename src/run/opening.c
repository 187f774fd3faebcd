/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "io/privs.h"
#include "net/helper_client.h"
#include "run/run.h"
#include "run/simulate.h"

/* How a run's probes leave: by the helper, by sockets of our own, or into a simulated network. */

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

/* The most that a hop needs between two headers. A scan may find that each needs it. */
static size_t shim_bytes(const struct engine_config *config)
{
	size_t most = 0;

	for (int i = 0; i < CARRIER_COUNT; i++) {
		bool is_used = config->has_scan || config->carrier == i + 1;

		for (size_t k = 0; k < config->path_count; k++) {
			is_used = is_used || config->path_carrier[k] == i + 1;
		}
		most = is_used && carrier_shim_bytes((enum carrier)i) > most ?
			carrier_shim_bytes((enum carrier)i) : most;
	}
	return most;
}

/* The largest probe there may be: of a given path it is known, else the MTU decides. */
static size_t probe_bytes_max(const struct engine_config *config, bool may_change)
{
	/* By a waypoint a walk to the first hop has three legs; of a path with bridges this is
	 * more than there is. */
	size_t legs = config->path_count == 1 ? 3 : 2 * config->path_count;
	size_t deepest = probe_wire_min(legs * (shim_bytes(config) +
		ip_header_bytes(has_bridge(config) ? ADDR_V6 : config->self.family)));

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

bool run_start_helper(struct helper_process *ret_process, struct err *err)
{
	return access(helper_path(), X_OK) != 0 || helper_process_start(helper_path(), ret_process,
		err);
}

static bool is_helped(const struct run *run)
{
	return (run->helper != NULL && run->helper->pid > 0) ||
	       (!run->settings.is_unhelped && access(helper_path(), X_OK) == 0);
}

/* The helper's policy would drop every such probe; root may do without the helper. */
static bool check_source(const struct run *run, const struct engine_config *config,
	struct err *err)
{
	char text[ADDR_TEXT_MAX];

	return config->inner_source != INNER_SOURCE_GIVEN || run->target.host->scenario != NULL ||
	       privs_has_raw() || err_set(err, ERR_PERMISSION, "--inner-source %.60s requires root: "
		"thrupath-packet sends from this host's own address only",
		addr_format(&config->inner_address, text));
}

/* With the helper in between this process gives up what it has: root's raw sockets as well. */
static bool open_helped(struct run *run, const struct direct_config *direct,
	struct engine_config *config, struct err *err)
{
	struct helper_config helper = {.path = helper_path(), .process = run->helper,
		.common = *direct, .max_rate_pps = config->max_rate_pps};

	/* The helper lets no leg come from an address that it cannot know for a hop's. */
	if (has_bridge(config) && !addr_is_set(&config->self_other)) {
		return err_set(err, ERR_PERMISSION, "a path over a bridge needs IPv4 and IPv6 addresses on "
			"this host, or root without %.60s", helper_path());
	}
	run->transport = helper_client_create(&helper, &config->port, err);
	return run->transport != NULL && (run->settings.is_kept || privs_drop(err));
}

static bool open_direct(struct run *run, const struct direct_config *direct,
	struct engine_config *config, struct err *err)
{
	struct direct_config lenient = *direct;
	struct err why = {0};

	lenient.is_lenient = true; /* it may send from any port there is */
	run->transport = direct_create(&lenient, &config->port, &why);
	if (why.code == ERR_NO_RAW) {
		return privs_refused(helper_path(), err);
	}
	if (run->transport == NULL && err != NULL) {
		*err = why;
	}
	return run->transport != NULL && (run->settings.is_kept || privs_drop(err));
}

/* On the screen To probes may turn to UDP and TCP later, and no socket can be opened then: what
 * takes echoes takes them anyhow. */
static void set_carriers(struct run *run, const struct engine_config *config,
	struct reply_context *context)
{
	bool is_tcp = config->to_carried == CARRIED_TCP;

	memcpy(run->carried_port, run_default_port, sizeof run->carried_port);
	run->carried_port[config->to_carried] = config->to_port;
	if (run->settings.is_interactive) {
		context->to_carried = is_tcp ? CARRIED_TCP : CARRIED_UDP;
		context->to_port = run->carried_port[context->to_carried];
		context->other_port = run->carried_port[is_tcp ? CARRIED_UDP : CARRIED_TCP];
	}
}

bool run_open_transport(struct run *run, struct engine_config *config, struct err *err)
{
	struct direct_config direct = {
		.common = {.ident = config->ident, .context = {.self = config->self,
			.self_other = config->self_other, .self_also = config->self_also,
			.echo_id = config->echo_id, .to_carried = config->to_carried,
			.to_port = config->to_port, .to_source_port = config->to_source_port}},
		.interface = run->target.interface,
		.mark = run->settings.mark,
		.packet_bytes = probe_bytes_max(config, run->settings.is_interactive ||
			run->settings.has_link_mtu),
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
