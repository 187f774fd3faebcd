/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_HOSTNAME_INT_H
#define THRUPATH_NAMES_HOSTNAME_INT_H

#include <stdbool.h>

#include "names/hints.h"
#include "names/table.h"

/*
 * A host name in pieces: labels between dots, fields within a label. Each field says what it
 * was found to be, so that nothing is read twice: the interface goes first, then addresses,
 * then who it is for, and only what is left is searched for a place.
 */
enum { NAME_MAX_LEN = 255, FIELDS_MAX = 48, RUNS_MAX = 8 };

enum field_use { USE_NONE, USE_PORT, USE_ADDRESS, USE_PARTY, USE_ROLE, USE_PLANT, USE_PLACE,
	USE_NUMBER /* of a circuit or a building */ };

/* Letters or digits without a break. */
struct run {
	uint8_t start, len;
	bool is_digits;
};

struct field {
	const char *text;     /* not terminated */
	uint8_t len, label;   /* labels from the left, 0 first */
	uint8_t run_count;
	bool is_aside;        /* beside a party, not of the router */
	bool has_place;       /* the place is glued to a role */
	bool follows_gap;     /* an empty field stands before it, as in a--b */
	enum field_use use;
	struct run runs[RUNS_MAX]; /* those beyond are left out */
};

struct name {
	const struct table *table;
	struct field fields[FIELDS_MAX];
	size_t field_count, label_count;
	char text[NAME_MAX_LEN + 1];   /* lower-case, other bytes as they were */
	const char *operator;          /* into text; "" where there is none */
	char country[3];               /* of the top-level domain; "" for the generic ones */
	bool has_address, has_access;  /* an IP address; a word of access lines */
	bool is_line;                  /* an access line or a machine, no router */
	bool has_customer, has_number; /* a word for customers; the router has a number */
	size_t port_first, port_end;   /* fields; equal where there is no interface */
	size_t router_first, router_end;
};

bool run_is(const struct field *, size_t run, const char *text);
bool field_is_digits(const struct field *);
bool field_is_word(const struct field *);             /* letters only */
const struct row *field_find(const struct name *, const struct field *, enum row_class);
const struct row *run_find(const struct name *, const struct field *, size_t run,
	enum row_class);

/* port.c: finds the interface; fills hints->port, marks its fields. */
void name_find_port(struct name *, struct hints *);

/* abbrev.c: the city of a country, and of a state if that is not "", which the token
 * abbreviates best: quality 3 its beginning, 2 its consonants in order, 1 some letters. */
const struct row *best_abbreviated(const struct table *, const char *token, size_t len,
	const char *country, const char *state, int *ret_quality);
int abbreviation_percent(const struct row *, int quality, size_t len);

/* where.c: fills hints->places, marks the fields that carry the place. */
void name_find_places(struct name *, struct hints *);

/* Does the field begin with a word that is a place by itself? */
bool field_is_place(const struct name *, const struct field *);

#endif
