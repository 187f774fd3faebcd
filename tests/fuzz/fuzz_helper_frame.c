/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "net/helper_wire.h"

static void check_at_helper(enum helper_tag tag, const struct helper_record *record)
{
	if (tag == HELPER_WALK) {
		MUST(record->slot < HELPER_SLOTS);
		MUST(record->walk.leg_count >= 1 && record->walk.leg_count <= LEG_MAX);
		MUST(record->walk.kind < WALK_KIND_COUNT);
	} else if (tag == HELPER_PROBE) {
		MUST(record->is.probe.slot < HELPER_SLOTS);
		MUST(record->is.probe.carried < CARRIED_COUNT);
	} else {
		MUST(tag == HELPER_ASK || tag == HELPER_HELLO || tag == HELPER_MOVE);
	}
}

static void check_at_client(enum helper_tag tag, const struct helper_record *record,
	const struct cursor *message)
{
	if (tag == HELPER_PACKET) {
		MUST(record->is.packet.len <= HELPER_PACKET_MAX);
		MUST(record->is.packet.bytes >= message->bytes);
		MUST(record->is.packet.bytes + record->is.packet.len == message->bytes + message->pos);
		MUST(record->is.packet.realtime >= 0);
	} else if (tag == HELPER_REFUSED) {
		MUST(strnlen(record->is.refused.text, sizeof record->is.refused.text) <
			sizeof record->is.refused.text);
		MUST(record->is.refused.code > ERR_NONE && record->is.refused.code < ERR_CODE_COUNT);
	} else if (tag == HELPER_UNSENT) {
		MUST(record->is.unsent.sys > 0);
	} else {
		MUST(tag == HELPER_GAP || tag == HELPER_COUNTS || tag == HELPER_READY);
	}
}

/* The first byte is the direction, the rest a message. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct helper_record record;
	struct cursor message;
	bool is_at_helper;

	if (len == 0) {
		return 0;
	}
	is_at_helper = bytes[0] % 2 == 0;
	message = cursor_of(bytes + 1, len - 1);
	for (;;) {
		size_t before = message.pos;
		enum helper_tag tag = is_at_helper ? helper_wire_at_helper(&message, &record) :
			helper_wire_at_client(&message, &record);

		if (tag == HELPER_END || tag == HELPER_BAD) {
			MUST(tag == HELPER_BAD || message.pos == message.len);
			return 0;
		}
		MUST(message.pos > before && !message.failed);
		if (is_at_helper) {
			check_at_helper(tag, &record);
		} else {
			check_at_client(tag, &record, &message);
		}
	}
}
