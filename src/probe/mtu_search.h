/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_MTU_SEARCH_H
#define THRUPATH_PROBE_MTU_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The largest packet that gets through, by packets that come home or do not. One that does proves
 * its size; one that does not may be lost, so the size above the largest that came home has to stay
 * silent as often as the caller wants. What was lost in between is found out by that: a silent size
 * is forgotten as soon as a larger one comes home. Knows no packets and no time.
 */
enum { MTU_SILENT_MAX = 16, MTU_CERTAIN = 255 };

struct mtu_silent {
	uint16_t size;
	uint8_t times;           /* MTU_CERTAIN: somebody said that it does not fit */
};

struct mtu_search {
	uint16_t passed;         /* the largest that came home; 0: none did yet */
	uint16_t least, most;    /* that may be sent */
	uint16_t floor;          /* which is expected to pass, though it was not tried; 0: none */
	uint16_t hint;           /* the answer, as somebody said; 0: nobody did */
	struct mtu_silent silent[MTU_SILENT_MAX]; /* ascending */
	unsigned silent_count;
	unsigned refuted;        /* silences that turned out to be loss */
};

/* What is to be sent next. */
struct mtu_wanted {
	unsigned times;          /* silences that prove a size too large, at least 1 */
	unsigned first;          /* of the largest size, before others are tried */
	int steps;               /* probes that are left to find it in, if that can be done */
};

struct mtu_search mtu_search_of(uint16_t least, uint16_t most);
void mtu_search_pass(struct mtu_search *, uint16_t size);
void mtu_search_fail(struct mtu_search *, uint16_t size, bool is_certain);
/* The last `times` silences of that size say nothing: nothing came home then. */
void mtu_search_unsay(struct mtu_search *, uint16_t size, unsigned times);
/* The size to send next; 0: `passed` is the answer, or nothing passes. */
uint16_t mtu_search_next(const struct mtu_search *, const struct mtu_wanted *);
/* How often the least size that does not pass was silent; 0: all sizes pass. */
unsigned mtu_search_silences(const struct mtu_search *);

#endif
