/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/direct.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/gateway.h"
#include "net/rawsock.h"
#include "net/reserve.h"

enum { BATCH = 32, DRAIN_MAX = 8192 };

/* Stamps of the capture are CLOCK_REALTIME. Slow adjustment of that clock is followed by
 * none of our differences; a step makes those across it worthless. */
static const ns_t CLOCK_STEP = 10 * NS_PER_MS;

struct queued {
	uint32_t seq;
	struct sockaddr_storage to;
	uint8_t family;
	struct iovec part;
	uint8_t *bytes;
};

struct direct {
	struct transport base;
	struct transport_config common;
	struct transport_events events;
	struct loop *loop;
	struct capture *capture;
	capture_fn *raw;
	void *raw_arg;
	struct transport_counters counters;
	int send_fd[2];                  /* of IPv4, of IPv6; -1: not needed */
	int link_fd;                     /* to link addresses */
	struct gateway gateway;
	uint32_t interface;              /* 0: routing decides */
	unsigned mark;
	struct reserve reserve;
	size_t packet_cap;
	ns_t realtime_offset;
	bool has_failed;
	struct rawsock_way way[2];       /* likewise */
	struct queued queue[BATCH];
	struct mmsghdr message[BATCH];
	size_t queued;
	uint8_t *buffer;
};

static struct direct *direct_of(struct transport *transport)
{
	return (struct direct *)(void *)transport;
}

static void take_packet(void *arg, const struct capture_packet *packet)
{
	struct direct *direct = arg;

	transport_take(&direct->events, &direct->common.context, &direct->counters,
		(struct transport_packet){.bytes = packet->bytes, .len = packet->len,
			.interface = packet->interface, .stamp = {.source = STAMP_PCAP,
			.t = packet->realtime - direct->realtime_offset}});
}

/* What is out now may never be seen, and not for the network's fault. */
static void report_gap(struct direct *direct)
{
	if (direct->events.gap != NULL) {
		direct->events.gap(direct->events.arg);
	}
}

static void watch_clock(struct direct *direct)
{
	ns_t moved = loop_realtime_offset(direct->loop) - direct->realtime_offset;

	if (moved > CLOCK_STEP || moved < -CLOCK_STEP) {
		direct->realtime_offset += moved;
		report_gap(direct);
	}
}

/* Nothing will come any more, and to poll it would spin. */
static void fail(struct direct *direct, const struct err *why)
{
	if (!direct->has_failed) {
		direct->has_failed = true;
		loop_fd_remove(direct->loop, capture_fd(direct->capture));
		if (direct->events.failed != NULL) {
			direct->events.failed(direct->events.arg, why);
		}
	}
}

static void on_readable(void *arg)
{
	struct direct *direct = arg;
	struct err err;

	watch_clock(direct);
	if (!capture_drain(direct->capture, DRAIN_MAX, direct->raw, direct->raw_arg, &err)) {
		fail(direct, &err);
	}
}

static bool start(struct transport *transport, struct loop *loop,
	const struct transport_events *events, struct err *err)
{
	struct direct *direct = direct_of(transport);

	(void)err;
	direct->loop = loop;
	direct->events = *events;
	direct->realtime_offset = loop_realtime_offset(loop);
	loop_fd_add(loop, capture_fd(direct->capture), LOOP_RANK_CAPTURE, on_readable, direct);
	return true;
}

/* The interface or the route is gone: answers that are on their way will not arrive either. */
static bool is_cut_off(int sys)
{
	return sys == ENETDOWN || sys == ENETUNREACH || sys == ENODEV || sys == ENXIO;
}

static void tell_unsent(struct direct *direct, uint32_t seq, int sys)
{
	struct err err;

	(void)err_set_sys(&err, ERR_IO, sys, "cannot send");
	direct->events.unsent(direct->events.arg, seq, &err);
}

static void report_unsent(struct direct *direct, uint32_t seq, int sys)
{
	tell_unsent(direct, seq, sys);
	if (is_cut_off(sys)) {
		report_gap(direct);
	}
}

static void flush(struct transport *transport)
{
	struct direct *direct = direct_of(transport);
	size_t done = 0;

	while (done < direct->queued) {
		uint8_t family = direct->queue[done].family;
		size_t end = done + 1;
		int sent;

		while (end < direct->queued && direct->queue[end].family == family) {
			end++;
		}
		sent = sendmmsg(direct->send_fd[family == ADDR_V6], direct->message + done,
			(unsigned)(end - done), 0);

		if (sent > 0) {
			done += (size_t)sent;
		} else if (errno != EINTR) {
			report_unsent(direct, direct->queue[done].seq, errno);
			done++;
		}
	}
	direct->queued = 0;
}

/* That one cannot be sent is nothing of the network's: see gateway.h. */
static int bounce(struct direct *direct, const struct probe_spec *spec, uint8_t *bytes)
{
	const struct walk *walk = spec->walk;
	struct gateway_way way = {.self = walk->leg[0].src, .towards = walk->towards,
		.by = walk->by, .interface = direct->interface, .mark = direct->mark};
	size_t len = probe_wire_build(spec, &direct->common.ident, bytes, direct->packet_cap);
	struct sockaddr_storage link;
	socklen_t link_len = 0;
	int sys = len == 0 ? EMSGSIZE :
		gateway_find(&direct->gateway, &way, loop_now(direct->loop), &link, &link_len);

	if (sys == 0 && sendto(direct->link_fd, bytes, len, 0, (struct sockaddr *)&link,
	    link_len) < 0) {
		sys = errno;
	}
	return sys;
}

static void send_probe(struct transport *transport, const struct probe_spec *spec)
{
	struct direct *direct = direct_of(transport);
	struct queued *queued;
	struct msghdr *message;
	size_t len;
	int sys;

	if (walk_is_bounce(spec->walk->kind)) {
		flush(transport);
		sys = bounce(direct, spec, direct->queue[0].bytes);
		if (sys != 0) {
			tell_unsent(direct, spec->seq, sys);
		}
		return;
	}
	if (direct->queued == BATCH) {
		flush(transport);
	}
	queued = &direct->queue[direct->queued];
	len = probe_wire_build(spec, &direct->common.ident, queued->bytes, direct->packet_cap);
	if (len == 0) {
		report_unsent(direct, spec->seq, EMSGSIZE);
		return;
	}
	queued->seq = spec->seq;
	queued->part.iov_len = len;
	queued->family = spec->walk->leg[0].dst.family;
	message = &direct->message[direct->queued].msg_hdr;
	message->msg_namelen = rawsock_address(&spec->walk->leg[0].dst, 0, &queued->to);
	message->msg_control = direct->way[queued->family == ADDR_V6].control;
	message->msg_controllen = direct->way[queued->family == ADDR_V6].len;
	direct->queued++;
}

static void count(struct transport *transport, struct transport_counters *ret_counters)
{
	struct direct *direct = direct_of(transport);

	direct->counters.rx_dropped = capture_dropped(direct->capture);
	*ret_counters = direct->counters;
}

static void destroy(struct transport *transport)
{
	struct direct *direct = direct_of(transport);

	if (direct->capture != NULL) {
		if (direct->loop != NULL && !direct->has_failed) {
			loop_fd_remove(direct->loop, capture_fd(direct->capture));
		}
		capture_close(direct->capture);
	}
	for (int i = 0; i < 2; i++) {
		if (direct->send_fd[i] >= 0) {
			(void)close(direct->send_fd[i]);
		}
	}
	if (direct->link_fd >= 0) {
		(void)close(direct->link_fd);
	}
	gateway_close(&direct->gateway);
	reserve_finish(&direct->reserve);
	free(direct->buffer);
	free(direct);
}

static void prepare_queue(struct direct *direct)
{
	direct->buffer = xcalloc(BATCH, direct->packet_cap);
	for (size_t i = 0; i < BATCH; i++) {
		struct queued *queued = &direct->queue[i];

		queued->bytes = direct->buffer + i * direct->packet_cap;
		queued->part.iov_base = queued->bytes;
		direct->message[i].msg_hdr = (struct msghdr){
			.msg_name = &queued->to,
			.msg_iov = &queued->part, .msg_iovlen = 1,
		};
	}
}

static void set_ways(struct direct *direct, const struct addr *self, uint32_t interface)
{
	if (addr_is_set(self)) {
		rawsock_set_way(&direct->way[self->family == ADDR_V6], self, interface);
	}
}

static bool move(struct transport *transport, const struct transport_home *home, struct err *err)
{
	struct direct *direct = direct_of(transport);
	struct reply_context *context = &direct->common.context;

	flush(transport);
	transport_come_home(context, home);
	set_ways(direct, &home->self, home->interface);
	set_ways(direct, &home->self_other, home->interface);
	direct->interface = home->interface;
	return capture_set_context(direct->capture, context, err);
}

static const struct transport_ops direct_ops = {
	.name = "direct",
	.start = start,
	.send = send_probe,
	.flush = flush,
	.count = count,
	.move = move,
	.destroy = destroy,
};

/* To send in the family of this address of ours; nothing where it is unset. */
static bool open_sender(struct direct *direct, const struct direct_config *config,
	const struct addr *self, struct err *err)
{
	int i = self->family == ADDR_V6;

	if (!addr_is_set(self)) {
		return true;
	}
	set_ways(direct, self, config->interface);
	direct->send_fd[i] = rawsock_open_sender(self->family, config->mark, err);
	return direct->send_fd[i] >= 0;
}

static bool open_bouncer(struct direct *direct, struct err *err)
{
	direct->link_fd = rawsock_open_link(err);
	return direct->link_fd >= 0 && gateway_open(&direct->gateway, err);
}

struct transport *direct_create(const struct direct_config *config, uint16_t *ret_port,
	struct err *err)
{
	struct direct *direct = xcalloc(1, sizeof *direct);

	direct->base.ops = &direct_ops;
	direct->common = config->common;
	direct->packet_cap = config->packet_bytes;
	direct->raw = config->raw == NULL ? take_packet : config->raw;
	direct->raw_arg = config->raw == NULL ? direct : config->raw_arg;
	direct->send_fd[0] = direct->send_fd[1] = direct->gateway.netlink.fd = -1;
	direct->interface = config->interface;
	direct->mark = config->mark;
	direct->link_fd = -1;
	if (open_sender(direct, config, &config->common.context.self, err) &&
	    open_sender(direct, config, &config->common.context.self_other, err) &&
	    open_bouncer(direct, err) &&
	    reserve_ports(&direct->reserve, &direct->common.context, config->is_lenient, err)) {
		direct->capture = capture_open(&(struct capture_config){
			.context = direct->common.context,
			.packet_bytes = config->packet_bytes,
			.rate_pps = config->rate_pps,
			.ring_bytes_max = config->ring_bytes_max,
			.gather = config->gather,
		}, err);
	}
	if (direct->capture == NULL) {
		destroy(&direct->base);
		return NULL;
	}
	prepare_queue(direct);
	*ret_port = direct->common.context.port;
	return &direct->base;
}
