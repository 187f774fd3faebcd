/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/privs.h"
#include "io/savefile.h"
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

static bool answer(const struct strbuf *text, const struct table *names, bool is_json,
	struct err *err)
{
	struct read_text *read = xcalloc(1, sizeof *read);
	struct explanation *found = xcalloc(1, sizeof *found);
	struct strbuf out = {0};
	bool is_ok;

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
	return is_ok || err_set(err, ERR_IO, "cannot write to the output");
}

bool explain_run(const struct options *options, struct err *err)
{
	const char *path = options->destination;
	bool is_input = path == NULL || strcmp(path, "-") == 0;
	FILE *file = is_input ? stdin : savefile_open(path);
	struct strbuf text = {0};
	struct table *names;
	bool is_ok = false;

	if (file == NULL) {
		return err_set_sys(err, ERR_IO, errno, "cannot read %.100s", path);
	}
	/* What others wrote is read by nobody of importance. */
	names = tables_load(err);
	if (names != NULL) {
		is_ok = privs_leave_root(/* keeps_raw= */ false, err) && read_all(file, &text, err) &&
			answer(&text, names, options->mode == MODE_JSON, err);
		table_destroy(names);
	}
	if (!is_input) {
		(void)fclose(file);
	}
	strbuf_finish(&text);
	return is_ok;
}
