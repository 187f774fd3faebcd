/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_DIAG_DIAG_H
#define THRUPATH_DIAG_DIAG_H

#include "base/ns.h"
#include "model/session.h"

/*
 * What is wrong with the path, and how sure that is. Reads the session after each round, keeps
 * what its tests need to remember, and holds the findings: those that are true now, and those
 * that were. Knows no names, no screen and no engine; allocates nothing after create.
 */
enum finding_id {
	FINDING_LINK_LOSS,
	FINDING_PATH_LOSS,
	FINDING_DECAP_FAULT,
	FINDING_END_SILENT,
	FINDING_ROUTING_LOOP,
	FINDING_RETURN_PATH_LOSS,
	FINDING_LATENCY_STEP,
	FINDING_QUEUEING,
	FINDING_ASYMMETRIC_PATH,
	FINDING_ROUTE_CHANGE,
	FINDING_UNEQUAL_ECMP,
	FINDING_ADMIN_PROHIBITED,
	FINDING_PROTOCOL4_FILTERED,
	FINDING_PROTOCOL4_LOSS,
	FINDING_NAT_AT_PROBER,
	FINDING_LOCAL_DROP,
	FINDING_HOST_DELAY,
	FINDING_NOT_ON_PATH,
	FINDING_TOO_FAST,
	FINDING_TOO_SLOW,
	FINDING_DETOUR,
	FINDING_ICMP_RATE_LIMIT,
	FINDING_COSMETIC_LOSS,
	FINDING_COSMETIC_LATENCY,
	FINDING_ECMP,
	FINDING_MPLS_ICMP_TUNNEL,
	FINDING_MPLS_HIDDEN,
	FINDING_SILENT_HOP,
	FINDING_NO_DECAP,
	FINDING_COARSE_CLOCK,
	FINDING_PERIODIC_SPIKE,
	FINDING_ASYMMETRIC_LENGTH,
	FINDING_NAT,
	FINDING_MTU,
	FINDING_LINK_MTU,
	FINDING_DSCP_REWRITTEN,
	FINDING_FRAGMENTED_ANSWERS,
	FINDING_SHORTENED_ANSWERS,
	FINDING_DAMAGED_ANSWERS,
	FINDING_MOVED,
	FINDING_ANSWERS_ELSEWHERE,
	FINDING_BOUNDARY,
	FINDING_ID_COUNT
};

enum severity {
	SEVERITY_INFO,
	SEVERITY_WARNING,
	SEVERITY_ALARM
};

enum { FINDING_HOPS = 8, FINDING_FACTS = 14, FINDING_TEXT = 400, FINDINGS_MAX = 96 };

/* A number that the verdict rests on. */
struct finding_fact {
	const char *name;        /* stable machine name, static */
	double value;
};

struct finding {
	enum finding_id id;
	uint8_t hop[FINDING_HOPS]; /* 1-based; of a link both its hops, the near one 0 for here */
	size_t hop_count;
	double confidence;       /* 0..1 */
	bool is_warning;         /* though its kind is less */
	bool is_active;
	ns_t first, last;        /* of the session's clock */
	uint32_t episodes;       /* so often it was active: within an hour it is one finding */
	ns_t begun;              /* the last of them */
	ns_t held, ended;        /* of those before: all their time, and when the last was over */
	char text[FINDING_TEXT]; /* one sentence, without the time */
	struct finding_fact fact[FINDING_FACTS];
	size_t fact_count;
	double worst;            /* of what the finding is about, in its own unit */
};

enum link_direction {
	DIRECTION_UNKNOWN,
	DIRECTION_OUT,
	DIRECTION_BACK,
	DIRECTION_BOTH
};

/* What is held of one link beside its counts. */
struct link_verdict {
	bool is_suspect;         /* an active link-loss names it */
	enum link_direction direction;
	bool has_bounds;         /* of the directions, as fractions: */
	double out_low, out_high, back_low, back_high;
	uint32_t rounds_to_decide; /* more of them, as things look; 0: decided, or nothing to decide */
};

struct diag;

struct diag *diag_create(void);
void diag_destroy(struct diag *);

/* Takes what rounds were completed since. `is_over`: no answer comes any more, so the last
 * round is complete as well. */
void diag_advance(struct diag *, const struct session *, ns_t now, bool is_over);

/* What names and tables say of the path; borrowed, and read anew with every verdict. */
struct path_facts;
void diag_set_facts(struct diag *, const struct path_facts *);

/* All of them, the active ones first, the gravest first; borrowed until the next advance. */
const struct finding *diag_findings(const struct diag *, size_t *ret_count);
/* Of the link that ends at hops[k]. */
struct link_verdict diag_link(const struct diag *, size_t k);

/* What came of asking the hops from another address as well. */
struct diag_source {
	uint32_t rounds;         /* 0: nothing was asked from there */
	bool is_running;
	unsigned hops_heard;     /* that answered to both */
	unsigned hops_compared;  /* of which there are enough answers */
	bool has_difference;     /* which a finding tells of */
	double most_ms;          /* else: that the times differ by, at the most */
};

struct diag_source diag_source(const struct diag *);

/* A time in which the destination did not reply. */
struct diag_outage {
	ns_t begin, end;         /* of the session's clock; end NS_NEVER: it goes on */
	uint8_t last_hop;        /* that still replied; 0: none */
};

enum { OUTAGES_MAX = 128 };

struct diag_end {
	bool is_known;           /* it was asked often enough to say: */
	bool is_up;
	bool is_undecided;       /* probes stay unanswered, by loss or by a limit of its replies */
	ns_t replied_at;         /* when the last probe left that it replied to; 0: none did */
	size_t outage_count;     /* diag_outage() has them, in order */
	uint64_t forgotten;      /* of more than OUTAGES_MAX the shortest are not kept */
	ns_t down;               /* of all of them, as far as rounds tell: it never shrinks */
};

struct diag_end diag_end(const struct diag *);
struct diag_outage diag_outage(const struct diag *, size_t i);

/* How long it was active, in all. */
ns_t finding_held(const struct finding *);
const char *finding_name(enum finding_id);        /* as in the JSON report: "link-loss" */
enum severity finding_severity(enum finding_id);  /* of its kind */
enum severity finding_grade(const struct finding *);

#endif
