/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/options_int.h"

#include <string.h>

#include "base/i18n.h"

/* Every function with the key that has it, as lines that bind it to just that. */
static void print_binds(struct strbuf *text)
{
	strbuf_puts(text, _("\n# The functions, the first key of each, and what they do. A key is a "
		"character, ^X, or one of\n# space Tab Enter Esc up down left right PgUp PgDn Home End "
		"Delete hash equals;\n# the function none takes a key away.\n"));
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

	strbuf_puts(text, _("# Configuration of thrupath: a line an option, by its long name.\n"
		"# Options of THRUPATH_OPTIONS and of the command line come after these.\n"));
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		if (options_is_configurable(row)) {
			strbuf_printf(text, "\n# %s\n#%s%s%s\n", _(row->help), row->name,
				row->argument == NULL ? "" : " ", row->argument == NULL ? "" : row->argument);
		}
	}
	print_binds(text);
}

void options_help(struct strbuf *text)
{
	const struct option_row *row;

	strbuf_puts(text, _("Usage: thrupath [options] DESTINATION\n"
		"       thrupath [options] --path HOP[,HOP...] [DESTINATION]\n"
		"       thrupath --from SOURCE DESTINATION\n"
		"       thrupath --reverse DESTINATION\n"
		"       thrupath --hints [FILE]\n"
		"       thrupath --demo [NAME|FILE.scn]\n"
		"       thrupath [options] --replay FILE\n"
		"Shows loss, round-trip time and jitter through every hop, by probes that carry\n"
		"their way out and back in nested IP headers.\n\n"));
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
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
	strbuf_puts(text, _("\nExit status: 0 done; 1 the end never answered; 2 wrong command line;\n"
		"3 name, route, interface or permission; 4 a --fail-if was met; 128+n after signal n.\n"));
}
