/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/options_int.h"

/* What cannot be asked for together. */

/* A recording says itself what was probed. */
static bool check_replay(const struct options *options, struct err *err)
{
	if (options->replay == NULL) {
		return true;
	}
	if (options->is_demo || options->simulate != NULL) {
		return err_set(err, ERR_USAGE, "--replay and --%s exclude each other",
			options->is_demo ? "demo" : "simulate");
	}
	if (options->record != NULL) {
		return err_set(err, ERR_USAGE, "--replay and --record exclude each other");
	}
	if (options->on_finding != NULL) {
		return err_set(err, ERR_USAGE, "--on-finding does not work with --replay, which shows a "
			"finished run");
	}
	if (options->path != NULL || options->destination != NULL) {
		return err_set(err, ERR_USAGE, "--replay takes the path from the file: remove '%.60s'",
			options->path != NULL ? options->path : options->destination);
	}
	return true;
}

/* Nothing of this machine takes part. */
static bool check_simulate(const struct options *options, struct err *err)
{
	if (options->has_seed && options->simulate == NULL && !options->is_demo) {
		return err_set(err, ERR_USAGE, "--seed needs --simulate or --demo");
	}
	if (options->simulate == NULL) {
		return true;
	}
	if (options->is_demo) {
		return err_set(err, ERR_USAGE, "--simulate and --demo exclude each other");
	}
	if (options->mode == MODE_SCREEN) {
		return err_set(err, ERR_USAGE, "--simulate is over at once and has no screen: use --demo, "
			"or --record and --replay");
	}
	if (options->interface != NULL || options->settings.mark != 0) {
		return err_set(err, ERR_USAGE, "--simulate uses no interface and no mark of this host");
	}
	return true;
}

/* Names, or reports, are read, and nothing is probed. */
static bool check_hints(const struct options *options, struct err *err)
{
	bool is_page = options->is_explain &&
		(options->mode == MODE_MARKDOWN || options->mode == MODE_HTML);

	if (options->is_anonymous && !options->is_explain) {
		return err_set(err, ERR_USAGE, "--anonymise needs --explain");
	}
	if ((options->is_hints || options->is_explain) &&
	    (options->is_demo || options->simulate != NULL || options->replay != NULL ||
	     options->record != NULL || options->path != NULL ||
	     (options->mode != MODE_AUTO && options->mode != MODE_REPORT &&
	      options->mode != MODE_JSON && !is_page))) {
		return options->is_hints ?
			err_set(err, ERR_USAGE, "--hints sends no probes: it takes only a file and --json") :
			err_set(err, ERR_USAGE, "--explain sends no probes: it takes only files, "
				"--anonymise, --json, --markdown and --html");
	}
	return true;
}

static bool check_also(const struct options *options, struct err *err)
{
	const struct settings *settings = &options->settings;

	return options->also_source == NULL || (options->from == NULL && !settings->is_reverse &&
		(!settings->no_to || settings->flows > 1)) || err_set(err, ERR_USAGE,
		"--also-source needs To probes: it cannot be used with --no-to, --from or --reverse");
}

static bool check_pairs(const struct options *options, struct err *err)
{
	const struct settings *settings = &options->settings;

	if (options->is_ipv4 && options->is_ipv6) {
		return err_set(err, ERR_USAGE, "-4 and -6 exclude each other");
	}
	if (settings->is_public && settings->is_private) {
		return err_set(err, ERR_USAGE, "--public and --no-public exclude each other");
	}
	if (options->mode == MODE_NDJSON && options->replay != NULL) {
		return err_set(err, ERR_USAGE, "--ndjson tells of a run as it goes: it cannot be used with "
			"--replay");
	}
	if (options->mode == MODE_RAW && (settings->no_to || settings->is_reverse)) {
		return err_set(err, ERR_USAGE, "--raw reports To probes: it cannot be used with --no-to or "
			"--reverse");
	}
	if (settings->no_to && settings->no_through) {
		return err_set(err, ERR_USAGE, "--no-to and --no-through leave nothing to send");
	}
	if (settings->no_to && options->path == NULL && !options->is_demo &&
	    options->simulate == NULL && options->replay == NULL) {
		return err_set(err, ERR_USAGE, "--no-to needs --path: path discovery uses To probes");
	}
	return true;
}

/* What the settings ask of each other, and of the target. */
static bool check_settings(const struct options *options, struct err *err)
{
	const struct settings *settings = &options->settings;
	enum carrier carrier = carrier_told(settings->carrier, CARRIER_IPIP);

	if (settings->has_walk[WALK_VIA] != (options->via != NULL)) {
		return err_set(err, ERR_USAGE, "--walk via needs --via ADDRESS, and vice versa");
	}
	if ((settings->is_reverse || options->from != NULL) && options->path != NULL) {
		return err_set(err, ERR_USAGE, "--reverse and --from need a destination, not --path");
	}
	if (settings->sid_block_bits % 8 != 0 || settings->sid_bits % 8 != 0) {
		return err_set(err, ERR_USAGE, "--sid-block and --sid-length take whole bytes: multiples "
			"of 8");
	}
	if (carrier_is_routed(carrier) &&
	    options->path == NULL && options->simulate == NULL && !options->is_demo &&
	    options->replay == NULL) {
		return err_set(err, ERR_USAGE, "--carrier %s needs --path with the SIDs of the hops: "
			"discovery finds their interface addresses", carrier_name(carrier));
	}
	if (settings->is_reverse && (options->from != NULL || settings->no_through)) {
		return err_set(err, ERR_USAGE, "--reverse cannot be used with --from or --no-through");
	}
	if (settings->has_follow && (options->path != NULL || settings->is_reverse)) {
		return err_set(err, ERR_USAGE, "--follow needs a discovered path: it cannot be used with "
			"--path or --reverse");
	}
	if (settings->is_udp && settings->is_tcp) {
		return err_set(err, ERR_USAGE, "--udp and --tcp exclude each other");
	}
	if (!settings->is_udp && !settings->is_tcp &&
	    (settings->port != 0 || settings->local_port != 0)) {
		return err_set(err, ERR_USAGE, "--port and --localport need --udp or --tcp");
	}
	if (settings->first_ttl > settings->max_ttl) {
		return err_set(err, ERR_USAGE, "--first-ttl %u is greater than --max-ttl %u",
			settings->first_ttl, settings->max_ttl);
	}
	return true;
}

bool options_check(const struct options *options, int left, struct err *err)
{
	bool needs_target = options->mode != MODE_HELP && options->mode != MODE_VERSION &&
		options->mode != MODE_LIST_DEMOS && options->mode != MODE_PRINT_CONFIG &&
		options->mode != MODE_PRINT_COMPLETION &&
		!options->is_demo && options->simulate == NULL && !options->is_hints &&
		!options->is_explain && options->replay == NULL;

	if (left > 1 && !options->is_explain) {
		return err_set(err, ERR_USAGE, "only one destination at a time: see --help");
	}
	if (!check_replay(options, err) || !check_simulate(options, err) ||
	    !check_hints(options, err) || !check_also(options, err)) {
		return false;
	}
	if (needs_target && options->path == NULL && options->destination == NULL) {
		return err_set(err, ERR_USAGE,
			_("nothing to probe: give a destination or --path, or try --demo"));
	}
	return check_pairs(options, err) && check_settings(options, err);
}
