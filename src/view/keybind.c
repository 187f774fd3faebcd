/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/keymap.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/utf8.h"

enum { WORD_MAX = 32 };

static const struct {
	int key;
	const char *name;
} special[] = {
	{UI_KEY_TAB, "Tab"}, {UI_KEY_ENTER, "Enter"}, {UI_KEY_ESCAPE, "Esc"}, {' ', "space"},
	{'#', "hash"}, {'=', "equals"}, {UI_KEY_UP, "up"}, {UI_KEY_DOWN, "down"},
	{UI_KEY_LEFT, "left"}, {UI_KEY_RIGHT, "right"}, {UI_KEY_PAGE_UP, "PgUp"},
	{UI_KEY_PAGE_DOWN, "PgDn"}, {UI_KEY_HOME, "Home"}, {UI_KEY_END, "End"},
	{UI_KEY_BACKSPACE, "Backspace"}, {UI_KEY_DELETE, "Delete"},
};

enum { SPECIALS = sizeof special / sizeof special[0] };

void keymap_name(int key, struct strbuf *text)
{
	for (size_t i = 0; i < SPECIALS; i++) {
		if (special[i].key == key) {
			strbuf_puts(text, special[i].name);
			return;
		}
	}
	if (key < ' ') {
		strbuf_printf(text, "^%c", key + '@');
	} else {
		strbuf_putc(text, (char)key);
	}
}

/* One printable character of ASCII, ^ and a letter, or a name. */
static bool parse_key(const char *word, int *ret_key)
{
	for (size_t i = 0; i < SPECIALS; i++) {
		if (strcasecmp(special[i].name, word) == 0) {
			*ret_key = special[i].key;
			return true;
		}
	}
	if (word[0] == '^' && isalpha((unsigned char)word[1]) && word[2] == '\0') {
		*ret_key = toupper((unsigned char)word[1]) - '@';
		return true;
	}
	*ret_key = (unsigned char)word[0];
	return word[0] > ' ' && word[0] < 0x7f && word[1] == '\0';
}

static bool parse_function(const char *word, int *ret_as)
{
	*ret_as = UI_KEY_OTHER;
	if (strcmp(word, "none") == 0) {
		return true;
	}
	for (size_t i = 0; i < keymap_count(); i++) {
		const struct keymap_row *row = keymap_row(i);

		if (row->name != NULL && strcmp(row->name, word) == 0) {
			*ret_as = row->key;
			return true;
		}
	}
	return false;
}

/* A word without the blanks around it; what is too long is no key and no function. */
static void take_word(const char *from, size_t len, char ret_word[WORD_MAX])
{
	while (len > 0 && isspace((unsigned char)*from)) {
		from++;
		len--;
	}
	while (len > 0 && isspace((unsigned char)from[len - 1])) {
		len--;
	}
	(void)snprintf(ret_word, WORD_MAX, "%.*s", (int)len, from);
}

static struct keymap_bind *place_of(struct keymap_binds *binds, int key)
{
	for (size_t i = 0; i < binds->count; i++) {
		if (binds->bind[i].key == key) {
			return &binds->bind[i];
		}
	}
	return binds->count < KEYMAP_BINDS ? &binds->bind[binds->count++] : NULL;
}

bool keymap_bind(struct keymap_binds *binds, const char *text, struct err *err)
{
	const char *sign = strchr(text, '=');
	char key_word[WORD_MAX], function[WORD_MAX];
	struct keymap_bind bind, *place;

	if (sign == NULL) {
		return err_set(err, ERR_USAGE, "--bind takes KEY=FUNCTION, not '%.40s'", text);
	}
	take_word(text, (size_t)(sign - text), key_word);
	take_word(sign + 1, strlen(sign + 1), function);
	if (!parse_key(key_word, &bind.key)) {
		return err_set(err, ERR_USAGE, "there is no key '%.40s' (a character, ^X, or a name such "
			"as Tab, space, PgUp)", key_word);
	}
	if (!parse_function(function, &bind.as)) {
		return err_set(err, ERR_USAGE, "no key has a function '%.40s' (--print-config lists them)",
			function);
	}
	place = place_of(binds, bind.key);
	if (place == NULL) {
		return err_set(err, ERR_LIMIT, "%d keys may be bound", KEYMAP_BINDS);
	}
	*place = bind;
	return true;
}

static bool is_bound(const struct keymap_binds *binds, int key)
{
	for (size_t i = 0; binds != NULL && i < binds->count; i++) {
		if (binds->bind[i].key == key) {
			return true;
		}
	}
	return false;
}

int keymap_meant(const struct keymap_binds *binds, int key)
{
	for (size_t i = 0; binds != NULL && i < binds->count; i++) {
		if (binds->bind[i].key == key) {
			return binds->bind[i].as;
		}
	}
	return key;
}

/* The rows from one that has a label up to the next such one say what keys it stands for. */
static size_t group_end(size_t index)
{
	for (index++; index < keymap_count() && keymap_row(index)->label == NULL; index++) {
	}
	return index;
}

static bool is_in_group(size_t index, int key)
{
	for (size_t i = index; i < group_end(index); i++) {
		if (keymap_row(i)->key == key) {
			return true;
		}
	}
	return false;
}

static void add_name(int key, struct strbuf *text)
{
	if (text->len > 0) {
		strbuf_puts(text, ", ");
	}
	keymap_name(key, text);
}

/* Capitals that mean what the small letter does need no mention. */
static bool is_capital_of(size_t index, int key)
{
	return key < 0x7f && isupper(key) && is_in_group(index, tolower(key));
}

void keymap_label(const struct keymap_binds *binds, size_t index, struct strbuf *text)
{
	bool is_whole = true;

	for (size_t i = index; i < group_end(index); i++) {
		is_whole = is_whole && !is_bound(binds, keymap_row(i)->key);
	}
	if (is_whole) {
		strbuf_puts(text, _(keymap_row(index)->label));
	}
	for (size_t i = index; !is_whole && i < group_end(index); i++) {
		int key = keymap_row(i)->key;

		if (!is_bound(binds, key) && !is_capital_of(index, key)) {
			add_name(key, text);
		}
	}
	for (size_t i = 0; binds != NULL && i < binds->count; i++) {
		if (is_in_group(index, binds->bind[i].as)) {
			add_name(binds->bind[i].key, text);
		}
	}
}

void keymap_first(const struct keymap_binds *binds, size_t index, struct strbuf *text)
{
	const struct keymap_row *row = keymap_row(index);

	if (!is_bound(binds, row->key)) {
		strbuf_puts(text, row->key == ' ' ? "sp" : "");
		if (row->key != ' ') {
			keymap_name(row->key, text);
		}
		return;
	}
	for (size_t i = 0; i < binds->count; i++) {
		if (binds->bind[i].as == row->key) {
			keymap_name(binds->bind[i].key, text);
			return;
		}
	}
}

void keymap_first_of(const struct keymap_binds *binds, enum ui_action action, struct strbuf *text)
{
	for (size_t i = 0; i < keymap_count(); i++) {
		if (keymap_row(i)->label != NULL && keymap_row(i)->action == action) {
			keymap_first(binds, i, text);
			return;
		}
	}
}
