/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_TRANSPORT_H
#define THRUPATH_NET_TRANSPORT_H

#include "base/err.h"
#include "base/ns.h"
#include "io/loop.h"
#include "pkt/ip.h"
#include "pkt/probe_wire.h"
#include "pkt/reply.h"

/*
 * How probes leave and replies arrive: live sockets, the simulator, a capture file. A
 * transport holds no opinion on what a reply means. All its events come from within turns
 * of the loop, never from within send.
 */
struct transport;

/* A captured packet that is a reply; borrowed for the call. */
struct transport_packet {
	const uint8_t *bytes;    /* from the IP header on */
	size_t len;
	bool is_outbound;
	uint32_t interface;      /* the index of the one that showed it first; 0: not known */
	struct stamp stamp;
};

/* What the transport tells. Stamps are on the loop's monotonic clock. */
struct transport_events {
	/* A decoded packet. REPLY_SENT gives the departure of our own probe. */
	void (*reply)(void *arg, const struct reply *, struct stamp);
	/* The bytes of the reply that is told next, for whoever keeps them; may be NULL. */
	void (*packet)(void *arg, const struct transport_packet *);
	/* The probe did not leave; `why` is borrowed for the call. */
	void (*unsent)(void *arg, uint32_t seq, const struct err *why);
	/* Stamps before and after now do not compare: the system's clock was set. */
	void (*gap)(void *arg);
	/* Nothing will be sent or heard any more; told once. May be NULL where it cannot be. */
	void (*failed)(void *arg, const struct err *why);
	void *arg;
};

/* From where on this host packets leave, and to where replies come home. */
struct transport_home {
	struct addr self, self_other, self_also; /* as in reply_context */
	uint32_t interface;      /* by which all must leave; 0: routing decides */
};

/* Replies are known by these addresses from now on. */
static inline void transport_come_home(struct reply_context *context,
	const struct transport_home *home)
{
	context->self = home->self;
	context->self_other = home->self_other;
	context->self_also = home->self_also;
}

struct transport_counters {
	uint64_t rx_dropped;     /* packets the capture lost for want of buffer */
	uint64_t decoded[DECODE_RESULT_COUNT];
	uint64_t forged;         /* with a wrong MAC, where whoever hands packets over judges that */
};

/* What every transport does with a packet that it sees, `is_outbound` not known yet. */
static inline void transport_take(const struct transport_events *events,
	const struct reply_context *context, struct transport_counters *counters,
	struct transport_packet packet)
{
	struct reply reply;
	enum decode_result result = reply_decode(packet.bytes, packet.len, context, &reply);

	counters->decoded[result]++;
	if (result != DECODE_OK) {
		return;
	}
	packet.is_outbound = reply.kind == REPLY_SENT;
	if (packet.len > reply.bytes) {
		packet.len = reply.bytes; /* without the link's padding */
	}
	if (events->packet != NULL) {
		events->packet(events->arg, &packet);
	}
	events->reply(events->arg, &reply, packet.stamp);
}

struct transport_ops {
	const char *name;
	bool (*start)(struct transport *, struct loop *, const struct transport_events *,
		struct err *);
	/* Queues one probe; builds its bytes at once, so the spec is not kept. */
	void (*send)(struct transport *, const struct probe_spec *);
	void (*flush)(struct transport *);   /* hands what is queued to the network */
	void (*count)(struct transport *, struct transport_counters *ret_counters);
	/* This host has moved. NULL: it never does. False: nothing can be sent any more. */
	bool (*move)(struct transport *, const struct transport_home *, struct err *);
	void (*destroy)(struct transport *);
};

/* First member of every transport. */
struct transport {
	const struct transport_ops *ops;
};

/* What every transport must know of the session. */
struct transport_config {
	struct ident ident;
	struct reply_context context;
};

#endif
