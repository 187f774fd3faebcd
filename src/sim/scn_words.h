/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_SCN_WORDS_H
#define THRUPATH_SIM_SCN_WORDS_H

#include "base/err.h"
#include "base/ns.h"

/*
 * The words of one line of a scenario, and readers of the kinds of value it can hold. Every
 * error begins with "file:line: " and says what would be right. Knows no keyword.
 */
struct limiter;

enum { SCN_WORDS_MAX = 96, SCN_LINE_MAX = 1024 };

struct scn_words {
	const char *file;            /* borrowed; for messages */
	unsigned line;
	char text[SCN_LINE_MAX];
	const char *word[SCN_WORDS_MAX];
	size_t count, next;
	const struct limiter *limiter; /* borrowed: those that lines before have named */
	size_t limiter_count;
};

/* Splits a line of len bytes; what follows '#' is no part of it. */
bool scn_words_split(struct scn_words *, const char *line, size_t len, struct err *err);

bool scn_words_error(const struct scn_words *, struct err *err, const char *format, ...)
	PRINTF_LIKE(3, 4);

const char *scn_words_peek(const struct scn_words *);  /* NULL at the end */
const char *scn_words_take(struct scn_words *);        /* NULL at the end */
bool scn_words_skip(struct scn_words *, const char *keyword); /* true if it was next */
/* Takes the next word; `what` names it in the error when there is none. */
bool scn_words_need(struct scn_words *, const char *what, const char **ret_word, struct err *err);

bool scn_read_duration(struct scn_words *, const char *what, ns_t *ret, struct err *err);
/* "2%" or "0.02", as 0..1. */
bool scn_read_fraction(struct scn_words *, const char *what, double *ret, struct err *err);
bool scn_parse_fraction(const char *text, double *ret);
bool scn_read_count(struct scn_words *, const char *what, uint32_t low, uint32_t high,
	uint32_t *ret, struct err *err);
bool scn_parse_u64(const char *text, uint64_t *ret);
/* Plain decimal number without sign; ret_end points behind it. */
bool scn_parse_number(const char *text, double *ret, const char **ret_end);
/* Index of the word in a NULL-terminated list. */
bool scn_read_choice(struct scn_words *, const char *what, const char *const *choices,
	int *ret, struct err *err);

#endif
