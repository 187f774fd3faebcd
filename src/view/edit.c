/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct edit *edit_create(const struct edit_path *path)
{
	struct edit *edit = xcalloc(1, sizeof *edit);

	edit->state[0] = *path;
	edit->count = 1;
	return edit;
}

void edit_destroy(struct edit *edit)
{
	free(edit);
}

const struct edit_path *edit_path(const struct edit *edit)
{
	return &edit->state[edit->now];
}

/* The state that is changed next: a copy of the present one, which stays behind it. */
static struct edit_path *step(struct edit *edit)
{
	if (edit->now + 1 == EDIT_STATES) {
		memmove(&edit->state[0], &edit->state[1], (EDIT_STATES - 1) * sizeof edit->state[0]);
		edit->now--;
	}
	edit->state[edit->now + 1] = edit->state[edit->now];
	edit->now++;
	edit->count = edit->now + 1;
	return &edit->state[edit->now];
}

static void insert_hop(struct edit_path *path, size_t at, const char *text)
{
	memmove(&path->hop[at + 1], &path->hop[at], (path->count - at) * sizeof path->hop[0]);
	path->hop[at] = (struct edit_hop){.is_skipped = false};
	(void)snprintf(path->hop[at].text, EDIT_TEXT, "%s", text);
	path->count++;
	path->link = 0;
}

static void type_into(const struct edit *edit, struct edit_path *path)
{
	char text[EDIT_TEXT];

	(void)snprintf(text, sizeof text, "%.*s", EDIT_TEXT - 1, edit->line.text);
	if (edit->typing == EDIT_VIA) {
		memcpy(path->via, text, sizeof text);
	} else if (text[0] == '\0') {
		return;
	} else if (edit->typing == EDIT_INSERTING && path->count < EDIT_HOPS) {
		insert_hop(path, edit->at, text);
	} else if (edit->typing == EDIT_REPLACING && edit->at < path->count) {
		memcpy(path->hop[edit->at].text, text, sizeof text);
	}
}

void edit_path_typed(const struct edit *edit, struct edit_path *ret_path)
{
	*ret_path = *edit_path(edit);
	type_into(edit, ret_path);
}

void edit_take_typed(struct edit *edit)
{
	bool is_inserting = edit->typing == EDIT_INSERTING && edit->line.text[0] != '\0';

	type_into(edit, step(edit));
	edit->typing = EDIT_NOT_TYPING;
	edit->at += is_inserting && edit->at < edit_path(edit)->count;
}

void edit_take(struct edit *edit, const struct edit_path *path)
{
	*step(edit) = *path;
	edit->at = 0;
}

void edit_delete(struct edit *edit)
{
	struct edit_path *path;

	if (edit->at >= edit_path(edit)->count) {
		return;
	}
	path = step(edit);
	path->count--;
	memmove(&path->hop[edit->at], &path->hop[edit->at + 1],
		(path->count - edit->at) * sizeof path->hop[0]);
	path->link = 0;
	edit->at -= edit->at == path->count && edit->at > 0;
}

void edit_move(struct edit *edit, bool is_up)
{
	size_t to = is_up ? edit->at - 1 : edit->at + 1;
	struct edit_path *path;
	struct edit_hop hop;

	if (edit->at >= edit_path(edit)->count || (is_up && edit->at == 0) ||
	    to >= edit_path(edit)->count) {
		return;
	}
	path = step(edit);
	hop = path->hop[to];
	path->hop[to] = path->hop[edit->at];
	path->hop[edit->at] = hop;
	path->link = 0;
	edit->at = to;
}

void edit_reverse(struct edit *edit)
{
	struct edit_path *path = step(edit);

	for (size_t i = 0; i < path->count / 2; i++) {
		struct edit_hop hop = path->hop[i];

		path->hop[i] = path->hop[path->count - 1 - i];
		path->hop[path->count - 1 - i] = hop;
	}
	path->link = 0;
}

void edit_skip(struct edit *edit)
{
	if (edit->at < edit_path(edit)->count) {
		bool *is_skipped = &step(edit)->hop[edit->at].is_skipped;

		*is_skipped = !*is_skipped;
	}
}

void edit_only_link(struct edit *edit)
{
	unsigned link = (unsigned)edit->at + 1;

	if (edit->at < edit_path(edit)->count) {
		struct edit_path *path = step(edit);

		path->link = path->link == link ? 0 : link;
	}
}

static void stay_within(struct edit *edit)
{
	if (edit->at > edit_path(edit)->count) {
		edit->at = edit_path(edit)->count;
	}
}

void edit_undo(struct edit *edit)
{
	edit->now -= edit->now > 0;
	stay_within(edit);
}

void edit_redo(struct edit *edit)
{
	edit->now += edit->now + 1 < edit->count;
	stay_within(edit);
}

void edit_format(const struct edit_path *path, struct strbuf *text)
{
	for (size_t i = 0; i < path->count; i++) {
		strbuf_printf(text, "%s%s\n", path->hop[i].is_skipped ? "skip " : "",
			path->hop[i].text);
	}
	if (path->via[0] != '\0') {
		strbuf_printf(text, "via %s\n", path->via);
	}
	if (path->link > 0) {
		strbuf_printf(text, "link %u\n", path->link);
	}
}

/* The word of a line that begins with this one and a blank; NULL: another line. */
static const char *after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && line[len] == ' ' ?
		line + len + strspn(line + len, " ") : NULL;
}

static bool parse_line(const char *line, struct edit_path *path, struct err *err)
{
	const char *skipped = after(line, "skip"), *via = after(line, "via");
	const char *link = after(line, "link");
	const char *hop = skipped != NULL ? skipped : line;

	if (via != NULL && strlen(via) < EDIT_TEXT) {
		(void)snprintf(path->via, EDIT_TEXT, "%s", via);
		return true;
	}
	if (link != NULL && strlen(link) < 3 && link[strspn(link, "0123456789")] == '\0') {
		path->link = (unsigned)strtoul(link, NULL, 10);
		return true;
	}
	if (hop[0] == '\0' || strlen(hop) >= EDIT_TEXT || strchr(hop, ' ') != NULL) {
		return err_set(err, ERR_SYNTAX, "a line is an address or a name, optionally after 'skip' "
			"or 'via', not '%.40s'", line);
	}
	if (path->count == EDIT_HOPS) {
		return err_set(err, ERR_SYNTAX, "the maximum is %d hops", EDIT_HOPS);
	}
	(void)snprintf(path->hop[path->count].text, EDIT_TEXT, "%s", hop);
	path->hop[path->count++].is_skipped = skipped != NULL;
	return true;
}

bool edit_parse(const char *text, struct edit_path *ret_path, struct err *err)
{
	struct edit_path path = {.count = 0};
	char *copy = xstrdup(text), *rest = copy;
	bool is_ok = true;

	for (unsigned number = 1; is_ok && rest != NULL; number++) {
		char *line = rest;
		size_t len;

		rest = strchr(line, '\n');
		if (rest != NULL) {
			*rest++ = '\0';
		}
		line += strspn(line, " \t");
		len = strcspn(line, "#\r");
		while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t')) {
			len--;
		}
		line[len] = '\0';
		is_ok = len == 0 || parse_line(line, &path, err) || err_wrap(err, "line %u", number);
	}
	free(copy);
	if (is_ok && path.count == 0) {
		is_ok = err_set(err, ERR_SYNTAX, "it contains no hops");
	}
	if (is_ok) {
		*ret_path = path;
	}
	return is_ok;
}
