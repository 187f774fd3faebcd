/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_UNIT_SIM_LAB_H
#define THRUPATH_TESTS_UNIT_SIM_LAB_H

#include <string.h>

#include "pkt/addr.h"
#include "pkt/ident.h"
#include "pkt/ip.h"
#include "pkt/probe_wire.h"
#include "pkt/quote.h"
#include "pkt/reply.h"
#include "sim/network.h"

#include "support/check.h"
#include "support/retrace.h"

/* A scenario from a string at work, and the packets that came home from it. */

enum { LAB_HOME_MAX = 4096, LAB_PORT = 28525, LAB_ECHO_ID = 0x7470 };

struct lab_packet {
	ns_t when;
	size_t len;
	uint8_t bytes[600];
};

struct lab {
	struct scenario scenario;
	struct sim *sim;
	struct ident ident;
	struct reply_context context;
	struct strbuf log;
	size_t home_count;
	struct lab_packet home[LAB_HOME_MAX];
};

static inline struct addr lab_addr(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static inline struct lab *lab_new(const char *text, uint64_t seed)
{
	struct lab *lab = calloc(1, sizeof *lab);
	struct err err = {0};

	assert_non_null(lab);
	if (!scenario_parse("lab.scn", text, strlen(text), &lab->scenario, &err)) {
		fail_msg("%s", err.text);
	}
	lab->sim = sim_create(&lab->scenario, seed);
	ident_init(&lab->ident, &(struct siphash_key){1, 2});
	lab->context = (struct reply_context){.self = *scenario_prober_address(&lab->scenario),
		.port = LAB_PORT, .echo_id = LAB_ECHO_ID};
	return lab;
}

static inline void lab_free(struct lab *lab)
{
	sim_destroy(lab->sim);
	scenario_finish(&lab->scenario);
	strbuf_finish(&lab->log);
	free(lab);
}

static inline void lab_keep(void *arg, const uint8_t *bytes, size_t len, ns_t arrival,
	const struct sim_identity *probe)
{
	struct lab *lab = arg;

	(void)probe;
	if (lab->home_count < LAB_HOME_MAX) {
		struct lab_packet *packet = &lab->home[lab->home_count];
		size_t kept = len < sizeof packet->bytes ? len : sizeof packet->bytes;

		packet->when = arrival;
		packet->len = len;
		memcpy(packet->bytes, bytes, kept);
	}
	lab->home_count++;
}

static inline void lab_log(void *arg, const struct sim_event *event)
{
	struct lab *lab = arg;

	sim_event_format(event, &lab->scenario, &lab->log);
}

static inline void lab_send(struct lab *lab, ns_t now, const struct walk *walk, uint32_t seq,
	size_t size)
{
	static uint8_t bytes[PROBE_BYTES_MAX];
	struct probe_spec spec = {.walk = walk, .seq = seq, .sport = LAB_ECHO_ID,
		.dport = LAB_PORT};
	size_t least = probe_wire_min(walk_stack_bytes(walk));
	size_t len;

	spec.carried = walk->kind == WALK_TO ? CARRIED_ECHO : CARRIED_UDP;
	spec.size_bytes = (uint16_t)(size > least ? size : least);
	len = probe_wire_build(&spec, &lab->ident, bytes, sizeof bytes);
	assert_true(len > 0);
	sim_inject(lab->sim, now, bytes, len);
}

/* A boomerang over the nodes of a comma list of addresses. */
static inline void lab_send_retrace(struct lab *lab, ns_t now, const char *const *hops,
	size_t depth, uint32_t seq)
{
	struct addr hop[16];
	struct walk walk;

	for (size_t i = 0; i < depth; i++) {
		hop[i] = lab_addr(hops[i]);
	}
	assert_true(walk_retrace(&lab->context.self, hop, depth, INNER_SOURCE_HOP, &walk));
	lab_send(lab, now, &walk, seq, 0);
}

static inline void lab_send_to(struct lab *lab, ns_t now, const char *to, uint8_t ttl, uint32_t seq)
{
	struct addr dst = lab_addr(to);
	struct walk walk = walk_to(&lab->context.self, &dst, ttl);

	lab_send(lab, now, &walk, seq, 0);
}

static inline void lab_run(struct lab *lab)
{
	ns_t next;

	while ((next = sim_next(lab->sim)) != NS_NEVER) {
		sim_run_until(lab->sim, next, lab_keep, lab);
	}
}

/* The packet that came home as number `i`, decoded. */
static inline struct reply lab_reply(const struct lab *lab, size_t i)
{
	struct reply reply = {0};

	assert_true(i < lab->home_count);
	assert_int_equal(reply_decode(lab->home[i].bytes, lab->home[i].len, &lab->context, &reply),
		DECODE_OK);
	return reply;
}

static inline void lab_assert_addr(struct addr addr, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(&addr, text), expected);
}

#endif
