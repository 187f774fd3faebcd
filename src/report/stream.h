/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_STREAM_H
#define THRUPATH_REPORT_STREAM_H

#include "base/ns.h"
#include "base/strbuf.h"
#include "snap/snapshot.h"

/*
 * A run as lines of JSON (RFC 8259, one object a line), one an event: it starts, its path is
 * found or changes, so much time has passed, a finding begins or ends, it is over. What they hold
 * is in thrupath-ndjson(5). A function of the snapshots that it is shown, in their order; all
 * append to the buffer.
 */
struct stream;

/* `every`: how long an interval is, by the snapshots' time. */
struct stream *stream_create(ns_t every);
void stream_destroy(struct stream *);    /* accepts NULL */

void stream_look(struct stream *, const struct snapshot *, struct strbuf *out);
void stream_finding(const struct snapshot *, const struct snap_finding *, bool has_begun,
	struct strbuf *out);
/* What is left of the last interval, and the end. */
void stream_end(struct stream *, const struct snapshot *, struct strbuf *out);

#endif
