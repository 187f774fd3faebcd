/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_REPLY_H
#define THRUPATH_PKT_REPLY_H

#include "pkt/icmp.h"
#include "pkt/icmpext.h"
#include "pkt/ip.h"
#include "pkt/probe_wire.h"

/*
 * A captured packet, decoded once into a flat record; nothing downstream touches bytes.
 * The decoder holds no key: whether the identity is genuine is the engine's to say.
 */
enum reply_kind {
	REPLY_SENT,     /* our own probe on its way out, seen by the capture */
	REPLY_RETURN,   /* a nested probe that came home */
	REPLY_ECHO,     /* echo reply to an ordinary packet */
	REPLY_TCP,      /* SYN-ACK or reset in answer to one */
	REPLY_ERROR,    /* an ICMP error that quotes a probe */
	REPLY_REDIRECT  /* a router that has forwarded it says that there is a shorter way */
};

/* Why a packet is or is not a reply; each is counted. */
enum decode_result {
	DECODE_OK,
	DECODE_FOREIGN,      /* somebody else's traffic */
	DECODE_TRUNCATED,    /* ends before what it must hold */
	DECODE_FRAGMENT,     /* not the first one */
	DECODE_RESULT_COUNT
};

/* What is the matter with a reply that can be known for one all the same. */
enum reply_flaw {
	FLAW_NONE,
	FLAW_CHECKSUM,       /* a checksum is wrong */
	FLAW_CUT,            /* it has not all the bytes that it says it has */
	FLAW_FRAGMENT,       /* it is the first fragment, and no sum covers it */
	FLAW_SHORT,          /* it brings back too little of our payload for the token */
	FLAW_COUNT
};

/* The two 16-bit fields that neighbouring layers show; which is which depends on `below`. */
struct reply_ids {
	uint16_t outer_id;   /* ID of the outermost header quoted or seen */
	uint16_t next;       /* next header's ID, or echo sequence, UDP checksum, TCP's upper half */
	uint32_t total_bytes;/* of the outermost header: tells how many legs were left */
	bool next_is_ip;
};

struct reply {
	enum reply_kind kind;
	struct addr from, to; /* of the captured packet's outer header */
	uint8_t rx_ttl, rx_tos;
	enum reply_flaw flaw;
	uint32_t bytes;       /* of the captured packet, by its IP header */
	uint16_t echo_seq;    /* of REPLY_ECHO: the enciphered number, for where there is no token */
	bool has_token;       /* the payload's token was there and whole; of an error: quoted */
	uint32_t token_seq;
	uint8_t token_depth, token_kind;
	uint64_t token_mac;
	bool has_ids;
	struct reply_ids ids;
	uint8_t icmp_type, icmp_code; /* of REPLY_ERROR, in the numbers of `from`'s family */
	enum icmp_cause cause;
	uint32_t icmp_mtu;    /* next-hop MTU of "fragmentation needed" (RFC 1191, 4) or "packet
	                         too big" (RFC 4443, 3.2), else 0 */
	struct leg quoted;    /* the quoted outermost header as its reporter saw it */
	uint32_t quoted_bytes;/* of its packet, as it says */
	uint8_t quoted_tos;   /* of the quoted outermost header */
	bool has_quoted_ports;/* the quote reaches to UDP's or TCP's: */
	uint16_t quoted_sport;
	bool has_quoted_sum;  /* and to the checksum of UDP: */
	uint16_t quoted_sum;
	bool is_payload_foreign; /* what it quotes behind the carried header is no probe's */
	bool is_reset;        /* of REPLY_TCP: a reset, which nobody says twice */
	bool is_nested;       /* behind which the quote has another IP header */
	struct icmp_ext ext;
};

/* What makes a packet ours at first sight. */
struct reply_context {
	struct addr self;     /* the prober's address */
	struct addr self_other; /* and of the other family, where a path has both; else unset */
	struct addr self_also; /* another one of self's family, to compare with; else unset */
	uint16_t port;        /* destination port of carried UDP */
	uint16_t echo_id;     /* identifier of To probes by echo */
	enum carried to_carried; /* of ordinary packets: To probes and last legs */
	uint16_t to_port;     /* their destination port; 0: they have none */
	uint16_t to_source_port; /* their first source port, see flow_port() */
	uint16_t other_port;  /* of the other of UDP and TCP, where probes may turn to it; else 0 */
};

/* The destination port of ordinary packets by UDP or TCP; 0: there are none. */
uint16_t reply_context_port_of(const struct reply_context *, enum carried);

/* The port of returning probes is known; where the user chose no other, it is that of
 * ordinary packets as well: what is bound there swallows what a service may say. */
void reply_context_set_port(struct reply_context *, uint16_t port);

/* Decodes an IP packet of `len` captured bytes. ret_reply is written only on DECODE_OK. */
enum decode_result reply_decode(const uint8_t *bytes, size_t len, const struct reply_context *,
	struct reply *ret_reply);

/* A probe, as far as its MACs and the lengths of its headers tell one from another. */
struct reply_probe {
	struct ident_subject subject;
	uint16_t size_bytes, stack_bytes; /* the second: of these what stands before what is carried */
	uint16_t shim_bytes;              /* and of these what carriers put between IP headers */
};

/* Whether two neighbouring fields are that probe's, whose number one of them has shown already:
 * then the other one is a MAC. `is_number_outside`: it was the outer one. */
bool reply_ids_fit(const struct reply_ids *, const struct ident *, const struct reply_probe *,
	bool is_number_outside);

/* No program would be given it: it is told of, and counts as an answer no more than one that was
 * lost. */
bool reply_is_damaged(const struct reply *);

/* Whether it is said by `destination` itself: an echo reply, an answer by TCP, or an error that
 * bears its address and that no router on the way makes. Translators give the time exceeded and
 * the "no way" of routers behind them that address, too. */
bool reply_is_of_end(const struct reply *, const struct addr *destination);

#endif
