/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "sim/veth_bridge.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "pkt/cursor.h"
#include "pkt/probe_wire.h"

enum {
	MAC_BYTES = 6,
	ETHER_BYTES = 14,
	ETHER_ARP = 0x0806,
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	ETHER_ALL = 3,
	ARP_BYTES = 28,
	FRAME_MAX = ETHER_BYTES + PROBE_BYTES_MAX,
	FRAMES_A_TURN = 256,
	RCVBUF_BYTES = 16 << 20
};

/* A sleep ends late by less than this; the rest is spun away. */
static const ns_t spin = 80 * NS_PER_US;

struct veth_bridge {
	struct sim *sim;
	struct loop *loop;
	struct loop_timer timer;
	int fd;
	FILE *truth;
	struct sim_identity last_sent;
	uint8_t own_mac[MAC_BYTES], prober_mac[MAC_BYTES];
	uint8_t frame[FRAME_MAX];
	uint8_t answer[FRAME_MAX];
};

static void write_truth(struct veth_bridge *bridge, ns_t realtime, const char *way,
	const struct sim_identity *probe)
{
	if (bridge->truth == NULL) {
		return;
	}
	if (probe->has_seq) {
		(void)fprintf(bridge->truth, "%" PRId64 " %s %04x %" PRIu32 "\n", realtime, way,
			probe->ip_id, probe->seq);
	} else {
		(void)fprintf(bridge->truth, "%" PRId64 " %s %04x -\n", realtime, way,
			probe->ip_id);
	}
}

static void send_frame(struct veth_bridge *bridge, const uint8_t *mac, uint16_t type, size_t len)
{
	struct wcursor w = wcursor_of(bridge->answer, ETHER_BYTES);

	wcursor_bytes(&w, mac, MAC_BYTES);
	wcursor_bytes(&w, bridge->own_mac, MAC_BYTES);
	wcursor_be16(&w, type);
	/* A full buffer of a veth is a loss that no truth knows; it has never been seen. */
	(void)send(bridge->fd, bridge->answer, ETHER_BYTES + len, 0);
}

static void deliver(void *arg, const uint8_t *bytes, size_t len, ns_t arrival,
	const struct sim_identity *probe)
{
	struct veth_bridge *bridge = arg;
	(void)arrival;

	if (len > FRAME_MAX - ETHER_BYTES) {
		return;
	}
	memcpy(bridge->answer + ETHER_BYTES, bytes, len);
	send_frame(bridge, bridge->prober_mac, bytes[0] >> 4 == 6 ? ETHER_IPV6 : ETHER_IPV4, len);
	if (bridge->truth != NULL) {
		ns_t now = loop_sample(bridge->loop);

		write_truth(bridge, now + loop_realtime_offset(bridge->loop), "out", probe);
	}
}

/* RFC 826: |hw 1|proto 0800|6|4|op| sender mac, ip | target mac, ip |. */
static void answer_arp(struct veth_bridge *bridge, struct cursor c)
{
	struct wcursor w = wcursor_of(bridge->answer + ETHER_BYTES, ARP_BYTES);
	uint64_t kind = cursor_be64(&c);
	const uint8_t *mac = cursor_bytes(&c, MAC_BYTES);
	uint32_t sender = cursor_be32(&c);
	struct addr target;
	uint32_t wanted;

	cursor_skip(&c, MAC_BYTES);
	wanted = cursor_be32(&c);
	target = addr_v4(wanted);
	if (c.failed || kind != 0x0001080006040001 || !sim_has_address(bridge->sim, &target)) {
		return;
	}
	wcursor_be64(&w, 0x0001080006040002);
	wcursor_bytes(&w, bridge->own_mac, MAC_BYTES);
	wcursor_be32(&w, wanted);
	wcursor_bytes(&w, mac, MAC_BYTES);
	wcursor_be32(&w, sender);
	send_frame(bridge, mac, ETHER_ARP, ARP_BYTES);
}

/* IEEE 802: the lowest bit of the first octet. The kernel greets neighbours and routers so
 * (RFC 4861), which the model does not have. */
static bool is_multicast(const uint8_t *mac)
{
	return (mac[0] & 1) != 0;
}

static void take_frame(struct veth_bridge *bridge, size_t len, ns_t stamp)
{
	struct cursor c = cursor_of(bridge->frame, len);
	const uint8_t *target = cursor_bytes(&c, MAC_BYTES), *source;
	uint16_t type;

	source = cursor_bytes(&c, MAC_BYTES);
	type = cursor_be16(&c);
	if (c.failed) {
		return;
	}
	if (type == ETHER_ARP) {
		answer_arp(bridge, c);
	} else if (type == ETHER_IPV4 || (type == ETHER_IPV6 && !is_multicast(target))) {
		memcpy(bridge->prober_mac, source, MAC_BYTES);
		bridge->last_sent = (struct sim_identity){0};
		sim_inject(bridge->sim, stamp, c.bytes + c.pos, cursor_left(&c));
		write_truth(bridge, stamp + loop_realtime_offset(bridge->loop), "in",
			&bridge->last_sent);
	}
}

/* The kernel's stamp of a message on the loop's clock, or now. */
static ns_t stamp_of(struct veth_bridge *bridge, struct msghdr *message)
{
	ns_t now = loop_now(bridge->loop);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
			struct timespec ts;
			ns_t stamp;

			memcpy(&ts, CMSG_DATA(c), sizeof ts);
			stamp = ns_from_timespec(ts) - loop_realtime_offset(bridge->loop);
			/* A clock that was set between stamp and now is not believed. */
			return stamp > now - NS_PER_SEC && stamp < now + NS_PER_MS ? stamp : now;
		}
	}
	return now;
}

static void drain(struct veth_bridge *bridge)
{
	for (int i = 0; i < FRAMES_A_TURN; i++) {
		union {
			struct cmsghdr align;
			char bytes[128];
		} control;
		struct sockaddr_ll from = {0};
		struct iovec iov = {bridge->frame, sizeof bridge->frame};
		struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from,
			.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			.msg_controllen = sizeof control.bytes};
		ssize_t len = recvmsg(bridge->fd, &message, MSG_DONTWAIT);

		if (len < 0) {
			return;
		}
		if (from.sll_pkttype != PACKET_OUTGOING && (message.msg_flags & MSG_TRUNC) == 0) {
			take_frame(bridge, (size_t)len, stamp_of(bridge, &message));
		}
	}
}

/* Sends what is due and spins for what will be at once; else sleeps until a bit before. */
static void serve(struct veth_bridge *bridge)
{
	ns_t now = loop_now(bridge->loop);
	ns_t next;

	while ((next = sim_next(bridge->sim)) <= now + spin) {
		if (next <= now) {
			/* Not up to now: a frame with an earlier stamp may wait in the socket. */
			sim_run_until(bridge->sim, next, deliver, bridge);
		} else {
			drain(bridge);
		}
		now = loop_sample(bridge->loop);
	}
	loop_timer_set(bridge->loop, &bridge->timer, next == NS_NEVER ? NS_NEVER : next - spin);
}

static void on_frames(void *arg)
{
	drain(arg);
	serve(arg);
}

static void on_timer(void *arg)
{
	serve(arg);
}

static void remember_sent(void *arg, const struct sim_event *event)
{
	struct veth_bridge *bridge = arg;

	if (event->kind == SIM_EVENT_SENT) {
		bridge->last_sent = event->probe;
	}
}

static bool open_socket(struct veth_bridge *bridge, const char *interface, struct err *err)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET};
	struct ifreq request = {0};
	int on = 1, size = RCVBUF_BYTES;
	uint8_t all[2];
	unsigned index = if_nametoindex(interface);

	if (index == 0) {
		return err_set_sys(err, ERR_NOT_FOUND, errno, "no interface %s", interface);
	}
	/* The protocol is in network order here. */
	put_be16(all, ETHER_ALL);
	memcpy(&address.sll_protocol, all, sizeof all);
	address.sll_ifindex = (int)index;
	bridge->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bridge->fd < 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot open a packet socket");
	}
	if (setsockopt(bridge->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) {
		(void)setsockopt(bridge->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	}
	(void)setsockopt(bridge->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%.15s", interface);
	if (ioctl(bridge->fd, SIOCGIFHWADDR, &request) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot read the address of %s", interface);
	}
	memcpy(bridge->own_mac, request.ifr_hwaddr.sa_data, MAC_BYTES);
	if (bind(bridge->fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot bind to %s", interface);
	}
	return true;
}

struct veth_bridge *veth_bridge_create(struct sim *sim, struct loop *loop, const char *interface,
	const char *truth_file, struct err *err)
{
	struct veth_bridge *bridge = xcalloc(1, sizeof *bridge);

	bridge->sim = sim;
	bridge->loop = loop;
	bridge->timer.fn = on_timer;
	bridge->timer.arg = bridge;
	bridge->fd = -1;
	memset(bridge->prober_mac, 0xff, sizeof bridge->prober_mac);
	if (!open_socket(bridge, interface, err)) {
		goto out;
	}
	if (truth_file != NULL) {
		bridge->truth = fopen(truth_file, "we");
		if (bridge->truth == NULL) {
			(void)err_set_sys(err, ERR_IO, errno, "cannot write %s", truth_file);
			goto out;
		}
		(void)setvbuf(bridge->truth, NULL, _IOLBF, 4096);
		sim_observe(sim, remember_sent, bridge);
	}
	sim_set_start(sim, loop_sample(loop));
	loop_fd_add(loop, bridge->fd, LOOP_RANK_CAPTURE, on_frames, bridge);
	return bridge;
out:
	if (bridge->fd >= 0) {
		(void)close(bridge->fd);
	}
	free(bridge);
	return NULL;
}

void veth_bridge_destroy(struct veth_bridge *bridge)
{
	if (bridge == NULL) {
		return;
	}
	sim_observe(bridge->sim, NULL, NULL);
	loop_timer_cancel(bridge->loop, &bridge->timer);
	loop_fd_remove(bridge->loop, bridge->fd);
	(void)close(bridge->fd);
	if (bridge->truth != NULL) {
		(void)fclose(bridge->truth);
	}
	free(bridge);
}
