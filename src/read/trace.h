/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_TRACE_H
#define THRUPATH_READ_TRACE_H

#include "read/table.h"

/*
 * Rows of traceroute in all its dresses: a number, then hosts and times in any order. Unix puts a
 * host before its times, Windows behind them; a star belongs to nobody.
 */
struct trace_line {
	struct read_row row;
	const char *rest;        /* where another row begins in the same line; else its end */
	unsigned ignored;        /* words that were nothing */
	unsigned stars, times, bare; /* answers: none, with a unit, and without */
	bool is_cut, is_finished;
	bool begins_well;        /* its first word was a host, a time or a star */
};

/* Whether `line` is a row, or, if `is_more`, a line that goes on with the one before, `before`;
 * NULL: there is none yet. */
bool trace_read(const char *line, size_t number, const struct read_row *before, bool is_more,
	struct trace_line *ret_line);

/* The number that a row begins with, and what is behind it; NULL: none. "7", "7.", "7:", "7 -". */
const char *trace_number(const char *line, unsigned *ret_hop);

#endif
