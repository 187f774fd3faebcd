/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "cli/options_int.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "pkt/probe_wire.h"
#include "snap/snapshot.h"

enum { MAX_TTL_LIMIT = 64 };

static const struct option_row rows[] = {
	{GROUP_COMMON, LONG_ONLY, "path", KIND_WORD, AT(path), 0, 0, "HOP[,HOP...]",
		N_("probe exactly this path (without this host)")},
	{GROUP_COMMON, LONG_ONLY, "public", KIND_FLAG, AT(settings.is_public), 0, 0, NULL,
		N_("allow nested probes to public addresses")},
	{GROUP_COMMON, 'r', "report", KIND_MODE, 0, MODE_REPORT, 0, NULL,
		N_("text report instead of the screen")},
	{GROUP_COMMON, 'w', "report-wide", KIND_FLAG, AT(is_wide), 0, 0, NULL,
		N_("text report, names in full")},
	{GROUP_COMMON, 'j', "json", KIND_MODE, 0, MODE_JSON, 0, NULL, N_("JSON report")},
	{GROUP_COMMON, 'c', "report-cycles", KIND_COUNT, AT(settings.rounds), 0, 0, "N",
		N_("number of rounds (default 10 in reports); 0: no limit")},
	{GROUP_COMMON, 'i', "interval", KIND_SECONDS, AT(settings.interval), 0, 86400, "SEC",
		N_("interval between rounds (default 1; 0.2 if every hop is private)")},
	{GROUP_COMMON, 'n', "no-dns", KIND_FLAG, AT(no_dns), 0, 0, NULL,
		N_("show addresses, not names")},
	{GROUP_COMMON, 'b', "show-ips", KIND_FLAG, AT(show_both), 0, 0, NULL,
		N_("show both names and addresses")},
	{GROUP_COMMON, 'z', "aslookup", KIND_FLAG, AT(has_as), 0, 0, NULL,
		N_("show AS numbers of hops (queries Team Cymru's DNS)")},
	{GROUP_COMMON, 'u', "udp", KIND_FLAG, AT(settings.is_udp), 0, 0, NULL,
		N_("To probes are UDP of one flow, not echo requests")},
	{GROUP_COMMON, 'T', "tcp", KIND_FLAG, AT(settings.is_tcp), 0, 0, NULL,
		N_("To probes are TCP SYNs, not echo requests")},
	{GROUP_COMMON, 'P', "port", KIND_UNSIGNED, AT(settings.port), 1, 65535, "N",
		N_("with -u or -T: destination port (default 33434, 80)")},
	{GROUP_COMMON, 's', "psize", KIND_UNSIGNED, AT(settings.size_bytes), 28, 1984, "BYTES",
		N_("probe size including IP headers (default: the minimum)")},
	{GROUP_COMMON, 'm', "max-ttl", KIND_UNSIGNED, AT(settings.max_ttl), 1, MAX_TTL_LIMIT, "N",
		N_("maximum TTL of discovery (default 30)")},
	{GROUP_COMMON, 'I', "interface", KIND_WORD, AT(interface), 0, 0, "NAME",
		N_("interface to send and capture on")},
	{GROUP_COMMON, 'a', "address", KIND_WORD, AT(source), 0, 0, "ADDRESS", N_("source address")},
	{GROUP_COMMON, '4', "inet", KIND_FLAG, AT(is_ipv4), 0, 0, NULL, N_("IPv4 only")},
	{GROUP_COMMON, '6', "inet6", KIND_FLAG, AT(is_ipv6), 0, 0, NULL, N_("IPv6 only")},
	{GROUP_COMMON, LONG_ONLY, "demo", KIND_FLAG, AT(is_demo), 0, 0, NULL,
		N_("run on a simulated network; its name or .scn file may follow")},
	{GROUP_PATH, LONG_ONLY, "walk", KIND_WALK, 0, 0, 0, "KIND",
		N_("retrace (default), direct, natural, return-only, via, or all")},
	{GROUP_PATH, LONG_ONLY, "via", KIND_WORD, AT(via), 0, 0, "ADDRESS",
		N_("with --walk via: the waypoint of the return path")},
	{GROUP_PATH, LONG_ONLY, "carrier", KIND_CARRIER, 0, 0, 0, "NAME",
		N_("encapsulation: ipip, gre, srh, usid, or auto (default)")},
	{GROUP_PATH, LONG_ONLY, "sid-block", KIND_UNSIGNED, AT(settings.sid_block_bits), 16, 64,
		"BITS", N_("with --carrier usid: length of the SID block (default 32)")},
	{GROUP_PATH, LONG_ONLY, "sid-length", KIND_UNSIGNED, AT(settings.sid_bits), 8, 32, "BITS",
		N_("with --carrier usid: length of each SID (default 16)")},
	{GROUP_PATH, LONG_ONLY, "inner-source", KIND_INNER_SOURCE, 0, 0, 0, "WHAT",
		N_("source of inner headers: auto (default), hop, self, or an address (root)")},
	{GROUP_PATH, LONG_ONLY, "also-source", KIND_WORD, AT(also_source), 0, 0, "ADDRESS",
		N_("also probe from this local address, to compare return paths")},
	{GROUP_PATH, LONG_ONLY, "return-side", KIND_FLAG, AT(settings.has_return_side), 0, 0, NULL,
		N_("address each return segment to the far interface of its link")},
	{GROUP_PATH, LONG_ONLY, "from", KIND_WORD, AT(from), 0, 0, "SOURCE",
		N_("trace and probe from this hop, which must decapsulate")},
	{GROUP_PATH, LONG_ONLY, "reverse", KIND_FLAG, AT(settings.is_reverse), 0, 0, NULL,
		N_("trace the return path from the destination, which must decapsulate")},
	{GROUP_PATH, LONG_ONLY, "no-to", KIND_FLAG, AT(settings.no_to), 0, 0, NULL,
		N_("send no TTL-limited probes to the hops themselves")},
	{GROUP_PATH, LONG_ONLY, "no-through", KIND_FLAG, AT(settings.no_through), 0, 0, NULL,
		N_("send no nested probes through the hops")},
	{GROUP_PATH, LONG_ONLY, "scan", KIND_FLAG, AT(settings.has_scan), 0, 0, NULL,
		N_("test first which hops decapsulate (always done for discovered paths)")},
	{GROUP_PATH, LONG_ONLY, "link-mtu", KIND_FLAG, AT(settings.has_link_mtu), 0, 0, NULL,
		N_("measure the MTU of each link, after ten rounds")},
	{GROUP_PATH, LONG_ONLY, "follow", KIND_FLAG, AT(settings.has_follow), 0, 0, NULL,
		N_("switch to the new path after a route change")},
	{GROUP_PATH, LONG_ONLY, "no-public", KIND_FLAG, AT(settings.is_private), 0, 0, NULL,
		N_("never send nested probes to public addresses, and do not ask")},
	{GROUP_PROBES, 'f', "first-ttl", KIND_UNSIGNED, AT(settings.first_ttl), 1, MAX_TTL_LIMIT, "N",
		N_("first TTL of To probes (default 1)")},
	{GROUP_PROBES, 'L', "localport", KIND_UNSIGNED, AT(settings.local_port), 1, 65535, "N",
		N_("with -u or -T: source port (default: the one nested probes use)")},
	{GROUP_PROBES, LONG_ONLY, "flows", KIND_UNSIGNED, AT(settings.flows), 1, FLOW_MAX, "N",
		N_("cycle through N constant flows, one per round (default 1)")},
	{GROUP_PROBES, 'Q', "tos", KIND_UNSIGNED, AT(settings.tos), 0, 255, "N",
		N_("TOS byte of every header")},
	{GROUP_PROBES, 'M', "mark", KIND_UNSIGNED, AT(settings.mark), 1, UINT32_MAX, "N",
		N_("packet mark (SO_MARK)")},
	{GROUP_PROBES, 'Z', "timeout", KIND_SECONDS, AT(settings.timeout), 0, 60, "SEC",
		N_("probe timeout (default: 3 x p99, at least 1)")},
	{GROUP_PROBES, 'G', "gracetime", KIND_SECONDS, AT(settings.grace), 0, 60, "SEC",
		N_("grace period for the last replies")},
	{GROUP_PROBES, LONG_ONLY, "max-rate", KIND_UNSIGNED, AT(settings.max_rate_pps), 1, 100000,
		"PPS", N_("cap on packets per second (default 1000)")},
	{GROUP_OUTPUT, LONG_ONLY, "mtr", KIND_FLAG, AT(is_mtr_alone), 0, 0, NULL,
		N_("end text reports after mtr's table, for programs that parse it")},
	{GROUP_OUTPUT, LONG_ONLY, "report-on-exit", KIND_FLAG, AT(has_exit_report), 0, 0, NULL,
		N_("print the report to the terminal when the screen ends")},
	{GROUP_OUTPUT, 'C', "csv", KIND_MODE, 0, MODE_CSV, 0, NULL,
		N_("CSV report: mtr's columns, then those for nested probes and links")},
	{GROUP_OUTPUT, 'x', "xml", KIND_MODE, 0, MODE_XML, 0, NULL, N_("XML report")},
	{GROUP_OUTPUT, LONG_ONLY, "markdown", KIND_MODE, 0, MODE_MARKDOWN, 0, NULL,
		N_("report in Markdown, for a ticket or a wiki")},
	{GROUP_OUTPUT, LONG_ONLY, "html", KIND_MODE, 0, MODE_HTML, 0, NULL,
		N_("report as one self-contained HTML file with charts")},
	{GROUP_OUTPUT, 'l', "raw", KIND_MODE, 0, MODE_RAW, 0, NULL,
		N_("one line per event, in real time; To probes only")},
	{GROUP_OUTPUT, LONG_ONLY, "ndjson", KIND_MODE, 0, MODE_NDJSON, 0, NULL,
		N_("one JSON object per event, in real time: path, intervals, findings")},
	{GROUP_OUTPUT, LONG_ONLY, "ndjson-every", KIND_SECONDS, AT(ndjson_every), 0, 86400, "SEC",
		N_("interval counted by an event of --ndjson (default 10)")},
	{GROUP_OUTPUT, 't', "curses", KIND_MODE, 0, MODE_SCREEN, 0, NULL,
		N_("full-screen display even if the output is no terminal")},
	{GROUP_OUTPUT, 'o', "order", KIND_ORDER, AT(order), 0, 0, "LETTERS",
		N_("columns to show, by letter; mtr's letters work (see the manual)")},
	{GROUP_OUTPUT, 'y', "ipinfo", KIND_UNSIGNED, AT(ipinfo), 0, SNAP_NETWORK_COUNT - 1, "N",
		N_("AS data to show: 0 number, 1 prefix, 2 country, 3 registry, 4 date")},
	{GROUP_OUTPUT, 'e', "mpls", KIND_FLAG, AT(has_labels), 0, 0, NULL,
		N_("show MPLS labels in the table and in raw lines")},
	{GROUP_OUTPUT, LONG_ONLY, "theme", KIND_THEME, 0, 0, 0, "NAME",
		N_("colour theme: dark (default), light, contrast or mono")},
	{GROUP_OUTPUT, LONG_ONLY, "no-mouse", KIND_FLAG, AT(has_no_mouse), 0, 0, NULL,
		N_("no mouse support; leave the mouse to the terminal")},
	{GROUP_OUTPUT, LONG_ONLY, "bind", KIND_BIND, 0, 0, 0, "KEY=FUNCTION",
		N_("bind a key to a screen function (repeatable)")},
	{GROUP_OUTPUT, LONG_ONLY, "bell", KIND_FLAG, AT(has_bell), 0, 0, NULL,
		N_("ring the terminal bell when a warning or an alarm begins")},
	{GROUP_NAMES, LONG_ONLY, "dns", KIND_WORD, AT(dns), 0, 0, "ADDRESS[:PORT]",
		N_("use this name server for the names of hops")},
	{GROUP_NAMES, LONG_ONLY, "asn-db", KIND_WORD, AT(asn_db), 0, 0, "FILE|none",
		N_("look up AS numbers of hops in this MMDB file")},
	{GROUP_NAMES, LONG_ONLY, "city-db", KIND_WORD, AT(city_db), 0, 0, "FILE|none",
		N_("look up cities and countries of hops in this MMDB file")},
	{GROUP_NAMES, LONG_ONLY, "here", KIND_WORD, AT(here), 0, 0, "CITY|LAT,LON",
		N_("location of this host; hop locations faster than light are rejected")},
	{GROUP_NAMES, LONG_ONLY, "hints", KIND_FLAG, AT(is_hints), 0, 0, NULL,
		N_("read host names, one per line, and explain their parts")},
	{GROUP_NAMES, LONG_ONLY, "explain", KIND_FLAG, AT(is_explain), 0, 0, NULL,
		N_("read a traceroute or mtr report of any program and say what it means")},
	{GROUP_NAMES, LONG_ONLY, "anonymise", KIND_FLAG, AT(is_anonymous), 0, 0, NULL,
		N_("with --explain: addresses and names for documentation instead")},
	{GROUP_RUN, LONG_ONLY, "record", KIND_WORD, AT(record), 0, 0, "FILE",
		N_("record the run to FILE (pcapng), for --replay")},
	{GROUP_RUN, LONG_ONLY, "replay", KIND_WORD, AT(replay), 0, 0, "FILE",
		N_("replay a recorded run; nothing is sent")},
	{GROUP_RUN, LONG_ONLY, "simulate", KIND_WORD, AT(simulate), 0, 0, "NAME|FILE.scn",
		N_("report of a run on a simulated network in virtual time")},
	{GROUP_RUN, LONG_ONLY, "seed", KIND_SEED, AT(seed), 0, 0, "N",
		N_("with --simulate or --demo: random seed (default: the scenario's)")},
	{GROUP_RUN, LONG_ONLY, "fail-if", KIND_CONDITIONS, 0, 0, 0, "COND[,COND...]",
		N_("exit with status 4 if any is met: loss>1%@any, p95>80ms@end, alarm")},
	{GROUP_RUN, LONG_ONLY, "metrics", KIND_WORD, AT(metrics), 0, 0, "FILE",
		N_("write Prometheus metrics to FILE after every round")},
	{GROUP_RUN, LONG_ONLY, "on-finding", KIND_WORD, AT(on_finding), 0, 0, "CMD",
		N_("run this program when a finding begins or ends")},
	{GROUP_PROGRAM, LONG_ONLY, "list-demos", KIND_MODE, 0, MODE_LIST_DEMOS, 0, NULL,
		N_("list the simulated networks")},
	{GROUP_PROGRAM, LONG_ONLY, "print-config", KIND_MODE, 0, MODE_PRINT_CONFIG, 0, NULL,
		N_("print a template configuration file")},
	{GROUP_PROGRAM, LONG_ONLY, "print-completion", KIND_SHELL, 0, 0, 0, "SHELL",
		N_("print a completion script for bash, zsh or fish")},
	{GROUP_PROGRAM, 'h', "help", KIND_MODE, 0, MODE_HELP, 0, NULL, N_("show this help")},
	{GROUP_PROGRAM, 'v', "version", KIND_MODE, 0, MODE_VERSION, 0, NULL, N_("show the version")},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static const struct option_row *row_of(int letter)
{
	if (letter >= LONG_ONLY) {
		return &rows[letter - LONG_ONLY];
	}
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].letter == letter) {
			return &rows[i];
		}
	}
	return NULL;
}

/* What says what to do, not how, is no configuration. */
bool options_is_configurable(const struct option_row *row)
{
	return row->kind != KIND_MODE && row->kind != KIND_SEED && row->offset != AT(is_demo) &&
	       row->offset != AT(simulate) && row->offset != AT(replay) &&
	       row->offset != AT(record) && row->offset != AT(path) &&
	       row->kind != KIND_SHELL;
}

static const struct option_row *row_named(const char *name)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			return &rows[i];
		}
	}
	return NULL;
}

/* "name", "name value" or "name = value"; # begins a remark. */
static bool apply_line(struct options *options, char *line, struct err *err)
{
	static const char blanks[] = " \t\r";
	const struct option_row *row;
	char *name, *value, *end;

	line[strcspn(line, "#")] = '\0';
	name = line + strspn(line, blanks);
	end = name + strlen(name);
	while (end > name && strchr(blanks, end[-1]) != NULL) {
		*--end = '\0';
	}
	value = name + strcspn(name, " \t=");
	if (*value != '\0') {
		*value++ = '\0';
		value += strspn(value, " \t=");
	}
	row = row_named(name);
	if (name[0] == '\0') {
		return true;
	}
	if (row == NULL || !options_is_configurable(row)) {
		return err_set(err, ERR_USAGE, row == NULL ? "there is no option '%.40s'" :
			"%.40s is only valid on the command line", name);
	}
	if ((row->argument == NULL) != (value[0] == '\0')) {
		return err_set(err, ERR_USAGE, row->argument == NULL ? "%.40s takes no value" :
			"%.40s needs a value", name);
	}
	return options_apply(options, row, value, err);
}

static bool apply_config(struct options *options, const struct options_given *given,
	struct err *err)
{
	char *rest;

	if (given == NULL || given->config == NULL) {
		return true;
	}
	options->config = xstrdup(given->config);
	rest = options->config;
	for (unsigned number = 1; rest != NULL; number++) {
		char *line = rest;

		rest = strchr(line, '\n');
		if (rest != NULL) {
			*rest++ = '\0';
		}
		if (!apply_line(options, line, err)) {
			return err_wrap(err, "%.80s, line %u", given->config_name, number);
		}
	}
	return true;
}

/* getopt_long's tables from ours; long-only rows are known by their index. */
static void make_tables(struct option *ret_long, char *ret_short)
{
	*ret_short++ = ':';
	for (size_t i = 0; i < ROW_COUNT; i++) {
		bool takes = rows[i].argument != NULL;

		ret_long[i] = (struct option){rows[i].name,
			takes ? required_argument : no_argument, NULL, (int)(LONG_ONLY + i)};
		if (rows[i].letter != LONG_ONLY) {
			*ret_short++ = (char)rows[i].letter;
			if (takes) {
				*ret_short++ = ':';
			}
		}
	}
	ret_long[ROW_COUNT] = (struct option){NULL, 0, NULL, 0};
	*ret_short = '\0';
}

static bool refuse(int what, char **argv, struct err *err)
{
	const char *word = argv[optind - 1];

	if (what == ':') {
		const struct option_row *row = row_of(optopt);

		return err_set(err, ERR_USAGE, "--%s needs a value: see --help",
			row == NULL ? "?" : row->name);
	}
	return options_refuse(rows, ROW_COUNT, optopt < LONG_ONLY ? optopt : 0, word, err);
}

/* What excludes something else is put aside, until it is known what the next place says of it. */
static struct options put_aside(struct options *options)
{
	struct options before = *options;
	struct settings *settings = &options->settings;

	options->is_ipv4 = options->is_ipv6 = settings->is_udp = settings->is_tcp = false;
	settings->is_public = settings->is_private = settings->has_follow = false;
	options->on_finding = NULL;
	return before;
}

/* Configuration, then environment, then command line: where a later place says one of two that
 * exclude each other, or does what an earlier one's wish cannot go with, that wish is dropped. */
static void take_up(struct options *options, const struct options *before)
{
	struct settings *settings = &options->settings;

	if (!options->is_ipv4 && !options->is_ipv6) {
		options->is_ipv4 = before->is_ipv4;
		options->is_ipv6 = before->is_ipv6;
	}
	if (!settings->is_udp && !settings->is_tcp) {
		settings->is_udp = before->settings.is_udp;
		settings->is_tcp = before->settings.is_tcp;
	}
	if (!settings->is_public && !settings->is_private) {
		settings->is_public = before->settings.is_public;
		settings->is_private = before->settings.is_private;
	}
	settings->has_follow = settings->has_follow || (before->settings.has_follow &&
		options->path == NULL && !settings->is_reverse);
	if (options->on_finding == NULL && options->replay == NULL) {
		options->on_finding = before->on_finding;
	}
}

/* Adds to the number of words that are no options. */
static bool parse_words(int argc, char **argv, struct options *options, int *left,
	struct err *err)
{
	struct option long_options[ROW_COUNT + 1];
	char short_options[2 * ROW_COUNT + 2];
	int letter;

	make_tables(long_options, short_options);
	optind = 0;
	opterr = 0;
	while ((letter = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		const struct option_row *row = row_of(letter);

		if (letter == '?' || letter == ':' || row == NULL) {
			return refuse(letter, argv, err);
		}
		if (!options_apply(options, row, optarg, err)) {
			return false;
		}
		/* Of all that say what is put out the last one counts, as with mtr. */
		if (row->offset == AT(is_wide) && row->kind == KIND_FLAG) {
			options->mode = MODE_REPORT;
		}
	}
	if (optind < argc) {
		options->destination = argv[optind];
		if (options->destination[0] == '\0') {
			return err_set(err, ERR_USAGE, "the destination is empty");
		}
		options->file = argv + optind;
		options->file_count = (size_t)(argc - optind);
	}
	*left += argc - optind;
	return true;
}

static bool parse_places(int argc, char **argv, int environment_count, char **environment,
	struct options *options, struct err *err)
{
	struct options before = put_aside(options);
	int left = 0;

	if (!parse_words(environment_count, environment, options, &left, err)) {
		return false;
	}
	take_up(options, &before);
	before = put_aside(options);
	if (!parse_words(argc, argv, options, &left, err)) {
		return false;
	}
	take_up(options, &before);
	if (options->is_wide && options->mode == MODE_AUTO) {
		options->mode = MODE_REPORT;
	}
	return options_check(options, left, err);
}

/* As mtr has it since 0.96: HOST:PORT, and of IPv6 [ADDRESS]:PORT, where probes have a port. */
static bool take_port(struct options *options, struct err *err)
{
	const char *host = options->destination;
	const char *colon = host == NULL ? NULL : strrchr(host, ':');
	bool is_bracketed = colon != NULL && host[0] == '[' && colon[-1] == ']';
	uint64_t port;

	if (colon == NULL || !(options->settings.is_udp || options->settings.is_tcp) ||
	    (!is_bracketed && strchr(host, ':') != colon)) {
		return true;
	}
	if (!options_read_number(colon + 1, &port) || port == 0 || port > UINT16_MAX || colon == host) {
		return err_set(err, ERR_USAGE, "the port in '%.60s' is not from 1 to 65535", host);
	}
	if (options->settings.port != 0 && options->settings.port != port) {
		return err_set(err, ERR_USAGE, "'%.60s' and --port %u differ", host,
			options->settings.port);
	}
	options->settings.port = (unsigned)port;
	options->host = xstrdup(is_bracketed ? host + 1 : host);
	options->host[colon - host - (is_bracketed ? 2 : 0)] = '\0';
	options->destination = options->host;
	return true;
}

bool options_parse(int argc, char **argv, const struct options_given *given,
	struct options *ret_options, struct err *err)
{
	struct options options = {.settings = settings_default(),
		.ipinfo = SNAP_NETWORK_COUNT, .ndjson_every = 10 * NS_PER_SEC};
	const char *environment = given == NULL ? NULL : given->environment;
	size_t extra = environment == NULL ? 0 : strlen(environment) / 2 + 1;
	char **words = xcalloc(extra + 2, sizeof *words);
	char *copy = environment == NULL ? NULL : xstrdup(environment);
	char *rest = NULL;
	int count = 0;
	bool is_ok;

	words[count++] = argv[0];
	for (char *word = copy == NULL ? NULL : strtok_r(copy, " \t\n", &rest); word != NULL;
	     word = strtok_r(NULL, " \t\n", &rest)) {
		words[count++] = word;
	}
	is_ok = apply_config(&options, given, err) &&
		parse_places(argc, argv, count, words, &options, err) && take_port(&options, err);
	/* It shows nothing of them, as mtr knows nothing of them. */
	options.settings.no_through = options.settings.no_through || options.mode == MODE_RAW;
	options.has_as = options.has_as || options.ipinfo < SNAP_NETWORK_COUNT;
	options.ipinfo %= SNAP_NETWORK_COUNT;
	free(words);
	options.environment = copy;
	if (is_ok) {
		*ret_options = options;
	} else {
		options_finish(&options);
	}
	return is_ok;
}

bool options_change(struct options *options, const char *name, const char *value,
	struct err *err)
{
	const struct option_row *row = row_named(name);

	return row == NULL ? err_set(err, ERR_USAGE, "there is no option %.40s", name) :
		options_apply(options, row, value, err);
}

void options_finish(struct options *options)
{
	if (options != NULL) {
		free(options->environment);
		free(options->config);
		free(options->host);
		*options = (struct options){0};
	}
}

const struct option_row *options_row(size_t i)
{
	return i < ROW_COUNT ? &rows[i] : NULL;
}
