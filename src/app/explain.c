/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "explain/anonymise.h"
#include "io/privs.h"
#include "io/savefile.h"
#include "names/table.h"
#include "report/report_explain.h"
#include "run/tables.h"

enum { TEXT_MAX = 64 << 20, CHUNK = 65536, FILES_MAX = COMPARED_REPORTS };

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

/* A file of the command line, and what was made of it. */
struct item {
	const char *name;
	FILE *file;
	struct read_text text;
	struct explanation found;
};

struct items {
	struct item *item;
	size_t count;
};

static void items_finish(struct items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		read_text_finish(&items->item[i].text);
		if (items->item[i].file != NULL && items->item[i].file != stdin) {
			(void)fclose(items->item[i].file);
		}
	}
	free(items->item);
}

static bool open_all(const struct options *options, struct items *items, struct err *err)
{
	size_t count = options->file_count > 0 ? options->file_count : 1;

	if (count > FILES_MAX) {
		return err_set(err, ERR_USAGE, "--explain takes at most %d files", FILES_MAX);
	}
	items->item = xcalloc(count, sizeof *items->item);
	for (size_t i = 0; i < count; i++) {
		struct item *item = &items->item[items->count++];
		bool is_input = options->file_count == 0 || strcmp(options->file[i], "-") == 0;

		item->name = is_input ? "-" : options->file[i];
		item->file = is_input ? stdin : savefile_open(item->name);
		if (item->file == NULL) {
			return err_set_sys(err, ERR_IO, errno, "cannot read %.100s", item->name);
		}
	}
	return true;
}

static bool explain_item(struct item *item, const struct table *names, struct err *err)
{
	struct strbuf text = {0};
	bool is_ok = read_all(item->file, &text, err);

	if (is_ok) {
		read_text(strbuf_text(&text), text.len, &item->text);
		explain(&item->text, names, &item->found);
	}
	strbuf_finish(&text);
	return is_ok;
}

/* Of each file the report that its headline is about. */
static void compare(const struct items *items, const struct table *names,
	struct comparison *ret_compared)
{
	static const struct read_report none;
	const struct read_report *report[FILES_MAX];

	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->item[i];

		report[i] = item->text.count > 0 ? &item->text.report[item->found.report] : &none;
	}
	explain_compare(report, items->count, names, ret_compared);
}

static void anonymise(struct items *items, struct comparison *compared)
{
	struct anonymiser *anonymiser = anonymiser_create();

	for (size_t i = 0; i < items->count; i++) {
		anonymise_text(anonymiser, &items->item[i].text);
	}
	for (size_t i = 0; i < items->count; i++) {
		anonymise_explanation(anonymiser, &items->item[i].found);
	}
	anonymise_comparison(anonymiser, compared);
	anonymiser_destroy(anonymiser);
}

static bool put(const struct explain_answer *answer, enum mode mode, struct err *err)
{
	struct strbuf out = {0};
	bool is_ok;

	if (mode == MODE_JSON) {
		report_explain_json(answer, &out);
	} else if (mode == MODE_MARKDOWN) {
		report_explain_markdown(answer, &out);
	} else if (mode == MODE_HTML) {
		report_explain_html(answer, &out);
	} else {
		report_explain_text(answer, &out);
	}
	is_ok = fputs(strbuf_text(&out), stdout) != EOF && fflush(stdout) == 0;
	strbuf_finish(&out);
	return is_ok || err_set(err, ERR_IO, "cannot write to the output");
}

static bool explain_all(struct items *items, const struct table *names,
	const struct options *options, struct err *err)
{
	struct explained_file file[FILES_MAX];
	struct explain_answer answer = {.file = file, .count = items->count};

	for (size_t i = 0; i < items->count; i++) {
		struct item *item = &items->item[i];

		if (!explain_item(item, names, err)) {
			return false;
		}
		file[i] = (struct explained_file){items->count == 1 ? NULL : item->name, &item->text,
			&item->found};
	}
	if (items->count > 1) {
		compare(items, names, &answer.compared);
	}
	if (options->is_anonymous) {
		anonymise(items, &answer.compared);
	}
	return put(&answer, options->mode, err);
}

bool explain_run(const struct options *options, struct err *err)
{
	struct items items = {0};
	struct table *names = NULL;
	bool is_ok = open_all(options, &items, err);

	/* What others wrote is read by nobody of importance. */
	is_ok = is_ok && (names = tables_load(err)) != NULL &&
		privs_leave_root(/* keeps_raw= */ false, err) && explain_all(&items, names, options, err);
	table_destroy(names);
	items_finish(&items);
	return is_ok;
}
