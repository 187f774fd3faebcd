/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "helper/serve.h"
#include "pkt/segments.h"
#include "pkt/tcp.h"
#include "pkt/token.h"

/*
 * The helper at work, policy and all, over a transport that looks at each packet that would leave:
 * the input is a message to it. The packet is read by other code than wrote it.
 */
static const struct addr SELF = {ADDR_V4, {10, 0, 0, 1}};
static const struct addr SELF6 = {ADDR_V6, {0xfd, [15] = 1}};
enum { ECHO_ID = 0x4141, PORT = 0x4242, TO_PORT = 0x4343, SOURCE_PORT = 0x4444, PACKET_MAX = 1984 };

struct wire {
	struct transport base;
	struct serve *serve;
};

/* Instead of the C library's: nothing is worth waiting for here. */
int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	(void)fds;
	(void)count;
	(void)timeout;
	return 0;
}

static bool is_ours(const struct addr *addr)
{
	return addr_equal(addr, &SELF) || addr_equal(addr, &SELF6);
}

static bool is_host(const struct addr *addr)
{
	static const uint8_t mapped[12] = {[10] = 0xff, 0xff}, zero[16];

	if (addr->family == ADDR_V4) {
		return addr->byte[0] != 0 && addr->byte[0] < 224;
	}
	return addr->byte[0] != 0xff && memcmp(addr->byte, mapped, sizeof mapped) != 0 &&
	       memcmp(addr->byte, zero, sizeof zero) != 0;
}

struct path {
	struct addr at[LEG_MAX + 1];  /* each host in turn; our addresses are one */
	size_t count;
};

static void check_pairs(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		unsigned crossings = 0;

		for (size_t k = 0; k < path->count; k++) {
			crossings += (addr_equal(&path->at[i], &path->at[k]) &&
				addr_equal(&path->at[i + 1], &path->at[k + 1])) ||
				(addr_equal(&path->at[i], &path->at[k + 1]) &&
				addr_equal(&path->at[i + 1], &path->at[k]));
		}
		MUST(crossings <= 2);
	}
}

static void check_header(const struct ip_header *h, const struct path *path, size_t left)
{
	const struct addr *before = path->count > 0 ? &path->at[path->count] : NULL;

	MUST(h->total_bytes == left && h->header_bytes == ip_header_bytes(h->src.family));
	MUST(h->ttl > 0 && h->fragment_offset == 0 && !h->more_fragments);
	MUST(h->src.family == ADDR_V6 || h->dont_fragment);
	MUST(is_ours(&h->src) || (before != NULL && addr_equal(before, &h->src)));
	MUST(is_host(&h->dst) && h->src.family == h->dst.family);
}

static void check_carried(struct cursor c, const struct ip_header *last, const struct ident *ident)
{
	struct udp_header udp;
	struct tcp_header tcp;
	struct icmp_header icmp;
	struct token token;

	if (last->protocol == IP_PROTO_TCP) {
		MUST(cursor_left(&c) == TCP_HEADER_BYTES && tcp_read(&c, &tcp));
		MUST(tcp.flags == TCP_SYN && is_ours(&last->src) && tcp.dport == TO_PORT);
		MUST(tcp.sport >= SOURCE_PORT && tcp.sport < SOURCE_PORT + FLOW_PORTS);
		return;
	}
	if (last->protocol == IP_PROTO_UDP) {
		MUST(udp_read(&c, &udp));
		MUST(udp.dport == PORT ? is_ours(&last->dst) && udp.sport >= PORT &&
			udp.sport < PORT + FLOW_MAX : udp.dport == TO_PORT && is_ours(&last->src) &&
			udp.sport >= SOURCE_PORT && udp.sport < SOURCE_PORT + FLOW_MAX);
	} else {
		MUST(last->protocol == ip_icmp_of(last->src.family) && icmp_read(&c, &icmp));
		MUST(icmp_is_echo(last->src.family, icmp.type) && icmp.id == ECHO_ID &&
			is_ours(&last->src));
	}
	MUST(token_read(&c, &token));
	MUST(token.mac == ident_token_mac(ident, &(struct ident_subject){token.seq, token.depth,
		token.kind}));
}

/* Where a header leads that lists its hops. All of them are hosts. */
static void check_segments(const uint8_t *bytes, size_t len, const struct walk *walk,
	struct ip_header *h)
{
	struct cursor c = cursor_of(bytes, len);
	struct segments segments = {.list = {h->dst}, .count = 1};
	struct addr sids[ADDR_SIDS_MAX];
	uint8_t left = 0;

	cursor_skip(&c, IP6_HEADER_BYTES);
	if (bytes[6] == IP_PROTO_ROUTING) {
		MUST(segments_read(&c, &segments, &left) && left == segments.count - 1);
		MUST(addr_equal(&segments.list[0], &h->dst));
	}
	for (size_t i = 0; i < segments.count; i++) {
		MUST(is_host(&segments.list[i]));
	}
	h->dst = segments.list[segments.count - 1];
	if (!is_ours(&h->dst)) {
		h->dst = sids[segments_expand(&h->dst, walk->sids, sids, ADDR_SIDS_MAX) - 1];
	}
}

static bool is_another_within(struct cursor *c, uint8_t protocol)
{
	if (protocol == IP_PROTO_GRE) {
		MUST(cursor_be16(c) == 0);
		MUST((cursor_be16(c) == 0x0800) == (cursor_left(c) > 0 && c->bytes[c->pos] >> 4 == 4));
		return true;
	}
	return ip_is_ip(protocol);
}

static void check_packet(struct serve *serve, const struct walk *walk, const uint8_t *bytes,
	size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	struct path path = {.at = {SELF}};
	struct ip_header h = {.protocol = 0};
	struct reply reply;

	do {
		size_t left = cursor_left(&c);

		MUST(path.count < LEG_MAX && ip_read(&c, &h));
		MUST(path.count > 0 || is_ours(&h.src));
		if (walk_is_routed(walk)) {
			MUST(path.count == 0 && h.src.family == ADDR_V6);
			h.header_bytes = IP6_HEADER_BYTES;
		}
		check_header(&h, &path, left);
		path.at[++path.count] = is_ours(&h.dst) ? SELF : h.dst;
	} while (is_another_within(&c, h.protocol));
	if (walk_is_routed(walk)) {
		check_segments(bytes, len, walk, &h);
	}
	MUST(is_ours(&h.src) || is_ours(&h.dst));
	check_pairs(&path);
	check_carried(c, &h, &serve->ident);
	/* What is seen of it when it leaves is its session's own. */
	if (reply_decode(bytes, len, &serve->policy.ours, &reply) == DECODE_OK &&
	    reply.kind == REPLY_SENT) {
		MUST(sent_is_own(serve->sent, bytes, len, &reply));
	}
}

static bool start(struct transport *transport, struct loop *loop,
	const struct transport_events *events, struct err *err)
{
	(void)transport;
	(void)loop;
	(void)events;
	(void)err;
	return true;
}

static void send_probe(struct transport *transport, const struct probe_spec *spec)
{
	struct serve *serve = ((struct wire *)(void *)transport)->serve;
	static uint8_t bytes[PACKET_MAX];
	size_t len = probe_wire_build(spec, &serve->ident, bytes, sizeof bytes);

	MUST(len == spec->size_bytes);
	check_packet(serve, spec->walk, bytes, len);
}

static void flush(struct transport *transport)
{
	(void)transport;
}

static void count(struct transport *transport, struct transport_counters *ret_counters)
{
	(void)transport;
	*ret_counters = (struct transport_counters){0};
}

static bool move(struct transport *transport, const struct transport_home *home, struct err *err)
{
	(void)transport;
	(void)home;
	(void)err;
	(void)fputs("no address here is another one of this host's\n", stderr);
	abort();
}

/* The session: TCP or UDP by the length's parity, both families by the first byte. */
static void begin(struct serve *serve, struct wire *wire, bool is_tcp, bool has_both)
{
	static const struct transport_ops ops = {.name = "fuzz", .start = start, .send = send_probe,
		.flush = flush, .count = count, .move = move};

	*wire = (struct wire){.base = {&ops}, .serve = serve};
	serve->transport = &wire->base;
	serve->limits = (struct limits){.helpers = 1, .rate_pps = 1000000, .public_rate_pps = 1000000};
	serve->policy = (struct policy){.packet_bytes = PACKET_MAX, .ours = {.self = SELF,
		.self_other = has_both ? SELF6 : (struct addr){0}, .port = PORT, .echo_id = ECHO_ID,
		.to_carried = is_tcp ? CARRIED_TCP : CARRIED_UDP, .to_port = TO_PORT,
		.to_source_port = SOURCE_PORT}};
	serve->home = (struct transport_home){.self = SELF};
	serve->record.is.hello.max_rate_pps = 100000;
	serve->netlink.fd = serve->watch_fd = serve->peers_fd = -1;
	serve->is_over = false;
	serve->out = wcursor_of(serve->out_bytes, sizeof serve->out_bytes);
	memset(serve->has_walk, 0, sizeof serve->has_walk);
	memset(serve->is_judged, 0, sizeof serve->is_judged);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct serve serve;
	struct wire wire;
	struct err err;
	int pair[2];

	if (len < 2 || len > HELPER_MESSAGE_MAX / 2) {
		return 0;
	}
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	ident_init(&serve.ident, &(struct siphash_key){1, 2});
	begin(&serve, &wire, len % 2 == 0, bytes[0] % 2 == 0);
	serve.sent = sent_create(&serve.ident, 100);
	serve.loop = loop_create_real();
	serve.fd = pair[0];
	MUST(send(pair[1], bytes + 1, len - 1, 0) == (ssize_t)len - 1);
	MUST(shutdown(pair[1], SHUT_WR) == 0);
	MUST(serve_run(&serve, &err));
	sent_destroy(serve.sent);
	loop_destroy(serve.loop);
	(void)close(pair[0]);
	(void)close(pair[1]);
	return 0;
}
