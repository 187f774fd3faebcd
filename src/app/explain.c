/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "names/table.h"
#include "report/report_explain.h"
#include "run/tables.h"

enum { TEXT_MAX = 64 << 20, CHUNK = 65536 };

static bool read_all(FILE *file, struct strbuf *ret_text, struct err *err)
{
	char chunk[CHUNK];
	size_t len;

	while ((len = fread(chunk, 1, sizeof chunk, file)) > 0) {
		if (ret_text->len + len > TEXT_MAX) {
			return err_set(err, ERR_USAGE, "the text is longer than %d MB", TEXT_MAX >> 20);
		}
		strbuf_add(ret_text, chunk, len);
	}
	return ferror(file) == 0 || err_set_sys(err, ERR_IO, errno, "cannot read the text");
}

static bool answer(const struct strbuf *text, bool is_json, struct err *err)
{
	struct table *names = tables_load(err);
	struct read_text *read;
	struct explanation *found;
	struct strbuf out = {0};
	bool is_ok;

	if (names == NULL) {
		return false;
	}
	read = xcalloc(1, sizeof *read);
	found = xcalloc(1, sizeof *found);
	read_text(strbuf_text(text), text->len, read);
	explain(read, names, found);
	if (is_json) {
		report_explain_json(read, found, &out);
	} else {
		report_explain_text(read, found, &out);
	}
	is_ok = fputs(strbuf_text(&out), stdout) != EOF && fflush(stdout) == 0;
	strbuf_finish(&out);
	read_text_finish(read);
	free(found);
	free(read);
	table_destroy(names);
	return is_ok || err_set(err, ERR_IO, "cannot write to the output");
}

bool explain_run(const struct options *options, struct err *err)
{
	const char *path = options->destination;
	struct strbuf text = {0};
	bool is_ok;

	if (path == NULL || strcmp(path, "-") == 0) {
		is_ok = read_all(stdin, &text, err);
	} else {
		FILE *file = fopen(path, "rbe");

		if (file == NULL) {
			return err_set_sys(err, ERR_IO, errno, "cannot read %.100s", path);
		}
		is_ok = read_all(file, &text, err);
		(void)fclose(file);
	}
	is_ok = is_ok && answer(&text, options->mode == MODE_JSON, err);
	strbuf_finish(&text);
	return is_ok;
}
