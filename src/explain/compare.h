/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_EXPLAIN_COMPARE_H
#define THRUPATH_EXPLAIN_COMPARE_H

#include "read/table.h"

/*
 * What several reports say together that none of them says alone: the same target by two paths,
 * two targets behind the same first hops, and the two directions of one path.
 */
enum { COMPARED_MAX = 12, COMPARED_REPORTS = 16 /* more are not compared */ };

struct compared {
	const char *id;          /* of a finding, static; NULL: it is none */
	unsigned kind;           /* enum explain_kind; of no meaning outside of this layer */
	size_t report[2];        /* of those given, from 0 */
	unsigned low_hop, high_hop; /* of report[0]; 0: the whole path */
	char text[512];          /* translated; calls the reports by their numbers from 1 */
};

struct comparison {
	struct compared item[COMPARED_MAX];
	size_t count;
};

struct table;

/* Each report with each behind it. `names`: by which names are read. */
void explain_compare(const struct read_report *const *reports, size_t count,
	const struct table *names, struct comparison *ret);

#endif
