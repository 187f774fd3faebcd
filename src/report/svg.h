/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_SVG_H
#define THRUPATH_REPORT_SVG_H

#include "base/strbuf.h"
#include "snap/snapshot.h"

/* Drawings of the HTML report, as SVG within it; its style sheet has their colours. Append. */

/* Round trips over time, a drawing a hop: through it, and its own answers; losses are marked. */
void svg_charts(const struct snapshot *, struct strbuf *);
/* The way out beside the way back, on one rung what they share. */
void svg_ladder(const struct snapshot *, const struct snap_way *, struct strbuf *);

#endif
