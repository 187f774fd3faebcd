/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/policy.h"

#include <math.h>

enum { BURST_MIN = 256, CROSSINGS_MAX = 2 };

static bool is_one_host(const struct addr *addr)
{
	return addr_is_set(addr) && !addr_is_unspecified(addr) &&
		!addr_is_multicast(addr) && !addr_is_reserved(addr);
}

static bool is_ours(const struct policy *policy, const struct addr *addr)
{
	return addr_is_set(addr) &&
	       (addr_equal(addr, &policy->ours.self) || addr_equal(addr, &policy->ours.self_other) ||
		addr_equal(addr, &policy->ours.self_also));
}

/* A bridge sends on in a family of which no leg before has named an address of its: there the
 * source must be ours, for what a hop's other address is cannot be checked here. */
static enum policy_verdict check_leg(const struct policy *policy, const struct walk *walk, size_t i)
{
	const struct leg *leg = &walk->leg[i];
	bool is_from_us = is_ours(policy, &leg->src);

	if (!is_from_us && i == 0) {
		return POLICY_OUTER_SOURCE;
	}
	if (!is_from_us && !addr_equal(&leg->src, &walk->leg[i - 1].dst)) {
		return POLICY_INNER_SOURCE;
	}
	if (i + 1 == walk->leg_count && !is_from_us && !is_ours(policy, &leg->dst)) {
		return POLICY_LAST_LEG;
	}
	if (!is_one_host(&leg->dst)) {
		return POLICY_DESTINATION;
	}
	if (leg->src.family != leg->dst.family) {
		return POLICY_FAMILY;
	}
	/* The kernel keeps such packets on this host, but does not look into ours. */
	if (addr_is_loopback(&leg->src) && !addr_is_loopback(&leg->dst)) {
		return POLICY_OUTER_SOURCE;
	}
	return leg->ttl == 0 ? POLICY_TTL : POLICY_OK;
}

static bool is_same_host(const struct policy *policy, const struct addr *a, const struct addr *b)
{
	return addr_equal(a, b) || (is_ours(policy, a) && is_ours(policy, b));
}

/* Where leg `i` begins, whatever source it has: its packet is unwrapped there. */
static const struct addr *begin_of(const struct walk *walk, size_t i)
{
	return i == 0 ? &walk->leg[0].src : &walk->leg[i - 1].dst;
}

static bool is_same_pair(const struct policy *policy, const struct walk *walk, size_t i, size_t k)
{
	const struct addr *from = begin_of(walk, i), *to = &walk->leg[i].dst;
	const struct addr *other_from = begin_of(walk, k), *other_to = &walk->leg[k].dst;

	return (is_same_host(policy, from, other_from) && is_same_host(policy, to, other_to)) ||
	       (is_same_host(policy, from, other_to) && is_same_host(policy, to, other_from));
}

/* There and back again. A probe that went to and fro between two hosts would be as many packets on
 * their link as it has legs. */
static bool is_to_and_fro(const struct policy *policy, const struct walk *walk)
{
	for (size_t i = CROSSINGS_MAX; i < walk->leg_count; i++) {
		unsigned before = 0;

		for (size_t k = 0; k < i; k++) {
			before += is_same_pair(policy, walk, i, k);
		}
		if (before >= CROSSINGS_MAX) {
			return true;
		}
	}
	return false;
}

/* An ordinary packet in the last leg has us for its source: whoever answers it answers us. */
static bool is_answer_ours(const struct policy *policy, const struct walk *walk)
{
	return is_ours(policy, &walk->leg[walk->leg_count - 1].src);
}

bool policy_is_flow_of(uint16_t base, uint16_t port)
{
	uint16_t low, high;

	flow_port_range(base, &low, &high);
	return port >= low && port <= high;
}

/* One that is bound for this session: see net/reserve.h. */
static bool is_source_port_ours(const struct policy *policy, const struct probe_spec *spec)
{
	return spec->carried == CARRIED_UDP ?
		spec->sport == flow_port(policy->ours.to_source_port, spec->flow) :
		policy_is_flow_of(policy->ours.to_source_port, spec->sport);
}

static bool is_carrier_ours(const struct policy *policy, const struct probe_spec *spec)
{
	const struct reply_context *ours = &policy->ours;
	uint16_t to_port;

	if (spec->flow >= FLOW_MAX) {
		return false;
	}
	if (spec->carried == CARRIED_ECHO) {
		return is_answer_ours(policy, spec->walk) && spec->sport == ours->echo_id;
	}
	to_port = reply_context_port_of(ours, spec->carried);
	if (to_port != 0 && spec->dport == to_port) {
		return is_answer_ours(policy, spec->walk) && is_source_port_ours(policy, spec);
	}
	return spec->carried == CARRIED_UDP && spec->dport == ours->port &&
	       spec->sport == flow_port(ours->port, spec->flow) &&
	       is_ours(policy, &spec->walk->leg[spec->walk->leg_count - 1].dst);
}

/* What goes to a link address, which is the gateway's of a route, whatever the asker says. */
static bool is_bounce(const struct policy *policy, const struct walk *walk)
{
	const struct leg *leg = &walk->leg[0];

	return walk->leg_count == 1 && is_ours(policy, &leg->src) &&
	       addr_equal(&leg->src, &leg->dst) && leg->ttl == BOUNCE_TTL &&
	       is_one_host(&walk->towards) && walk->towards.family == leg->src.family;
}

static bool is_all_v6(const struct walk *walk)
{
	for (size_t i = 0; i < walk->leg_count; i++) {
		if (walk->leg[i].src.family != ADDR_V6 || walk->leg[i].dst.family != ADDR_V6) {
			return false;
		}
	}
	return true;
}

enum policy_verdict policy_check_walk(const struct policy *policy, const struct walk *walk)
{
	if (walk->leg_count == 0 || walk->leg_count > LEG_MAX) {
		return POLICY_LEGS;
	}
	if (walk_is_bounce(walk->kind) && !is_bounce(policy, walk)) {
		return POLICY_BOUNCE;
	}
	if (walk_is_routed(walk) && !is_all_v6(walk)) {
		return POLICY_FAMILY;
	}
	for (size_t i = 0; i < walk->leg_count; i++) {
		enum policy_verdict verdict = check_leg(policy, walk, i);

		if (verdict != POLICY_OK) {
			return verdict;
		}
	}
	return is_to_and_fro(policy, walk) ? POLICY_TO_AND_FRO : POLICY_OK;
}

enum policy_verdict policy_check_carried(const struct policy *policy,
	const struct probe_spec *spec)
{
	if (!probe_wire_is_size(spec) || spec->size_bytes > policy->packet_bytes) {
		return POLICY_SIZE;
	}
	return is_carrier_ours(policy, spec) ? POLICY_OK : POLICY_CARRIER;
}

enum policy_verdict policy_check(const struct policy *policy, const struct probe_spec *spec)
{
	enum policy_verdict verdict = policy_check_walk(policy, spec->walk);

	return verdict == POLICY_OK ? policy_check_carried(policy, spec) : verdict;
}

bool policy_is_private(const struct walk *walk)
{
	for (size_t i = 0; i < walk->leg_count; i++) {
		if (!addr_is_private(&walk->leg[i].dst) && !addr_is_loopback(&walk->leg[i].dst)) {
			return false;
		}
	}
	return true;
}

static void fill(struct policy_bucket *bucket, ns_t now)
{
	double rate = bucket->rate_pps / bucket->sharers;
	double size = fmax(rate / 2 + (double)BURST_MIN / bucket->sharers, 1);

	if (now > bucket->filled_at) {
		bucket->left += rate * ns_to_sec(now - bucket->filled_at);
		bucket->filled_at = now;
	}
	bucket->left = bucket->left < size ? bucket->left : size;
}

void policy_bucket_init(struct policy_bucket *bucket, double rate_pps, bool is_full, ns_t now)
{
	*bucket = (struct policy_bucket){.rate_pps = rate_pps, .sharers = 1, .filled_at = now,
		.left = is_full ? rate_pps + (double)BURST_MIN : 0};
	fill(bucket, now);
}

void policy_bucket_share(struct policy_bucket *bucket, unsigned sharers, ns_t now)
{
	fill(bucket, now);
	bucket->sharers = sharers > 0 ? sharers : 1;
}

ns_t policy_bucket_next(struct policy_bucket *bucket, ns_t now)
{
	fill(bucket, now);
	if (bucket->left < 1 && bucket->rate_pps <= 0) {
		return NS_NEVER;
	}
	return bucket->left >= 1 ? now : bucket->filled_at + (ns_t)((1 - bucket->left) /
		bucket->rate_pps * bucket->sharers * NS_PER_SEC) + 1;
}

bool policy_bucket_take(struct policy_bucket *bucket, ns_t now)
{
	fill(bucket, now);
	if (bucket->left < 1) {
		return false;
	}
	bucket->left--;
	return true;
}
