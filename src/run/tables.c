/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/tables.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "io/savefile.h"

enum { PATH_SIZE = 4096, FILE_MAX = 4 << 20 };

static bool add_file(struct table *table, const char *path, struct err *err)
{
	FILE *file = savefile_open(path);
	struct strbuf text = {0};
	char piece[4096];
	size_t got;
	bool is_ok;

	if (file == NULL) {
		return err_set_sys(err, ERR_IO, errno, "cannot read %s", path);
	}
	while (text.len < FILE_MAX && (got = fread(piece, 1, sizeof piece, file)) > 0) {
		strbuf_add(&text, piece, got);
	}
	is_ok = ferror(file) == 0 || err_set_sys(err, ERR_IO, errno, "cannot read %s", path);
	is_ok = is_ok && (table_add(table, strbuf_text(&text), text.len, err) ||
		err_wrap(err, "%s", path));
	(void)fclose(file);
	strbuf_finish(&text);
	return is_ok;
}

static bool find_directory(char *ret_path, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int len = config != NULL && config[0] == '/' ?
		snprintf(ret_path, size, "%s/thrupath/hints.d", config) :
		home != NULL && home[0] == '/' ?
		snprintf(ret_path, size, "%s/.config/thrupath/hints.d", home) : -1;

	return len > 0 && (size_t)len < size;
}

static int is_tsv(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 4, ".tsv") == 0;
}

/* In the order of their names, so that the last has the last word. */
static bool add_user_files(struct table *table, struct err *err)
{
	char directory[PATH_SIZE], path[PATH_SIZE + 300];
	struct dirent **entries = NULL;
	int count = find_directory(directory, sizeof directory) ?
		scandir(directory, &entries, is_tsv, alphasort) : -1;
	bool is_ok = true;

	for (int i = 0; i < count; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
		is_ok = is_ok && add_file(table, path, err);
		free(entries[i]);
	}
	free(entries);
	return is_ok;
}

struct table *tables_load(struct err *err)
{
	struct table *table = table_create();

	if (!add_user_files(table, err)) {
		table_destroy(table);
		return NULL;
	}
	return table;
}
