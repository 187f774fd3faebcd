/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/helper_wire.h"

#include <string.h>

/* Bytes after the tag and the version, of a leg, and of what goes round any payload. */
enum { HOME_BYTES = 3 * 17 + 4, HELLO_BYTES = 16 + HOME_BYTES + 2 + 1 + 3 * 2 + 2 + 4 * 4,
	LEG_BYTES = 35, SPARE_BYTES = 64 };

/* | family 1 | address 16 |: of IPv4 the first four count, no family has none. */
static struct addr read_addr(struct cursor *c)
{
	struct addr addr = {.family = cursor_u8(c)};
	const uint8_t *bytes = cursor_bytes(c, sizeof addr.byte);

	if (addr.family != ADDR_NONE && addr.family != ADDR_V4 && addr.family != ADDR_V6) {
		c->failed = true;
	}
	if (c->failed || addr.family == ADDR_NONE) {
		return (struct addr){0};
	}
	memcpy(addr.byte, bytes, addr.family == ADDR_V4 ? 4 : sizeof addr.byte);
	return addr;
}

static void put_addr(struct wcursor *w, const struct addr *addr)
{
	wcursor_u8(w, addr->family);
	wcursor_bytes(w, addr->byte, sizeof addr->byte);
}

static bool read_home(struct cursor *c, struct transport_home *ret_home)
{
	struct transport_home home = {.self = read_addr(c)};

	home.self_other = read_addr(c);
	home.self_also = read_addr(c);
	home.interface = cursor_be32(c);
	if (!c->failed) {
		*ret_home = home;
	}
	return !c->failed;
}

static void put_home(struct wcursor *w, const struct transport_home *home)
{
	put_addr(w, &home->self);
	put_addr(w, &home->self_other);
	put_addr(w, &home->self_also);
	wcursor_be32(w, home->interface);
}

static bool read_hello(struct cursor *c, struct helper_hello *ret_hello)
{
	struct helper_hello hello = {.version = cursor_u8(c)};
	uint8_t carried;

	if (!c->failed && hello.version != HELPER_VERSION) {
		*ret_hello = hello;
		return true;
	}
	if (c->failed || cursor_left(c) != HELLO_BYTES) {
		return false;
	}
	hello.key.k0 = cursor_be64(c);
	hello.key.k1 = cursor_be64(c);
	if (!read_home(c, &hello.home)) {
		return false;
	}
	hello.echo_id = cursor_be16(c);
	carried = cursor_u8(c);
	hello.to_port = cursor_be16(c);
	hello.to_source_port = cursor_be16(c);
	hello.other_port = cursor_be16(c);
	hello.packet_bytes = cursor_be16(c);
	hello.mark = cursor_be32(c);
	hello.max_rate_pps = cursor_be32(c);
	hello.capture_rate_pps = cursor_be32(c);
	hello.gather_us = cursor_be32(c);
	if (c->failed || carried >= CARRIED_COUNT) {
		return false;
	}
	hello.to_carried = (enum carried)carried;
	*ret_hello = hello;
	return true;
}

static bool read_walk(struct cursor *c, uint16_t *ret_slot, struct walk *ret_walk)
{
	uint16_t slot = cursor_be16(c);
	uint8_t kind = cursor_u8(c), depth = cursor_u8(c), count = cursor_u8(c);

	if (c->failed || slot >= HELPER_SLOTS || kind >= WALK_KIND_COUNT || count == 0 ||
	    count > LEG_MAX || cursor_left(c) < (size_t)count * LEG_BYTES) {
		return false;
	}
	*ret_slot = slot;
	ret_walk->kind = (enum walk_kind)kind;
	ret_walk->depth = depth;
	ret_walk->leg_count = count;
	ret_walk->sids.block_bits = cursor_u8(c);
	ret_walk->sids.sid_bits = cursor_u8(c);
	ret_walk->towards = ret_walk->by = (struct addr){0};
	if (walk_is_bounce(ret_walk->kind)) {
		ret_walk->towards = read_addr(c);
		ret_walk->by = read_addr(c);
	}
	for (size_t i = 0; i < count; i++) {
		ret_walk->leg[i].src = read_addr(c);
		ret_walk->leg[i].dst = read_addr(c);
		ret_walk->leg[i].ttl = cursor_u8(c);
		ret_walk->leg[i].carrier = cursor_u8(c);
		if (ret_walk->leg[i].carrier >= CARRIER_COUNT) {
			return false;
		}
	}
	return !c->failed;
}

static bool read_probe(struct cursor *c, struct helper_probe *ret_probe)
{
	struct helper_probe probe = {0};
	uint8_t carried;

	/* One statement each: the order within an initialiser is the compiler's. */
	probe.slot = cursor_be16(c);
	probe.seq = cursor_be32(c);
	probe.size_bytes = cursor_be16(c);
	probe.sport = cursor_be16(c);
	probe.dport = cursor_be16(c);
	probe.tos = cursor_u8(c);
	probe.flow = cursor_u8(c);
	carried = cursor_u8(c);
	if (c->failed || probe.slot >= HELPER_SLOTS || carried >= CARRIED_COUNT) {
		return false;
	}
	probe.carried = (enum carried)carried;
	*ret_probe = probe;
	return true;
}

static bool read_refused(struct cursor *c, struct helper_refused *ret_refused)
{
	struct helper_refused refused = {0};
	uint8_t code = cursor_u8(c), len = cursor_u8(c);
	const uint8_t *text = cursor_bytes(c, len);

	if (c->failed || code == ERR_NONE || code >= ERR_CODE_COUNT || len >= sizeof refused.text) {
		return false;
	}
	refused.code = (enum err_code)code;
	for (size_t i = 0; i < len; i++) {
		refused.text[i] = text[i] >= ' ' && text[i] <= '~' ? (char)text[i] : '?';
	}
	*ret_refused = refused;
	return true;
}

static bool read_packet(struct cursor *c, struct capture_packet *ret_packet)
{
	struct capture_packet packet = {.realtime = (ns_t)cursor_be64(c)};

	packet.interface = cursor_be32(c);
	packet.len = cursor_be16(c);
	packet.bytes = cursor_bytes(c, packet.len);
	/* The clock's first and last centuries would overflow a difference. */
	if (c->failed || packet.len > HELPER_PACKET_MAX || packet.realtime < 0 ||
	    packet.realtime > INT64_MAX / 2) {
		return false;
	}
	*ret_packet = packet;
	return true;
}

static bool read_unsent(struct cursor *c, struct helper_unsent *ret_unsent)
{
	struct helper_unsent unsent = {.seq = cursor_be32(c)};
	uint32_t sys = cursor_be32(c);

	if (c->failed || sys == 0 || sys > 4095) { /* the kernel's own bound of errno */
		return false;
	}
	unsent.sys = (int)sys;
	*ret_unsent = unsent;
	return true;
}

enum helper_tag helper_wire_at_helper(struct cursor *message, struct helper_record *ret_record)
{
	bool is_good = false;
	uint8_t tag;

	if (cursor_left(message) == 0) {
		return HELPER_END;
	}
	tag = cursor_u8(message);
	if (tag == HELPER_PROBE) {
		is_good = read_probe(message, &ret_record->is.probe);
	} else if (tag == HELPER_WALK) {
		is_good = read_walk(message, &ret_record->slot, &ret_record->walk);
	} else if (tag == HELPER_HELLO) {
		is_good = read_hello(message, &ret_record->is.hello);
	} else if (tag == HELPER_MOVE) {
		is_good = read_home(message, &ret_record->is.home);
	} else if (tag == HELPER_ASK) {
		is_good = true;
	}
	return is_good ? (enum helper_tag)tag : HELPER_BAD;
}

enum helper_tag helper_wire_at_client(struct cursor *message, struct helper_record *ret_record)
{
	bool is_good = false;
	uint8_t tag;

	if (cursor_left(message) == 0) {
		return HELPER_END;
	}
	tag = cursor_u8(message);
	if (tag == HELPER_PACKET) {
		is_good = read_packet(message, &ret_record->is.packet);
	} else if (tag == HELPER_COUNTS) {
		ret_record->is.counts.rx_dropped = cursor_be64(message);
		ret_record->is.counts.foreign = cursor_be64(message);
		ret_record->is.counts.forged = cursor_be64(message);
		is_good = !message->failed;
	} else if (tag == HELPER_UNSENT) {
		is_good = read_unsent(message, &ret_record->is.unsent);
	} else if (tag == HELPER_READY) {
		ret_record->is.ready.version = cursor_u8(message);
		ret_record->is.ready.port = cursor_be16(message);
		is_good = !message->failed;
	} else if (tag == HELPER_REFUSED) {
		is_good = read_refused(message, &ret_record->is.refused);
	} else if (tag == HELPER_GAP) {
		is_good = true;
	}
	return is_good ? (enum helper_tag)tag : HELPER_BAD;
}

static void put_tag(struct wcursor *w, enum helper_tag tag)
{
	wcursor_u8(w, (uint8_t)tag);
}

void helper_wire_hello(struct wcursor *w, const struct helper_hello *hello)
{
	put_tag(w, HELPER_HELLO);
	wcursor_u8(w, hello->version);
	wcursor_be64(w, hello->key.k0);
	wcursor_be64(w, hello->key.k1);
	put_home(w, &hello->home);
	wcursor_be16(w, hello->echo_id);
	wcursor_u8(w, (uint8_t)hello->to_carried);
	wcursor_be16(w, hello->to_port);
	wcursor_be16(w, hello->to_source_port);
	wcursor_be16(w, hello->other_port);
	wcursor_be16(w, hello->packet_bytes);
	wcursor_be32(w, hello->mark);
	wcursor_be32(w, hello->max_rate_pps);
	wcursor_be32(w, hello->capture_rate_pps);
	wcursor_be32(w, hello->gather_us);
}

void helper_wire_walk(struct wcursor *w, uint16_t slot, const struct walk *walk)
{
	put_tag(w, HELPER_WALK);
	wcursor_be16(w, slot);
	wcursor_u8(w, (uint8_t)walk->kind);
	wcursor_u8(w, walk->depth);
	wcursor_u8(w, walk->leg_count);
	wcursor_u8(w, walk->sids.block_bits);
	wcursor_u8(w, walk->sids.sid_bits);
	if (walk_is_bounce(walk->kind)) {
		put_addr(w, &walk->towards);
		put_addr(w, &walk->by);
	}
	for (size_t i = 0; i < walk->leg_count; i++) {
		put_addr(w, &walk->leg[i].src);
		put_addr(w, &walk->leg[i].dst);
		wcursor_u8(w, walk->leg[i].ttl);
		wcursor_u8(w, walk->leg[i].carrier);
	}
}

void helper_wire_probe(struct wcursor *w, uint16_t slot, const struct probe_spec *spec)
{
	put_tag(w, HELPER_PROBE);
	wcursor_be16(w, slot);
	wcursor_be32(w, spec->seq);
	wcursor_be16(w, spec->size_bytes);
	wcursor_be16(w, spec->sport);
	wcursor_be16(w, spec->dport);
	wcursor_u8(w, spec->tos);
	wcursor_u8(w, spec->flow);
	wcursor_u8(w, (uint8_t)spec->carried);
}

void helper_wire_ask(struct wcursor *w)
{
	put_tag(w, HELPER_ASK);
}

void helper_wire_move(struct wcursor *w, const struct transport_home *home)
{
	put_tag(w, HELPER_MOVE);
	put_home(w, home);
}

void helper_wire_ready(struct wcursor *w, uint16_t port)
{
	put_tag(w, HELPER_READY);
	wcursor_u8(w, HELPER_VERSION);
	wcursor_be16(w, port);
}

void helper_wire_refused(struct wcursor *w, const struct err *err)
{
	size_t len = strnlen(err->text, sizeof err->text - 1);

	put_tag(w, HELPER_REFUSED);
	wcursor_u8(w, (uint8_t)err->code);
	wcursor_u8(w, (uint8_t)len);
	wcursor_bytes(w, (const uint8_t *)err->text, len);
}

void helper_wire_packet(struct wcursor *w, const struct capture_packet *packet)
{
	put_tag(w, HELPER_PACKET);
	wcursor_be64(w, (uint64_t)packet->realtime);
	wcursor_be32(w, packet->interface);
	wcursor_be16(w, (uint16_t)packet->len);
	wcursor_bytes(w, packet->bytes, packet->len);
}

void helper_wire_unsent(struct wcursor *w, const struct helper_unsent *unsent)
{
	put_tag(w, HELPER_UNSENT);
	wcursor_be32(w, unsent->seq);
	wcursor_be32(w, (uint32_t)unsent->sys);
}

void helper_wire_gap(struct wcursor *w)
{
	put_tag(w, HELPER_GAP);
}

void helper_wire_counts(struct wcursor *w, const struct helper_counts *counts)
{
	put_tag(w, HELPER_COUNTS);
	wcursor_be64(w, counts->rx_dropped);
	wcursor_be64(w, counts->foreign);
	wcursor_be64(w, counts->forged);
}

bool helper_wire_has_room(const struct wcursor *w, size_t payload_bytes)
{
	return w->len - w->pos >= payload_bytes + SPARE_BYTES;
}
