/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_THRUPATH_H
#define THRUPATH_RUN_THRUPATH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default) /* nothing else is seen of the library */
#endif

/*
 * libthrupath: one run of thrupath from a program of yours. It prints nothing and ends nothing.
 *
 *     struct thrupath *t = thrupath_create();
 *     if (thrupath_simulate(t, "network.scn", 0) && thrupath_begin(t) && thrupath_run(t, 0)) {
 *             thrupath_look(t, &summary, sizeof summary);
 *             ... thrupath_link(t, 1, &link, sizeof link) ...
 *     }
 *     thrupath_destroy(t);
 *
 * Order: say where to (aim, simulate or replay) and how (set, record), then begin, then run and
 * look as often as you like. What may fail returns 1, or 0 with a sentence in thrupath_error().
 * Numbers are in host order, shares are 0..1, times of packets are ms, THRUPATH_UNKNOWN where not
 * known, dates are seconds since 1970. Text is UTF-8 without control characters. Structures are
 * filled up to the size that the caller says, so that they may grow. A handle is for one thread at
 * a time.
 */
#define THRUPATH_UNKNOWN (-1.0)

struct thrupath;

/* What is asked for; thrupath_settings_default() gives what the program does unasked. */
struct thrupath_settings {
	uint64_t rounds;             /* 0: no end */
	double interval_s;           /* 0: 1 s, or 0.2 s where every hop is private */
	double timeout_s;            /* 0: as long as the round trips ask for */
	uint32_t size_bytes;         /* of probes with their IP headers; 0: the least that serves */
	uint32_t first_ttl, max_ttl, tos, max_rate_pps, flows;
	uint32_t protocol;           /* of probes to the hops: THRUPATH_ECHO, _UDP or _TCP */
	uint32_t port;               /* of UDP and TCP; 0: the usual one */
	uint32_t has_all_walks;      /* nested probes by all ways, so that out and back can be told */
	uint32_t is_public;          /* nested probes may go to public addresses */
	uint32_t no_to, no_through;  /* no probes to the hops; none through them */
	uint32_t follow;             /* a route change */
};

enum { THRUPATH_ECHO, THRUPATH_UDP, THRUPATH_TCP };

/* Packets of one kind of probe to one hop. */
struct thrupath_count {
	uint32_t is_on;              /* they are sent */
	uint32_t reserved;
	uint64_t sent, resolved, received;
	double loss, low, high;      /* low and high: an interval of 95 % that holds however often
	                              * one looks */
	double best_ms, average_ms, worst_ms, p50_ms, p95_ms, p99_ms, jitter_ms;
};

struct thrupath_hop {
	uint32_t hop;                /* from 1 */
	uint32_t is_end;
	char address[48];            /* "": it is silent */
	char name[256];              /* "": not known */
	struct thrupath_count through, to; /* through it and home again; to it and its reply */
};

/* From the hop before, or this host, to a hop. */
struct thrupath_link {
	uint32_t link;               /* ends at this hop */
	uint32_t is_suspect;         /* an active finding names it */
	double loss, low, high;
	double added_ms;             /* of the round trip, by this link, both ways */
	double out_low, out_high;    /* loss of the way out; 0 and 1 where it is not known */
	double back_low, back_high;  /* and of the way back */
};

enum { THRUPATH_INFO, THRUPATH_WARNING, THRUPATH_ALARM };

struct thrupath_finding {
	char id[32];                 /* as the manual lists them */
	uint32_t severity, is_active;
	uint32_t low_hop, high_hop;  /* what it is about; 0: the whole path */
	uint32_t episodes, reserved;
	double first, last;          /* dates */
	double held_s;               /* all episodes */
	char text[1024];             /* a sentence */
};

struct thrupath_summary {
	uint32_t is_over;            /* nothing more will be sent or awaited */
	uint32_t has_end;            /* the destination answered */
	uint64_t rounds;
	double start, now;           /* dates */
	double interval_s;
	uint32_t hops, links, findings; /* how many there are */
	uint32_t reserved;
	char source[48], destination[48];
};

const char *thrupath_version(void);

struct thrupath *thrupath_create(void);
void thrupath_destroy(struct thrupath *);    /* accepts NULL */
/* Why the last call failed; borrowed until the next. */
const char *thrupath_error(const struct thrupath *);

void thrupath_settings_default(struct thrupath_settings *, size_t size);
int thrupath_set(struct thrupath *, const struct thrupath_settings *, size_t size);

/* Discovers the path to an address or a name, which is looked up now. */
int thrupath_aim(struct thrupath *, const char *destination);
/* Probes exactly these hops, in this order; the last is the destination. */
int thrupath_aim_path(struct thrupath *, const char *const *addresses, size_t count);
/* Probes a scenario in virtual time, without any privilege; seed 0: the scenario's own. Where to
 * is what its `run` line says, unless it was said otherwise. */
int thrupath_simulate(struct thrupath *, const char *file, uint64_t seed);
/* Tells a recording again, at once. */
int thrupath_replay(struct thrupath *, const char *file);
/* Writes one; it is whole once the rounds are done, or after thrupath_destroy(). */
int thrupath_record(struct thrupath *, const char *file);

/* Opens what is needed. Privileges that this process has are kept. */
int thrupath_begin(struct thrupath *);
/* For so many seconds, of virtual time if it is simulated; with 0, until the rounds are done. */
int thrupath_run(struct thrupath *, double seconds);
int thrupath_pause(struct thrupath *, int is_paused);
int thrupath_reset(struct thrupath *);       /* counts from here */

/* Takes a picture: what the calls below tell of. */
int thrupath_look(struct thrupath *, struct thrupath_summary *, size_t size);
int thrupath_hop(struct thrupath *, uint32_t hop, struct thrupath_hop *, size_t size);
/* 0 also where the link is not measured. */
int thrupath_link(struct thrupath *, uint32_t link, struct thrupath_link *, size_t size);
/* From 0 on; the gravest first, those that are over last. */
int thrupath_finding(struct thrupath *, uint32_t index, struct thrupath_finding *, size_t size);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
