/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_TRUTH_H
#define THRUPATH_SIM_TRUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ns.h"
#include "base/strbuf.h"

/*
 * What really happened, to hold verdicts against: counters that are always kept, and events
 * for whoever asks for them.
 */
struct scenario;

enum sim_cause {
	SIM_CAUSE_NONE,
	SIM_CAUSE_LOSS,            /* of the link, by chance */
	SIM_CAUSE_BURST,           /* of the link, within a burst */
	SIM_CAUSE_MEMBER,          /* of one member of the link */
	SIM_CAUSE_QUEUE,           /* of the link: its queue was full */
	SIM_CAUSE_OUTAGE,          /* of the link: it was out */
	SIM_CAUSE_MTU,             /* the rest is of nodes */
	SIM_CAUSE_TTL,
	SIM_CAUSE_NO_ROUTE,
	SIM_CAUSE_SOURCE,          /* source check */
	SIM_CAUSE_FILTER,          /* of IP in IP */
	SIM_CAUSE_POLICE,          /* beyond a rate */
	SIM_CAUSE_KIND,            /* of packets of its protocol, length or DSCP */
	SIM_CAUSE_DECAP_REFUSED,
	SIM_CAUSE_DECAP_SILENT,
	SIM_CAUSE_DECAP_FAULT,
	SIM_CAUSE_MALFORMED,
	SIM_CAUSE_CONSUMED,        /* arrived where it was bound for, short of the prober */
	SIM_CAUSE_ICMP_OFF,        /* an answer was not made */
	SIM_CAUSE_ICMP_LIMITED,
	SIM_CAUSE_COUNT
};

const char *sim_cause_name(enum sim_cause);   /* stable machine name */

enum sim_event_kind {
	SIM_EVENT_SENT,            /* left the prober */
	SIM_EVENT_DROPPED,
	SIM_EVENT_SUPPRESSED,      /* a node did not answer to it */
	SIM_EVENT_ANSWERED,        /* a node did */
	SIM_EVENT_DELIVERED        /* it, or an answer to it, came home */
};

/* Answers bear the identity of the probe they answer. */
struct sim_identity {
	uint64_t serial;           /* of the injection, from 1 */
	uint32_t seq;              /* of the payload's token, when has_seq */
	uint16_t ip_id;            /* of the outermost header as it was sent */
	bool has_seq;
};

struct sim_event {
	enum sim_event_kind kind;
	enum sim_cause cause;
	ns_t when;
	bool is_link;              /* where: a link in a direction, else a node */
	uint16_t index;
	uint8_t direction;
	struct sim_identity probe;
};

typedef void sim_observer_fn(void *arg, const struct sim_event *);

struct sim_link_truth {
	uint64_t sent, delivered, duplicated;
	uint64_t dropped[SIM_CAUSE_COUNT];
};

/* `dropped` also counts answers that were not made (SIM_CAUSE_ICMP_...). */
struct sim_node_truth {
	uint64_t received, forwarded, decapsulated;
	uint64_t errors_sent, echoes_sent;
	uint64_t dropped[SIM_CAUSE_COUNT];
};

/* Appends the event as one line: "1.250000000 dropped loss R2>R3 serial 7 id 1a2b seq 4". */
void sim_event_format(const struct sim_event *, const struct scenario *, struct strbuf *);

#endif
