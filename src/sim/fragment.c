/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pkt/cksum.h"
#include "pkt/ip.h"
#include "sim/sim_int.h"

enum { AT_FRAGMENT = 6, AT_CHECKSUM = 10, MORE_FRAGMENTS = 0x2000, DONT_FRAGMENT = 0x4000 };

/* RFC 791, 3.2: offsets count eight bytes, and all but the last piece have more to come. */
static struct packet *piece_of(struct sim *sim, const struct packet *packet, size_t from,
	size_t bytes)
{
	const uint8_t *whole = packet->bytes + packet->start;
	size_t carried = packet_len(packet) - IP4_HEADER_BYTES;
	struct packet *piece = packet_new(sim, IP4_HEADER_BYTES + bytes);
	uint16_t place = (uint16_t)(get_be16(whole + AT_FRAGMENT) + from / 8);

	piece->probe = packet->probe;
	piece->label_ttl = packet->label_ttl;
	piece->node = packet->node;
	piece->is_made_here = packet->is_made_here;
	piece->end = (uint32_t)(IP4_HEADER_BYTES + bytes);
	memcpy(piece->bytes, whole, IP4_HEADER_BYTES);
	memcpy(piece->bytes + IP4_HEADER_BYTES, whole + IP4_HEADER_BYTES + from, bytes);
	put_be16(piece->bytes + 2, (uint16_t)piece->end);
	put_be16(piece->bytes + AT_FRAGMENT, from + bytes < carried ? place | MORE_FRAGMENTS : place);
	put_be16(piece->bytes + AT_CHECKSUM, 0);
	put_be16(piece->bytes + AT_CHECKSUM, cksum_of(piece->bytes, IP4_HEADER_BYTES));
	return piece;
}

bool fragment_may(const struct packet *packet)
{
	const uint8_t *bytes = packet->bytes + packet->start;

	return packet_family(packet) == ADDR_V4 && (bytes[0] & 0xf) * 4 == IP4_HEADER_BYTES &&
	       (get_be16(bytes + AT_FRAGMENT) & DONT_FRAGMENT) == 0;
}

void fragment_send(struct sim *sim, struct packet *packet, uint32_t mtu, bool is_exempt)
{
	size_t carried = packet_len(packet) - IP4_HEADER_BYTES;
	size_t most = (mtu - IP4_HEADER_BYTES) / 8 * 8;

	for (size_t from = 0; from < carried; from += most) {
		router_send(sim, piece_of(sim, packet, from, carried - from < most ? carried - from : most),
			is_exempt);
	}
	packet_free(sim, packet);
}
