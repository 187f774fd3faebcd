/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_DIAG_DIAG_INT_H
#define THRUPATH_DIAG_DIAG_INT_H

#include "base/err.h"
#include "diag/diag.h"
#include "diag/ledger.h"
#include "infer/asym.h"
#include "infer/bucket.h"
#include "infer/facts.h"
#include "infer/lag.h"
#include "infer/loss.h"
#include "infer/pair.h"
#include "infer/pattern.h"

/* Private to this layer: what is remembered from round to round. watch.c fills it, the rules
 * read it and hold findings. */

enum { EPOCH_ROUNDS = 1024, SPIKES = 8,
	BATCHES = 64, BATCH_ROUNDS = 32, JUDGE_ROUNDS = 16 };

/* Since when pairs are counted, to be taken off the total. */
struct pair_base {
	struct pairs pairs;
	ns_t at;
	uint32_t index;          /* how many such beginnings there were before */
};

/* What one round says of a pair. */
struct outcome_pair {
	bool is_deeper_lost, is_shallower_lost;
	bool is_later_lost;      /* the shallower one that was to come home with the deeper one */
	bool is_against_nothing; /* there is no shallower one */
	unsigned others_lost;    /* of the round's other depths */
};

enum { PENDING_PAIRS = 8 };

/* Losses of the end's own replies, until it is known whether they begin an outage of it. */
struct pending_pairs {
	struct outcome_pair pair[PENDING_PAIRS];
	unsigned count;
};

/* Two kinds of probe that are compared round by round: the one that is suspected is "deeper". */
struct pair_watch {
	struct pairs total;
	struct pair_base all;    /* since the last time that all was well again */
	struct pair_base episode;/* since losses of either began to come close together */
	struct pair_base epoch;  /* since the last multiple of EPOCH_ROUNDS */
	double cusum;
	bool is_episode;
	bool has_alarm;
	struct pair_base alarm;  /* which beginning gave it */
	ns_t alarm_at;
	double worst;
	uint64_t batch[BATCHES]; /* losses of the deeper alone in BATCH_ROUNDS each, a ring */
	uint64_t batch_count;    /* complete ones so far */
	double over;             /* ln of how much better the rounds since fit an end of the loss */
	double over_none, over_deeper; /* what a round without loss, and one of the deeper, adds */
	struct pending_pairs pending; /* where the deeper one is an end that replies itself */
};

/* How the outcomes of To probes follow one another, for the pattern of limiters. */
struct to_watch {
	uint32_t asked, missed;
	uint32_t first_run;      /* answers before the first one missing */
	struct gaps answers, losses; /* from the first one missing on */
	bool is_limited;         /* the pattern of a limiter was seen, and nothing has refuted it */
	struct bucket_pattern pattern; /* then */
	double spike_at[SPIKES]; /* s: when its slow answers began, the newest last */
	size_t spike_count;
	double slow_at;          /* the last slow one */
	double worst_ms;
};

/* Added round-trip time of a link, round by round. */
struct link_time {
	struct lag lag;
	unsigned fresh;          /* samples since it was last judged */
	bool is_bracketed;       /* the near end is probed twice */
	bool is_behind;          /* a link before it has trouble now */
	ns_t began_at;
	bool is_shared;          /* what began then all probes had in common */
	ns_t fell_at;            /* 0: it never did; by how much, then: */
	struct lag_shift fall;
};

enum { DELAY_BLOCK = 16, DELAY_BLOCKS = 64, DELAY_ROUNDS = 768 };

/* Rounds in which whatever came home was late: nothing that only some of it crosses did that. */
struct host_watch {
	double usual[2][HOP_MAX]; /* ms, of what passes hops[k], and of its own replies; 0: not known */
	uint32_t usual_round;    /* when they were taken; 0: never */
	float most[DELAY_BLOCKS]; /* that all had in common, of DELAY_BLOCK rounds each, a ring */
	size_t most_count;       /* rounds in all of them */
	float late[DELAY_ROUNDS]; /* ms, by which all were late; 0: they were not; a ring */
	size_t late_count;       /* of all so far */
	double shared_ms;        /* of the round at hand; and the hop, 1-based, nearest of those late */
	uint8_t first_hop;
};

/* By how much worse all walks fit when this loses nothing: chi squared of one degree. */
struct blame {
	double link_asked, out_asked, back_asked; /* of the link that ends here */
	double unwrap_asked, unwrap_loss;         /* of the hop's unwrapping, and what it comes to */
};

enum { SOURCE_SAMPLES = 40 };

/* Answers of one hop to another address of ours against those to the usual one. */
struct source_hop {
	bool is_answering, is_heard; /* to either, to both */
	bool is_other_router;    /* somebody else answers at that place */
	bool has_shift;
	double shift, low, high; /* ms: by how much the other address has to wait longer */
	struct pairs pairs;      /* deeper: only the usual address lost it */
};

struct source_test {
	uint32_t first_round, rounds;
	bool is_settled, is_running, has_difference;
	unsigned hops_heard, hops_compared;
	double most_ms;          /* that times differ by, at the most */
	struct source_hop hop[HOP_MAX];
};

enum { LIMIT_PROBES = 256 };

/* The end's replies against a token bucket, by when its probes left. */
struct limit_watch {
	struct bucket_probes probes[LIMIT_PROBES]; /* of a round each, a ring */
	double begun;            /* s: when the first left; those of the opening do not count */
	size_t count;            /* of all so far */
	size_t fresh;            /* since the last look */
	double looked_at;        /* s: when that was */
	struct bucket_fit fit;   /* then */
	bool is_known, is_open;  /* is_open: it may be one */
	unsigned closed;         /* looks in a row at which it may not be */
	double soon;             /* ln of the odds that replies are missing soon after others */
};

/* Whether the end of the path replies: to ordinary probes, or to walks that end there. */
struct end_watch {
	struct addr address;
	bool has_replied, is_silent;
	bool is_undecided;       /* loss of its replies alone was not said, as it may limit them */
	uint8_t last_hop;        /* that replies while it is silent; 0: none */
	uint32_t missed;         /* rounds in a row without a reply, now */
	uint32_t silent_round;   /* the first of them, and when it left */
	ns_t silent_at, back_at; /* of the round that ended the last outage */
	ns_t missed_at;          /* of the last round without a reply */
	ns_t down;               /* all outages that are over, the forgotten ones, too */
	uint32_t longest;        /* of the rows before */
	uint64_t asked_before, missed_before; /* rounds, but for outages */
	uint32_t heard_round[HOP_MAX]; /* [k]: the last in which hops[k] replied, or was passed */
	ns_t replied_at;         /* of the last round with a reply; 0: none */
	struct diag_outage outage[OUTAGES_MAX]; /* those that are over, in order */
	size_t outage_count;
	uint64_t forgotten;      /* shorter ones */
	struct limit_watch limit;
	uint8_t stand_in;        /* the hop that tells of loss in its place; 0: itself */
};

/* Whether what nested probes lose on a link ordinary ones lose as well. */
enum nested {
	NESTED_AS_ALL,           /* so it seems, or one of several lines is bad */
	NESTED_UNDECIDED,
	NESTED_OPEN,             /* ordinary ones do not: the link's lines or the hop, who can tell */
	NESTED_ALONE
};

struct diag {
	uint32_t next_round;
	uint64_t sent_seen;      /* when it shrinks, the counts were reset */
	struct addr address[HOP_MAX];
	uint8_t near[HOP_MAX];   /* of hops[k]: the measured hop before, 1-based; 0: the prober */
	bool is_measured[HOP_MAX];
	size_t link_count;
	struct pair_watch link[HOP_MAX];   /* [k]: hops[k] against the measured hop before */
	struct pair_watch home[HOP_MAX];   /* [k]: natural walk to hops[k] against the retrace */
	struct pair_watch plain[HOP_MAX];  /* [k]: natural walks to hops[k] and the hop before */
	bool is_home_same;                 /* the way back is known to be the path */
	unsigned diverges_at, rejoins_at;  /* where it is not, since then: */
	ns_t diverges_since;
	struct pair_watch path;            /* the deepest against nothing */
	uint8_t path_hop;                  /* which that is */
	struct pair_watch routed;          /* what ordinary packets lose beyond that */
	uint8_t routed_hop;                /* by whose replies; 0: by nobody's */
	bool is_path_asked;                /* nothing leads through any hop, but bounces through the
	                                    * first: its own answers, then */
	struct end_watch end;
	struct to_watch to[HOP_MAX];
	struct limit_watch *hop_limit[HOP_MAX]; /* owned; NULL: hops[k] has answered nearly all */
	/* [k]: the hop, 0-based, whose replies cross the link to hops[k]; HOP_MAX: none. */
	uint8_t witness[HOP_MAX];
	struct link_time time[HOP_MAX];    /* of the link to hops[k] */
	struct host_watch host;
	uint32_t changes_seen;   /* of the path, when times were last taken anew */
	struct link_verdict verdict[HOP_MAX];
	enum nested nested[HOP_MAX];
	ns_t nested_at[HOP_MAX]; /* when it was NESTED_ALONE the last time; 0: never */
	struct blame blame[HOP_MAX];
	struct ledger ledger;
	struct walks_system system;
	double fit[EDGES_MAX];
	uint32_t judged_round;             /* next_round when the rules ran last */
	ns_t judged_at;
	struct loss_interval through_loss[HOP_MAX], to_loss[HOP_MAX]; /* of all probes so far */
	uint64_t good_rounds, void_before; /* the most that counted so far, and the others by then, */
	uint64_t unsent_before, dropped_before; /* and packets that did not leave, or were dropped */
	ns_t good_at;                      /* when there was one more */
	uint64_t local_lost;               /* packets that this host lost, at local_at the last */
	ns_t local_at;
	uint32_t damaged[HOP_MAX];         /* replies of hops[k] that came so, at damaged_at the last */
	ns_t damaged_at[HOP_MAX];
	ns_t interval;                     /* of the rounds that `to` is about */
	double elapsed;                    /* s: all rounds so far, each as long as its interval */
	struct source_test source;
	const struct path_facts *facts; /* borrowed */
	/* The last one takes what is not grave enough for a place when all are taken. */
	struct finding finding[FINDINGS_MAX + 1];
	bool is_held[FINDINGS_MAX + 1];
	size_t finding_count;
	ns_t now;
	bool is_over;            /* no round will follow */
};

/* counts.c */
/* Whether hops[k], and nobody else, has answered at its place. */
bool watch_is_itself(const struct session *, size_t k);
const struct stats *watch_stats(const struct session *, size_t k, enum walk_kind);

/* watch.c */
void watch_rounds(struct diag *, const struct session *, bool is_over);
bool watch_has_alarm(const struct pair_watch *);
/* Looks at the evidence: raises the alarm at `threshold`, ends it when the loss is over. */
void watch_judge(struct pair_watch *, double threshold, bool is_against_nothing, ns_t now);
/* How much wider than of independent losses an interval of these is, for losses come in bursts:
 * at least 1. */
void watch_add_pair(struct pair_watch *, const struct outcome_pair *, ns_t now);
double watch_inflation(const struct pair_watch *);
/* Loss of the deeper one since it is what it is now, with the interval that holds it in 95 % of
 * cases; as long as it did not change beyond doubt, since the beginning that gave the alarm. */
struct loss_now {
	double loss, low, high;
	double mean;             /* since that beginning */
	double before;           /* the most that was lost before; 0: no more than now */
};

struct loss_now watch_loss_now(const struct pair_watch *);
double watch_worst(const struct pair_watch *, const struct loss_now *); /* so far */
/* Flows in which nearly all is lost of what that kind of probe loses at hops[k] and not yet at the
 * hop `near`, 1-based, before it; near 0: all the way there. 0: it is none, or not so. */
unsigned watch_bad_flows(const struct session *, size_t k, unsigned near, enum walk_kind);
struct pairs watch_since(const struct pair_watch *, const struct pair_base *);

/* end.c */
/* So many rounds without a reply are no chance, by how many it missed before, nor a limit. */
bool end_is_silent(const struct diag *, const struct session *);
/* The last hop that has replied, or brought something home, since the end does not; 0: none. */
size_t end_last_heard(const struct diag *, const struct session *);
void end_take_round(struct diag *, const struct session *, uint32_t round);
/* The hop, 1-based, whose replies tell of the path's loss: the end, or where it does not reply, or
 * limits its replies, the last one that can. */
uint8_t end_telling(struct diag *, const struct session *);
/* Before which hop, 1-based, the loss begins that hops[end] has of its own answers, by those of the
 * hops from hops[first] on: `from` fits best, and all from `low` to `high` fit. */
struct loss_place {
	uint8_t from, low, high;
};
struct loss_place diag_loss_place(const struct diag *, const struct session *, size_t first,
	size_t end);

/* delay.c */
void delay_take_round(struct diag *, const struct session *, uint32_t round);
/* How often lately all were late together, in how many rounds, by how much at the most. */
struct delay_late {
	unsigned times, rounds, of_rounds;
	double most_ms;
};
struct delay_late delay_late(const struct diag *, const struct session *);
/* That is no chance. */
bool delay_is_shared(const struct diag *, const struct session *);
/* The rule for links at that pace of rounds. */
struct lag_rule delay_rule(const struct diag *, const struct session *, unsigned *ret_every);

/* nested.c: of the link to hops[k], by the watch that convicts it */
void nested_judge(struct diag *, const struct session *, size_t k, const struct pair_watch *);
/* Of hops of a path by hand that never decapsulated. */
void nested_rule_never(struct diag *, const struct session *);
void nested_hold(struct diag *, const struct session *, size_t k, const struct pair_watch *);
/* Ordinary packets do not lose as much: they take another one of several lines. */
bool nested_is_other_line(const struct pairs *, double *ret_plain_high);
/* Ordinary packets may well lose as much; without any of them, too. */
bool nested_is_shared(const struct pairs *);
/* Ordinary packets to the end are not lost as the path's nested probes are. */
bool nested_is_path_refuted(const struct diag *, const struct session *);

/* blame.c: of the links that have an alarm, and the hops around them */
void blame_judge(struct diag *, const struct session *);

/* direction.c: of a link that was blamed */
void direction_judge(struct diag *, const struct session *, size_t k);

/* The rules, each in the file of its subject. */
void rules_loss(struct diag *, const struct session *);
void rules_to(struct diag *, const struct session *);
void rules_end(struct diag *, const struct session *);
void limit_take_round(struct limit_watch *, const struct session *, uint32_t round);
/* The losses of the end's own replies are a limit, or may still be one: nothing is said of them but
 * that it is undecided. */
bool limit_holds_back(struct diag *);
/* Replies of the end come rather as a limiter lets them: what is said already ends, too. */
bool limit_is_likely(const struct diag *);
/* Of a hop on the way. */
void limit_take_hop(struct diag *, const struct session *, size_t k, uint32_t round);
void limit_forget(struct diag *, size_t k);
struct limit_seen {
	double rate, evidence;   /* replies a second; ln of how much better than chance it fits */
};
/* Whether the own answers of hops[k], not the end, come as a limiter lets them. */
bool limit_is_seen(const struct diag *, const struct session *, size_t k,
	struct limit_seen *ret_seen);
/* It is seen, or as likely as chance. */
bool limit_may_be(const struct diag *, const struct session *, size_t k);
void limit_judge(struct to_watch *); /* of one on the way, before that is asked */
/* At least two digits. */
const char *limit_rate_text(double rate, char ret_text[32]);
/* Whose default that is; NULL: nobody's. */
const char *limit_of_maker(uint32_t burst, double rate);
/* Of a loss between two hops, the last of them the end: where the replies of those between place
 * it, if they do. */
void diag_say_place(const struct diag *, const struct session *, struct finding *);
void rules_path(struct diag *, const struct session *);
void rules_source(struct diag *, const struct session *);
void rules_mpls(struct diag *, const struct session *);
/* How many more hops the answer of hops[k] comes over than the question went, as TTLs have it. */
int diag_surplus(const struct session *, size_t k);
void rules_home(struct diag *, const struct session *);
void rules_flaws(struct diag *, const struct session *);
void rules_host(struct diag *, const struct session *);
void rules_mtu(struct diag *, const struct session *);
/* Whether that says of a link up to hops[k] that its MTU is that. */
bool mtu_is_said(const struct session *, size_t k, uint32_t mtu);
void rules_nat(struct diag *, const struct session *);
void rules_tos(struct diag *, const struct session *);
void rules_time(struct diag *, const struct session *);
void rules_place(struct diag *, const struct session *);
void rules_border(struct diag *);

/* findings.c: says that this is so now. The finding is new, or the one of the same id and hops. */
struct finding *diag_hold(struct diag *, enum finding_id, const uint8_t *hops, size_t hop_count,
	double confidence);
/* The same of one hop, said behind what a rule before has said of it under that id, if one has. */
struct finding *diag_tell(struct diag *, enum finding_id, uint8_t hop, const char *text);
/* What it said before may be one of the arguments. */
void finding_say(struct finding *, const char *format, ...) PRINTF_LIKE(2, 3);
void finding_fact(struct finding *, const char *name, double value);
/* The loss is on one of the links that end at these hops, 1-based. */
void finding_place(struct finding *, unsigned low, unsigned high);
/* The one of that id that is active, if any, has not been so since then. */
void diag_end_at(struct diag *, enum finding_id, ns_t);
bool diag_is_active(const struct diag *, enum finding_id, uint8_t hop);

#endif
