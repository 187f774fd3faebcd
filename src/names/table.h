/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_TABLE_H
#define THRUPATH_NAMES_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The words and places by which names are read: rows of data/names, built into the program,
 * and rows of the user's, which come first. data/names/README has the layout. Knows nothing
 * of how a name is taken apart. Read-only once loaded.
 */
enum row_class {
	ROW_ANY = 0,
	ROW_CITY = 'c', ROW_AIRPORT = 'a', ROW_CODE = 'k', ROW_ROLE = 'r', ROW_PORT = 'i',
	ROW_PLANT = 'n', ROW_STOP = 's', ROW_EXCHANGE = 'x', ROW_NETWORK = 'p', ROW_ACCESS = 'h',
	ROW_SUFFIX = 'd', ROW_REGION = 'g', ROW_VENDOR = 'v', ROW_FORGET = 'f'
};

enum { ROW_TEXTS = 7 };

struct row {
	const char *key;             /* lower-case; of a city its letters alone */
	const char *text[ROW_TEXTS]; /* what follows the class, as it has it; "" where absent */
	const struct row *next;      /* of the same bucket: table_next() */
	const struct row *next_near; /* the next city of that country and first letter */
	uint32_t hash;
	unsigned people_k;           /* thousands who live there, or near the airport */
	int16_t lat, lon;            /* hundredths of a degree */
	char class;
	char country[3], state[4];
};

struct table;

struct table *table_create(void);    /* with the built-in rows; table_destroy() frees it */
void table_destroy(struct table *);

/* Adds rows, which come before those of the same key that are there. A line that is wrong
 * ends it: rows before it stay. */
NODISCARD bool table_add(struct table *, const char *text, size_t len, struct err *err);

/* The first row of that key and class, or NULL; table_next() has the one after it. */
const struct row *table_find(const struct table *, const char *key, size_t len,
	enum row_class class);
const struct row *table_next(const struct row *, enum row_class class);

/* The city that a code's row means, or NULL where no row has it. */
const struct row *table_city_of(const struct table *, const struct row *code);

/* Cities of a country whose name begins with that letter; walk them by `next_near`. */
const struct row *table_cities(const struct table *, const char *country, char first);

/* Has that country, two capital letters, any city here? */
bool table_has_country(const struct table *, const char *country);

#endif
