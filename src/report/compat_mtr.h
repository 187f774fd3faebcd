/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_COMPAT_MTR_H
#define THRUPATH_REPORT_COMPAT_MTR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "snap/snapshot.h"

/*
 * mtr 0.95's fields: letters, titles and formats, as Debian 12's mtr prints them. Its
 * numbers are those of the hop's own answers, or of Through probes where none were asked for.
 */
#define COMPAT_FIELDS "LS NABWV"

struct compat_field {
	char letter;
	const char *title;      /* of the text report, of JSON and of CSV */
	const char *element;    /* of XML */
	unsigned width;         /* columns, the blank before it included */
	bool is_count;
	bool is_percent;
};

const struct compat_field *compat_field(char letter);     /* NULL: no such field */
const struct snap_stats *compat_stats(const struct snap_hop *);
/* The field's value; 0 where mtr prints 0 for what it does not know. */
double compat_value(const struct compat_field *, const struct snap_stats *);

/* As mtr prints it, the blank before it included; appended. */
void compat_print(const struct compat_field *, const struct snap_stats *, struct strbuf *);

/* "name", "name (address)", "address" or "???"; appended. */
void compat_host(const struct snap_hop *, bool shows_both, struct strbuf *);
/* The same of one of its addresses; false, and nothing, where that is the one it is listed by. */
bool compat_other_host(const struct snap_hop *, size_t index, bool shows_both, struct strbuf *);
/* "AS64500", "10.0.4.0/24", or "AS???" and "???" while it is not known; appended. */
void compat_network(const struct snap_hop *, enum snap_network, struct strbuf *);
/* The same of one of its addresses. */
void compat_other_network(const struct snap_hop *, size_t index, enum snap_network,
	struct strbuf *);
/* The columns it has in mtr's report, the blank behind it included. */
size_t compat_network_width(enum snap_network);
/* The rounds that were asked for, else those there were. */
uint64_t compat_tests(const struct snapshot *);
/* Index of the first hop that mtr would list: that of -f. */
size_t compat_first(const struct snapshot *);
/* What was asked for on the command line: the name, else the address. */
const char *compat_destination(const struct snapshot *);

#endif
