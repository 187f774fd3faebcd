/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/policy.h"

enum { BURST_MIN = 256 };

static bool is_one_host(const struct addr *addr)
{
	return addr_is_set(addr) && !addr_is_unspecified(addr) &&
		!addr_is_multicast(addr) && !addr_is_broadcast(addr);
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

/* An ordinary packet in the last leg has us for its source: whoever answers it answers us. */
static bool is_answer_ours(const struct policy *policy, const struct walk *walk)
{
	return is_ours(policy, &walk->leg[walk->leg_count - 1].src);
}

static bool is_flow_of(uint16_t base, uint16_t port)
{
	uint16_t low, high;

	flow_port_range(base, &low, &high);
	return port >= low && port <= high;
}

static bool is_carrier_ours(const struct policy *policy, const struct probe_spec *spec)
{
	const struct reply_context *ours = &policy->ours;
	uint16_t to_port;

	if (spec->flow >= FLOW_MAX) {
		return false;
	}
	if (spec->carrier == CARRIER_ECHO) {
		return is_answer_ours(policy, spec->walk) && spec->sport == ours->echo_id;
	}
	to_port = reply_context_port_of(ours, spec->carrier);
	if (to_port != 0 && spec->dport == to_port) {
		return is_answer_ours(policy, spec->walk) &&
		       is_flow_of(ours->to_source_port, spec->sport);
	}
	return spec->carrier == CARRIER_UDP && is_flow_of(ours->port, spec->sport) &&
		spec->dport == ours->port;
}

enum policy_verdict policy_check(const struct policy *policy, const struct probe_spec *spec)
{
	const struct walk *walk = spec->walk;

	if (walk->leg_count == 0 || walk->leg_count > LEG_MAX) {
		return POLICY_LEGS;
	}
	for (size_t i = 0; i < walk->leg_count; i++) {
		enum policy_verdict verdict = check_leg(policy, walk, i);

		if (verdict != POLICY_OK) {
			return verdict;
		}
	}
	if (!probe_wire_is_size(spec) || spec->size_bytes > policy->packet_bytes) {
		return POLICY_SIZE;
	}
	return is_carrier_ours(policy, spec) ? POLICY_OK : POLICY_CARRIER;
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

static double bucket_size(const struct policy_bucket *bucket)
{
	return bucket->rate_pps / 2 + (double)BURST_MIN;
}

void policy_bucket_init(struct policy_bucket *bucket, double rate_pps, ns_t now)
{
	*bucket = (struct policy_bucket){.rate_pps = rate_pps, .filled_at = now};
	bucket->left = bucket_size(bucket);
}

bool policy_bucket_take(struct policy_bucket *bucket, ns_t now)
{
	double size = bucket_size(bucket);

	if (now > bucket->filled_at) {
		bucket->left += bucket->rate_pps * ns_to_sec(now - bucket->filled_at);
		bucket->left = bucket->left < size ? bucket->left : size;
		bucket->filled_at = now;
	}
	if (bucket->left < 1) {
		return false;
	}
	bucket->left--;
	return true;
}
