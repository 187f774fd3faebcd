/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_ENGINE_INT_H
#define THRUPATH_PROBE_ENGINE_INT_H

#include "base/heap.h"
#include "base/rng.h"
#include "probe/activity.h"
#include "probe/engine.h"
#include "probe/mtu_search.h"
#include "probe/outstanding.h"
#include "probe/pace.h"

/* Private to this layer. core.c is below all others, engine.c above them: it alone moves from
 * one activity to the next. observe.c stands beside it, in its stead. */

enum { ITEMS_MAX = (WALK_STATS_COUNT + 2) * HOP_MAX + VIA_WALKS * VIA_MAX + 1,
	WAVES_MAX = 3, PROBE_SIZE_MIN = 64 };

/* One place of a round: which kind of probe to which hop. */
struct item {
	uint8_t kind, depth;
	uint8_t trial;           /* of that variant of the walk, from 1; counted nowhere */
	uint8_t carrier;         /* enum carrier that the scan asks about */
	uint32_t round;          /* that it belongs to; 0: the one under way */
	uint16_t size_bytes;     /* 0: as all that are counted */
};

struct discovery {
	bool is_done;            /* the path is known: the engine goes on from there */
	unsigned waves;          /* begun */
	uint8_t next_ttl;        /* of the wave under way; beyond max_ttl: all sent */
	bool has_answered[HOP_MAX + 1];
	uint8_t end_ttl;         /* where the way ends; 0: not known */
	bool is_end_proven;      /* by the destination; else somebody said that there is no way on */
	ns_t first_sent_at, wave_at;
	ns_t settle_at;          /* when the silent hops below end_ttl are given up */
};

/* Probes by index, in waves: each asks again what is still wanted. */
struct sweep {
	uint16_t next, count;    /* of the wave under way */
	uint8_t waves, wave_limit; /* begun; 0: no sweep is under way */
	ns_t pause;              /* from wave to wave, at the least */
	ns_t wave_at;            /* its last probe left */
};

/* What a hop is asked: by each carrier with its own source, and with ours. */
enum { SCAN_ASKED = 2 * CARRIER_COUNT };

struct scan {
	bool has_begun;
	bool is_wanted;          /* a hop was found that has not been asked */
	bool is_second;          /* silent hops are asked anew */
	ns_t again_at;           /* when they shall be; 0: never */
	struct sweep sweep;      /* of scan_index() */
	bool is_known[SCAN_ASKED * HOP_MAX];
};

struct reverse_trace {
	struct sweep sweep;
	struct reverse_path *path; /* of the trace under way or the last one */
	uint32_t first_seq;      /* of it: older answers are about another hop's way */
	uint64_t expired, returned; /* of it: bit t - 1 of TTL t */
	bool has_changed;        /* another router answered than did before */
	ns_t next_at;            /* 0: never */
};

enum { LENGTH_KINDS = 4 };   /* WALK_LENGTH_OUT and those after it */

struct lengths {
	struct sweep sweep;
	ns_t next_at;            /* 0: never */
	uint8_t first[WAY_COUNT], last[WAY_COUNT]; /* TTLs to ask */
	uint8_t least[WAY_COUNT]; /* that came home; 0: none yet */
	bool has_returned[LENGTH_KINDS][HOP_MAX + 1];
	bool is_confirming;      /* the sweep before found something else than was known */
};

struct rediscovery {
	struct sweep sweep;
	ns_t next_at;            /* 0: never */
	uint8_t end_ttl;         /* of this trace; 0: the end has not answered */
	bool is_end_expiring;    /* but all that lies at its address and beyond lets TTLs expire */
	struct addr at_ttl[HOP_MAX + 1]; /* [t]; the hop's own address before any other */
	bool is_confirming;      /* the trace before found what follows */
	uint8_t suspect_ttl, suspect_end;
	struct addr suspect;
	ns_t suspected_at;
	ns_t begun_at;
	unsigned returns;        /* replies in a row of the hop that had changed, by its own address */
};

/* Walks by which flows differ. */
struct variant {
	struct walk *walk[WALK_TO + 1]; /* [kind][k]; NULL, or leg_count 0: none */
	bool comes_home[WALK_TO + 1][HOP_MAX]; /* a trial did: it may be used */
	uint8_t lost[WALK_TO + 1][HOP_MAX];    /* in a row */
};

enum variant_kind {
	VARIANT_SELF,            /* all legs from ourselves */
	VARIANT_ALSO,            /* all legs from our other address */
	VARIANT_BESIDE,          /* To probes to the address beside the destination */
	VARIANT_COUNT
};

struct spread {
	struct variant variant[VARIANT_COUNT];
	struct sweep sweep;      /* of trials: (variant * (WALK_TO + 1) + kind) * HOP_MAX + k */
	uint32_t first_seq;      /* older ones were of another walk */
	ns_t next_at;            /* 0: never */
};

/* Whether replies find the new place of this host: see move.c. */
struct trial {
	bool is_on, is_tracing;
	ns_t began_at, ends_at;
	uint32_t first_seq;      /* sent from there */
	struct addr was;         /* before, and by which interface */
	struct host_interface was_by;
};

enum { BRACKETS_DUE = 8 * HOP_MAX };

/* A walk that is to be sent once more. */
struct bracket_due {
	struct heap_node node;   /* first: the heap hands it back */
	uint32_t round;
	uint8_t depth;           /* of the deeper probe that it brackets */
};

struct brackets {
	struct heap heap;
	struct bracket_due *due; /* a ring of BRACKETS_DUE; NULL: none is sent */
	size_t next;
	ns_t plan_at;
};

enum { BOUNCES_HELD = 16 };

/* A bounce that did not come home, and may yet turn out to be dropped by the gateway. */
struct bounce_held {
	uint32_t seq;
	struct stats_probe probe;
};

struct bouncing {
	struct rng rng;          /* of its own: the order of all else does not hang on it */
	struct addr gateway;     /* hop 1, when it was planned */
	uint32_t trials, row;    /* that were sent, and those of them that did not come home */
	uint32_t home_seq;       /* the newest that did */
	bool has_come_home;
	struct bounce_held held[BOUNCES_HELD]; /* held_count of them, in a row; not counted yet */
	size_t held_count;
	ns_t again_at;           /* when one that is dropped is tried once more */
};

struct mtu_legs {
	bool is_self;            /* each comes from ourselves: so errors come to us */
	bool is_nested_out;      /* one to each hop on the way out, not one to the last */
};

/* Of the link MTUs: one probe is out at a time, and what comes in late still counts. */
struct mtu_work {
	uint8_t hop;             /* to which, 1-based; 0: not begun */
	bool is_trying;          /* the deepest hop first: by what source, and from what size on */
	struct mtu_legs legs;
	struct mtu_search search;
	uint32_t seq;            /* of the probe that is out */
	bool is_out, is_settling; /* is_settling: all is known, but the last may yet come home */
	bool is_control;         /* it is of a size that has come home before */
	bool asks_way;           /* it is to tell which way the link before is narrow */
	unsigned way_silences;
	bool is_echoed;          /* the hop's own reply is as long as the probe */
	unsigned tries;          /* of the deepest hop, without a reply */
	uint16_t floor;          /* what passed then; 0: nothing */
	unsigned controls;
	unsigned row;            /* silences since something came home */
	unsigned dead;           /* and of sizes that pass */
	unsigned sent, lost;     /* of sizes that pass, and how many of them did not come home */
	uint16_t size;           /* of that probe */
	uint16_t widest, most;   /* of the links before, out; and of those before the last of them */
	uint16_t bound[HOP_MAX]; /* what has come home from hops[k], at the most */
	ns_t next_at, last_at;
};

/* The last SYN of a flow that went to the end of the path. */
struct syn {
	uint32_t seq;
	uint8_t turn;            /* of its ports */
};

struct engine {
	struct engine_config config;
	struct session *session;
	struct engine_answer answer; /* of engine_last_answer(); hop 0: none */
	struct rng rng;
	struct outstanding out;
	struct pace pace;
	struct discovery discovery;
	struct scan scan;
	struct reverse_trace reverse;
	struct rediscovery rediscovery;
	struct lengths lengths;
	struct sweep vias;
	struct sweep echoes;
	ns_t echoes_at;          /* when they are sent next; 0: never */
	const struct activity *const *activities; /* ends with NULL */
	const struct activity *activity_of[WALK_KIND_COUNT];
	/* Told of all that leaves; NULL: nobody asks. */
	void (*sent)(struct engine *, const struct probe_entry *);
	struct observer *observer; /* NULL: probes are the engine's own */
	struct walk *walk[WALK_KIND_COUNT]; /* [kind][k]: to hop k+1; leg_count 0: none. Of the scan:
	                          * see scan_walk_at() */
	struct spread spread;
	bool has_departed;       /* packets that leave are seen */
	unsigned said_again;     /* answers to SYNs in a row that came late by a second or so */
	uint16_t order[ITEMS_MAX]; /* indices into item, shuffled */
	struct item item[ITEMS_MAX];
	size_t item_count, item_at; /* of the round under way */
	ns_t round_base, next_round_at; /* when the round before was to begin, and the next is */
	ns_t grid_at;            /* when the former would have, if all were as far apart */
	ns_t timeout, timeout_checked_at;
	ns_t max_rtt;            /* of any answer within its deadline */
	ns_t drained_at;         /* when draining ends whatever is out; NS_NEVER: not begun */
	ns_t polled_at, drops_read_at; /* the latter: when the counter of drops was */
	ns_t faster_next, faster_from, faster_last;
	uint16_t size_bytes;
	struct syn syn[WALK_STATS_COUNT][FLOW_MAX];
	struct trial trial;
	struct brackets brackets;
	struct bouncing bouncing;
	struct mtu_work mtu;
	char came_by[INTERFACE_NAME_MAX]; /* "": what comes in now does so where probes leave */
};

/* kinds.c */
bool engine_is_used(const struct engine_config *, enum walk_kind); /* whether it may be sent */
bool engine_is_counted(enum walk_kind);
bool engine_is_to(enum walk_kind);   /* one ordinary packet, counted or not */
bool engine_is_of_hop(enum walk_kind); /* counted in the statistics of the hop at its depth */
bool engine_is_of_via(enum walk_kind); /* its depth numbers the routers of the way back */
/* The hop itself spoke, whatever it said. */
bool engine_is_answer_to(const struct probe_entry *, const struct reply *);
/* An answer as its sender's own program, or kernel, gives it to an ordinary packet, or the probe
 * itself, come home. */
bool engine_is_answer_of_end(const struct probe_entry *, const struct reply *);

/* layout.c */
/* Lays out a walk, if it fits the MTU, and raises the size for it; else no legs. */
void engine_plan_walk(const struct engine *, const struct walk_plan *, struct walk *ret_walk,
	size_t *size);
/* Which walk the entry's flow takes: 0 for the usual one, else a variant, from 1. A trial bears
 * it in its flow's place. */
unsigned spread_variant_of(const struct engine *, const struct probe_entry *);
void spread_choose(const struct engine *, struct probe_entry *); /* it, if it comes home */
const struct walk *spread_walk(const struct engine *, const struct probe_entry *);
/* By which the scan asks hops[k] whether it takes that carrier. */
struct walk *scan_walk_at(const struct engine *, enum walk_kind, size_t k, enum carrier);

/* plan.c */
void engine_make_walks(struct engine *, enum walk_kind); /* a place for each, without legs */
/* Whether hops[k] of a found path answers in the destination's name: legs to it lead to that. */
bool engine_is_named(const struct engine *, size_t k);
void engine_plan_path(struct engine *);            /* walks and size from the hops known */
void engine_plan_to(struct engine *, uint8_t ttl); /* the To walk of that TTL */
/* Whether walks to hops[k] end with its own answer; a change forgets what they came to. */
void engine_set_answering(struct engine *, size_t k, bool is_answering);

/* core.c */
bool engine_emit(struct engine *, ns_t now, const struct item *, struct probe_spec *ret_spec);
void engine_raise_timeout(struct engine *, ns_t rtt);
/* Resolves a waiting probe. `rtt` for PROBE_ANSWERED. */
void engine_resolve(struct engine *, struct probe_entry *, enum probe_state, ns_t rtt);
struct stats *engine_stats_of(struct engine *, const struct probe_entry *); /* NULL: none */

/* Where the entry's flow is counted; NULL: nowhere. */
struct flow_count *engine_flow_of(struct engine *, const struct probe_entry *);

struct stats_probe engine_stats_probe(const struct probe_entry *);

/* spread.c */
void spread_prepare(struct engine *);              /* once the walks that are used are there */
void spread_finish(struct engine *);
void spread_plan(struct engine *, const struct walk_plan *);  /* of engine_plan_path() */
void spread_plan_to(struct engine *, const struct addr *self, uint8_t ttl);
void spread_tried(struct engine *, const struct probe_entry *, const struct reply *);
void spread_counted(struct engine *, const struct probe_entry *, bool is_home);

/* sweep.c */
/* Which probe an index stands for; false: it is not wanted, or not any more. */
typedef bool sweep_item_fn(const struct engine *, size_t index, struct item *ret_item);

void sweep_start(struct sweep *, size_t count, unsigned wave_limit, ns_t pause, ns_t now);
/* True: ret_spec is the next probe. When nothing is wanted or all waves were waited for, the
 * sweep is over: then `waves` is 0. */
bool sweep_poll(struct engine *, struct sweep *, sweep_item_fn *, ns_t now,
	struct probe_spec *ret_spec);
ns_t sweep_next(const struct engine *, const struct sweep *, ns_t now);
/* The same, or when the next sweep begins; 0: never. */
ns_t sweep_next_or(const struct engine *, const struct sweep *, ns_t begins_at, ns_t now);

/* engine.c */
void engine_expire(struct engine *, ns_t now);      /* gives up what is past its deadline */
void engine_adapt_timeout(struct engine *, ns_t now);

/* match.c */
/* The reply seems to belong to that probe; NULL: to none. */
void match_take(struct engine *, struct probe_entry *, const struct reply *, struct stamp);

/* voids.c */
/* Makes void the whole rounds of all probes from `seq` on, up to but not with `end`. */
void engine_void_rounds(struct engine *, uint32_t seq, uint32_t end);
uint32_t engine_oldest_out(struct engine *);       /* the next seq when none is out */

/* discover.c */
void discover_start(struct engine *, ns_t now);
bool discover_poll(struct engine *, ns_t now, struct probe_spec *ret_spec);
ns_t discover_next(const struct engine *, ns_t now);
enum end_kind {
	END_NONE,                /* a hop on the way */
	END_NO_WAY,              /* whoever it was, nothing lies beyond */
	END_PROVEN               /* the destination */
};

/* A To probe was answered. */
void discover_answer(struct engine *, uint8_t ttl, const struct addr *from, enum end_kind,
	ns_t now);
/* Where none answered as the end does, but from some TTL on up to the last, `max_ttl`, all that
 * was said is time exceeded in the destination's name: that TTL. 0: there is no such. [t] is who
 * answered at TTL t. */
uint8_t discover_expiring_end(const struct addr at_ttl[HOP_MAX + 1], uint8_t max_ttl,
	const struct addr *destination);

/* move.c */
void move_poll(struct engine *, ns_t now);
/* A reply to that probe came home; and it is counted by the interface that it came in by. */
void move_heard(struct engine *, const struct probe_entry *, ns_t now);
void move_count_arrival(struct engine *, ns_t now);
bool move_is_tracing(const struct engine *);        /* another path is expected, and taken */
void move_traced(struct engine *, ns_t now);

/* rewrite.c */
/* An answer of the hop itself that quotes the probe: is that what was sent? */
void rewrite_note(struct engine *, const struct probe_entry *, const struct reply *);

/* tos.c */
/* What the reply shows of the TOS byte on its way. */
void tos_note(struct engine *, const struct probe_entry *, const struct reply *);

/* scan.c */
/* Asks those hops that were not asked yet, or not heard; in PHASE_SCANNING rounds wait. */
void scan_start(struct engine *, ns_t now);
void scan_forget(struct engine *, size_t k);        /* hops[k] is another one */

/* cause.c */
bool cause_is_wanted(const struct engine *, size_t k);      /* of hops[k], this round */
/* Keeps an error of a probe with its hop. The quoted length tells how many legs were left. */
void cause_note(struct engine *, const struct probe_entry *, const struct reply *);
/* An unreachable of a hop itself that quotes a leg to it: it does not take protocol 4. */
void cause_learn(struct engine *, const struct reply *);

/* reverse.c */
void reverse_forget(struct engine *, ns_t now);    /* the way home is another one */
uint8_t reverse_turning_hop(const struct engine *); /* the deepest that decapsulates; 0: none */

/* lengths.c */
void lengths_forget(struct engine *, ns_t now);    /* the way home is another one */

/* also.c */
bool also_is_due(struct engine *);                  /* of the round that begins: counts it */
void also_forget(struct engine *);                  /* the path is another one */
void also_answer(struct engine *, struct probe_entry *, const struct reply *, ns_t rtt);

/* bounce.c */
void bounce_plan(struct engine *);                  /* of engine_plan_path() */
bool bounce_is_due(struct engine *);                /* of the round that begins */
/* Whether that one is lost but not counted so; it is forgotten then. */
bool bounce_take_held(struct engine *, uint32_t seq);
bool bounce_take(struct engine *, struct probe_entry *, const struct reply *); /* activity.h */
void bounce_settle(struct engine *);                /* nothing more will come home */
void bounce_reset(struct engine *);                 /* the counts of hop 1 are forgotten */

/* bracket.c */
void brackets_prepare(struct engine *);
void brackets_finish(struct engine *);
void brackets_plan(struct engine *, ns_t now);      /* which links need it, and how much later */
void brackets_forget(struct engine *);              /* those to come: the path is another one */

/* vias.c */
void vias_find(struct engine *, ns_t now);          /* the way back was traced anew */
void vias_plan(struct engine *, struct walk_plan *, size_t *size); /* of engine_plan_path() */

/* rediscover.c */
/* Of a To probe of any kind. */
void rediscover_answer(struct engine *, uint8_t ttl, const struct addr *from, enum end_kind,
	ns_t now);

#endif
