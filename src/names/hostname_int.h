/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_HOSTNAME_INT_H
#define THRUPATH_NAMES_HOSTNAME_INT_H

#include <stdbool.h>

#include "names/habit.h"
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
	const struct habit *habit;     /* of the operator; NULL: not known */
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

/* label.c: what all that read a name ask of its fields. */

/* Where in the name these bytes of it stand. */
struct mark mark_of(const struct name *, const char *text, size_t len);
bool run_is(const struct field *, size_t run, const char *text);
bool field_is_digits(const struct field *);
bool field_is_word(const struct field *);             /* letters only */
const struct row *field_find(const struct name *, const struct field *, enum row_class);
const struct row *run_find(const struct name *, const struct field *, size_t run,
	enum row_class);

/* The role a field's word says, as the table has it, or NULL. */
const struct row *role_of(const struct name *, const struct field *);
bool is_label_end(const struct name *, size_t field);

/* hostname.c: hostname_read(), with what is known of where the operator puts its places. */
void name_read(const struct table *, const char *name, const struct habit *,
	struct hints *ret_hints);

/* port.c: finds the interface; fills hints->port, marks its fields. */
void name_find_port(struct name *, struct hints *);

/* party.c: whose port it is, and what they are to the operator. Marks their fields. */
void name_find_party(struct name *, struct hints *);
bool name_is_exchange(const struct name *);   /* its operator is one */

/* abbrev.c: the city of a country, and of a state if that is not "", which the token
 * abbreviates best: quality 3 its beginning, 2 its consonants in order, 1 some letters. */
const struct row *best_abbreviated(const struct table *, const char *token, size_t len,
	const char *country, const char *state, int *ret_quality);
int abbreviation_percent(const struct row *, int quality, size_t len);

/* evidence.c: a country or state that the name gives. */
struct evidence {
	size_t field;
	bool is_prefix;       /* us-sjo: of the next field alone, and never against it */
	char country[3], state[4];
};

enum { EVIDENCE_MAX = 8 };

struct evidences {
	struct evidence at[EVIDENCE_MAX];
	size_t count;
};

void evidence_find(const struct name *, struct evidences *);

/* How they speak of a place that `field` names: 2 its state, 1 its country, 0 nothing, -1
 * against. */
int evidence_agrees(const struct evidences *, const char *country, const char *state,
	size_t field);
void upper_country(const char *two, char *ret_country);

/* where.c: fills hints->places, marks the fields that carry the place. */
void name_find_places(struct name *, struct hints *);

/* Does the field begin with a word that is a place by itself? */
bool field_is_place(const struct name *, const struct field *);

#endif
