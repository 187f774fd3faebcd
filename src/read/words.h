/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_WORDS_H
#define THRUPATH_READ_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "pkt/addr.h"

/*
 * A line as words between blanks, each a piece of it. No language is known here.
 */
struct word {
	const char *at;          /* borrowed from the line */
	size_t len;
};

/* The next word from *at on, or one of length 0; *at goes behind it. */
struct word word_next(const char **at);
bool word_is(struct word, const char *text);       /* ASCII case does not matter */
bool word_has(struct word, char c);
/* Digits alone. */
bool word_count(struct word, unsigned *ret_number);
/* A number as people write it: "12", "1,569.5", "1105.", and what stands behind it; NULL: none. */
const char *number_read(const char *at, const char *end, double *ret_number);
/* An address, or "(address)", "[address]", "address:80", "(address)," and the like. */
bool word_address(struct word, struct addr *ret_address);
/* Some address with letters of it masked: "192.168.x.x", "***.***.**.*". */
bool word_is_masked(struct word);
/* Something like a host name: letters, digits and dots within. */
bool word_is_name(struct word);
/* Without brackets and commas around it. */
struct word word_bare(struct word);
/* Milliseconds in the languages of the tracert of many countries. */
bool word_is_unit(struct word);
/* How much of it is a unit that something else may be glued to; 0: nothing. */
size_t unit_prefix(const char *at, const char *end);

#endif
