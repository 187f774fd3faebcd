/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_SCENARIO_H
#define THRUPATH_SIM_SCENARIO_H

#include "base/err.h"
#include "base/ns.h"
#include "pkt/addr.h"
#include "sim/params.h"

/*
 * A simulated network as its file describes it: nodes, links, routes, timed changes, and
 * what an experiment should do and find. Only read and checked here; network.h makes it run.
 * doc/design/sim.md has the language. Nodes and links are named by their index.
 */
enum {
	SCN_ID_MAX = 24,
	SCN_HOST_NAME_MAX = 128,
	SCN_TEXT_MAX = 160,
	SCN_NODES_MAX = 1000,
	SCN_LINKS_MAX = 4000,
	SCN_VIA_MAX = 16,
	SCN_RUN_NODES_MAX = 64,
	SCN_LIMITERS_MAX = 100
};

enum scn_node_kind {
	SCN_PROBER,
	SCN_ROUTER,
	SCN_HOST
};

struct scn_node {
	char id[SCN_ID_MAX];
	enum scn_node_kind kind;
	char name[SCN_HOST_NAME_MAX];  /* "" when it has none */
	struct addr address;           /* of its own line, else of its first link */
	struct node_params params;
	bool is_address_taken;         /* a link's end has it */
};

/* Direction 0 is from node[0] to node[1], as written; `out-only` means it. */
struct scn_link {
	uint16_t node[2];
	struct addr address[2];
	struct link_params dir[2];
};

/* At `node`, what is bound for `to` leaves by these neighbours. */
struct scn_route {
	uint16_t node, to;
	uint16_t via[SCN_VIA_MAX];
	uint8_t via_count;
	enum hash_mode hash;
};

enum scn_change_kind {
	SCN_CHANGE_LINK,
	SCN_CHANGE_NODE,
	SCN_CHANGE_ROUTE,
	SCN_CHANGE_PROBER
};

/* What happens to the host that probes. */
enum scn_prober_event {
	SCN_PROBER_PAUSE,              /* the program does not run for `value` ns */
	SCN_PROBER_CAPTURE_DROPS,      /* the next `value` packets that come home are not seen */
	SCN_PROBER_SEND_ERRORS,        /* the next `value` probes do not leave */
	SCN_PROBER_CLOCK_STEP          /* the calendar's clock is set by `value` ns */
};

struct scn_change {
	ns_t at;
	enum scn_change_kind kind;
	uint16_t index;                /* of link or node */
	uint32_t link_mask[2];         /* which properties, for each direction */
	struct link_params link[2];
	uint32_t node_mask;
	struct node_params node;
	struct scn_route route;
	enum scn_prober_event event;
	int64_t value;
};

struct scn_run {
	ns_t duration, interval;
	bool is_path;                  /* an explicit path; else one node to be traced */
	uint16_t node[SCN_RUN_NODES_MAX];
	size_t node_count;
	char options[SCN_TEXT_MAX];    /* what follows `with`, for the caller */
};

enum scn_expect_kind {
	SCN_EXPECT_HOP,                /* expect hop N WHAT LOW..HIGH */
	SCN_EXPECT_LINK,               /* expect link N WHAT LOW..HIGH */
	SCN_EXPECT_FINDING,            /* expect [no] finding ID [FROM[-TO]] [WORD] */
	SCN_EXPECT_NO_OTHER            /* expect no other finding: no alarm, no warning */
};

struct scn_expect {
	enum scn_expect_kind kind;
	bool is_negated;
	unsigned line;
	uint32_t from, to;             /* hop or link number; the hops of a finding, 0: any */
	char what[32];                 /* "loss", "rtt", ...; the finding's id */
	char direction[8];             /* of a finding; "" when not asked for */
	double low, high;              /* shares as 0..1, times in ms, else as written */
	char text[SCN_TEXT_MAX];       /* the line */
};

struct scenario {
	char file[SCN_TEXT_MAX];
	char description[SCN_TEXT_MAX];/* of the first comment */
	uint64_t seed;
	uint16_t prober;               /* index of its node */
	struct scn_node *node;
	size_t node_count, node_cap;
	struct scn_link *link;
	size_t link_count, link_cap;
	struct scn_route *route;
	size_t route_count, route_cap;
	struct limiter *limiter;
	size_t limiter_count, limiter_cap;
	struct scn_change *change;     /* by time */
	size_t change_count, change_cap;
	struct scn_run *run;
	size_t run_count, run_cap;
	struct scn_expect *expect;
	size_t expect_count, expect_cap;
};

/* Reads a scenario; `file` is for messages. ERR_SYNTAX names line and mending. */
NODISCARD bool scenario_parse(const char *file, const char *text, size_t len,
	struct scenario *ret_scenario, struct err *err);
NODISCARD bool scenario_load(const char *file, struct scenario *ret_scenario, struct err *err);
void scenario_finish(struct scenario *);

/* The first comment line: what the scenario shows. "" when it has none. */
const char *scenario_describe(const struct scenario *);

const struct addr *scenario_prober_address(const struct scenario *);
/* Its host name, or its id. */
const char *scenario_prober_name(const struct scenario *);
/* Index of the node with this id, or -1. */
int scenario_find_node(const struct scenario *, const char *id);
/* Index of the link between two nodes, or -1; ret_direction (may be NULL): 0 when it was
 * written from a to b, else 1. */
int scenario_find_link(const struct scenario *, uint16_t a, uint16_t b, int *ret_direction);
/* The host name of an address: its node's name; for addresses of its other interfaces the
 * first label is "aeN" instead, N the link's place in the file. False: it has none. */
bool scenario_name_of(const struct scenario *, const struct addr *,
	char ret_name[SCN_HOST_NAME_MAX]);
/* The address a trace from the prober shows for a node: of the end, facing the prober, of
 * the first link that leads to it. */
const struct addr *scenario_node_address(const struct scenario *, uint16_t node);
/* Its address of that family: the same one, or else that of its first link's end which has
 * one; unset: it has none. */
struct addr scenario_node_address_of(const struct scenario *, uint16_t node, uint8_t family);

#endif
