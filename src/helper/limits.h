/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_LIMITS_H
#define THRUPATH_HELPER_LIMITS_H

#include "base/err.h"

/*
 * What one user may have of all his helpers together. The system's administrator may set it in a
 * file of root's, lines of "name = value"; root himself is not limited by number.
 */
struct limits {
	unsigned helpers;        /* at a time */
	unsigned rate_pps;       /* probes a second */
	unsigned public_rate_pps; /* of those with a leg that ends outside private networks */
	unsigned ring_bytes;     /* of each one's capture */
	bool may_mark;           /* packets, as policy routing and firewalls read it (SO_MARK) */
};

struct limits limits_default(void);

/* Changes what the file sets; none is there: nothing. False where it is not root's alone to write,
 * or says what is no limit. */
NODISCARD bool limits_read(const char *path, struct limits *limits, struct err *err);
/* The same of its text; `name` is for the error. */
NODISCARD bool limits_parse(const char *text, const char *name, struct limits *limits,
	struct err *err);

#endif
