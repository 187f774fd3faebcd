/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/params.h"

#include <stddef.h>
#include <string.h>

#include "sim/params_int.h"

enum value_kind {
	VALUE_DURATION,
	VALUE_FRACTION,
	VALUE_COUNT,
	VALUE_CHOICE,
	VALUE_YES_NO,
	VALUE_JITTER,
	VALUE_BURST,
	VALUE_RATE,
	VALUE_MEMBERS,
	VALUE_MEMBER_LOSS,
	VALUE_ICMP_RATE,
	VALUE_ICMP_DELAY,
	VALUE_ICMP_STALL,
	VALUE_MPLS,
	VALUE_NAT,
	VALUE_NAME,
	VALUE_ADDRESS,
	VALUE_OUTAGE,
	VALUE_POLICE,
	VALUE_LOSS_OF,
	VALUE_LOSS_OVER,
	VALUE_DROP_DSCP
};

struct property {
	const char *word;
	enum value_kind kind;
	size_t offset, size;
	uint32_t low, high;
	const char *const *choices;
};

static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const hashes[] = {"outer", "inner", "5-tuple", "packet", NULL};
static const char *const decaps[] = {
	"yes", "refused", "refused-port", "prohibited", "silent", NULL};
static const char *const carriers[] = {"ipip", "gre", "srh", "usid", NULL};
static const char *const decrements[] = {"yes", "plain", "no", "tunnel", NULL};
static const char *const checks[] = {"off", "martian", "loose", "strict", NULL};
static const char *const echoes[] = {"yes", "limited", "no", NULL};


#define MEMBER(type, member) offsetof(type, member), sizeof ((type *)0)->member
#define LINK(member) MEMBER(struct link_params, member)
#define NODE(member) MEMBER(struct node_params, member)

static const struct property link_property[] = {
	{"delay", VALUE_DURATION, LINK(delay), 0, 0, NULL},
	{"jitter", VALUE_JITTER, LINK(jitter), 0, 0, NULL},
	{"loss", VALUE_FRACTION, LINK(loss), 0, 0, NULL},
	{"burst", VALUE_BURST, LINK(burst), 0, 0, NULL},
	{"duplicate", VALUE_FRACTION, LINK(duplicate), 0, 0, NULL},
	{"damage", VALUE_FRACTION, LINK(damage), 0, 0, NULL},
	{"outage", VALUE_OUTAGE, LINK(outage), 0, 0, NULL},
	{"rate", VALUE_RATE, LINK(rate_bps), 0, 0, NULL},
	{"queue", VALUE_COUNT, LINK(queue_packets), 1, 100000, NULL},
	{"load", VALUE_FRACTION, LINK(load), 0, 0, NULL},
	{"mtu", VALUE_COUNT, LINK(mtu_bytes), 68, 9216, NULL},
	{"reorder", VALUE_YES_NO, LINK(may_reorder), 0, 0, NULL},
	{"members", VALUE_MEMBERS, LINK(members), 0, 0, NULL},
	{"member-loss", VALUE_MEMBER_LOSS, LINK(members), 0, 0, NULL},
	{"hash", VALUE_CHOICE, LINK(hash), 0, 0, hashes},
};

static const struct property node_property[] = {
	{"decap", VALUE_CHOICE, NODE(decap), 0, 0, decaps},
	{"carrier", VALUE_CHOICE, NODE(carrier), 0, 0, carriers},
	{"decap-loss", VALUE_FRACTION, NODE(decap_loss), 0, 0, NULL},
	{"decrement", VALUE_CHOICE, NODE(decrement), 0, 0, decrements},
	{"source-check", VALUE_CHOICE, NODE(source_check), 0, 0, checks},
	{"nested", VALUE_YES_NO, NODE(passes_nested), 0, 0, NULL},
	{"bounce", VALUE_YES_NO, NODE(bounces), 0, 0, NULL},
	{"icmp", VALUE_YES_NO, NODE(icmp), 0, 0, NULL},
	{"icmp-rate", VALUE_ICMP_RATE, NODE(icmp_rate), 0, 0, NULL},
	{"icmp-delay", VALUE_ICMP_DELAY, NODE(icmp_delay), 0, 0, NULL},
	{"icmp-stall", VALUE_ICMP_STALL, NODE(icmp_stall), 0, 0, NULL},
	{"quote", VALUE_COUNT, NODE(quote_bytes), 28, 1232, NULL},
	{"initial-ttl", VALUE_COUNT, NODE(initial_ttl), 1, 255, NULL},
	{"echo-ttl", VALUE_COUNT, NODE(echo_ttl), 1, 255, NULL},
	{"mpls", VALUE_MPLS, NODE(ext.mpls), 0, 0, NULL},
	{"interface-name", VALUE_NAME, NODE(ext.interface.name), 0, 0, NULL},
	{"node-name", VALUE_NAME, NODE(ext.node.name), 0, 0, NULL},
	{"node-address", VALUE_ADDRESS, NODE(ext.node.address), 0, 0, NULL},
	{"echo", VALUE_CHOICE, NODE(echo), 0, 0, echoes},
	{"echo-data", VALUE_COUNT, NODE(echo_data), 0, 9216, NULL},
	{"closed-ports", VALUE_YES_NO, NODE(answers_closed_ports), 0, 0, NULL},
	{"open-port", VALUE_COUNT, NODE(open_port), 1, 65535, NULL},
	{"nat", VALUE_NAT, NODE(nat), 0, 0, NULL},
	{"answers-as", VALUE_ADDRESS, NODE(answers_as), 0, 0, NULL},
	{"clock", VALUE_DURATION, NODE(clock), 0, 0, NULL},
	{"police", VALUE_POLICE, NODE(police), 0, 0, NULL},
	{"loss-of", VALUE_LOSS_OF, NODE(loss_of), 0, 0, NULL},
	{"loss-over", VALUE_LOSS_OVER, NODE(loss_over), 0, 0, NULL},
	{"drop-dscp", VALUE_DROP_DSCP, NODE(drop_dscp), 0, 0, NULL},
	{"set-dscp", VALUE_COUNT, NODE(set_dscp), 0, 63, NULL},
	{"set-ecn", VALUE_COUNT, NODE(set_ecn), 0, 3, NULL},
};

#undef LINK
#undef NODE
#undef MEMBER

enum {
	LINK_PROPERTIES = sizeof link_property / sizeof link_property[0],
	NODE_PROPERTIES = sizeof node_property / sizeof node_property[0]
};

void link_params_init(struct link_params *params)
{
	*params = (struct link_params){.delay = NS_PER_MS, .queue_packets = 100, .mtu_bytes = 1500};
}

void node_params_init(struct node_params *params, bool is_host)
{
	*params = (struct node_params){
		.decap = is_host ? DECAP_REFUSED : DECAP_YES,
		.passes_nested = true,
		.bounces = true,
		.icmp = true,
		.initial_ttl = is_host ? 64 : 255,
		.echo_data = 9216,
		.answers_closed_ports = true,
		.set_dscp = MARK_KEPT,
		.set_ecn = MARK_KEPT,
	};
}

static bool read_choice(const struct property *property, struct scn_words *words, void *member,
	struct err *err)
{
	int choice;

	if (!scn_read_choice(words, property->word,
	    property->kind == VALUE_YES_NO ? yes_no : property->choices, &choice, err)) {
		return false;
	}
	if (property->kind == VALUE_YES_NO) {
		*(bool *)member = choice == 1;
		return true;
	}
	/* All these enums begin at 0, in the order of their words. */
	memcpy(member, &choice, property->size);
	return true;
}

static bool read_value(const struct property *property, struct scn_words *words, void *member,
	struct err *err)
{
	switch (property->kind) {
	case VALUE_DURATION:
		return scn_read_duration(words, property->word, member, err);
	case VALUE_FRACTION:
		return scn_read_fraction(words, property->word, member, err);
	case VALUE_COUNT:
		return scn_read_count(words, property->word, property->low, property->high, member,
			err);
	case VALUE_CHOICE:
	case VALUE_YES_NO:
		return read_choice(property, words, member, err);
	case VALUE_JITTER:
		return params_read_jitter(words, member, err);
	case VALUE_BURST:
		return params_read_burst(words, member, err);
	case VALUE_RATE:
		return params_read_rate(words, member, err);
	case VALUE_MEMBERS:
		return params_read_members(words, member, err);
	case VALUE_MEMBER_LOSS:
		return params_read_member_loss(words, member, err);
	case VALUE_ICMP_RATE:
		return params_read_icmp_rate(words, member, err);
	case VALUE_ICMP_DELAY:
		return params_read_icmp_delay(words, member, err);
	case VALUE_ICMP_STALL:
		return params_read_icmp_stall(words, member, err);
	case VALUE_MPLS:
		return params_read_mpls(words, member, err);
	case VALUE_NAT:
		return params_read_nat(words, member, err);
	case VALUE_NAME:
		return params_read_name(property->word, words, member, err);
	case VALUE_ADDRESS:
		return params_read_address(property->word, words, member, err);
	case VALUE_OUTAGE:
		return params_read_outage(words, member, err);
	case VALUE_POLICE:
		return params_read_police(words, member, err);
	case VALUE_LOSS_OF:
		return params_read_loss_of(words, member, err);
	case VALUE_LOSS_OVER:
		return params_read_loss_over(words, member, err);
	case VALUE_DROP_DSCP:
		return params_read_drop_dscp(words, member, err);
	}
	return false;
}

static int read_property(const struct property *table, int count, void *params, const char *word,
	struct scn_words *words, bool *ret_ok, struct err *err)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(table[i].word, word) == 0) {
			*ret_ok = read_value(&table[i], words, (char *)params + table[i].offset,
				err);
			return i;
		}
	}
	return PARAMS_NOT_A_WORD;
}

int link_params_read(struct link_params *params, const char *word, struct scn_words *words,
	bool *ret_ok, struct err *err)
{
	return read_property(link_property, LINK_PROPERTIES, params, word, words, ret_ok, err);
}

int node_params_read(struct node_params *params, const char *word, struct scn_words *words,
	bool *ret_ok, struct err *err)
{
	return read_property(node_property, NODE_PROPERTIES, params, word, words, ret_ok, err);
}

static void apply(const struct property *table, size_t count, void *params, const void *change,
	uint32_t mask)
{
	for (size_t i = 0; i < count; i++) {
		if ((mask >> i & 1) != 0) {
			memcpy((char *)params + table[i].offset,
				(const char *)change + table[i].offset, table[i].size);
		}
	}
}

void link_params_apply(struct link_params *params, const struct link_params *change, uint32_t mask)
{
	apply(link_property, LINK_PROPERTIES, params, change, mask);
}

void node_params_apply(struct node_params *params, const struct node_params *change, uint32_t mask)
{
	apply(node_property, NODE_PROPERTIES, params, change, mask);
}

ns_t link_params_least_delay(const struct link_params *params)
{
	ns_t least = params->delay;

	if (params->jitter.law == JITTER_NORMAL) {
		least = params->jitter.spread > least / 4 ? 0 : least - 4 * params->jitter.spread;
	}
	return least;
}
