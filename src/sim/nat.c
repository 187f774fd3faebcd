/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/tcp.h"
#include "sim/sim_int.h"

/*
 * A translator of addresses, one to one and of IPv4. It keeps every checksum of a packet right. Of
 * ICMP errors that pass it mends the quote as far as it is told to: that is where they differ.
 */
enum { AT_CHECKSUM = 10, AT_SRC = 12, AT_DST = 16, UDP_CHECKSUM = 6, ADDRESS_BYTES = 4 };

/* RFC 1624, eqn. 3: four bytes of what is summed have changed. A sum of 0 in UDP means none. */
static void mend(uint8_t *field, const uint8_t *was, const uint8_t *is, bool is_udp)
{
	uint32_t sum = (uint16_t)~get_be16(field);

	if (is_udp && get_be16(field) == 0) {
		return;
	}
	for (size_t i = 0; i < ADDRESS_BYTES; i += 2) {
		sum += (uint16_t)~get_be16(was + i);
		sum += get_be16(is + i);
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put_be16(field, is_udp && sum == 0xffff ? 0xffff : (uint16_t)~sum);
}

/* The sum of what an IP header of `len` bytes in all carries; NULL: it has none, or is cut off. */
static uint8_t *sum_field(uint8_t *header, size_t len, const struct ip_header *ip)
{
	size_t within = ip->protocol == IP_PROTO_UDP ? UDP_CHECKSUM : TCP_CHECKSUM;
	size_t at = ip->header_bytes + within;

	return (ip->protocol == IP_PROTO_UDP || ip->protocol == IP_PROTO_TCP) && at + 2 <= len &&
		ip->fragment_offset == 0 ? header + at : NULL;
}

/* Writes `to` where the header has `from` at that offset. */
static bool replace(uint8_t *header, size_t len, size_t at, const struct addr *from,
	const struct addr *to, bool has_sum)
{
	struct cursor c = cursor_of(header, len);
	struct ip_header ip;
	uint8_t *field;

	if (!addr_is_set(from) || !ip_read(&c, &ip) || ip.src.family != ADDR_V4 ||
	    memcmp(header + at, from->byte, ADDRESS_BYTES) != 0) {
		return false;
	}
	mend(header + AT_CHECKSUM, from->byte, to->byte, false);
	field = has_sum ? sum_field(header, len, &ip) : NULL;
	if (field != NULL) {
		mend(field, from->byte, to->byte, ip.protocol == IP_PROTO_UDP);
	}
	memcpy(header + at, to->byte, ADDRESS_BYTES);
	return true;
}

/* In the quote of an error the address stands where it stood on the way there. */
static void mend_quote(const struct nat *nat, struct packet *packet, size_t at,
	const struct addr *from, const struct addr *to)
{
	uint8_t *bytes = packet->bytes + packet->start;
	size_t len = packet_len(packet);
	struct cursor c = cursor_of(bytes, len);
	struct icmp_header icmp;
	struct ip_header ip;
	size_t icmp_at;

	if (nat->mends == NAT_MENDS_NOTHING || !ip_read(&c, &ip) ||
	    ip.protocol != IP_PROTO_ICMP) {
		return;
	}
	icmp_at = c.pos;
	if (icmp_read(&c, &icmp) && icmp_is_error(ADDR_V4, icmp.type) &&
	    replace(bytes + c.pos, len - c.pos, at, from, to, nat->mends == NAT_MENDS_ALL)) {
		put_be16(bytes + icmp_at + 2, 0);
		put_be16(bytes + icmp_at + 2, cksum_of(bytes + icmp_at, len - icmp_at));
	}
}

void nat_enter(const struct nat *nat, struct packet *packet)
{
	if (addr_is_set(&nat->outside) && packet_family(packet) == ADDR_V4) {
		(void)replace(packet->bytes + packet->start, packet_len(packet), AT_DST, &nat->outside,
			&nat->inside, true);
		mend_quote(nat, packet, AT_SRC, &nat->outside, &nat->inside);
	}
}

void nat_leave(const struct nat *nat, struct packet *packet)
{
	if (addr_is_set(&nat->inside) && packet_family(packet) == ADDR_V4) {
		(void)replace(packet->bytes + packet->start, packet_len(packet), AT_SRC, &nat->inside,
			&nat->outside, true);
		mend_quote(nat, packet, AT_DST, &nat->inside, &nat->outside);
	}
}
