/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/hints.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "io/privs.h"
#include "io/savefile.h"
#include "names/habit.h"
#include "names/hostname.h"
#include "report/hints_json.h"
#include "run/tables.h"

enum { LINE_SIZE = 1024, BLOCK_NAMES = 2048 };

static const char HEADER[] = "hostname\toperator\trouter\tplace_token\tplace_kind\tcity\tcountry\t"
	"lat\tlon\tif_token\tif_type\tif_speed_mbps\tif_vendor\trole\tother_party\tconfidence\t"
	"relation\n";

static void put(struct strbuf *line, const char *text)
{
	strbuf_puts(line, text);
	strbuf_putc(line, '\t');
}

static void put_row(const char *name, const struct hints *hints, struct strbuf *line)
{
	const struct place none = {.kind = PLACE_NONE};
	const struct place *place = hints->place_count > 0 ? &hints->places[0] : &none;
	bool is_known = hints->place_count > 0;
	char clean[LINE_SIZE];

	utf8_clean(name, clean, sizeof clean);
	put(line, clean);
	put(line, hints->operator);
	put(line, hints->router);
	put(line, place->token);
	put(line, place_kind_name(place->kind));
	put(line, place->city);
	put(line, place->country);
	if (is_known) {
		strbuf_printf(line, "%.2f\t%.2f\t", place->lat / 100.0, place->lon / 100.0);
	} else {
		strbuf_puts(line, "\t\t");
	}
	put(line, hints->port.token);
	put(line, port_type_name(hints->port.type));
	if (hints->port.speed_mbps > 0) {
		strbuf_printf(line, "%u", hints->port.speed_mbps);
	}
	strbuf_putc(line, '\t');
	put(line, hints->port.vendor);
	put(line, router_role_name(hints->role));
	put(line, hints->other_party);
	if (is_known) {
		strbuf_printf(line, "%.2f", place->percent / 100.0);
	}
	strbuf_printf(line, "\t%s\n", relation_name(hints->relation));
}

static void put_json(const char *name, const struct hints *hints, struct strbuf *line)
{
	struct writer writer = writer_json_line(line);

	write_obj(&writer, NULL);
	write_str(&writer, "hostname", name);
	write_hints(&writer, hints);
	write_end(&writer);
}

/* One line without its end; what is beyond the room is read and dropped. */
static bool read_line(FILE *file, char *ret_line)
{
	size_t len = 0;
	int c = getc_unlocked(file);

	if (c == EOF) {
		return false;
	}
	for (; c != EOF && c != '\n'; c = getc_unlocked(file)) {
		if (len + 1 < LINE_SIZE) {
			ret_line[len++] = (char)(c == '\0' ? '?' : c);
		}
	}
	len -= len > 0 && ret_line[len - 1] == '\r' ? 1 : 0;
	ret_line[len] = '\0';
	return true;
}

/* So many lines are read before the first is printed: names of one operator teach how to read
 * others of it. A person who types them gets each answer at once. */
struct block {
	char (*names)[LINE_SIZE];
	struct hints *hints;
	size_t count, size;
	struct habits *habits;
};

static bool read_block(const struct table *table, FILE *file, struct block *block)
{
	habits_clear(block->habits);
	block->count = 0;
	while (block->count < block->size && read_line(file, block->names[block->count])) {
		const char *name = block->names[block->count];
		struct hints *hints = &block->hints[block->count++];

		hostname_read(table, name, hints);
		habits_learn(block->habits, name, hints);
	}
	return block->count > 0;
}

static bool put_block(const struct table *table, const struct block *block, bool is_json,
	struct strbuf *line)
{
	for (size_t i = 0; i < block->count; i++) {
		habits_apply(block->habits, table, block->names[i], &block->hints[i]);
		if (is_json) {
			put_json(block->names[i], &block->hints[i], line);
		} else {
			put_row(block->names[i], &block->hints[i], line);
		}
		if (fputs(strbuf_text(line), stdout) == EOF) {
			return false;
		}
		strbuf_clear(line);
	}
	return true;
}

static bool convert(const struct table *table, bool is_json, FILE *file, struct err *err)
{
	struct block block = {.size = isatty(fileno(file)) == 1 ? 1 : BLOCK_NAMES};
	struct strbuf line = {0};
	bool is_ok = true;

	block.names = xcalloc(block.size, sizeof *block.names);
	block.hints = xcalloc(block.size, sizeof *block.hints);
	block.habits = habits_create(block.size);
	if (!is_json) {
		strbuf_puts(&line, HEADER);
	}
	while (is_ok && read_block(table, file, &block)) {
		is_ok = put_block(table, &block, is_json, &line);
	}
	is_ok = is_ok && fputs(strbuf_text(&line), stdout) != EOF && fflush(stdout) == 0;
	strbuf_finish(&line);
	habits_destroy(block.habits);
	free(block.hints);
	free(block.names);
	if (ferror(file) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot read the names");
	}
	return is_ok || err_set(err, ERR_IO, "cannot write to the output");
}

bool hints_run(const struct options *options, struct err *err)
{
	const char *path = options->destination;
	bool is_input = path == NULL || strcmp(path, "-") == 0, is_ok = false;
	FILE *file = is_input ? stdin : savefile_open(path);
	struct table *table;

	if (file == NULL) {
		return err_set_sys(err, ERR_IO, errno, "cannot read %.100s", path);
	}
	table = tables_load(err);
	if (table != NULL) {
		is_ok = privs_leave_root(/* keeps_raw= */ false, err) &&
			convert(table, options->mode == MODE_JSON, file, err);
		table_destroy(table);
	}
	if (!is_input) {
		(void)fclose(file);
	}
	return is_ok;
}
