/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli/options_int.h"
#include "base/i18n.h"

/*
 * What shells need to complete a command line, made from the table of options. All three know
 * files, interfaces and the names of the demos; an argument that stands behind no option is a
 * host, or with --demo a demo.
 */
static bool is_file(const struct option_row *row)
{
	return row->argument != NULL && strncmp(row->argument, "FILE", 4) == 0;
}

static bool is_interface(const struct option_row *row)
{
	return strcmp(row->name, "interface") == 0;
}

/* The words it takes, with blanks between; NULL: any. */
static const char *values_of(const struct option_row *row)
{
	static const struct {
		const char *name, *values;
	} choices[] = {
		{"walk", "retrace direct natural return-only via all"},
		{"carrier", "auto ipip gre srh usid"},
		{"inner-source", "auto hop self"},
		{"theme", "dark light contrast mono"},
		{"print-completion", "bash zsh fish"},
	};

	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		if (strcmp(choices[i].name, row->name) == 0) {
			return choices[i].values;
		}
	}
	return NULL;
}

static void put_bash_names(const struct option_row *row, struct strbuf *text)
{
	if (row->letter != LONG_ONLY) {
		strbuf_printf(text, "-%c|", row->letter);
	}
	strbuf_printf(text, "--%s", row->name);
}

static void put_bash_case(const struct option_row *row, struct strbuf *text)
{
	if (row->argument == NULL) {
		return;
	}
	strbuf_puts(text, "\t\t");
	put_bash_names(row, text);
	if (is_file(row)) {
		strbuf_puts(text, ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
	} else if (is_interface(row)) {
		strbuf_puts(text, ") COMPREPLY=($(compgen -W \"$(ls /sys/class/net)\" -- \"$cur\")); "
			"return ;;\n");
	} else if (values_of(row) != NULL) {
		strbuf_printf(text, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n",
			values_of(row));
	} else {
		strbuf_puts(text, ") return ;;\n");
	}
}

static void put_bash(struct strbuf *text)
{
	const struct option_row *row;

	strbuf_puts(text, "# bash completion of thrupath; `thrupath --print-completion bash` makes it\n"
		"_thrupath() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		"\tCOMPREPLY=()\n\tcase $prev in\n");
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		put_bash_case(row, text);
	}
	strbuf_puts(text, "\tesac\n\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		strbuf_printf(text, "%s--%s", i > 0 ? " " : "", row->name);
	}
	strbuf_puts(text, "' -- \"$cur\"))\n\telif [[ \" ${COMP_WORDS[*]} \" == *' --demo '* ]]; then\n"
		"\t\tCOMPREPLY=($(compgen -W \"$(thrupath --list-demos 2>/dev/null | "
		"awk '{print $1}')\" -- \"$cur\"))\n"
		"\telse\n\t\tCOMPREPLY=($(compgen -A hostname -- \"$cur\"))\n\tfi\n}\n"
		"complete -F _thrupath thrupath\n");
}

/* Within single quotes, and, for zsh, within brackets. */
static void put_quoted(const char *words, bool is_zsh, struct strbuf *text)
{
	for (; *words != '\0'; words++) {
		if (is_zsh && strchr("[]:\\", *words) != NULL) {
			strbuf_putc(text, '\\');
		}
		if (*words == '\'') {
			strbuf_puts(text, is_zsh ? "'\\''" : "\\'");
		} else {
			strbuf_putc(text, *words);
		}
	}
}

static void put_zsh_option(const struct option_row *row, struct strbuf *text)
{
	if (row->letter != LONG_ONLY) {
		strbuf_printf(text, "\t'(-%c --%s)'{-%c,--%s}", row->letter, row->name, row->letter,
			row->name);
	} else {
		strbuf_printf(text, "\t--%s", row->name);
	}
	strbuf_puts(text, "'[");
	put_quoted(_(row->help), true, text);
	strbuf_putc(text, ']');
	if (row->argument != NULL) {
		strbuf_putc(text, ':');
		put_quoted(row->argument, true, text);
		strbuf_putc(text, ':');
		if (is_file(row)) {
			strbuf_puts(text, "_files");
		} else if (is_interface(row)) {
			strbuf_puts(text, "_net_interfaces");
		} else if (values_of(row) != NULL) {
			strbuf_printf(text, "(%s)", values_of(row));
		}
	}
	strbuf_puts(text, "' \\\n");
}

static void put_zsh(struct strbuf *text)
{
	const struct option_row *row;

	strbuf_puts(text, "#compdef thrupath\n"
		"# zsh completion of thrupath; `thrupath --print-completion zsh` makes it\n"
		"_thrupath_target() {\n\tif (( ${words[(I)--demo]} )); then\n"
		"\t\tcompadd -- ${(f)\"$(thrupath --list-demos 2>/dev/null | awk '{print $1}')\"}\n"
		"\telse\n\t\t_hosts\n\tfi\n}\n_arguments -s -S \\\n");
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		put_zsh_option(row, text);
	}
	strbuf_puts(text, "\t'1:DESTINATION:_thrupath_target'\n");
}

static void put_fish_option(const struct option_row *row, struct strbuf *text)
{
	strbuf_puts(text, "complete -c thrupath");
	if (row->letter != LONG_ONLY) {
		strbuf_printf(text, " -s %c", row->letter);
	}
	strbuf_printf(text, " -l %s", row->name);
	if (is_file(row)) {
		strbuf_puts(text, " -r -F");
	} else if (is_interface(row)) {
		strbuf_puts(text, " -x -a '(command ls /sys/class/net)'");
	} else if (values_of(row) != NULL) {
		strbuf_printf(text, " -x -a '%s'", values_of(row));
	} else if (row->argument != NULL) {
		strbuf_puts(text, " -x");
	}
	strbuf_puts(text, " -d '");
	put_quoted(_(row->help), false, text);
	strbuf_puts(text, "'\n");
}

static void put_fish(struct strbuf *text)
{
	const struct option_row *row;

	strbuf_puts(text, "# fish completion of thrupath; `thrupath --print-completion fish` makes it\n"
		"complete -c thrupath -f -a '(__fish_print_hostnames)'\n"
		"complete -c thrupath -n '__fish_contains_opt demo' "
		"-a '(thrupath --list-demos 2>/dev/null | string replace -r \" .*\" \"\")'\n");
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		put_fish_option(row, text);
	}
}

void options_print_completion(enum shell shell, struct strbuf *text)
{
	switch (shell) {
	case SHELL_BASH:
		put_bash(text);
		break;
	case SHELL_ZSH:
		put_zsh(text);
		break;
	case SHELL_FISH:
	case SHELL_COUNT:
		put_fish(text);
		break;
	}
}
