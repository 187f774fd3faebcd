/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/reply.h"

static bool is_ours(const struct addr *addr, const struct reply_context *context)
{
	return addr_equal(addr, &context->self) || addr_equal(addr, &context->self_other);
}

static void check(const struct reply *reply, const struct reply_context *context)
{
	MUST(reply->kind == REPLY_SENT || reply->kind == REPLY_RETURN ||
		reply->kind == REPLY_ECHO || reply->kind == REPLY_TCP || reply->kind == REPLY_ERROR ||
		reply->kind == REPLY_REDIRECT);
	MUST(addr_is_set(&reply->from) && reply->from.family == reply->to.family);
	MUST(reply->kind != REPLY_SENT || is_ours(&reply->from, context));
	MUST(reply->kind != REPLY_RETURN || is_ours(&reply->to, context));
	/* What is handed on can be known again, one way or the other. */
	MUST(reply->has_token || reply->has_ids ||
		(reply->kind == REPLY_ECHO && reply->flaw != FLAW_NONE));
	MUST(reply->flaw < FLAW_COUNT && (reply->kind != REPLY_SENT || reply->flaw == FLAW_NONE));
	MUST(!reply->has_ids || (reply->kind != REPLY_RETURN && reply->kind != REPLY_ECHO));
	MUST(reply->icmp_mtu == 0 || reply->kind == REPLY_ERROR);
	MUST(reply->ext.mpls.count <= MPLS_MAX);
	MUST(memchr(reply->ext.interface.name, '\0', EXT_NAME_MAX) != NULL);
	MUST(memchr(reply->ext.node.name, '\0', EXT_NAME_MAX) != NULL);
}

static void decode(const uint8_t *bytes, size_t len, enum carried carried)
{
	const struct reply_context context = {.self = {ADDR_V4, {10, 0, 1, 1}}, .port = 4001,
		.self_other = {ADDR_V6, {0x20, 1, 0xd, 0xb8, 0, 1, [15] = 1}},
		.echo_id = 4000, .to_carried = carried, .to_port = 4002, .to_source_port = 4001};
	enum decode_result result;
	struct reply reply;

	memset(&reply, 0xa5, sizeof reply);
	result = reply_decode(bytes, len, &context, &reply);
	MUST(result < DECODE_RESULT_COUNT);
	if (result == DECODE_OK) {
		check(&reply, &context);
	} else {
		MUST(fuzz_is_untouched(&reply, sizeof reply));
	}
}

/* Any packet, as a prober at 10.0.1.1 would take it that listens on port 4001 and asks with
 * echo identifier 4000 and by UDP or TCP to port 4002. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	decode(bytes, len, CARRIED_UDP);
	decode(bytes, len, CARRIED_TCP);
	return 0;
}
