/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_SNAPSHOT_H
#define THRUPATH_SNAP_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ns.h"
#include "names/hints.h"

/*
 * All that views and reports may know, copied at one instant. It owns all it points to and
 * is not changed after it was built. Losses are fractions 0..1, times ns_t; a number that
 * is not known has its has_ flag false or is SNAP_UNKNOWN. Knows no model, no terminal.
 */
#define SNAP_UNKNOWN (-1.0)

enum {
	SNAP_HISTORY = 256,
	SNAP_CAUSES = 8,
	SNAP_MPLS = 8
};

/* One cell of history, newest last. */
enum snap_cell {
	SNAP_CELL_NONE,          /* not probed in that round, or void */
	SNAP_CELL_PENDING,
	SNAP_CELL_ANSWERED,
	SNAP_CELL_LOST,
	SNAP_CELL_ERROR
};

struct snap_sample {
	enum snap_cell cell;
	ns_t rtt;                /* of SNAP_CELL_ANSWERED */
};

struct snap_error {
	const char *cause;       /* stable machine name; static text */
	uint64_t count;
};

struct snap_stats {
	bool is_on;              /* this kind of probe is sent to this hop */
	uint64_t sent;           /* probes that left; those of void rounds do not count */
	uint64_t resolved;       /* of these: answered, erred or past their deadline */
	uint64_t dropped;        /* not answered in time; once the run is over, the rest, too */
	uint64_t received, late, duplicate, reordered;
	double loss;             /* SNAP_UNKNOWN while resolved is 0 */
	double low, high;        /* always-valid 95 % interval; 0 and 1 while resolved is 0 */
	double recent;           /* loss of the last 60 s; SNAP_UNKNOWN where nothing was sent */
	struct snap_error errors[SNAP_CAUSES];
	size_t error_count;
	bool has_rtt;            /* received > 0 */
	double last_ms, best_ms, avg_ms, worst_ms, stddev_ms, gmean_ms;
	double p50_ms, p95_ms, p99_ms;
	double jitter_ms, jitter_avg_ms, jitter_worst_ms, jitter_mtr_ms, jitter_rfc3550_ms;
	struct snap_sample history[SNAP_HISTORY];
	size_t history_count;
};

enum snap_tri {
	SNAP_TRI_UNKNOWN,
	SNAP_TRI_NO,
	SNAP_TRI_YES
};

struct snap_mpls {
	uint32_t label;
	unsigned tc, s, ttl;
};

/* The interface by which probes come in to a hop, as its answers tell (RFC 5837). */
struct snap_interface {
	char *name;              /* NULL: not told; cleaned */
	uint32_t index, mtu;     /* 0: not told */
};

/* Who a hop says that it is, in its errors (draft-ietf-intarea-extended-icmp-nodeid). */
struct snap_node {
	char *name, *address;    /* NULL: not told; the name is cleaned */
	bool stands_for_name;    /* names are wanted, and DNS has none */
};

/* One kind of probe of one constant flow. */
struct snap_flow_count {
	uint32_t resolved, received;
	double best_ms, avg_ms;  /* SNAP_UNKNOWN where none was answered */
};

struct snap_flow {
	char *address;           /* who answered the last To probe of it; NULL: nobody */
	struct snap_flow_count to, through;
};

/* The last ICMP error of a probe to a hop. */
struct snap_last_error {
	const char *cause;       /* stable machine name; NULL: there was none. Static text */
	char code[8];            /* "3/4" */
	const char *walk;        /* the kind of probe; static text */
	bool is_to;              /* it was one to the hop itself */
	char *from, *to;         /* who said so; where the leg under way led */
	unsigned from_hop, to_hop; /* whose addresses these are; 0: none of the path's */
	unsigned leg;            /* 1: the outermost header; 0: not known */
	unsigned mtu;            /* 0: not told */
};

/* The other address of a /31 or /30, where it has a name: the port of the router before, which
 * tells who gave the link its addresses. */
struct snap_mate {
	char *address, *name;    /* NULL: none is known; cleaned */
	struct hints hints;      /* what the name says */
	bool is_of_before;       /* it bears the name of the router of the hop before */
};

/* What is known of the network that has a hop's address, in the order of mtr's -y. */
enum snap_network {
	SNAP_NETWORK_NUMBER,
	SNAP_NETWORK_PREFIX,
	SNAP_NETWORK_COUNTRY,
	SNAP_NETWORK_REGISTRY,
	SNAP_NETWORK_ALLOCATED,
	SNAP_NETWORK_COUNT
};

struct snap_as {
	uint32_t number;         /* 0: not known */
	char *name, *prefix, *country, *registry; /* NULL: not known; cleaned */
	char *allocated;         /* the day that its addresses were given out; the same */
};

enum snap_bounce_state {
	SNAP_BOUNCE_OFF,         /* not wanted: not asked for, or hop 1 unwraps */
	SNAP_BOUNCE_TRIED,       /* none has come home yet */
	SNAP_BOUNCE_HOME,        /* `through` is of them */
	SNAP_BOUNCE_DROPPED,     /* the gateway does not forward them */
	SNAP_BOUNCE_NO_GATEWAY,  /* the destination is on a network of this host's */
	SNAP_BOUNCE_NO_LINK      /* the link has no link addresses as Ethernet has them */
};

/* Packets to ourselves by way of the gateway's link address. */
struct snap_bounce {
	enum snap_bounce_state state;
	unsigned asked;          /* trials that did not come home */
	unsigned redirects;      /* times that the gateway said that there is a shorter way */
};

const char *snap_bounce_name(enum snap_bounce_state);     /* "off" "tried" "home" "dropped" .. */

struct snap_hop {
	unsigned hop;            /* 1-based */
	char *address;           /* NULL: silent */
	char *name;              /* NULL: not known; cleaned */
	char *awaited;           /* "(www.example.net)": the destination, of which nothing was heard,
	                          * is there or farther on; NULL: any other hop */
	struct snap_as as;
	struct hints hints;      /* what the name says; nothing while names are not read */
	struct place place;      /* of its places the one that fits the path, or a database's;
	                          * PLACE_NONE: none */
	struct place database;   /* what the database of places says: PLACE_DATABASE, or
	                          * PLACE_NONE with a country, or without */
	struct snap_mate mate;   /* at the other end of the link by which probes come in */
	char **addresses;        /* every address that answered for this hop */
	char **address_names;    /* of each; NULL: not known, as all of them where this is NULL */
	struct snap_as *address_as; /* of each; NULL: of none */
	size_t address_count;
	bool has_more_addresses; /* than are listed */
	bool is_end;             /* the path's last hop */
	bool is_end_silent;      /* the same, and the end itself never answered */
	char *return_address;    /* where legs back to it are sent; NULL: to its address */
	const char *decap;       /* "yes" "no" "silent" "unknown" */
	const char *carrier;     /* of "yes" what it unwraps: "ipip" "gre"; else NULL; static text */
	const char *carrier_told; /* by which it was asked for to be reached; NULL: by none; likewise */
	bool is_passed_over;     /* no walk turns here, for want of decapsulation */
	bool is_skipped;         /* the same, because the person said so */
	bool is_muted;           /* walks go by it, but none turns here: another link is looked at */
	char refused_by[8];      /* "3/2"; "": it did not refuse */
	enum snap_tri own_source, decrements; /* forwards its own source; takes one off the TTL */
	enum snap_tri strict_out, strict_back; /* no leg to it, or from it, is longer than listed */
	struct snap_stats through, to; /* through: of the run's main kind of walk */
	struct snap_stats direct, natural, return_only, via; /* where they are sent beside it */
	struct snap_bounce bounce; /* of hop 1; of any other one it is off */
	const char *last_leg;    /* "echo" "udp": walks to this hop end in such a packet, which it
	                          * answered itself, by its own route. NULL: they turn round */
	const char *to_kind;     /* "ttl" or "echo"; NULL while no To probe was sent */
	struct snap_mpls mpls[SNAP_MPLS];
	size_t mpls_count;
	struct snap_interface interface;
	struct snap_node node;
	struct snap_last_error last_error;
	struct snap_flow *flows; /* flow_count of them; NULL where there is one flow */
	size_t flow_count;
	unsigned flow_sources;   /* which nested probes of flows take turns with; 0, 1: one */
	unsigned flows_answered; /* by the hop itself */
	unsigned flows_needed;   /* to be 95 % sure that no address of it is missing; 0: not known */
};

/* The kinds of walk beside the main one, for whoever shows them all. */
enum { SNAP_WALKS = 4 };

struct snap_walk {
	const char *name;        /* as on the command line; static text */
	const char *key;         /* of the JSON object */
	const struct snap_stats *stats;
};

/* What a person calls it: its name of DNS, or the one that it gives itself; NULL: it has none. */
const char *snap_hop_name(const struct snap_hop *);
/* Who ends the probes to a hop that never answered with an error; NULL: nobody. Borrowed. */
const char *snap_hop_said_by(const struct snap_hop *);
/* Fills all SNAP_WALKS of them; those that were not sent have stats->is_on false. */
void snap_hop_walks(const struct snap_hop *, struct snap_walk ret_walks[SNAP_WALKS]);

struct snap_link {
	unsigned link;           /* ends at this hop */
	unsigned from_hop;       /* 0: the prober */
	char *from, *to;         /* addresses */
	double loss, low, high;  /* SNAP_UNKNOWN, 0, 1 while undecided */
	double recent;
	double rtt_added_ms;     /* the median in the same rounds; SNAP_UNKNOWN while not known */
	double rtt_added_low, rtt_added_high; /* its 95 % interval; SNAP_UNKNOWN of few rounds */
	uint32_t speed_mbps;     /* of its line, as a name says; 0: not known */
	double serial_ms;        /* of the added: to put a probe on that line, out and back */
	bool is_suspect;         /* an active link-loss names it */
	const char *direction;   /* "out" "back" "both" "unknown"; static text */
	bool has_bounds;         /* of loss out and back: */
	double out_low, out_high, back_low, back_high;
	uint32_t rounds_to_decide; /* 0: decided, or nothing to decide */
	bool is_back_routed;     /* routing chose the way back from its far end: the numbers hold all
	                          * of that, and not this link's alone */
};

/* The MTU of a link, or of all links since the measured hop before. */
struct snap_mtu {
	unsigned link, from_hop; /* as of snap_link */
	char *from, *to;         /* addresses; NULL: not known */
	bool is_through;         /* by nested probes; else by replies of the hop, of the way out */
	bool is_undecided;       /* too much was lost */
	unsigned out, back;      /* bytes of the largest packet that crossed it; 0: not known */
	bool is_out, is_back;    /* one byte more does not; both: one of them, or both */
	bool is_black_hole;      /* and no error says so */
	char *said_by;           /* who does; NULL: nobody */
	unsigned said;           /* the MTU, as that says; 0: it does not */
	unsigned probes;
};

/* One router on the way back, from the turning hop to the prober. */
struct snap_return {
	unsigned hop;            /* 1: the first router after the turning hop */
	char *address, *name;    /* NULL: silent, not known */
	unsigned mate_of;        /* the hop out whose link it shares; 0: none */
};

/* The way there and the way back side by side. */
struct snap_asymmetry {
	bool is_known;
	unsigned symmetric_links, diverges_at; /* diverges_at 0: nowhere */
	unsigned shared_routers, distinct_routers; /* by name, of both ways and of either */
	unsigned router_edits;   /* that make one way the other turned round */
	double similarity;
};

enum snap_severity {
	SNAP_INFO,
	SNAP_WARNING,
	SNAP_ALARM
};

const char *snap_severity_name(enum snap_severity);       /* "info" "warning" "alarm" */

/* A number that a verdict rests on. */
struct snap_fact {
	const char *name;        /* stable machine name; static text */
	double value;
};

/* One diagnosis. Those that are over stay, for the log. */
struct snap_finding {
	const char *id;          /* stable machine name; static text */
	unsigned *hops;          /* hop_count of them: what it is about; none: the whole path */
	size_t hop_count;
	enum snap_severity severity;
	double confidence;       /* 0..1 */
	bool is_active;
	ns_t first_realtime, last_realtime;
	ns_t begun_realtime;     /* the last of so many episodes */
	uint32_t episodes;
	ns_t held;               /* all of them */
	char *text;              /* a sentence */
	struct snap_fact *facts;
	size_t fact_count;
};

/* A time in which the destination did not reply. */
struct snap_outage {
	ns_t begin_realtime;
	ns_t lasted;             /* until now, where it goes on */
	bool is_over;
	unsigned last_hop;       /* that still replied; 0: none */
};

/* Whether the destination replies. */
struct snap_end {
	bool is_known, is_up;
	bool is_undecided;       /* probes stay unanswered, by loss or by a limit of its replies */
	ns_t replied_realtime;   /* 0: it has not replied yet */
	struct snap_outage *outages; /* in order */
	size_t outage_count;
	uint64_t forgotten;      /* shorter ones that are not kept */
	ns_t down;               /* all of them together; it never shrinks */
};

/* What keeps nested probes from working. */
enum snap_nesting {
	SNAP_NESTING_FINE,       /* or nothing can be said */
	SNAP_NESTING_NO_DECAP,   /* no hop decapsulates, and some say so */
	SNAP_NESTING_FILTERED,   /* protocol 4 is swallowed before nesting_hop; 1: near here */
	SNAP_NESTING_NAT         /* this host is private, hops from nesting_hop on are public */
};

/* Links on a way, by TTL alone. */
struct snap_length {
	unsigned hops;           /* 0: not known */
	unsigned before;         /* 0: it never changed */
	ns_t changed_realtime;
};

/* A hop that was asked more often than in the rounds, and the rounds before that. */
struct snap_faster {
	unsigned hop;            /* 0: none was, or it goes on */
	double rate;             /* questions a second */
	double answered, answered_before; /* shares */
	double answers_per_second;
	bool is_limited, is_in_step; /* proven: as many answers as before; as large a share */
};

/* Hops asked from another of our addresses as well, in the same rounds. */
struct snap_also {
	unsigned rounds;         /* 0: none were */
	char address[48];
	bool is_running;
	unsigned hops_heard, hops_compared; /* that answered to both; often enough */
	bool has_difference;     /* which a finding tells of */
	double most_ms;          /* else: the most that the times may differ by */
};

/* The path that was found last, where it is not the one that was found first. */
struct snap_change {
	unsigned count;          /* 0: it never changed */
	bool is_active;          /* the path that is probed is still the old one */
	bool is_followed;        /* the new one is probed since */
	ns_t noticed_realtime;
	unsigned hop;            /* the first that changed */
	unsigned hop_count, old_hop_count;
	char *was, *is;          /* its addresses; NULL: silent */
};

struct snap_way {
	unsigned from_hop;       /* where it begins; 0: not traced */
	bool is_complete;        /* its length is proven */
	struct snap_return *returns;
	size_t return_count;
};

/* A router of the way back that is not on the path, and the walks by it. */
struct snap_via {
	char *address, *name;    /* name NULL: not known */
	const char *decap;       /* as of hops */
	struct snap_stats round; /* out to it and home from it */
	struct snap_stats home;  /* out by it to the turning hop, home over the path */
};

/* What the operator wrote down, and when. */
struct snap_remark {
	ns_t realtime;
	char *text;              /* cleaned */
};

enum snap_phase {
	SNAP_DISCOVERING,
	SNAP_SCANNING,
	SNAP_PROBING,
	SNAP_DRAINING,           /* no more sent; waiting for the last answers */
	SNAP_DONE
};

struct snapshot {
	const char *version;
	char *command;           /* as typed, shell-quoted where needed */
	char *local_host;
	char *source, *destination, *destination_name;
	ns_t start_realtime, now_realtime;
	enum snap_phase phase;
	bool is_paused;
	bool is_unverified;      /* of a foreign capture: answers are matched by their looks */
	uint64_t rounds;         /* begun */
	uint64_t round_limit;    /* 0: endless */
	ns_t interval;
	bool is_explicit;        /* path_origin */
	bool is_routed;          /* a nested probe has one header, which lists the hops by their SIDs */
	const char *walk;        /* static text */
	char *inner_source;
	unsigned probe_bytes, mtu, depth_limit; /* the deepest hop whose boomerang fits the MTU */
	unsigned syn_bytes;      /* of To probes by TCP, which have but one size; else 0 */
	unsigned padded_bytes;   /* what probes are padded to, but SYNs */
	unsigned asked_bytes;    /* by -s; 0: as few as serve */
	unsigned tos;
	unsigned first_ttl;      /* rows of hops below it are left out of mtr's block */
	unsigned max_ttl;        /* of discovery */
	const char *to_carried;  /* "echo" "udp" "tcp": of To probes; static text */
	bool has_through, has_to;
	bool has_nested;         /* nested probes are sent; without them bounces may go through hop 1 */
	bool may_nest;           /* nested probes await a yes, for the path has public addresses */
	char *via;               /* the waypoint of via walks; NULL: none */
	bool has_discovery;
	ns_t discovery;
	unsigned discovery_answered, discovery_awaited; /* TTLs, while discovering */
	struct snap_hop *hops;
	size_t hop_count;
	struct snap_link *links;
	size_t link_count;
	struct snap_way way_back; /* from the deepest hop that decapsulates */
	struct snap_way *ways_back; /* from those before it, where they were traced */
	size_t way_count;
	struct snap_via *vias;
	size_t via_count;
	enum snap_nesting nesting;
	unsigned nesting_hop;
	struct snap_change change;
	struct snap_faster faster;
	struct snap_also also;
	struct snap_mtu *mtus;   /* of the links that are measured so far */
	size_t mtu_count;
	unsigned mtu_probes;     /* sent for them, in all */
	bool is_mtu_running;     /* or it is to begin soon */
	struct snap_asymmetry asymmetry;
	unsigned length_hop;     /* the hop that the lengths are of; 0: not measured */
	struct snap_length out, back;
	struct snap_end end;
	struct snap_finding *findings; /* the gravest first; those that are over last */
	size_t finding_count;
	struct snap_remark *remarks; /* oldest first */
	size_t remark_count;
	char **notes;            /* sentences for the reader */
	size_t note_count;
	char *send_error;        /* why the last probe could not be sent, for people; or NULL */
	uint64_t rx_dropped, send_errors, void_rounds, foreign, forged;
};

/* The link that ends at the hop; NULL: it is not measured. */
const struct snap_link *snap_link_to(const struct snapshot *, unsigned hop);

/* Whether any hop turns packets round that went through it: else all that is measured are replies
 * of the hops themselves, those of the end among them. */
bool snap_has_through(const struct snapshot *);
/* Whether that is hop 1 alone, by bounces. */
bool snap_is_bounced_alone(const struct snapshot *);

/* What is known of a network, of all but its number, which is none: NULL where it is not known. Of
 * a hop's country that no registry told, what the database of places says. Borrowed. */
const char *snap_as_word(const struct snap_as *, enum snap_network);
const char *snap_network_word(const struct snap_hop *, enum snap_network);

/* Tells which findings began to be active or ceased to be between two looks: `before` may be NULL,
 * then all began, as they do for another destination. One that is over is told as it ended; one
 * that is held no more, as something else explains it now, as it was before. The snapshot told is
 * the one that the finding is of. */
typedef void snap_finding_fn(void *arg, const struct snapshot *, const struct snap_finding *,
	bool has_begun);
void snap_compare_findings(const struct snapshot *before, const struct snapshot *now,
	snap_finding_fn *fn, void *arg);

void snapshot_destroy(struct snapshot *);    /* accepts NULL */

#endif
