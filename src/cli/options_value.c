/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/options_int.h"
#include "view/columns.h"
#include "view/ui.h"

/* What the value of an option may be, and where it goes: a function a kind. */

static void *member(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

/* A whole decimal number, nothing before or after it. */
bool options_read_number(const char *text, uint64_t *ret_number)
{
	char *end;
	unsigned long long number;

	if (text[0] < '0' || text[0] > '9' || strlen(text) > 18) {
		return false;
	}
	number = strtoull(text, &end, 10);
	if (*end != '\0') {
		return false;
	}
	*ret_number = number;
	return true;
}

static bool is_not_empty(const struct option_row *row, const char *text, struct err *err)
{
	return text[0] != '\0' || err_set(err, ERR_USAGE, "--%s is empty", row->name);
}

static bool set_unsigned(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	uint64_t number;

	if (row->offset == AT(settings.size_bytes) && text[0] == '-') {
		return err_set(err, ERR_USAGE, "mtr's negative -s, for random sizes: all probes of a run "
			"have the same size");
	}
	if (!options_read_number(text, &number) || number < row->low || number > row->high) {
		return err_set(err, ERR_USAGE, "--%s takes a whole number from %u to %u, not '%.40s'",
			row->name, row->low, row->high, text);
	}
	*(unsigned *)member(options, row) = (unsigned)number;
	return true;
}

static bool set_count(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	uint64_t number;

	if (!options_read_number(text, &number) || number > UINT32_MAX) {
		return err_set(err, ERR_USAGE, "--%s takes a whole number, 0 for no limit, not '%.40s'",
			row->name, text);
	}
	options->is_endless = number == 0;
	*(uint64_t *)member(options, row) = number;
	return true;
}

static bool set_seed(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	options->has_seed = true;
	return options_read_number(text, member(options, row)) || err_set(err, ERR_USAGE,
		"--%s takes a whole number, not '%.40s'", row->name, text);
}

static bool set_seconds(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	ns_t duration;

	if (!ns_parse(text, NS_PER_SEC, &duration) || duration <= 0 ||
	    duration > (ns_t)row->high * NS_PER_SEC) {
		return err_set(err, ERR_USAGE, "--%s takes seconds above 0 and up to %u, not '%.40s'",
			row->name, row->high, text);
	}
	*(ns_t *)member(options, row) = duration;
	return true;
}

static bool set_walk(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	enum walk_kind kind;
	(void)row;

	if (strcmp(text, "all") == 0) {
		settings_want_all_walks(&options->settings);
		return true;
	}
	if (!walk_kind_parse(text, &kind)) {
		return err_set(err, ERR_USAGE, "--walk takes retrace, direct, natural, return-only, via "
			"or all, not '%.40s'", text);
	}
	memset(options->settings.has_walk, 0, sizeof options->settings.has_walk);
	options->settings.has_walk[kind] = true;
	return true;
}

static bool set_carrier(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	enum carrier carrier = CARRIER_IPIP;
	bool is_known = carrier_parse(text, &carrier);
	(void)row;

	options->settings.carrier = is_known ? (uint8_t)(1 + carrier) : 0;
	return is_known || strcmp(text, "auto") == 0 || err_set(err, ERR_USAGE,
		"--carrier takes auto, ipip, gre, srh or usid, not '%.40s'", text);
}

static bool set_inner_source(struct options *options, const struct option_row *row,
	const char *text, struct err *err)
{
	static const char *const names[] = {[INNER_SOURCE_AUTO] = "auto",
		[INNER_SOURCE_HOP] = "hop", [INNER_SOURCE_SELF] = "self"};
	struct addr address;
	(void)row;

	for (int i = INNER_SOURCE_AUTO; i < INNER_SOURCE_GIVEN; i++) {
		if (strcmp(text, names[i]) == 0) {
			options->settings.inner_source = (enum inner_source)i;
			return true;
		}
	}
	options->settings.inner_source = INNER_SOURCE_GIVEN;
	options->inner_address = text;
	return addr_parse(text, &address) || err_set(err, ERR_USAGE,
		"--inner-source takes auto, hop, self or an address, not '%.40s'", text);
}

static bool set_order(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	options->order = text;
	return is_not_empty(row, text, err) &&
	       ((columns_are_known(text) && strlen(text) <= UI_ORDER_MAX) || err_set(err, ERR_USAGE,
			"--order takes up to %d letters of columns (the manual lists them), not '%.40s'",
			UI_ORDER_MAX, text));
}

static bool set_shell(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	static const char *const names[SHELL_COUNT] = {[SHELL_BASH] = "bash", [SHELL_ZSH] = "zsh",
		[SHELL_FISH] = "fish"};

	options->mode = MODE_PRINT_COMPLETION;
	for (int i = 0; i < SHELL_COUNT; i++) {
		if (strcmp(text, names[i]) == 0) {
			options->shell = (enum shell)i;
			return true;
		}
	}
	return is_not_empty(row, text, err) && err_set(err, ERR_USAGE,
		"--print-completion takes bash, zsh or fish, not '%.40s'", text);
}

static bool set_flag(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	(void)text;
	(void)err;
	*(bool *)member(options, row) = true;
	if (row->offset == AT(has_as)) {
		options->ipinfo = SNAP_NETWORK_NUMBER; /* as with mtr, whatever was said before */
	}
	return true;
}

static bool set_mode(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	(void)text;
	(void)err;
	options->mode = (enum mode)row->low;
	return true;
}

static bool set_word(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	*(const char **)member(options, row) = text;
	return is_not_empty(row, text, err);
}

static bool set_theme(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	return is_not_empty(row, text, err) && (theme_parse(text, &options->theme) || err_set(err,
		ERR_USAGE, "--theme takes dark, light, contrast or mono, not '%.40s'", text));
}

static bool set_conditions(struct options *options, const struct option_row *row,
	const char *text, struct err *err)
{
	return is_not_empty(row, text, err) && conditions_parse(&options->fail_if, text, err);
}

static bool set_bind(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	return is_not_empty(row, text, err) && keymap_bind(&options->binds, text, err);
}

typedef bool set_fn(struct options *, const struct option_row *, const char *text, struct err *);

static set_fn *const set_of[KIND_COUNT_OF_KINDS] = {
	[KIND_FLAG] = set_flag, [KIND_MODE] = set_mode, [KIND_WORD] = set_word,
	[KIND_UNSIGNED] = set_unsigned, [KIND_COUNT] = set_count, [KIND_SEED] = set_seed,
	[KIND_SECONDS] = set_seconds, [KIND_WALK] = set_walk,
	[KIND_INNER_SOURCE] = set_inner_source, [KIND_CARRIER] = set_carrier,
	[KIND_ORDER] = set_order, [KIND_SHELL] = set_shell,
	[KIND_THEME] = set_theme, [KIND_CONDITIONS] = set_conditions, [KIND_BIND] = set_bind,
};

bool options_apply(struct options *options, const struct option_row *row, const char *text,
	struct err *err)
{
	return set_of[row->kind](options, row, text, err);
}
