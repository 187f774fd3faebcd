/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_LAG_H
#define THRUPATH_INFER_LAG_H

#include <stdbool.h>

/*
 * Time that a link adds, round by round, and when it is more than usual. In each round the probe
 * to the link's far end is compared with the one to its near end: what delays both lets either be
 * the later one as often, whatever its law. So signs are counted, as far as they are more than they
 * usually are. It is looked at for ever, at many links: `links` of them have their price.
 */
enum { LAG_BASE = 256, LAG_RECENT = 128, LAG_FIRST = 40 };

enum lag_kind {
	LAG_CALM,
	LAG_QUEUE,               /* it varies more: some are hardly later than usual */
	LAG_STEP                 /* the fastest are later as well */
};

/* How many samples count as what. */
struct lag_rule {
	unsigned window;         /* the fewest that prove anything; at most LAG_RECENT / 2 */
	unsigned keep;           /* one of so many enters the base once that is full */
	unsigned links;
};

struct lag_sample {
	double ms;               /* what the far end takes more than the near one */
	double near_ms;          /* what the near one takes; of a first link, what all probes share */
	bool is_restless;        /* there is trouble before it: not what is usual */
};

/* What the last samples are against the base. */
struct lag_shift {
	double added_ms;         /* their mean more, or less, of all but the farthest in twenty */
	double common_ms;        /* of a first link: how much of that all probes share */
	double fast_ms, slow_ms; /* the first and the last tenth begin there, now, */
	double fast_before_ms, slow_before_ms; /* and before; */
	double before_ms;        /* median */
	double low_ms, high_ms;  /* of how far all have moved, with 99.9 % confidence */
};

struct lag {
	float base[LAG_BASE];    /* usual ones, in a ring */
	unsigned base_count, base_at, kept;
	float recent[LAG_RECENT], near[LAG_RECENT]; /* two rings, in step */
	unsigned count, at, tainted; /* the oldest so many shall not enter the base */
	enum lag_kind kind;
	struct lag_shift shift;  /* when it was last beyond doubt */
};

enum lag_change {
	LAG_SAME,
	LAG_BEGAN,
	LAG_ENDED,
	LAG_FELL                 /* all samples are smaller now; the base is what it has become */
};

/* `interval_s` between rounds: which of them are samples (each `ret_every`-th), and the rule. */
struct lag_rule lag_rule_of(double interval_s, unsigned links, unsigned *ret_every);
void lag_add(struct lag *, const struct lag_rule *, const struct lag_sample *);
/* `is_first`: no link is before it. */
enum lag_change lag_judge(struct lag *, const struct lag_rule *, bool is_first);
/* What is now shall be usual. */
void lag_adopt(struct lag *, unsigned count);

#endif
