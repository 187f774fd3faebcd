/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_WORDS_H
#define THRUPATH_VIEW_WORDS_H

#include "base/strbuf.h"
#include "snap/snapshot.h"

/* Facts as words: screen and report say the same. All append, none ends the line. */

/* Hops in a row that are not measured for one reason, a line each time: "hops 2 to 7: .." */
typedef void words_fn(void *arg, const char *line);
void words_untested_hops(const struct snapshot *, words_fn *, void *arg);

void words_untested(const struct snap_hop *, struct strbuf *);  /* why no walk turns there */
void words_bounced(const struct snapshot *, words_fn *, void *); /* that hop 1 is measured so */
/* Why no bounce tells of hop 1, where they were to; NULL: they were not, or it is too early. */
const char *words_no_bounce(const struct snap_bounce *);
void words_bounce(const struct snap_bounce *, struct strbuf *); /* how they fare; or nothing */
/* Errors and odd answers with their counts; nothing where there were none. */
void words_odd(const struct snap_stats *, struct strbuf *);
/* Who said why, and how far the probe had come; of an error that has a cause. */
void words_error(const struct snap_last_error *, struct strbuf *);
/* Of the interface and the node that a hop reported: blanks first, or nothing. */
typedef void words_hop_fn(const struct snap_hop *, struct strbuf *);
words_hop_fn words_interface, words_node;
void words_label(const struct snap_mpls *, struct strbuf *);
void words_sureness(const struct snap_hop *, struct strbuf *);  /* whether flows show all of it */
void words_flow_count(const struct snap_flow_count *, const char *kind, struct strbuf *);
/* How long the ways are, and which legs are longer than listed: whole lines, or nothing. */
void words_lengths(const struct snapshot *, struct strbuf *);
/* "2026-11-30T08:47:06Z  12.4 s, replies up to hop 8" */
void words_outage(const struct snap_outage *, struct strbuf *);
void words_shorter_outages(const struct snap_end *, struct strbuf *); /* "and 3 shorter ones" */
/* Whether the finding is a link's loss, out or back not known, and the run has no walk that uses
 * the link one way only: more walks may tell. */
bool words_direction_is_open(const struct snapshot *, const struct snap_finding *);
/* "!", "w" or "i", without a blank. */
const char *words_sign(enum snap_severity);
/* The numbers that a finding rests on: "rounds 900, loss 0.056". */
void words_facts(const struct snap_finding *, struct strbuf *);

#endif
