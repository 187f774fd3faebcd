/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flood VICTIM HOP RATE FILE
 * Sends to the victim, at most RATE packets a second and no more than the wire takes, what a
 * stranger could make up who sees which port the probes use, but knows no key: ICMP errors that
 * quote plausible nested packets, UDP to that port with a payload that looks right, echo replies,
 * other people's ICMP, and all of these cut short. FILE gets how many were sent and in which time;
 * it is written twice a second, for the lab ends this process with a signal. IPv4 and IPv6.
 */
#define _GNU_SOURCE
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/ns.h"
#include "base/rng.h"
#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"

enum { STOCK = 2000, PACKET_MAX = 256, BATCH = 50, KINDS = 5, PAYLOAD = 28 };

struct packet {
	uint8_t bytes[PACKET_MAX];
	size_t len;
};

struct flood {
	struct rng rng;
	struct addr victim, hop;
	uint16_t port;
	struct packet stock[STOCK];
};

static ns_t now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ns_from_timespec(ts);
}

static void put_random(struct flood *flood, struct wcursor *w, size_t len)
{
	while (len-- > 0) {
		wcursor_u8(w, (uint8_t)rng_u32(&flood->rng));
	}
}

/* The name, a number, a depth, a kind, and a MAC that is none. */
static void put_payload(struct flood *flood, struct wcursor *w)
{
	wcursor_bytes(w, (const uint8_t *)"thrupath", 8);
	put_random(flood, w, 4);
	wcursor_u8(w, (uint8_t)(1 + rng_u32(&flood->rng) % 3));
	wcursor_u8(w, 0);
	wcursor_be16(w, 0);
	put_random(flood, w, 8);
	wcursor_zero(w, 4);
}

static void put_ip(struct flood *flood, struct wcursor *w, const struct addr *src,
	const struct addr *dst, uint8_t protocol, size_t payload)
{
	ip_write(w, &(struct ip_header){.src = *src, .dst = *dst, .protocol = protocol, .ttl = 60,
		.id = (uint16_t)rng_u32(&flood->rng), .dont_fragment = true,
		.total_bytes = (uint32_t)(ip_header_bytes(src->family) + payload)});
}

/* UDP to the probes' port with a right checksum. */
static void put_datagram(struct flood *flood, struct wcursor *w)
{
	size_t start = w->pos;

	udp_write(w, &(struct udp_header){flood->port, flood->port, 8 + PAYLOAD, 0});
	put_payload(flood, w);
	put_be16(w->bytes + start + 6, cksum_end(cksum_add(cksum_pseudo(&flood->hop, &flood->victim,
		IP_PROTO_UDP, 8 + PAYLOAD), w->bytes + start, 8 + PAYLOAD)));
}

static void end_icmp(struct flood *flood, struct wcursor *w, size_t start)
{
	size_t len = w->pos - start;
	uint64_t sum = flood->hop.family == ADDR_V4 ? 0 :
		cksum_pseudo(&flood->hop, &flood->victim, IP_PROTO_ICMPV6, len);

	put_be16(w->bytes + start + 2, cksum_end(cksum_add(sum, w->bytes + start, len)));
}

/* Of a probe [victim>hop][hop>victim] that never was. */
static void put_error(struct flood *flood, struct wcursor *w)
{
	static const uint8_t codes[][2] = {{11, 0}, {3, 2}, {3, 3}, {3, 13}, {3, 4}};
	static const uint8_t codes6[][2] = {{3, 0}, {4, 1}, {1, 4}, {1, 1}, {2, 0}};
	const uint8_t *code = flood->hop.family == ADDR_V6 ? codes6[rng_u32(&flood->rng) % 5] :
		codes[rng_u32(&flood->rng) % 5];
	size_t start = w->pos, header = ip_header_bytes(flood->hop.family);

	icmp_write(w, &(struct icmp_header){.type = code[0], .code = code[1]});
	put_ip(flood, w, &flood->victim, &flood->hop, ip_protocol_of(flood->hop.family),
		header + 8 + PAYLOAD);
	put_ip(flood, w, &flood->hop, &flood->victim, IP_PROTO_UDP, 8 + PAYLOAD);
	put_datagram(flood, w);
	end_icmp(flood, w, start);
}

static void put_echo(struct flood *flood, struct wcursor *w, size_t payload)
{
	size_t start = w->pos;

	icmp_write(w, &(struct icmp_header){.type = flood->hop.family == ADDR_V6 ? ICMP6_ECHO_REPLY :
		ICMP_ECHO_REPLY, .id = (uint16_t)rng_u32(&flood->rng)});
	if (payload == 0) {
		put_payload(flood, w);
	} else {
		put_random(flood, w, payload);
	}
	end_icmp(flood, w, start);
}

static void make(struct flood *flood, size_t i)
{
	struct packet *packet = &flood->stock[i];
	size_t header = ip_header_bytes(flood->hop.family);
	struct wcursor w = wcursor_of(packet->bytes, sizeof packet->bytes);
	uint8_t icmp = ip_icmp_of(flood->hop.family);
	uint8_t body_bytes[PACKET_MAX];
	struct wcursor body = wcursor_of(body_bytes, sizeof body_bytes);
	size_t kind = i % KINDS;

	if (kind == 0 || kind == 4) {
		put_error(flood, &body);
	} else if (kind == 1) {
		put_datagram(flood, &body);
	} else {
		put_echo(flood, &body, kind == 2 ? 0 : 40);
	}
	if (kind == 4) {
		body.pos = rng_u32(&flood->rng) % body.pos;
	}
	put_ip(flood, &w, &flood->hop, &flood->victim, kind == 1 ? IP_PROTO_UDP : icmp, body.pos);
	wcursor_bytes(&w, body_bytes, body.pos);
	packet->len = header + body.pos;
}

/* The port of the first probe that comes by; any, when there is none for three seconds. */
static uint16_t learn_port(void)
{
	struct timeval patience = {.tv_sec = 3};
	uint8_t bytes[2048];
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
	ssize_t len;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	while ((len = recv(fd, bytes, sizeof bytes, 0)) > 0) {
		const uint8_t *at = memmem(bytes, (size_t)len, "thrupath", 8);

		if (at != NULL && at - bytes >= 8 && (bytes[9] == IP_PROTO_IPIP ||
		    bytes[6] == IP_PROTO_IPV6)) {
			return get_be16(at - 6);
		}
	}
	return 33000;
}

static void report(const char *path, uint64_t sent, ns_t time)
{
	char temporary[400];
	FILE *file;

	(void)snprintf(temporary, sizeof temporary, "%s.new", path);
	file = fopen(temporary, "we");
	if (file != NULL) {
		(void)fprintf(file, "{\"seconds\": %.3f, \"sent\": %llu}\n", ns_to_sec(time),
			(unsigned long long)sent);
		(void)fclose(file);
		(void)rename(temporary, path);
	}
}

/* What the interfaces had no room for, as netdevice counts it (proc_net(5): the twelfth column). */
static uint64_t no_room(void)
{
	FILE *file = fopen("/proc/self/net/dev", "re");
	unsigned long long column[12], sum = 0;
	char line[512];

	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		char *at = strchr(line, ':');

		if (at == NULL) {
			continue;
		}
		at++;
		for (size_t i = 0; i < 12; i++) {
			column[i] = strtoull(at, &at, 10);
		}
		sum += column[11];
	}
	if (file != NULL) {
		(void)fclose(file);
	}
	return sum;
}

/* Half as many when the wire had no room, else a little more, up to what was asked for: a wire that
 * is full on a slow machine would lose the probes that share it, and prove nothing. */
static double next_rate(double rate_pps, double most_pps, uint64_t *dropped)
{
	uint64_t now = no_room();
	bool is_full = now > *dropped;

	*dropped = now;
	return is_full ? rate_pps / 2 : rate_pps * 1.1 < most_pps ? rate_pps * 1.1 : most_pps;
}

static void run(struct flood *flood, double most_pps, const char *path)
{
	struct sockaddr_storage to = {0};
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	bool is_v6 = flood->victim.family == ADDR_V6;
	struct mmsghdr message[BATCH] = {0};
	struct iovec part[BATCH];
	ns_t begin = now_ns(), written = begin, asked = begin, due = begin;
	uint64_t sent = 0, dropped = no_room();
	double rate_pps = most_pps;
	int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	memcpy(&in.sin_addr, flood->victim.byte, 4);
	memcpy(&in6.sin6_addr, flood->victim.byte, 16);
	memcpy(&to, is_v6 ? (const void *)&in6 : (const void *)&in, is_v6 ? sizeof in6 : sizeof in);
	for (;;) {
		ns_t now = now_ns();
		struct timespec wait = ns_to_timespec(due > now ? due - now : 0);
		int done;

		if (now > asked + 10 * NS_PER_MS) {
			asked = now;
			rate_pps = next_rate(rate_pps, most_pps, &dropped);
			due = due < now ? now : due;
		}
		if (due > now + NS_PER_MS) {
			(void)nanosleep(&wait, NULL);
		}
		for (size_t i = 0; i < BATCH; i++) {
			struct packet *packet = &flood->stock[rng_u32(&flood->rng) % STOCK];

			part[i] = (struct iovec){packet->bytes, packet->len};
			message[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen =
				is_v6 ? sizeof in6 : sizeof in, .msg_iov = &part[i], .msg_iovlen = 1};
		}
		done = sendmmsg(fd, message, BATCH, 0);
		sent += done > 0 ? (uint64_t)done : 0;
		due += (ns_t)(BATCH / rate_pps * 1e9);
		if (now > written + NS_PER_SEC / 2) {
			written = now;
			report(path, sent, now - begin);
		}
	}
}

int main(int argc, char **argv)
{
	static struct flood flood;

	if (argc != 5 || !addr_parse(argv[1], &flood.victim) || !addr_parse(argv[2], &flood.hop)) {
		(void)fputs("flood VICTIM HOP RATE FILE\n", stderr);
		return 2;
	}
	rng_init(&flood.rng, 7, 1);
	flood.port = learn_port();
	for (size_t i = 0; i < STOCK; i++) {
		make(&flood, i);
	}
	run(&flood, strtod(argv[3], NULL), argv[4]);
	return 0;
}
