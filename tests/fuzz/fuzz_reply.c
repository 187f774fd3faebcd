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
		reply->kind == REPLY_ECHO || reply->kind == REPLY_ERROR);
	MUST(addr_is_set(&reply->from) && reply->from.family == reply->to.family);
	MUST(reply->kind != REPLY_SENT || is_ours(&reply->from, context));
	MUST(reply->kind != REPLY_RETURN || is_ours(&reply->to, context));
	/* What is handed on can be known again, one way or the other. */
	MUST(reply->has_token || reply->has_ids);
	MUST(!reply->has_ids || reply->kind == REPLY_SENT || reply->kind == REPLY_ERROR);
	MUST(reply->icmp_mtu == 0 || reply->kind == REPLY_ERROR);
	MUST(reply->ext.mpls.count <= MPLS_MAX);
	MUST(memchr(reply->ext.interface.name, '\0', IFNAME_MAX) != NULL);
}

/* Any packet, as a prober at 10.0.1.1 and 2001:db8:1::1 would take it that listens on port 4001
 * and asks with echo identifier 4000 and by UDP to port 4002. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct reply_context context = {.self = {ADDR_V4, {10, 0, 1, 1}},
		.self_other = {ADDR_V6, {0x20, 1, 0xd, 0xb8, 0, 1, [15] = 1}},
		.port = 4001, .echo_id = 4000, .to_port = 4002};
	enum decode_result result;
	struct reply reply;

	memset(&reply, 0xa5, sizeof reply);
	result = reply_decode(bytes, len, &context, &reply);
	MUST(result < DECODE_RESULT_COUNT);
	MUST(strcmp(decode_result_name(result), "?") != 0);
	if (result == DECODE_OK) {
		check(&reply, &context);
	} else {
		MUST(fuzz_is_untouched(&reply, sizeof reply));
	}
	return 0;
}
