/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_CLI_CONDITION_H
#define THRUPATH_CLI_CONDITION_H

#include "base/err.h"
#include "base/strbuf.h"
#include "snap/snapshot.h"

/*
 * What a script or a monitor wants to be told by the exit status, of --fail-if:
 *
 *     CONDITION[,CONDITION...]        one that is met is enough
 *     WHAT OP NUMBER[UNIT][@WHERE]    loss>1%@any  p95>=80ms@end  link-loss-low>0.1%@3
 *     finding[=ID][@WHERE]            an active finding, of that id
 *     warning[@WHERE], alarm[@WHERE]  an active finding at least as grave
 *
 * WHERE is `any` (and so it is unless told), `end`, the number of a hop or of a link, or an
 * address or name of a hop. A hop is judged by Through; the end, where it has none, by To.
 */
enum { CONDITIONS_MAX = 16, CONDITION_WORD = 96 };

struct condition {
	unsigned what;                /* row of the table of condition.c */
	bool is_above, is_equal_met;  /* > and >=, else < and <= */
	double value;                 /* fraction, or ms */
	char id[CONDITION_WORD];      /* of a finding; "": any */
	char where[CONDITION_WORD];   /* an address or a name; "": */
	unsigned hop;                 /* 0: not by number */
	bool is_end;                  /* else, where all three are unset, anywhere */
};

struct conditions {
	struct condition list[CONDITIONS_MAX];
	size_t count;
};

/* Adds those of the text. On failure what was there may have grown. */
NODISCARD bool conditions_parse(struct conditions *, const char *text, struct err *err);

/* Whether one is met; says of the first that is, what was found. */
bool conditions_met(const struct conditions *, const struct snapshot *, struct strbuf *ret_why);
/* Whether one is about a hop that the path does not have, and so cannot be met; says which. */
bool conditions_are_amiss(const struct conditions *, const struct snapshot *,
	struct strbuf *ret_hop);

#endif
