/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_CLI_OPTIONS_H
#define THRUPATH_CLI_OPTIONS_H

#include "cli/condition.h"
#include "base/err.h"
#include "base/ns.h"
#include "base/strbuf.h"
#include "run/settings.h"
#include "tui/theme.h"
#include "view/keymap.h"

/*
 * The command line. One table holds every option; parsing, bounds and --help read the same
 * row. Nothing here asks the network: what is wrong here is wrong on any machine.
 */
enum mode {
	MODE_AUTO,           /* the screen on a terminal, else the report */
	MODE_SCREEN,
	MODE_REPORT,
	MODE_JSON,
	MODE_CSV,
	MODE_XML,
	MODE_MARKDOWN,
	MODE_HTML,
	MODE_RAW,
	MODE_NDJSON,
	MODE_HELP,
	MODE_VERSION,
	MODE_LIST_DEMOS,
	MODE_PRINT_CONFIG,
	MODE_PRINT_COMPLETION
};

/* Shells whose completion can be printed. */
enum shell {
	SHELL_BASH,
	SHELL_ZSH,
	SHELL_FISH,
	SHELL_COUNT
};

struct host;

struct options {
	enum mode mode;
	struct settings settings; /* of the run */
	bool is_endless;          /* rounds are to have no end */
	bool is_wide, is_demo, is_hints, is_explain, is_anonymous, no_dns, show_both, has_as;
	bool has_labels;          /* of MPLS show */
	bool is_mtr_alone, has_exit_report;
	bool is_ipv4, is_ipv6;        /* -4 and -6: only that family */
	const char *destination;  /* as typed; borrowed from argv. With --demo: its name or file */
	char *const *file;        /* of --explain: all of these words; borrowed from argv */
	size_t file_count;
	const char *path;         /* as typed; NULL: discover */
	const char *simulate;     /* name or file of a scenario; NULL: this host probes */
	uint64_t seed;            /* of scenarios */
	bool has_seed;
	const struct host *prober; /* that probes; borrowed. NULL: this one */
	const char *interface, *source;
	enum shell shell;         /* of MODE_PRINT_COMPLETION */
	bool has_no_mouse, has_bell;
	struct conditions fail_if;
	const char *metrics, *on_finding; /* a file, a program; NULL: none */
	ns_t ndjson_every;        /* the interval that an event of MODE_NDJSON counts */
	enum theme theme;
	const char *order;        /* letters of columns; NULL: not given */
	struct keymap_binds binds; /* keys of the screen */
	const char *record, *replay; /* files; NULL: none */
	const char *via, *from, *here, *dns;
	const char *asn_db, *city_db; /* files, or "none"; NULL: the usual places are searched */
	const char *also_source;   /* another address of ours */
	const char *inner_address; /* of INNER_SOURCE_GIVEN, as typed */
	unsigned ipinfo;          /* what of the networks shows: enum snap_network */
	char *environment, *config, *host; /* owned; words above may point into them. NULL: none */
};

/* What is known before the command line: the configuration file, then THRUPATH_OPTIONS. */
struct options_given {
	const char *environment;  /* both may be NULL */
	const char *config;       /* the file's text: a line an option, its long name and its value */
	const char *config_name;  /* for messages */
};

/* `given` NULL: nothing. What comes later overrides. */
NODISCARD bool options_parse(int argc, char **argv, const struct options_given *given,
	struct options *ret_options, struct err *err);
/* Sets one option by its long name, as a line of the configuration would. */
NODISCARD bool options_change(struct options *, const char *name, const char *value,
	struct err *err);
void options_finish(struct options *);   /* the words of the environment go with it */
void options_help(struct strbuf *);
void options_print_completion(enum shell, struct strbuf *);
void options_print_config(struct strbuf *); /* a file that changes nothing, to begin with */

#endif
