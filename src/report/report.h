/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_REPORT_H
#define THRUPATH_REPORT_REPORT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "snap/snapshot.h"

/*
 * A finished run as text for a person or as one JSON object for a program. Both start with
 * mtr 0.95's own shape, so that eyes and scripts carry over. They append to the buffer;
 * app/ writes it out. LC_NUMERIC must be "C".
 */
struct report_options {
	bool is_wide;           /* -w: names are never cut */
	bool shows_both;        /* -b: name and address */
	bool shows_as;          /* -z: the network before the name */
	enum snap_network network; /* -y: what of it */
	const char *fields;     /* -o: mtr's letters; NULL for its default. Checked by the caller */
};

void report_text(const struct snapshot *, const struct report_options *, struct strbuf *);
void report_json(const struct snapshot *, const struct report_options *, struct strbuf *);

/* Metrics for Prometheus, in its text exposition format 0.0.4. */
void report_metrics(const struct snapshot *, struct strbuf *);

/* Whether every letter names one of mtr's fields (a blank is one) and none is missing. */
bool report_fields_known(const char *letters);

#endif
