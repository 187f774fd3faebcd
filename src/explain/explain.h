/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_EXPLAIN_EXPLAIN_H
#define THRUPATH_EXPLAIN_EXPLAIN_H

#include "explain/compare.h"
#include "read/table.h"
#include "snap/snapshot.h"

/*
 * What a report of another program means. All that it does not show is unknown: the answer says so,
 * and no hop is accused that the rows behind it acquit.
 */
struct table;

enum explain_persists {
	PERSISTS_UNKNOWN,        /* nothing from the end is in it */
	PERSISTS_NO,
	PERSISTS_YES
};

enum { EXPLAIN_FINDINGS = 96, EXPLAIN_LINES = 6, EXPLAIN_FACTS = 4 };

struct explained {
	const char *id;          /* "path-loss"; static */
	unsigned rank;           /* the lesser comes first */
	unsigned low_hop, high_hop; /* 0: the whole path */
	enum snap_severity severity;
	double confidence;       /* 0..1 */
	char text[768];          /* translated */
	const char *sentence;    /* without names and numbers: the same pointer if the same */
	struct {
		const char *name;    /* static; NULL: no more */
		double value;
	} fact[EXPLAIN_FACTS];
	size_t report;           /* of the text, from 0 */
	bool is_compared;        /* it stands among `compared` as well */
};

struct explanation {
	struct explained finding[EXPLAIN_FINDINGS]; /* the headline first; not sorted otherwise */
	size_t count;            /* 0: there is no report in the text */
	size_t report;           /* which the headline is about */
	enum explain_persists persists;
	unsigned first_bad_hop;  /* 0: none */
	const char *cannot_tell[EXPLAIN_LINES]; /* translated static text */
	size_t cannot_count;
	char next[EXPLAIN_LINES][160]; /* commands */
	size_t next_count;
	struct comparison compared; /* of the text's reports with one another */
};

/* `names`: by which names are read. */
void explain(const struct read_text *, const struct table *names, struct explanation *ret);

#endif
