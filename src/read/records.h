/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_RECORDS_H
#define THRUPATH_READ_RECORDS_H

#include "read/table.h"

/*
 * Programs that write a line for each event or each reply, many for a row: mtr --raw, scamper's
 * sc_wartsdump, nexttrace --raw, hping3 --traceroute, paris-traceroute, mtr --split.
 */
enum records {
	RECORDS_NONE,
	RECORDS_BEGIN,           /* the line is the first of such a report */
	RECORDS_MORE             /* it is one, if such a report has begun */
};

/* What the line is to be, and the program that writes so, with a name for how. */
enum records records_know(const char *line, const char **ret_tool, const char **ret_format);
/* Adds what the line says to the report of that tool; false: nothing of it. */
bool records_read(const char *line, size_t number, struct read_report *);
/* When there are no more lines: what is known only then. */
void records_end(struct read_report *);

#endif
