/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "names/builtin.h"

enum { BUCKETS = 1 << 15, BLOCK_ROWS = 4096, COUNTRIES = 26 * 26, KEY_SIZE = 64 };

struct block {               /* rows never move: others point at them */
	struct row rows[BLOCK_ROWS];
	size_t used;
	struct block *next;
};

struct piece {               /* text that rows point into */
	struct piece *next;
	size_t used, size;
	char text[];
};

struct table {
	const struct row *buckets[BUCKETS];
	const struct row *near[COUNTRIES][26];
	struct block *blocks;
	struct piece *pieces;
};

static uint32_t hash_of(const char *key, size_t len)
{
	uint32_t hash = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ (uint8_t)key[i]) * 16777619U;
	}
	return hash ^ hash >> 15;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool country_index(const char *country, size_t *ret_index)
{
	if (!isupper((unsigned char)country[0]) || !isupper((unsigned char)country[1])) {
		return false;
	}
	*ret_index = (size_t)(country[0] - 'A') * 26 + (size_t)(country[1] - 'A');
	return true;
}

static const struct row *first_of(const struct row *row, uint32_t hash, const char *key,
	size_t len, enum row_class class)
{
	for (; row != NULL; row = row->next) {
		if (row->hash == hash && (class == ROW_ANY || row->class == (char)class) &&
		    strncmp(row->key, key, len) == 0 && row->key[len] == '\0') {
			return row;
		}
	}
	return NULL;
}

const struct row *table_find(const struct table *table, const char *key, size_t len,
	enum row_class class)
{
	uint32_t hash = hash_of(key, len);

	return first_of(table->buckets[hash % BUCKETS], hash, key, len, class);
}

const struct row *table_next(const struct row *row, enum row_class class)
{
	return first_of(row->next, row->hash, row->key, strlen(row->key), class);
}

const struct row *table_cities(const struct table *table, const char *country, char first)
{
	size_t index;

	return country_index(country, &index) && is_letter(first) ?
		table->near[index][first - 'a'] : NULL;
}

bool table_has_country(const struct table *table, const char *country)
{
	for (char first = 'a'; first <= 'z'; first++) {
		if (table_cities(table, country, first) != NULL) {
			return true;
		}
	}
	return false;
}

/* A city's key: its letters alone, lower-case. Returns the length; 0 where it has none. */
static size_t fold(const char *name, char *ret_key)
{
	size_t len = 0;

	for (; *name != '\0' && len + 1 < KEY_SIZE; name++) {
		char c = (char)tolower((unsigned char)*name);

		if (is_letter(c)) {
			ret_key[len++] = c;
		}
	}
	ret_key[len] = '\0';
	return len;
}

const struct row *table_city_of(const struct table *table, const struct row *code)
{
	char key[KEY_SIZE];
	size_t len = fold(code->text[2], key);
	const struct row *best = NULL;

	for (const struct row *row = table_find(table, key, len, ROW_CITY); row != NULL;
	     row = table_next(row, ROW_CITY)) {
		if (strcmp(row->country, code->country) == 0 &&
		    (code->state[0] == '\0' || strcmp(row->state, code->state) == 0) &&
		    (best == NULL || row->people_k > best->people_k)) {
			best = row;
		}
	}
	return best;
}

static struct row *new_row(struct table *table)
{
	struct block *block = table->blocks;

	if (block == NULL || block->used == BLOCK_ROWS) {
		block = xcalloc(1, sizeof *block);
		block->next = table->blocks;
		table->blocks = block;
	}
	return &block->rows[block->used++];
}

static char *keep(struct table *table, const char *text, size_t len)
{
	enum { PIECE_SIZE = 1 << 16 };
	struct piece *piece = table->pieces;
	char *copy;

	if (piece == NULL || piece->size - piece->used < len + 1) {
		size_t size = len + 1 > PIECE_SIZE ? len + 1 : PIECE_SIZE;

		piece = xmalloc(sizeof *piece + size);
		*piece = (struct piece){.next = table->pieces, .size = size};
		table->pieces = piece;
	}
	copy = piece->text + piece->used;
	memcpy(copy, text, len);
	copy[len] = '\0';
	piece->used += len + 1;
	return copy;
}

static void link_row(struct table *table, struct row *row, size_t key_len)
{
	size_t country;

	row->hash = hash_of(row->key, key_len);
	row->next = table->buckets[row->hash % BUCKETS];
	table->buckets[row->hash % BUCKETS] = row;
	if (row->class == ROW_CITY && country_index(row->country, &country)) {
		row->next_near = table->near[country][row->key[0] - 'a'];
		table->near[country][row->key[0] - 'a'] = row;
	}
}

static bool parse_int(const char *text, int low, int high, int *ret_value)
{
	int value = 0;
	bool is_negative = text[0] == '-';

	if (text[is_negative] == '\0' || strlen(text) > 7) {
		return false;
	}
	for (const char *c = text + is_negative; *c != '\0'; c++) {
		if (*c < '0' || *c > '9') {
			return false;
		}
		value = value * 10 + (*c - '0');
	}
	value = is_negative ? -value : value;
	*ret_value = value;
	return value >= low && value <= high;
}

/* Country and state stand in text[at] and the next; "" is right for codes that need none. */
static bool set_country(struct row *row, int at)
{
	if (strlen(row->text[at]) != 2 || strlen(row->text[at + 1]) >= sizeof row->state) {
		return false;
	}
	memcpy(row->country, row->text[at], sizeof row->country);
	memcpy(row->state, row->text[at + 1], strlen(row->text[at + 1]));
	return true;
}

/* LAT LON [SIZE] PEOPLE from the field after the state. */
static bool set_place(struct row *row, char **fields, size_t at, size_t people_at)
{
	int lat, lon, people;

	if (!parse_int(fields[at], -9000, 9000, &lat) ||
	    !parse_int(fields[at + 1], -18000, 18000, &lon) ||
	    !parse_int(fields[people_at], 0, 99999, &people)) {
		return false;
	}
	row->lat = (int16_t)lat;
	row->lon = (int16_t)lon;
	row->people_k = (unsigned)people;
	return true;
}

/* Splits a line at its tabs; missing fields are "". Returns how many there are. */
static size_t split(char *line, char **ret_fields, size_t cap)
{
	size_t count = 0;

	while (line != NULL && count < cap) {
		char *tab = strchr(line, '\t');

		ret_fields[count++] = line;
		if (tab != NULL) {
			*tab++ = '\0';
		}
		line = tab;
	}
	return count;
}

static bool add_line(struct table *table, const char *line, size_t len)
{
	static char nothing[] = "";
	enum { FIELDS = 9 };
	char *fields[FIELDS], key[KEY_SIZE];
	size_t count = split(keep(table, line, len), fields, FIELDS), key_len;
	struct row *row;

	for (size_t i = count; i < FIELDS; i++) {
		fields[i] = nothing;
	}
	key_len = fields[0][0] == ROW_CITY ? fold(fields[1], key) : strlen(fields[1]);
	if (strlen(fields[0]) != 1 || strchr("cakrinsxphdgvf", fields[0][0]) == NULL ||
	    key_len == 0 || key_len >= KEY_SIZE) {
		return false;
	}
	row = new_row(table);
	*row = (struct row){.class = fields[0][0], .key = fields[1]};
	memcpy(row->text, fields + 1, sizeof row->text);
	switch (row->class) {
	case ROW_CITY:
		row->key = keep(table, key, key_len);
		if (!set_country(row, 1) || !set_place(row, fields, 4, 6)) {
			return false;
		}
		break;
	case ROW_AIRPORT:
		if (!set_country(row, 2) || !set_place(row, fields, 5, 8)) {
			return false;
		}
		break;
	case ROW_CODE:
		if (!set_country(row, 3)) {
			return false;
		}
		break;
	case ROW_REGION:
		if (!set_country(row, 1)) {
			return false;
		}
		break;
	default:
		break;
	}
	link_row(table, row, key_len);
	return true;
}

bool table_add(struct table *table, const char *text, size_t len, struct err *err)
{
	const char *end = text + len;
	unsigned line = 0;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((stop == NULL ? end : stop) - text);

		line++;
		if (size > 0 && text[0] != '#' && (memchr(text, '\0', size) != NULL ||
		    !add_line(table, text, size))) {
			return err_set(err, ERR_SYNTAX, "line %u is malformed: see data/names/README", line);
		}
		text += size + 1;
	}
	return true;
}

struct table *table_create(void)
{
	struct table *table = xcalloc(1, sizeof *table);
	struct err err;

	if (!table_add(table, (const char *)names_builtin, names_builtin_size, &err)) {
		table_destroy(table);
		return NULL;
	}
	return table;
}

void table_destroy(struct table *table)
{
	if (table == NULL) {
		return;
	}
	while (table->blocks != NULL) {
		struct block *next = table->blocks->next;

		free(table->blocks);
		table->blocks = next;
	}
	while (table->pieces != NULL) {
		struct piece *next = table->pieces->next;

		free(table->pieces);
		table->pieces = next;
	}
	free(table);
}
