/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options_int.h"

#include <string.h>

#include "base/i18n.h"

/* Every function with the key that has it, as lines that bind it to just that. */
static void print_binds(struct strbuf *text)
{
	strbuf_puts(text, _("\n"
		"# Functions, the first key of each, and what they do. A key is a character, ^X, or one "
		"of\n"
		"# space Tab Enter Esc up down left right PgUp PgDn Home End Delete hash equals;\n"
		"# the function none unbinds a key.\n"));
	for (size_t i = 0; i < keymap_count(); i++) {
		const struct keymap_row *row = keymap_row(i);
		struct strbuf key = {0};

		if (row->name == NULL) {
			continue;
		}
		keymap_name(row->key, &key);
		strbuf_printf(text, "#bind %s=%s", strbuf_text(&key), row->name);
		if (row->text != NULL) {
			strbuf_printf(text, "  # %s", _(row->text));
		}
		strbuf_putc(text, '\n');
		strbuf_finish(&key);
	}
}

void options_print_config(struct strbuf *text)
{
	const struct option_row *row;

	strbuf_puts(text, _("# Configuration of thrupath: one option per line, by its long name.\n"
		"# Options in THRUPATH_OPTIONS and on the command line override these.\n"));
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		if (options_is_configurable(row)) {
			strbuf_printf(text, "\n# %s\n#%s%s%s\n", _(row->help), row->name,
				row->argument == NULL ? "" : " ", row->argument == NULL ? "" : row->argument);
		}
	}
	print_binds(text);
}

static void print_row(const struct option_row *row, struct strbuf *text)
{
	size_t start = text->len;

	if (row->letter != LONG_ONLY) {
		strbuf_printf(text, "  -%c, --%s", row->letter, row->name);
	} else {
		strbuf_printf(text, "      --%s", row->name);
	}
	if (row->argument != NULL) {
		strbuf_printf(text, " %s", row->argument);
	}
	strbuf_pad(text, ' ', text->len - start < 28 ? 28 - (text->len - start) : 1);
	strbuf_printf(text, "%s\n", _(row->help));
}

void options_help(struct strbuf *text)
{
	static const char *const headings[GROUP_COUNT] = {
		[GROUP_COMMON] = N_("Most used"),
		[GROUP_PATH] = N_("Path and nested probes"),
		[GROUP_PROBES] = N_("Probes"),
		[GROUP_OUTPUT] = N_("Screen and output"),
		[GROUP_NAMES] = N_("Names, networks, locations"),
		[GROUP_RUN] = N_("Recording and monitoring"),
		[GROUP_PROGRAM] = N_("General"),
	};
	enum option_group group = GROUP_COUNT;
	const struct option_row *row;

	strbuf_puts(text, _("Usage: thrupath [options] DESTINATION\n"
		"       thrupath [options] --path HOP[,HOP...] [DESTINATION]\n"
		"       thrupath --from SOURCE DESTINATION\n"
		"       thrupath --reverse DESTINATION\n"
		"       thrupath --hints [FILE]\n"
		"       thrupath --explain [FILE...]\n"
		"       thrupath --demo [NAME|FILE.scn]\n"
		"       thrupath [options] --replay FILE\n"
		"Shows loss, round-trip time and jitter through every hop, using probes whose\n"
		"nested IP headers carry their forward and return path.\n"
		"\n"));
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		if (row->group != group) {
			group = row->group;
			strbuf_printf(text, "%s%s:\n", i > 0 ? "\n" : "", _(headings[group]));
		}
		print_row(row, text);
	}
	strbuf_puts(text, _("\n"
		"Exit status: 0 success; 1 the destination never replied; 2 invalid command line;\n"
		"3 name, route, interface or permission error; 4 a --fail-if condition was met;\n"
		"128+n terminated by signal n.\n"));
}
