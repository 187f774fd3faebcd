/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/sent.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pkt/tcp.h"
#include "pkt/token.h"

enum { KNOWN_FOR_SEC = 10, CAPACITY_MIN = 4096, CAPACITY_MAX = 1 << 20, NUMBERS = 0x10000 };

struct probe {
	uint64_t ends;           /* a set of the addresses at which its legs end: see bit_of() */
	struct reply_probe is;
	uint16_t sport;          /* of echo the identifier */
	uint8_t carried;         /* enum carried */
	bool has_left;
	struct addr last;        /* at which the last leg ends */
};

struct sent {
	struct ident ident;
	uint32_t mask;
	struct probe probe[];    /* by the sequence number's lower bits */
};

struct sent *sent_create(const struct ident *ident, double rate_pps)
{
	uint32_t capacity = CAPACITY_MIN;
	struct sent *sent;

	while (capacity < CAPACITY_MAX && capacity < rate_pps * KNOWN_FOR_SEC) {
		capacity *= 2;
	}
	sent = xcalloc(1, sizeof *sent + capacity * sizeof sent->probe[0]);
	sent->ident = *ident;
	sent->mask = capacity - 1;
	return sent;
}

void sent_destroy(struct sent *sent)
{
	free(sent);
}

static uint64_t bit_of(const struct sent *sent, const struct addr *addr)
{
	return UINT64_C(1) << siphash(&sent->ident.key, addr->byte, sizeof addr->byte) % 64;
}

void sent_note(struct sent *sent, const struct probe_spec *spec)
{
	const struct walk *walk = spec->walk;
	struct probe *probe = &sent->probe[spec->seq & sent->mask];

	*probe = (struct probe){
		.is = {{spec->seq, walk->depth, (uint8_t)walk->kind}, spec->size_bytes,
			(uint16_t)walk_stack_bytes(walk), (uint16_t)walk_shim_bytes(walk)},
		.sport = spec->sport, .carried = (uint8_t)spec->carried, .has_left = true,
		.last = walk->leg[walk->leg_count - 1].dst,
	};
	for (size_t i = 0; i < walk->leg_count; i++) {
		probe->ends |= bit_of(sent, &walk->leg[i].dst);
	}
}

/* What a packet says beside its number and its MAC; NULL: it was not asked for. */
struct claim {
	const struct reply_ids *ids;
	bool (*fits)(const struct sent *, const struct probe *, const struct claim *);
	const struct reply *reply;
	uint16_t port;           /* our end's */
	struct addr end;         /* the other end's */
};

/* Whether a probe of this number, 16 bits, was sent that fits. */
static bool has_number(const struct sent *sent, const struct claim *claim, uint16_t number,
	bool is_outside)
{
	for (uint32_t at = number & sent->mask; at <= sent->mask; at += NUMBERS) {
		const struct probe *probe = &sent->probe[at];

		if (probe->has_left && (uint16_t)probe->is.subject.seq == number &&
		    (claim->ids == NULL || reply_ids_fit(claim->ids, &sent->ident, &probe->is,
			is_outside)) && claim->fits(sent, probe, claim)) {
			return true;
		}
	}
	return false;
}

/* The same three ways to say a number that the engine looks for. */
static bool has_ids(const struct sent *sent, const struct claim *claim)
{
	const struct reply_ids *ids = claim->ids;

	return has_number(sent, claim, ident_decipher(&sent->ident, ids->next), false) ||
	       (ids->next_is_ip &&
	        has_number(sent, claim, ident_decipher(&sent->ident, ids->outer_id), true)) ||
	       (!ids->next_is_ip && ids->next == 0xffff &&
	        has_number(sent, claim, ident_decipher(&sent->ident, 0), false));
}

static bool is_token_own(const struct sent *sent, const struct ident_subject *subject, uint64_t mac)
{
	return mac == ident_token_mac(&sent->ident, subject);
}

static bool is_reply_s_token_own(const struct sent *sent, const struct reply *reply)
{
	struct ident_subject subject = {reply->token_seq, reply->token_depth, reply->token_kind};

	return reply->has_token && is_token_own(sent, &subject, reply->token_mac);
}

/* The ports are ours alone, for they are bound; with the address of the other end nobody else's
 * SYN is like it. */
static bool fits_syn(const struct sent *sent, const struct probe *probe, const struct claim *claim)
{
	(void)sent;
	return probe->carried == CARRIED_TCP && probe->sport == claim->port &&
	       addr_equal(&probe->last, &claim->end);
}

/* Down to what is carried: of a packet that leaves all of it is there. */
static bool is_own_leaving(const struct sent *sent, const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	struct ip_header outer, h;
	enum carrier carrier;
	struct tcp_header tcp;
	struct token token;

	if (!ip_read(&c, &outer)) {
		return false;
	}
	h = outer;
	while (carrier_enter(&c, h.protocol, &carrier) != 0) {
		if (!ip_read(&c, &h)) {
			return false;
		}
	}
	if (h.protocol == IP_PROTO_TCP && tcp_read(&c, &tcp)) {
		struct reply_ids ids = {.outer_id = (uint16_t)tcp.seq,
			.next = (uint16_t)(tcp.seq >> 16)};
		struct claim claim = {.ids = &ids, .fits = fits_syn, .port = tcp.sport, .end = h.dst};

		return tcp.flags == TCP_SYN && has_ids(sent, &claim);
	}
	cursor_skip(&c, L4_HEADER_BYTES);
	if (!token_read(&c, &token)) {
		return false;
	}
	return is_token_own(sent, &(struct ident_subject){token.seq, token.depth, token.kind},
		token.mac);
}

static bool is_own_segment(const struct sent *sent, const uint8_t *bytes, size_t len,
	const struct reply *reply)
{
	struct cursor c = cursor_of(bytes, len);
	struct ip_header ip;
	struct tcp_header tcp;

	if (!ip_read(&c, &ip) || !tcp_read(&c, &tcp)) {
		return false;
	}
	return has_ids(sent, &(struct claim){.ids = &reply->ids, .fits = fits_syn, .port = tcp.dport,
		.end = reply->from});
}

/* Of an answer too short for the token there is no more than number, identifier and address. */
static bool fits_short_echo(const struct sent *sent, const struct probe *probe,
	const struct claim *claim)
{
	(void)sent;
	return probe->carried == CARRIED_ECHO && addr_equal(&probe->last, &claim->end);
}

/* Beside 32 bits a quote has to have the port that is bound here; where it shows none, it has to
 * name an address that a leg of the probe led to, and to quote nothing else than the probe held. */
static bool fits_quote(const struct sent *sent, const struct probe *probe,
	const struct claim *claim)
{
	const struct reply *reply = claim->reply;

	if (reply->has_quoted_ports) {
		return probe->carried == (reply->has_quoted_sum ? CARRIED_UDP : CARRIED_TCP) &&
		       probe->sport == reply->quoted_sport;
	}
	if (reply->is_payload_foreign) {
		return false;
	}
	return probe->is.stack_bytes == ip_header_bytes(probe->last.family) ?
		addr_equal(&probe->last, &reply->quoted.dst) :
		(probe->ends & bit_of(sent, &reply->quoted.dst)) != 0;
}

bool sent_is_own(const struct sent *sent, const uint8_t *bytes, size_t len,
	const struct reply *reply)
{
	struct claim claim = {.ids = &reply->ids, .reply = reply, .end = reply->from,
		.fits = fits_quote};

	if (reply->kind == REPLY_SENT) {
		return is_own_leaving(sent, bytes, len);
	}
	if (is_reply_s_token_own(sent, reply)) {
		return true;
	}
	switch (reply->kind) {
	case REPLY_TCP:
		return is_own_segment(sent, bytes, len, reply);
	case REPLY_ECHO:
		claim.ids = NULL;
		claim.fits = fits_short_echo;
		return !reply->has_token &&
		       has_number(sent, &claim, ident_decipher(&sent->ident, reply->echo_seq), false);
	case REPLY_ERROR:
	case REPLY_REDIRECT:
		return reply->has_ids && has_ids(sent, &claim);
	case REPLY_SENT:
	case REPLY_RETURN:
		break;
	}
	return false;
}
