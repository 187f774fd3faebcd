/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_CLI_OPTIONS_INT_H
#define THRUPATH_CLI_OPTIONS_INT_H

#include "cli/options.h"

/* The table of options, for options.c, which parses by it, and options_text.c, which prints what
 * it says. */

#define AT(member) offsetof(struct options, member)

enum { LONG_ONLY = 256 };

enum option_kind {
	KIND_FLAG,           /* a bool becomes true */
	KIND_MODE,           /* the mode becomes `low` */
	KIND_WORD,
	KIND_UNSIGNED,       /* low..high */
	KIND_COUNT,          /* of a uint64_t; 0: without an end */
	KIND_SEED,           /* any number, of a uint64_t */
	KIND_SECONDS,        /* more than 0, at most `high` seconds */
	KIND_WALK,
	KIND_INNER_SOURCE,
	KIND_CARRIER,
	KIND_ORDER,
	KIND_SHELL,
	KIND_THEME,
	KIND_CONDITIONS,
	KIND_BIND,
	KIND_COUNT_OF_KINDS
};

/* In the order of --help; those that are used most stand first. */
enum option_group {
	GROUP_COMMON,
	GROUP_PATH,
	GROUP_PROBES,
	GROUP_OUTPUT,
	GROUP_NAMES,
	GROUP_RUN,
	GROUP_PROGRAM,
	GROUP_COUNT
};

struct option_row {
	enum option_group group;
	int letter;          /* short option, or LONG_ONLY for none */
	const char *name;
	enum option_kind kind;
	size_t offset;       /* into struct options */
	unsigned low, high;
	const char *argument;
	const char *help;
};

/* NULL behind the last. */
const struct option_row *options_row(size_t i);
/* Says why there is no such option, and what there is: `letter`, or 0 and the whole word. */
bool options_refuse(const struct option_row *rows, size_t count, int letter, const char *word,
	struct err *);
/* Gives that option this value; `text` is not looked at where it takes none. */
NODISCARD bool options_apply(struct options *, const struct option_row *, const char *text,
	struct err *);
/* Whether all of it can be done at once; `left`: words that are no options. */
NODISCARD bool options_check(const struct options *, int left, struct err *);
/* A whole decimal number, nothing before or after it. */
NODISCARD bool options_read_number(const char *text, uint64_t *ret_number);
/* Whether it may stand in the configuration file. */
bool options_is_configurable(const struct option_row *);

#endif
