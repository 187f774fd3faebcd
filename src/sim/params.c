/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/params.h"

#include <stddef.h>
#include <string.h>

#include "sim/scn_words.h"

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
	VALUE_ADDRESS
};

struct property {
	const char *word;
	enum value_kind kind;
	size_t offset, size;
	uint32_t low, high;
	const char *const *choices;
};

static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const laws[] = {"none", "normal", "exponential", "uniform", NULL};
static const char *const hashes[] = {"outer", "inner", "5-tuple", "packet", NULL};
static const char *const decaps[] = {
	"yes", "refused", "refused-port", "prohibited", "silent", NULL};
static const char *const decrements[] = {"yes", "plain", "no", "tunnel", NULL};
static const char *const checks[] = {"off", "martian", "loose", "strict", NULL};
static const char *const echoes[] = {"yes", "limited", "no", NULL};

static const char *const mendings[] = {"nothing", "addresses", "all", NULL};

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
	{"rate", VALUE_RATE, LINK(rate_bps), 0, 0, NULL},
	{"queue", VALUE_COUNT, LINK(queue_packets), 1, 100000, NULL},
	{"mtu", VALUE_COUNT, LINK(mtu_bytes), 68, 9216, NULL},
	{"reorder", VALUE_YES_NO, LINK(may_reorder), 0, 0, NULL},
	{"members", VALUE_MEMBERS, LINK(members), 0, 0, NULL},
	{"member-loss", VALUE_MEMBER_LOSS, LINK(members), 0, 0, NULL},
	{"hash", VALUE_CHOICE, LINK(hash), 0, 0, hashes},
};

static const struct property node_property[] = {
	{"decap", VALUE_CHOICE, NODE(decap), 0, 0, decaps},
	{"decap-loss", VALUE_FRACTION, NODE(decap_loss), 0, 0, NULL},
	{"decrement", VALUE_CHOICE, NODE(decrement), 0, 0, decrements},
	{"source-check", VALUE_CHOICE, NODE(source_check), 0, 0, checks},
	{"nested", VALUE_YES_NO, NODE(passes_nested), 0, 0, NULL},
	{"icmp", VALUE_YES_NO, NODE(icmp), 0, 0, NULL},
	{"icmp-rate", VALUE_ICMP_RATE, NODE(icmp_rate), 0, 0, NULL},
	{"icmp-delay", VALUE_ICMP_DELAY, NODE(icmp_delay), 0, 0, NULL},
	{"icmp-stall", VALUE_ICMP_STALL, NODE(icmp_stall), 0, 0, NULL},
	{"quote", VALUE_COUNT, NODE(quote_bytes), 28, 1232, NULL},
	{"initial-ttl", VALUE_COUNT, NODE(initial_ttl), 1, 255, NULL},
	{"echo-ttl", VALUE_COUNT, NODE(echo_ttl), 1, 255, NULL},
	{"mpls", VALUE_MPLS, NODE(mpls), 0, 0, NULL},
	{"echo", VALUE_CHOICE, NODE(echo), 0, 0, echoes},
	{"echo-data", VALUE_COUNT, NODE(echo_data), 0, 9216, NULL},
	{"closed-ports", VALUE_YES_NO, NODE(answers_closed_ports), 0, 0, NULL},
	{"open-port", VALUE_COUNT, NODE(open_port), 1, 65535, NULL},
	{"nat", VALUE_NAT, NODE(nat), 0, 0, NULL},
	{"answers-as", VALUE_ADDRESS, NODE(answers_as), 0, 0, NULL},
};

#undef LINK
#undef NODE
#undef MEMBER

enum {
	LINK_PROPERTIES = sizeof link_property / sizeof link_property[0],
	NODE_PROPERTIES = sizeof node_property / sizeof node_property[0],
	ICMP_BURST_OF_LINUX = 6
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
		.icmp = true,
		.initial_ttl = is_host ? 64 : 255,
		.echo_data = 9216,
		.answers_closed_ports = true,
	};
}

static bool read_jitter(struct scn_words *words, struct jitter *jitter, struct err *err)
{
	int law;

	if (!scn_read_choice(words, "the law of jitter", laws, &law, err)) {
		return false;
	}
	jitter->law = (enum jitter_law)law;
	jitter->spread = 0;
	return jitter->law == JITTER_NONE ||
		scn_read_duration(words, "the jitter", &jitter->spread, err);
}

static bool read_burst(struct scn_words *words, struct burst *burst, struct err *err)
{
	if (scn_words_skip(words, "none")) {
		*burst = (struct burst){0};
		return true;
	}
	return scn_read_fraction(words, "the chance to enter a burst", &burst->enter, err) &&
		scn_read_fraction(words, "the chance to leave a burst", &burst->leave, err) &&
		scn_read_fraction(words, "the loss within a burst", &burst->loss, err);
}

static bool read_rate(struct scn_words *words, uint64_t *rate_bps, struct err *err)
{
	static const struct { const char *unit; double factor; } units[] = {
		{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9},
	};
	const char *word, *end;
	double value;

	if (scn_words_skip(words, "none")) {
		*rate_bps = 0;
		return true;
	}
	if (!scn_words_need(words, "the rate", &word, err)) {
		return false;
	}
	if (scn_parse_number(word, &value, &end)) {
		for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
			double bps = value * units[i].factor;

			if (strcmp(end, units[i].unit) == 0 && bps >= 1000 && bps <= 1e13) {
				*rate_bps = (uint64_t)bps;
				return true;
			}
		}
	}
	return scn_words_error(words, err,
		"the rate is \"%.40s\", not one such as 100mbit or 1gbit", word);
}

/* A comma list of shares: the losses of the members, which it also counts. */
static bool read_member_loss(struct scn_words *words, struct members *members, struct err *err)
{
	struct members read = {0};
	const char *word;

	if (!scn_words_need(words, "a list of losses", &word, err)) {
		return false;
	}
	while (read.count < MEMBERS_MAX) {
		size_t len = strcspn(word, ",");
		char one[24] = "";

		if (len < sizeof one) {
			memcpy(one, word, len);
		}
		if (!scn_parse_fraction(one, &read.loss[read.count])) {
			break;
		}
		read.count++;
		if (word[len] == '\0') {
			*members = read;
			return true;
		}
		word += len + 1;
	}
	return scn_words_error(words, err,
		"member-loss wants up to %d shares such as 0%%,5%%", MEMBERS_MAX);
}

/* "1/2s", "50/s" or "off", then maybe "burst N". */
static bool read_icmp_rate(struct scn_words *words, struct icmp_rate *rate, struct err *err)
{
	const char *word, *end;
	double tokens;
	ns_t period = NS_PER_SEC;

	*rate = (struct icmp_rate){.burst = ICMP_BURST_OF_LINUX};
	if (scn_words_skip(words, "off")) {
		return true;
	}
	if (!scn_words_need(words, "the ICMP rate", &word, err)) {
		return false;
	}
	if (!scn_parse_number(word, &tokens, &end) || *end != '/' || !(tokens > 0) ||
	    (strcmp(end, "/s") != 0 && !ns_parse(end + 1, 0, &period)) ||
	    (double)period / tokens < 1 || (double)period / tokens > 1e15) {
		return scn_words_error(words, err,
			"icmp-rate is \"%.40s\", not one such as 50/s, 1/2s or off", word);
	}
	rate->period = (ns_t)((double)period / tokens);
	return !scn_words_skip(words, "burst") ||
		scn_read_count(words, "the burst of icmp-rate", 1, 4000, &rate->burst, err);
}

static bool is_law(const char *word)
{
	for (size_t i = 0; word != NULL && laws[i] != NULL; i++) {
		if (strcmp(word, laws[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool read_icmp_delay(struct scn_words *words, struct icmp_delay *delay, struct err *err)
{
	delay->jitter = (struct jitter){0};
	return scn_read_duration(words, "icmp-delay", &delay->base, err) &&
		(!is_law(scn_words_peek(words)) || read_jitter(words, &delay->jitter, err));
}

static bool read_icmp_stall(struct scn_words *words, struct icmp_stall *stall, struct err *err)
{
	if (scn_words_skip(words, "off")) {
		*stall = (struct icmp_stall){0};
		return true;
	}
	if (!scn_read_duration(words, "the period of icmp-stall", &stall->period, err) ||
	    !scn_read_duration(words, "the width of icmp-stall", &stall->width, err)) {
		return false;
	}
	return stall->width < stall->period ||
		scn_words_error(words, err, "icmp-stall wants its period, then a shorter width");
}

/* "17221" or "17221,24003", outermost label first; "none" takes the stack away. */
static bool read_mpls(struct scn_words *words, struct mpls_stack *stack, struct err *err)
{
	struct mpls_stack read = {0};
	const char *word, *end;
	double label;

	if (scn_words_skip(words, "none")) {
		*stack = read;
		return true;
	}
	if (!scn_words_need(words, "an MPLS label", &word, err)) {
		return false;
	}
	while (read.count < MPLS_MAX && scn_parse_number(word, &label, &end) && label < 1048576) {
		read.entry[read.count++] = (struct mpls_entry){
			.label = (uint32_t)label, .ttl = 1, .is_bottom = *end == '\0'};
		if (*end == '\0') {
			*stack = read;
			return true;
		}
		if (*end != ',') {
			break;
		}
		word = end + 1;
	}
	return scn_words_error(words, err,
		"mpls wants up to %d labels below 1048576 with commas between", MPLS_MAX);
}

/* "10.0.1.1=192.0.2.7", then maybe "mends addresses". */
static bool read_nat(struct scn_words *words, struct nat *nat, struct err *err)
{
	struct nat read = {0};
	char inside[ADDR_TEXT_MAX] = "";
	const char *word, *equals;
	int mends = NAT_MENDS_NOTHING;

	if (scn_words_skip(words, "none")) {
		*nat = read;
		return true;
	}
	if (!scn_words_need(words, "what nat translates", &word, err)) {
		return false;
	}
	equals = strchr(word, '=');
	if (equals != NULL && (size_t)(equals - word) < sizeof inside) {
		memcpy(inside, word, (size_t)(equals - word));
	}
	if (!addr_parse(inside, &read.inside) || !addr_parse(equals + 1, &read.outside) ||
	    read.inside.family != ADDR_V4 || read.outside.family != ADDR_V4) {
		return scn_words_error(words, err,
			"nat wants two addresses of IPv4 such as 10.0.1.1=192.0.2.7");
	}
	if (scn_words_skip(words, "mends") &&
	    !scn_read_choice(words, "what nat mends", mendings, &mends, err)) {
		return false;
	}
	read.mends = (enum nat_mends)mends;
	*nat = read;
	return true;
}

static bool read_address(const struct property *property, struct scn_words *words,
	struct addr *address, struct err *err)
{
	struct addr read = {0};
	const char *word;

	if (!scn_words_skip(words, "none") && (!scn_words_need(words, "an address", &word, err) ||
	    (!addr_parse(word, &read) && !scn_words_error(words, err,
	    "%s wants an address or none, not \"%.40s\"", property->word, word)))) {
		return false;
	}
	*address = read;
	return true;
}

static bool read_members(struct scn_words *words, struct members *members, struct err *err)
{
	uint32_t count;

	if (!scn_read_count(words, "members", 1, MEMBERS_MAX, &count, err)) {
		return false;
	}
	*members = (struct members){.count = count};
	return true;
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
		return read_jitter(words, member, err);
	case VALUE_BURST:
		return read_burst(words, member, err);
	case VALUE_RATE:
		return read_rate(words, member, err);
	case VALUE_MEMBERS:
		return read_members(words, member, err);
	case VALUE_MEMBER_LOSS:
		return read_member_loss(words, member, err);
	case VALUE_ICMP_RATE:
		return read_icmp_rate(words, member, err);
	case VALUE_ICMP_DELAY:
		return read_icmp_delay(words, member, err);
	case VALUE_ICMP_STALL:
		return read_icmp_stall(words, member, err);
	case VALUE_MPLS:
		return read_mpls(words, member, err);
	case VALUE_NAT:
		return read_nat(words, member, err);
	case VALUE_ADDRESS:
		return read_address(property, words, member, err);
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
